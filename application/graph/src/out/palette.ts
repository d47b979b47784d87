/** Colours of hospitals, told apart also by who does not see red or green (Okabe and Ito); more hospitals share the last. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8c8c8c'];

/** One colour for each hospital, in the order of their names. */
export function coloursOf(custodians: readonly string[]): ReadonlyMap<string, string> {
  const sorted = [...new Set(custodians)].sort();
  return new Map(sorted.map((custodian, at) => [custodian, COLOURS[Math.min(at, COLOURS.length - 1)] ?? '#8c8c8c']));
}

export const INK = '#222222';
export const PALE = '#6b6b6b';
export const RULE = '#d8d8d8';
export const ALARM = '#b00020';
