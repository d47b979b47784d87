// Reads of a mutant's test files only those that have a test which gets to the mutant, which Stryker says by name, and none after the first that
// notices it: reading them is what takes time. Jest puts those first that failed last, and they are most often those that notice the next.
const { default: TestRunner } = require('jest-runner');
const { isNoticed, testsOf } = require('./mutation-realm.cjs');

module.exports = class CoveringRunner extends TestRunner {
  async runTests(tests, ...more) {
    const { testNamePattern = '' } = this._globalConfig;
    const asked = new RegExp(testNamePattern, 'i');
    const covering = tests.filter(({ path }) => testsOf.get(path)?.some((name) => asked.test(name)) ?? true);
    for (const test of covering) if (!isNoticed()) await super.runTests([test], ...more);
  }
};
