// One jest project per purpose. Suites that start a network run in band with generous time-outs; unit and architecture need
// nothing but the sources: packages resolve to them by the condition `lianyi-source` of their `exports`.
const root = `${__dirname}/..`;
const packages = require('../package.json').workspaces.filter((folder) => folder !== 'test');
const shared = {
  rootDir: root,
  // jest's own choice is the system's temporary folder; nothing outside the checkout is written
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  runtime: '<rootDir>/test/jest/once-a-worker.cjs',
  testEnvironment: '<rootDir>/test/jest/worker-realm.cjs',
  setupFiles: ['<rootDir>/test/jest/quiet-fabric.cjs', '<rootDir>/test/jest/own-ports.cjs'],
  testEnvironmentOptions: {
    customExportConditions: ['lianyi-source', 'node', 'node-addons'],
    onceAWorker: ['domain/src', 'network/protocol/src', 'chaincode/src'],
  },
  // a dynamic import names the compiled file, as Node resolves it; the sources stand beside it
  moduleNameMapper: {
    '^(\\.{1,2}/(?:commands/|profiles/|picture/)?(?:[\\w-]+-(?:commands?|sessions?|files?|permitted)|misfits|png))\\.js$': '$1',
  },
  transform: {
    // contracts are declared by what TypeScript writes of their decorators; all else of the chaincode is without, as in chaincode/build.cjs
    '/chaincode/src/contracts/.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.jest.json', diagnostics: false }],
    '\\.m?[jt]s$': '<rootDir>/test/jest/to-commonjs.cjs',
  },
  transformIgnorePatterns: [],
};
const sourcesOf = (folders) => folders.map((folder) => `<rootDir>/${folder}/src`);
const project = (displayName, roots) => ({ ...shared, displayName, roots, testMatch: ['**/*.test.ts'] });
const ofTests = (name) => project(name, [`<rootDir>/test/src/${name}`]);
// one release of the client here, both with `npm run test:conformance`
const conformance = { ...ofTests('conformance'), testPathIgnorePatterns: ['embedded-cases-1\\.11'] };

/** @type {import('jest').Config} */
module.exports = {
  rootDir: root,
  cacheDirectory: shared.cacheDirectory,
  // suites that start networks wait a good deal: three keep two cores busy
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/jest/longest-first.cjs',
  testTimeout: 180_000,
  reporters: ['default', '<rootDir>/test/jest/count-reporter.cjs'],
  projects: [
    project('unit', [
      ...sourcesOf(packages),
      '<rootDir>/test/src/bench',
      '<rootDir>/test/src/race',
      '<rootDir>/test/src/attack',
      '<rootDir>/test/src/reference',
    ]),
    ofTests('architecture'),
    conformance,
    ofTests('scenario'),
  ],
};
