// Reads of a mutant's test files only those that have a test which gets to the mutant, which Stryker says by name, and none after the first that
// notices it: reading them is what takes time. Jest puts those first that failed last, and they are most often those that notice the next.
// That a file cannot be read is told only where no test of another notices: of a mutant with such a file Stryker says nothing else.
const { default: TestRunner } = require('jest-runner');
const { isNoticed, testsOf } = require('./mutation-realm.cjs');

module.exports = class CoveringRunner extends TestRunner {
  #unread = [];

  on(event, listener) {
    if (event !== 'test-file-failure') return super.on(event, listener);
    return super.on(event, (failure) => void this.#unread.push(() => listener(failure)));
  }

  async runTests(tests, ...more) {
    const { testNamePattern = '' } = this._globalConfig;
    const asked = new RegExp(testNamePattern, 'i');
    const covering = tests.filter(({ path }) => testsOf.get(path)?.some((name) => asked.test(name)) ?? true);
    for (const test of covering) if (!isNoticed()) await super.runTests([test], ...more);
    for (const tell of this.#unread) if (!isNoticed()) await tell();
  }
};
