// Reads of a mutant's test files only those that have a test which gets to the mutant, which Stryker says by name: reading them is what takes time.
const { default: TestRunner } = require('jest-runner');
const { testsOf } = require('./mutation-realm.cjs');

module.exports = class CoveringRunner extends TestRunner {
  runTests(tests, ...more) {
    const { testNamePattern = '' } = this._globalConfig;
    const asked = new RegExp(testNamePattern, 'i');
    const covering = tests.filter(({ path }) => testsOf.get(path)?.some((name) => asked.test(name)) ?? true);
    return super.runTests(covering, ...more);
  }
};
