import { z } from 'zod';
import { hashOfJson } from '../crypto/sha256';
import { DomainError, type ErrorDetails } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { parseStrictJson, StrictJsonError } from '../encoding/strict-json';
import { type Sha256 } from '../encoding/values';
import { type Proof, proofSchema } from '../proof/statements';
import { type Input, type Output, type Request, type TransactionEntry, type Transient } from './entry';

/** How much a transaction's argument, or its transient value, may be; checked before it is parsed (security.md L7). */
export const ARGUMENT_LIMITS = { maxBytes: 64 * 1024, maxDepth: 32 } as const;

const argumentSchema = z.strictObject({ input: z.record(z.string(), z.unknown()), proof: proofSchema.exactOptional() });

/** A transaction's argument after parsing; `requestHash` covers the input as it was sent. */
export type Argument<Entry extends TransactionEntry> = {
  readonly input: Input<Entry>;
  readonly proof?: Proof;
  readonly requestHash: Sha256;
};

/** Writes the one argument of a transaction. */
export function encodeArgument<Entry extends TransactionEntry>(
  entry: Entry,
  input: Request<Entry>,
  proof?: z.input<typeof proofSchema>,
): string {
  return canonicalJson({ input: entry.request.parse(input), ...(proof === undefined ? {} : { proof }) });
}

/** The hash a proof's statement names: of the canonical JSON of the input. */
export function requestHashOf<Entry extends TransactionEntry>(entry: Entry, input: Request<Entry>): Sha256 {
  return hashOfJson(entry.request.parse(input));
}

/**
 * Parses the one argument of a transaction.
 * @throws {@link DomainError} `INVALID_REQUEST` — the text is not strict JSON, or does not fit the schema; details name the place, not the value.
 */
export function parseArgument<Entry extends TransactionEntry>(entry: Entry, text: string): Argument<Entry> {
  const { input, proof } = parseAs(argumentSchema, parseJson(text), '');
  const parsed = parseAs(entry.request, input, 'input');
  // the compiler does not relate Entry['request'] to its own output; `parseAs` ran exactly that schema
  const argument = { input: parsed as Input<Entry>, requestHash: hashOfJson(input) };
  return proof === undefined ? argument : { ...argument, proof };
}

/**
 * Parses the transient value of a transaction and checks that the request covers it.
 * @throws {@link DomainError} `INVALID_REQUEST` — it is missing or malformed; `HASH_MISMATCH` — it is not the one the request names.
 */
export function parseTransient<Entry extends TransactionEntry>(entry: Entry, text: string, transientSha256: Sha256): Transient<Entry> {
  if (entry.transient === undefined) throw new DomainError('INVALID_REQUEST', 'this transaction takes no transient value');
  const value = parseJson(text);
  if (hashOfJson(value) !== transientSha256) throw new DomainError('HASH_MISMATCH', 'transientSha256 does not cover the transient value');
  // as above: this is the output of the schema the type names
  return parseAs(entry.transient, value, 'transient') as Transient<Entry>;
}

/**
 * Parses an answer of the chaincode.
 * @throws {@link StrictJsonError} or a ZodError: the peer answered something else than the catalogue says.
 */
export function parseResponse<Entry extends TransactionEntry>(entry: Entry, text: string): Output<Entry> {
  // as above
  return entry.response.parse(parseStrictJson(text, RESPONSE_LIMITS)) as Output<Entry>;
}

/** A page of a hundred of the largest entities stays far below this. */
const RESPONSE_LIMITS = { maxBytes: 16 * 1024 * 1024, maxDepth: 32 };

function parseJson(text: string): unknown {
  try {
    const value = parseStrictJson(text, ARGUMENT_LIMITS);
    canonicalJson(value); // floats and unsafe integers have no canonical form and so no hash
    return value;
  } catch (error) {
    const details: ErrorDetails =
      error instanceof StrictJsonError ? { problem: error.problem, offset: error.offset } : { problem: 'NOT_CANONICAL' };
    throw new DomainError('INVALID_REQUEST', undefined, details, { cause: error });
  }
}

function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown, path: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = [path, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  // a caller's own key may stand in the path: only what looks like an id is repeated
  throw new DomainError('INVALID_REQUEST', undefined, {
    path: /^[A-Za-z0-9_.-]{0,128}$/.test(place) ? place : '?',
    problem: issue?.code ?? 'invalid',
  });
}
