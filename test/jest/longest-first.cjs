// Runs the suites that start networks first, the longest of them before the others: begun last, one of them would keep the whole run waiting.
// Jest by itself goes by the time of the last run, and in a fresh checkout by the size of the file, which says nothing of what it starts.
const { default: Sequencer } = require('@jest/test-sequencer');

const longest = [
  '/scenario/story-of-care.test.ts',
  '/scenario/story-of-identity.test.ts',
  '/scenario/demo.test.ts',
  '/scenario/well-again.test.ts',
  '/conformance/embedded-cases-1.12.test.ts',
];
const networks = ['scenario', 'conformance', 'fabric'];

function rank({ path, context }) {
  const place = longest.findIndex((end) => path.endsWith(end));
  if (place >= 0) return place;
  return networks.includes(context.config.displayName?.name) ? longest.length : longest.length + 1;
}

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
};
