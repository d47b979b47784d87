/** This process's clock, in milliseconds since 1970; only the clock guard may ask. */
export function processClock(): number {
  // eslint-disable-next-line no-restricted-globals -- the guard compares the proposal's time with this clock and keeps neither
  return Date.now();
}
