import { type z } from 'zod';
import { DomainError } from '../domain-error';

/** One place of a request that does not fit: what was expected there, and of what kind that is which was sent. Never a value. */
export type RequestFault = { readonly path: string; readonly expected: string; readonly seen: string };

/** Who sends a list of a thousand wrong items learns what is wrong from the first of them. */
const MOST_FAULTS = 32;
const LONGEST_EXPECTATION = 256;

/** `INVALID_REQUEST` with every place that does not fit; details name the first. */
export class InvalidRequest extends DomainError {
  constructor(
    readonly faults: readonly RequestFault[],
    first: { readonly path: string; readonly problem: string },
  ) {
    super('INVALID_REQUEST', undefined, first);
  }
}

/** What a schema found wrong with a value that stands below `path`. */
export function invalidRequest(error: z.ZodError, value: unknown, path: string): InvalidRequest {
  const faults = error.issues.slice(0, MOST_FAULTS).flatMap((issue) => faultsOf(issue, value, path));
  const [first] = error.issues;
  return new InvalidRequest(faults.slice(0, MOST_FAULTS), { path: placeOf(path, first?.path ?? []), problem: first?.code ?? 'invalid' });
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown, above: string): readonly RequestFault[] {
  const seen = kindOf(valueAt(value, issue.path));
  if (issue.code !== 'unrecognized_keys') return [{ path: placeOf(above, issue.path), expected: expectedBy(issue), seen }];
  return issue.keys.map((key) => ({
    path: placeOf(above, [...issue.path, key]),
    expected: 'nothing',
    seen: kindOf(valueAt(value, [...issue.path, key])),
  }));
}

/** A caller's own key may stand in a path: only what looks like an id is repeated. */
function placeOf(above: string, path: readonly PropertyKey[]): string {
  const place = [above, ...path.map(String)].filter((part) => part !== '').join('.');
  return /^[A-Za-z0-9_.-]{0,128}$/.test(place) ? place : '?';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((holder, key) => {
    const isThere = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key);
    return isThere ? (holder as Readonly<Record<PropertyKey, unknown>>)[key] : undefined; // as just looked up
  }, value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The rule as the schema has it. */
function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(' | ').slice(0, LONGEST_EXPECTATION);
    case 'invalid_format':
      return (issue.pattern ?? issue.format).slice(0, LONGEST_EXPECTATION);
    case 'too_small':
      return `${issue.origin} of ${String(issue.minimum)} at least`;
    case 'too_big':
      return `${issue.origin} of ${String(issue.maximum)} at most`;
    case 'invalid_union':
      return 'one of the forms in the API description';
    default:
      return issue.message.slice(0, LONGEST_EXPECTATION);
  }
}
