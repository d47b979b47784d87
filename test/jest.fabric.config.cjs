// Suites that need Fabric's own programs (FABRIC_BIN or PATH) and the built network room. One network at a time.
const base = require('./jest.config.cjs');

const [unit] = base.projects;

/** @type {import('jest').Config} */
module.exports = {
  rootDir: base.rootDir,
  maxWorkers: 1,
  testTimeout: 180_000,
  projects: [{ ...unit, displayName: 'fabric', roots: ['<rootDir>/test/src/fabric'] }],
};
