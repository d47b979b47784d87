import { type LineOutput } from './output';

/** Prints a verb's result: one JSON line for programs; for people a line for each field, with the labels that the JSON has. */
export function printResult(result: object, json: boolean, output: LineOutput): void {
  if (json) {
    output.out(JSON.stringify(result));
    return;
  }
  for (const [label, value] of Object.entries(result)) for (const line of labelled(label, value)) output.out(line);
}

/** A list of records is one line for each, below its label. */
function labelled(label: string, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.every((entry) => typeof entry !== 'object')) return [`${label}: ${inline(value)}`];
  return [`${label}:`, ...value.map((entry) => `  ${inline(entry)}`)];
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inline).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([label, inner]) => `${label}: ${inline(inner)}`)
    .join('; ');
}
