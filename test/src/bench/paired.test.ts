import { areToldApart, pairedRatio } from './paired';

/** As many pairs as rounds, in which the one takes so many times as long, up to what a round makes of both, and one of ten stumbles. */
function measured(factor: number, rounds = 400): readonly (readonly [number, number])[] {
  return Array.from({ length: rounds }, (_none, round) => {
    const [pace, noise] = [3 + (round % 17) / 8, 1 + ((round * 7) % 11) / 200 - 0.025];
    return [pace * factor * noise * (round % 10 === 0 ? 9 : 1), pace];
  });
}

describe('the ratio of what was measured in pairs', () => {
  it('is the middle one, within an interval that has it, whatever one round of ten was', () => {
    const { ratio, low, high } = pairedRatio(measured(1));
    expect(ratio).toBeGreaterThan(0.99);
    expect(ratio).toBeLessThan(1.02);
    expect([low <= ratio, ratio <= high, high - low < 0.03]).toEqual([true, true, true]);
  });

  it('is wider the fewer rounds there are, and all that was seen of a few', () => {
    const width = (rounds: number): number => {
      const { low, high } = pairedRatio(measured(1, rounds));
      return high - low;
    };
    expect(width(40)).toBeGreaterThan(width(4_000));
    expect(
      pairedRatio([
        [1, 1],
        [3, 1],
        [2, 1],
      ]),
    ).toEqual({ ratio: 2, low: 1, high: 3 });
  });

  it.each<readonly [string, number, boolean]>([
    ['takes as long', 1, false],
    ['takes one in a hundred more', 1.01, false],
    ['takes a tenth more', 1.1, true],
    ['takes a tenth less', 0.9, true],
  ])('tells apart what %s, or not', (_what, factor, isTold) => {
    expect(areToldApart(pairedRatio(measured(factor)), 0.02)).toBe(isTold);
  });
});
