// Reads of a mutant's test files only those that have a test which gets to the mutant, which Stryker says by name: reading them is what takes time.
// Those that try examples go first: they are quick, and notice most.
const { default: TestRunner } = require('jest-runner');
const { testsOf } = require('./mutation-realm.cjs');

const isSampling = ({ path }) => /\.(properties|model)\.test\.ts$/.test(path);
const inOrder = (one, other) => isSampling(one) - isSampling(other) || (one.path < other.path ? -1 : 1);

module.exports = class CoveringRunner extends TestRunner {
  runTests(tests, ...more) {
    const { testNamePattern = '' } = this._globalConfig;
    const asked = new RegExp(testNamePattern, 'i');
    const covering = tests.filter(({ path }) => testsOf.get(path)?.some((name) => asked.test(name)) ?? true);
    return super.runTests(covering.toSorted(inOrder), ...more);
  }
};
