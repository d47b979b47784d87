// Builds what `npm run demo` runs, in seconds: the chaincode by the compiler, since hospitals approve the hash of its bundle, and meanwhile
// every other package file by file without looking at types. `npm run build` and `npm test` check those; they write the same folders.
const { execFileSync, spawn } = require('node:child_process');
const { existsSync, globSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { build } = require('esbuild');
const { workspaces } = require('./package.json');

const compiled = ['domain', 'chaincode'];
const transpiled = workspaces.filter((folder) => folder !== 'test' && !compiled.includes(folder));
const isTest = /\.(test|fixture)\.ts$/;

/** A source whose output is missing or older. */
function isStale(folder, source) {
  const output = join(folder, 'dist', source.slice(join(folder, 'src').length)).replace(/\.ts$/, '.js');
  return !existsSync(output) || statSync(output).mtimeMs <= statSync(source).mtimeMs;
}

async function transpile(folder) {
  const sources = globSync(`${folder}/src/**/*.ts`).filter((source) => !isTest.test(source) && isStale(folder, source));
  if (sources.length === 0) return;
  await build({
    entryPoints: sources,
    outbase: `${folder}/src`,
    outdir: `${folder}/dist`,
    format: 'cjs',
    platform: 'node',
    sourcemap: true,
    logLevel: 'warning',
    tsconfig: `${folder}/tsconfig.build.json`,
  });
}

function compile() {
  const compiler = spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '-b', 'chaincode/tsconfig.build.json'], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    compiler.once('error', reject);
    compiler.once('close', (code) => (code === 0 ? resolve() : reject(new Error('the chaincode does not compile'))));
  });
}

async function main() {
  process.chdir(__dirname);
  await Promise.all([compile(), ...transpiled.map(transpile)]);
  execFileSync(process.execPath, ['chaincode/build.cjs'], { stdio: 'inherit' });
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
