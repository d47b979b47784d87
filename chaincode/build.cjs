// Bundles the compiled chaincode with everything it needs into one file, dist/chaincode.cjs: workspace links do not survive packaging,
// and esbuild cannot emit decorator metadata, so it bundles what tsc wrote.
const { readFileSync, realpathSync } = require('node:fs');
const { sep } = require('node:path');
const { build } = require('esbuild');

const own = ['chaincode', 'domain'].map((room) => realpathSync(`${__dirname}/../${room}`) + `${sep}dist${sep}`);
const guard = `${own[0]}determinism.js`;
const exempt = new Set([guard, `${own[0]}dispatch${sep}process-clock.js`, `${own[0]}main.js`]);

// security.md D1. gRPC and the shim's logger need the real Date and Math.random (back-off, deadlines, log lines), so the globals of the
// process cannot be replaced. Instead every file of ours sees throwing ones, by a line at its top.
const deterministic = {
  name: 'deterministic-globals',
  setup(builder) {
    builder.onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (exempt.has(path) || !own.some((room) => path.startsWith(room))) {
        return undefined;
      }
      const source = readFileSync(path, 'utf8').replace(/^"use strict";/, '');
      return { contents: `"use strict";const { Date, Math } = require(${JSON.stringify(guard)});${source}`, loader: 'js' };
    });
  },
};

build({
  entryPoints: [`${__dirname}/dist/main.js`],
  outfile: `${__dirname}/dist/chaincode.cjs`,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  metafile: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [deterministic],
})
  .then(({ metafile }) => {
    const protobufs = Object.keys(metafile.inputs).filter((file) => file.endsWith('google-protobuf/google-protobuf.js'));
    if (protobufs.length !== 1) {
      // two copies clobber each other's global `proto`, and messages decode as garbage
      throw new Error(`the bundle holds ${protobufs.length} copies of google-protobuf`);
    }
  })
  .catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
