// How Stryker is called (https://stryker-mutator.io/docs/stryker-js/configuration): in a copy of the rules alone, by the project's own jest.
const { join } = require('node:path');
const { untouchedBy } = require('./untouched.cjs');

const root = join(__dirname, '../..');
/** All that the tests of the rules take; the rest of the checkout is not copied. */
const copied = ['domain', 'domain/**', 'test', 'test/jest', 'test/jest/**', 'test/mutation', 'test/mutation/*.cjs', 'package.json'];

/** The project `unit` of test/jest.config.cjs, for some test files; a worker reads once what no mutant of these sources changes. */
const jestConfig = (sources, tests) => ({
  rootDir: '.',
  roots: ['<rootDir>/domain/src'],
  testMatch: [...tests],
  cacheDirectory: '<rootDir>/.jest',
  runtime: '<rootDir>/test/jest/once-a-worker.cjs',
  // both of the checkout, by one path: Stryker would take the one of the checkout and Jest the other of the copy, which then share nothing
  testEnvironment: join(__dirname, 'mutation-realm.cjs'),
  testEnvironmentOptions: {
    customExportConditions: ['lianyi-source', 'node', 'node-addons'],
    onceAWorker: untouchedBy(root, sources),
  },
  runner: join(__dirname, 'covering-runner.cjs'),
  setupFiles: ['<rootDir>/test/mutation/same-samples.cjs'],
  transform: { '\\.m?[jt]s$': '<rootDir>/test/jest/to-commonjs.cjs' },
  transformIgnorePatterns: [],
});

exports.root = root;

exports.optionsFor = ({ sources, tests }, concurrency) => ({
  mutate: [...sources],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { projectType: 'custom', enableFindRelatedTests: false, config: jestConfig(sources, tests) },
  coverageAnalysis: 'perTest',
  ignorePatterns: ['**', ...copied.map((path) => `!/${path}`)],
  tempDirName: 'build/mutation',
  concurrency,
  // a worker keeps some ten megabytes of each mutant: near the limit of its heap it does nothing but collect
  maxTestRunnerReuse: 60,
  // far above what the tests take on a busy machine: what is late by accident would count as noticed
  timeoutMS: 60_000,
  reporters: ['progress-append-only'],
  logLevel: 'warn',
  fileLogLevel: 'off',
  warnings: { unknownOptions: false },
  allowConsoleColors: false,
});
