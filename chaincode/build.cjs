// Bundles the chaincode with everything it needs into one file, dist/chaincode.cjs, since workspace links do not survive packaging. It starts
// from the sources, so that the bundle is the same whatever built the rest. The contract classes are emitted by TypeScript, since esbuild cannot
// emit decorator metadata; all other files by esbuild, in a fraction of the time.
//
// The hospitals approve the hash of this file (ADR 0023), so it holds what runs and nothing else: no comment of ours, no source map, no
// path of the machine that built it.
const { readFileSync, realpathSync } = require('node:fs');
const { dirname, sep } = require('node:path');
const esbuild = require('esbuild');
const ts = require('typescript');

const root = dirname(__dirname);
const own = ['chaincode', 'domain'].map((room) => realpathSync(`${root}/${room}`) + `${sep}src${sep}`);
const guard = `${own[0]}determinism.ts`;
const unguarded = new Set([guard, `${own[0]}dispatch${sep}process-clock.ts`, `${own[0]}main.ts`]);

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(`${__dirname}/tsconfig.build.json`, ts.sys.readFile).config,
  ts.sys,
  __dirname,
);
const compilerOptions = {
  ...options,
  module: ts.ModuleKind.CommonJS,
  sourceMap: false,
  declaration: false,
  declarationMap: false,
  composite: false,
  incremental: false,
};

// gRPC and the shim's logger need the real Date and Math.random (back-off, deadlines, log lines), so the globals of the process cannot
// be replaced. Instead every file of ours sees throwing ones, by a line at its top.
function guarded(path, source) {
  if (unguarded.has(path)) return source;
  return `"use strict";const { Date, Math } = require(${JSON.stringify(guard)});${source.replace(/^"use strict";/, '')}`;
}

const isContract = (path) => path.startsWith(`${own[0]}contracts${sep}`);
const byEsbuild = { loader: 'ts', format: 'cjs', target: 'node20', charset: 'ascii', legalComments: 'none', logLevel: 'silent' };

/** One of our files as JavaScript. */
async function transpile(source, path) {
  if (isContract(path)) return ts.transpileModule(source, { compilerOptions, fileName: path }).outputText;
  return (await esbuild.transform(source, byEsbuild)).code;
}

const emitted = new Map();
/** The same text is compiled once. */
async function emit(source, path) {
  const key = `${path}\n${source}`;
  if (!emitted.has(key)) emitted.set(key, guarded(path, await transpile(source, path)));
  return emitted.get(key);
}

const ownFiles = (edit) => ({
  name: 'own-files',
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!own.some((room) => path.startsWith(room))) return undefined;
      return { contents: await emit(edit(readFileSync(path, 'utf8'), path), path), loader: 'js' };
    });
  },
});

/**
 * Writes the bundle to `outfile`. `edit` may change the text of one of our files before it is bundled; tests learn by it what counts.
 */
async function bundleChaincode(outfile = `${__dirname}/dist/chaincode.cjs`, edit = (source) => source) {
  const { metafile } = await esbuild.build({
    // the bundle names each module by its path from here, so that it does not matter where the build is started
    absWorkingDir: root,
    entryPoints: [`${__dirname}/src/main.ts`],
    conditions: ['lianyi-source'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    charset: 'ascii',
    sourcemap: false,
    metafile: true,
    legalComments: 'none',
    // takes comments and layout out. V8 keeps the text of what it runs: layout is a third of it, in every chaincode process
    minifyWhitespace: true,
    logLevel: 'warning',
    plugins: [ownFiles(edit)],
  });
  const built = Object.keys(metafile.inputs).find((file) => /^(domain|chaincode)\/dist\//.test(file));
  if (built !== undefined) {
    // it may be of another commit than the sources, has its comments still, and no guard at its top
    throw new Error(`the bundle holds ${built}, which was built before`);
  }
  const protobufs = Object.keys(metafile.inputs).filter((file) => file.endsWith('google-protobuf/google-protobuf.js'));
  if (protobufs.length !== 1) {
    // two copies clobber each other's global `proto`, and messages decode as garbage
    throw new Error(`the bundle holds ${protobufs.length} copies of google-protobuf`);
  }
}

module.exports = { bundleChaincode };

if (require.main === module) {
  bundleChaincode(process.argv[2]).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
