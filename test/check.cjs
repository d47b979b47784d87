// `npm test`: builds, then runs the tests; types are checked beside them, since the tests wait a good deal and are themselves run without a look
// at types. What that look has to say comes after the tests. With arguments (`npm test -- PATTERN`) it runs those tests and nothing else.
// The processes of a test do much in a short time: with the space for new objects that fits a demo they spend a quarter of it on collecting.
// What V8 would do on four more threads in each of them is done on as many as the machine has processors: they only wait for one another.
// They are started again and again, so that what V8 has compiled is kept for the next, which holds more of it in memory for that.
// Style, import graph and unused exports are `npm run lint`.
const { spawn } = require('node:child_process');
const { join } = require('node:path');

/** 0: by the number of processors. */
const THREADS = '--v8-pool-size=0';
const NEW_OBJECTS = '--max-semi-space-size=16';

/** @returns its exit code and, unless it speaks for itself, what it said */
function run(command, args, stdio) {
  const child = spawn(command, args, { stdio });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, said: `${said}${error.message}\n` }));
    child.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

/** What TypeScript says of the sources and the tests. */
async function checkTypes() {
  const { code, said } = await run('npm', ['run', '--silent', 'types'], ['ignore', 'pipe', 'pipe']);
  return { code, said: `${said}npm run types: ${code === 0 ? 'clean' : 'failed'}\n` };
}

async function main(args) {
  const built = await run('npm', ['run', '--silent', 'build:tested'], 'inherit');
  if (built.code !== 0) return built.code;
  process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], NEW_OBJECTS, THREADS].filter((each) => each !== undefined).join(' ');
  process.env['NODE_COMPILE_CACHE'] ??= join(__dirname, '../node_modules/.cache/node');
  const jest = run('jest', ['--config', 'test/jest.config.cjs', ...args], 'inherit');
  const types = args.length === 0 ? await checkTypes() : { code: 0, said: '' };
  const { code } = await jest;
  process.stdout.write(types.said);
  return code === 0 ? types.code : code;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
