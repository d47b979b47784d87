// Builds what `npm run demo` runs, in seconds: the chaincode's bundle, and every other package file by file without looking at types.
// `npm run build` and `npm test` check those. With `--tests` it transpiles the tests' own programs too.
const { existsSync, globSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { build } = require('esbuild');
const { bundleChaincode } = require('./chaincode/build.cjs');
const { workspaces } = require('./package.json');

const withTests = process.argv.includes('--tests');
const transpiled = workspaces.filter((folder) => folder !== 'chaincode' && (folder !== 'test' || withTests));
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
    tsconfig: `${folder}/${folder === 'test' ? 'tsconfig.json' : 'tsconfig.build.json'}`,
  });
}

async function main() {
  process.chdir(__dirname);
  await Promise.all([bundleChaincode(), ...transpiled.map(transpile)]);
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
