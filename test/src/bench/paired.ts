import { rank } from './figures';

/** How many times as long the one takes as the other: the middle, and within what it lies with 99 of 100 runs. */
export type PairedRatio = { readonly ratio: number; readonly low: number; readonly high: number };

/** Standard deviations on either side that leave out one of a hundred. */
const DEVIATIONS_OF_99 = 2.576;

/**
 * The median of the ratios of what was measured in pairs, and its distribution-free interval by order statistics (the sign test turned round): a machine
 * that stumbles in a tenth of the rounds moves neither, and nothing is assumed of how times are distributed.
 *
 * @param pairs - of each round the one and the other; 20 at least, or the interval is what was seen in all
 */
export function pairedRatio(pairs: readonly (readonly [one: number, other: number])[]): PairedRatio {
  const ratios = pairs.map(([one, other]) => one / other).sort((one, other) => one - other);
  const half = (DEVIATIONS_OF_99 * Math.sqrt(ratios.length)) / 2;
  const at = (place: number): number => ratios[Math.min(Math.max(place, 0), ratios.length - 1)] ?? Number.NaN;
  return {
    ratio: rank(ratios, 0.5),
    low: at(Math.floor(ratios.length / 2 - half) - 1),
    high: at(Math.ceil(ratios.length / 2 + half)),
  };
}

/** Whether two things can be told apart by more than a share of their time: the whole interval lies beyond it. */
export function areToldApart({ low, high }: PairedRatio, share: number): boolean {
  return low > 1 + share || high < 1 / (1 + share);
}
