#!/usr/bin/env node
// The command as npm links it. A checkout that was not built yet is built first; a package always is.
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '../dist/main.js');
const checkout = join(__dirname, '../../..');

if (!existsSync(main)) {
  const build = join(checkout, 'transpile.cjs');
  const isInstalled = existsSync(join(checkout, 'node_modules/esbuild'));
  if (!existsSync(build) || !isInstalled) {
    process.stderr.write('lianyi is not built. In the checkout: npm ci && npm run build\n');
    process.exit(2);
  }
  process.stderr.write('lianyi is not built yet; building (some seconds) …\n');
  const { status } = spawnSync(process.execPath, [build], { cwd: checkout, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    process.stderr.write('The build failed: npm run build says more.\n');
    process.exit(2);
  }
}
require(main);
