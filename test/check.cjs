// `npm test`: builds, then runs the tests; types, linter and unused exports are looked at beside them, since the tests wait a good deal. What
// that look has to say comes after the tests. With arguments (`npm test -- PATTERN`) it runs those tests and looks at nothing else.
const { spawn } = require('node:child_process');

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

/** Each of the scripts, one after the other, with what it said. */
async function look(scripts) {
  const outcomes = [];
  for (const script of scripts) {
    const { code, said } = await run('npm', ['run', '--silent', script], ['ignore', 'pipe', 'pipe']);
    outcomes.push({ code, said: `${said}npm run ${script}: ${code === 0 ? 'clean' : 'failed'}\n` });
  }
  return outcomes;
}

async function main(args) {
  const built = await run('npm', ['run', '--silent', 'build:tested'], 'inherit');
  if (built.code !== 0) return built.code;
  const jest = run('jest', ['--config', 'test/jest.config.cjs', ...args], 'inherit');
  const looks = await look(args.length === 0 ? ['lint:types', 'lint:sources', 'lint:exports'] : []);
  const { code } = await jest;
  for (const { said } of looks) process.stdout.write(said);
  return [code, ...looks.map((outcome) => outcome.code)].find((each) => each !== 0) ?? 0;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
