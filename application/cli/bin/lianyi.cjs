#!/usr/bin/env node
// The command as npm links it, also in a checkout that was not built yet.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '../dist/main.js');
if (!existsSync(main)) require('../../../build-first.cjs').buildFirst('lianyi');
require(main);
