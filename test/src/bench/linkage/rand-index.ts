/**
 * The adjusted Rand index of two partitions of the same things: 1 — the same, 0 — as alike as chance makes them.
 * @param found - the group of each thing; `truth` likewise, in the same order
 * @remarks Source: Hubert, Arabie: Comparing partitions, Journal of Classification 2 (1985), equation 5.
 */
export function adjustedRandIndex(found: readonly string[], truth: readonly string[]): number {
  const pairs = (counts: Iterable<number>): number => [...counts].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const both = pairs(sizesOf(found.map((group, index) => `${group}\0${truth[index] ?? ''}`)));
  const [ofFound, ofTruth, all] = [pairs(sizesOf(found)), pairs(sizesOf(truth)), pairs([found.length])];
  const expected = all === 0 ? 0 : (ofFound * ofTruth) / all;
  const most = (ofFound + ofTruth) / 2;
  return most === expected ? Number(both === most && ofFound === ofTruth && ofFound > 0) : (both - expected) / (most - expected);
}

function sizesOf(groups: readonly string[]): Iterable<number> {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return sizes.values();
}
