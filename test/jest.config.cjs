// One jest project per purpose (house style §5). Suites that start a network run in band with generous time-outs;
// unit and architecture need nothing but the sources.
const shared = {
  rootDir: __dirname + '/..',
  // jest's own choice is the system's temporary folder; nothing outside the checkout is written
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  testEnvironment: 'node',
  moduleNameMapper: {
    '^@lianyi/(domain|chaincode|application|network)$': '<rootDir>/$1/src/index.ts',
    // the sources, where package.json names what is compiled of them
    '^#crypto$': '<rootDir>/domain/src/crypto/node-crypto.ts',
  },
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.jest.json', diagnostics: false }],
    '^.+\\.m?js$': '<rootDir>/test/esm-to-cjs.cjs',
  },
  transformIgnorePatterns: [],
};
const project = (name) => ({ ...shared, displayName: name, roots: [`<rootDir>/test/src/${name}`], testMatch: ['**/*.test.ts'] });

/** @type {import('jest').Config} */
module.exports = {
  rootDir: shared.rootDir,
  cacheDirectory: shared.cacheDirectory,
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/count-reporter.cjs'],
  projects: ['unit', 'architecture', 'conformance', 'scenario'].map(project),
};
