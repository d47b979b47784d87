const MOST_DOUBLINGS = 20;

/** A wait that doubles each time, up to the longest; the first one where it was not waited before. */
export function longerEachTime(firstMillis: number, longestMillis: number, times: number): number {
  return Math.min(longestMillis, firstMillis * 2 ** Math.min(times, MOST_DOUBLINGS));
}
