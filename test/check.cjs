// What `npm test` looks at before it runs a test: types and the chaincode's bundle on one core, the linter on the other; then what reads the
// built packages. Each speaks once it has ended; the first that fails decides.
const { spawn } = require('node:child_process');

function run(script) {
  const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ script, code: 1, said: `${said}${error.message}\n` }));
    child.once('close', (code) => resolve({ script, code: code ?? 1, said }));
  });
}

async function main() {
  const outcomes = await Promise.all(['build', 'lint:sources'].map(run));
  if (outcomes.every(({ code }) => code === 0)) outcomes.push(await run('lint:exports'));
  for (const { script, code, said } of outcomes) {
    process.stdout.write(said);
    if (code !== 0) process.stdout.write(`npm run ${script}: failed\n`);
  }
  process.exitCode = outcomes.some(({ code }) => code !== 0) ? 1 : 0;
}

void main();
