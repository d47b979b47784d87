/** No honest value of one line is longer; what is cut off says so. */
const LONGEST = 8_000;

/**
 * A text as it may stand on a page: without control characters, and without those that turn the direction of what follows, by which `7.2` could be
 * shown as `2.7`; each becomes a visible sign. Line breaks stay.
 */
export function cleanText(text: string): string {
  const whole = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  return (
    whole
      .replace(/\r\n?/g, '\n')
      .replace(/\t/g, ' ')
      // eslint-disable-next-line no-control-regex -- exactly these are meant: a page shows none of them
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g, '\ufffd')
      .toWellFormed()
  );
}
