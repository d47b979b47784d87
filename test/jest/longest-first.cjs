// Runs the suites that start networks first, the longest of them before the others: begun last, one of them would keep the whole run waiting.
// After them the longest that starts none: last of all it kept the run waiting for thirty seconds by itself.
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
const longestWithout = ['/reference/access-decision.test.ts', '/fhir/src/leak/leak.test.ts', '/cli/src/wrong-values.test.ts'];

function rank({ path, context }) {
  const place = longest.findIndex((end) => path.endsWith(end));
  if (place >= 0) return place;
  if (networks.includes(context.config.displayName?.name)) return longest.length;
  return longest.length + (longestWithout.some((end) => path.endsWith(end)) ? 1 : 2);
}

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
};
