// One jest project per purpose. Suites that start a network run in band with generous time-outs; unit and architecture need
// nothing but the sources: packages resolve to them by the condition `lianyi-source` of their `exports`.
const root = `${__dirname}/..`;
const packages = require('../package.json').workspaces.filter((folder) => folder !== 'test');
const shared = {
  rootDir: root,
  // jest's own choice is the system's temporary folder; nothing outside the checkout is written
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['lianyi-source', 'node', 'node-addons'] },
  // a dynamic import names the compiled file, as Node resolves it; the sources stand beside it
  moduleNameMapper: { '^(\\./(?:commands/|profiles/)?[\\w-]+-(?:commands?|sessions?|file))\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.jest.json', diagnostics: false }],
    '^.+\\.m?js$': '<rootDir>/test/esm-to-cjs.cjs',
  },
  transformIgnorePatterns: [],
};
const project = (displayName, folders) => ({
  ...shared,
  displayName,
  roots: folders.map((folder) => `<rootDir>/${folder}/src`),
  testMatch: ['**/*.test.ts'],
});
const own = (name) => ({ ...project(name, ['test']), roots: [`<rootDir>/test/src/${name}`] });

/** @type {import('jest').Config} */
module.exports = {
  rootDir: root,
  cacheDirectory: shared.cacheDirectory,
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/count-reporter.cjs'],
  projects: [
    { ...project('unit', packages), roots: [...packages.map((folder) => `<rootDir>/${folder}/src`), '<rootDir>/test/src/bench'] },
    ...['architecture', 'conformance', 'scenario'].map(own),
  ],
};
