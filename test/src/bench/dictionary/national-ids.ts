/** Weights of the first seventeen digits, and the check characters by the weighted sum's remainder (GB 11643, ISO 7064 MOD 11-2). */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';
const DAY_MILLIS = 86_400_000;
const SEQUENCES = 1_000;

/** The check character of the first seventeen digits. */
export function checked(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return `${digits}${CHECKS[sum % CHECKS.length] ?? ''}`;
}

/**
 * National ids as somebody who guesses tries them: of one district, day of birth by day of birth, every number of the day.
 * @param district six digits
 * @param from how many of them are left out at the beginning
 */
export function* guesses(district: string, count: number, from = 0): Generator<string> {
  for (let index = from; index < from + count; index += 1) {
    const born = new Date(Date.UTC(1950, 0, 1) + Math.floor(index / SEQUENCES) * DAY_MILLIS).toISOString().slice(0, 10).replaceAll('-', '');
    yield checked(`${district}${born}${String(index % SEQUENCES).padStart(3, '0')}`);
  }
}

/** Some of the first so many guesses, far from each other. */
export function spread(district: string, count: number, chosen: number): readonly string[] {
  const step = Math.floor(count / (chosen + 1));
  return [...guesses(district, count)].filter((_number, index) => index > 0 && index % step === 0).slice(0, chosen);
}
