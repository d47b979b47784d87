// Suites on real Fabric (FABRIC_BIN or PATH) with the built rooms: its own, the recorded answers, and all scenarios.
// One network at a time. Without Fabric's programs only the suites run that say so themselves.
const { existsSync } = require('node:fs');
const { delimiter, join } = require('node:path');
const base = require('./jest.config.cjs');

const folders = [process.env.FABRIC_BIN, process.env.PATH].flatMap((list) => (list ?? '').split(delimiter)).filter(Boolean);
const hasFabric = ['peer', 'orderer', 'configtxgen'].every((program) => folders.some((folder) => existsSync(join(folder, program))));
process.env.LIANYI_NETWORK = 'fabric'; // read by the scenarios

const [unit] = base.projects;
const scenario = base.projects.find(({ displayName }) => displayName === 'scenario');
const fabric = { ...unit, displayName: 'fabric', roots: ['<rootDir>/test/src/fabric'] };

/** @type {import('jest').Config} */
module.exports = {
  ...base,
  maxWorkers: 1,
  testTimeout: 180_000,
  projects: hasFabric ? [fabric, scenario] : [fabric],
};
