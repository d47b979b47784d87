// What the commands of a checkout do when it was not built yet: a package always is.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Builds the checkout, or says what is missing and ends the process with code 2.
 * @param {string} command - whose name is told
 */
exports.buildFirst = (command) => {
  if (!existsSync(join(__dirname, 'node_modules/esbuild'))) {
    process.stderr.write(`${command} is not built. In the checkout: npm ci && npm run build\n`);
    process.exit(2);
  }
  process.stderr.write(`${command} is not built yet; building (some seconds) …\n`);
  // the Node that the checkout brings; an older one that was called by hand is told by the command itself what it needs
  const brought = join(__dirname, 'node_modules/.bin/node');
  const node = existsSync(brought) ? brought : process.execPath;
  const { status } = spawnSync(node, [join(__dirname, 'transpile.cjs')], { cwd: __dirname, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  process.stderr.write('The build failed: npm run build says more.\n');
  process.exit(2);
};
