// The realm of a mutant's test files. What Stryker keeps in the worker is of the mutant before; and once one test has noticed, no other has to.
const WorkerRealm = require('../jest/worker-realm.cjs');

const MUTANT = '__STRYKER_ACTIVE_MUTANT__';
let noticed;
/** The full names of the tests of each file that this worker has read. */
const testsOf = new Map();

/** Whether a test has noticed the present mutant; never where there is none. */
function isNoticed() {
  return noticed !== undefined && noticed === process.env[MUTANT];
}

function namesIn(block, before = '') {
  return block.children.flatMap((child) => {
    const name = `${before} ${child.name}`.trimStart();
    return child.type === 'test' ? [name] : namesIn(child, name);
  });
}

class MutationRealm extends WorkerRealm {
  #path;

  constructor(config, context) {
    delete globalThis.__stryker__;
    super(config, context);
    this.#path = context.testPath;
  }

  handleTestEvent({ name, test }, { rootDescribeBlock }) {
    if (name === 'run_start') testsOf.set(this.#path, namesIn(rootDescribeBlock));
    if (name === 'test_done' && test.errors.length > 0) noticed = process.env[MUTANT];
    if (name === 'test_start' && isNoticed()) test.mode = 'skip';
  }
}

module.exports = MutationRealm;
module.exports.isNoticed = isNoticed;
module.exports.testsOf = testsOf;
