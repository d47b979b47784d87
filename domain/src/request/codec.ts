import { z } from 'zod';
import { TRANSIENT_KEY, type Input, type Output, type TransactionEntry, type Transient } from '../catalogue/entry';
import { hashOfJson } from '../crypto/sha256';
import { DomainError, type ErrorDetails } from '../domain-error';
import { canonicalJson, NotCanonicalError } from '../encoding/canonical-json';
import { parseStrictJson, StrictJsonError } from '../encoding/strict-json';
import { sha256Schema, type Sha256 } from '../encoding/values';
import { proofSchema, type Proof } from '../proof/statements';
import { parseAs, parseTransientValue, type Outcome, type OutcomeOf, type SignedRequest } from './signed-request';

// The only place that turns requests and answers into text and back. Two forms: the argument of a Fabric transaction with its transient
// map, and the JSON object in which a member node is asked to carry a request.

/** How much a transaction's argument, or its transient value, may be; checked before it is parsed, so that size costs nothing. */
export const ARGUMENT_LIMITS = { maxBytes: 64 * 1024, maxDepth: 32 } as const;
/** How much an answer may be. A page of a hundred of the largest entities stays far below this. */
const RESPONSE_LIMITS = { maxBytes: 16 * 1024 * 1024, maxDepth: 32 };

const objectSchema = z.record(z.string(), z.unknown());
const argumentFields = { input: objectSchema, proof: proofSchema.exactOptional() };
const argumentSchema = z.strictObject(argumentFields);
/** A block's number, decimal: it may be beyond what a JSON number holds exactly. */
export const blockNumberSchema = z.string().regex(/^\d{1,20}$/);
/** A request as a member node is asked to carry it. */
const carriedSchema = z.strictObject({
  ...argumentFields,
  transient: objectSchema.exactOptional(),
  /** The node's own, and no part of what it carries. */
  seenBlock: blockNumberSchema.exactOptional(),
  newsAfter: blockNumberSchema.exactOptional(),
});
/** What a member node answers; the last two only to a `submit`, the number of a block also to a question whose answer was held for news. */
export const carriedAnswerSchema = z.strictObject({
  result: z.unknown(),
  transactionId: z.string().exactOptional(),
  blockNumber: blockNumberSchema.exactOptional(),
});

/** A transaction's argument after parsing; `requestHash` covers the input as it was sent. */
export type Argument<Entry extends TransactionEntry> = {
  readonly input: Input<Entry>;
  readonly proof?: Proof;
  readonly requestHash: Sha256;
};

/** A request as far as it is written: what a {@link SignedRequest} has, or the same without brands. */
type Encodable = { readonly input: unknown; readonly proof?: z.input<typeof proofSchema>; readonly transient?: unknown };

/** Writes the one argument of a transaction: canonical JSON of `{ input, proof? }`. */
export function encodeArgument({ input, proof }: Omit<Encodable, 'transient'>): string {
  return canonicalJson({ input, ...(proof === undefined ? {} : { proof }) });
}

/** Writes the transient map of a transaction; undefined when the request has no transient value. */
export function encodeTransient({ transient }: Pick<Encodable, 'transient'>): Readonly<Record<string, Uint8Array>> | undefined {
  return transient === undefined ? undefined : { [TRANSIENT_KEY]: new TextEncoder().encode(canonicalJson(transient)) };
}

/** The hash a proof's statement names: of the canonical JSON of the input. */
export function requestHashOf({ input }: Pick<Encodable, 'input'>): Sha256 {
  return hashOfJson(input);
}

/**
 * Parses the one argument of a transaction.
 * @throws {@link DomainError} `INVALID_REQUEST` — the text is not strict JSON, or does not fit the schema; details name the place, not the value.
 */
export function parseArgument<Entry extends TransactionEntry>(entry: Entry, text: string): Argument<Entry> {
  return argumentOf(entry, parseAs(argumentSchema, parseJson(text), ''));
}

/**
 * Parses the transient value of a transaction and checks that the request covers it.
 * @throws {@link DomainError} `INVALID_REQUEST` — it is missing or malformed; `HASH_MISMATCH` — it is not the one the request names.
 */
export function parseTransient<Entry extends TransactionEntry>(entry: Entry, text: string, transientSha256: Sha256): Transient<Entry> {
  assertTakesTransient(entry);
  return transientOf(entry, parseJson(text), transientSha256);
}

/** Writes an answer of the chaincode. */
export function encodeResponse(output: unknown): string {
  return canonicalJson(output);
}

/**
 * Parses an answer of the chaincode.
 * @throws {@link StrictJsonError} or a ZodError: the peer answered something else than the catalogue says.
 */
export function parseResponse<Entry extends TransactionEntry>(entry: Entry, text: string): Output<Entry> {
  return outputOf(entry, parseStrictJson(text, RESPONSE_LIMITS));
}

/** Writes a request for a member node to carry. */
export function encodeCarried({ input, proof, transient }: Encodable): string {
  return canonicalJson({ input, ...(proof === undefined ? {} : { proof }), ...(transient === undefined ? {} : { transient }) });
}

/**
 * Parses what a member node is asked to carry, from JSON already read. What is accepted here has the same bytes as an argument.
 * @throws {@link DomainError} `INVALID_REQUEST`, `HASH_MISMATCH` — as {@link parseArgument} and {@link parseTransient}.
 */
export function decodeCarried<Entry extends TransactionEntry>(entry: Entry, body: unknown): SignedRequest<Entry> & Argument<Entry> {
  const { transient, seenBlock: _seenBlock, newsAfter: _newsAfter, ...argument } = parseAs(carriedSchema, body, '');
  assertWithinLimits(argument);
  const parsed = argumentOf(entry, argument);
  if (transient === undefined) return { entry, ...parsed };
  assertWithinLimits(transient);
  assertTakesTransient(entry);
  return { entry, ...parsed, transient: transientOf(entry, transient, transientHashIn(parsed.input)) };
}

/** Writes what a carried request came to, as a JSON value. */
export function encodeOutcome({ result, transactionId, blockNumber }: Outcome<unknown>): z.output<typeof carriedAnswerSchema> {
  return {
    result,
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(blockNumber === undefined ? {} : { blockNumber: blockNumber.toString() }),
  };
}

/** Parses what a member node answered. @throws a ZodError: it answered something else than the catalogue says. */
export function decodeOutcome<Entry extends TransactionEntry>(entry: Entry, answer: unknown): OutcomeOf<Entry> {
  const { result, transactionId, blockNumber } = carriedAnswerSchema.parse(answer);
  return {
    result: outputOf(entry, result),
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(blockNumber === undefined ? {} : { blockNumber: BigInt(blockNumber) }),
  };
}

function argumentOf<Entry extends TransactionEntry>(entry: Entry, { input, proof }: z.output<typeof argumentSchema>): Argument<Entry> {
  const parsed = parseAs(entry.request, input, 'input');
  // the compiler does not relate Entry['request'] to its own output; `parseAs` ran exactly that schema
  const argument = { input: parsed as Input<Entry>, requestHash: hashOfJson(input) };
  return proof === undefined ? argument : { ...argument, proof };
}

function outputOf<Entry extends TransactionEntry>(entry: Entry, value: unknown): Output<Entry> {
  // as in argumentOf
  return entry.response.parse(value) as Output<Entry>;
}

function transientOf<Entry extends TransactionEntry>(entry: Entry, value: unknown, transientSha256: Sha256): Transient<Entry> {
  if (hashOfJson(value) !== transientSha256) throw new DomainError('HASH_MISMATCH', 'transientSha256 does not cover the transient value');
  return parseTransientValue(entry, value);
}

function assertTakesTransient(entry: TransactionEntry): void {
  if (entry.transient === undefined) throw new DomainError('INVALID_REQUEST', 'this transaction takes no transient value');
}

function transientHashIn(input: unknown): Sha256 {
  return parseAs(z.object({ transientSha256: sha256Schema }), input, 'input').transientSha256;
}

function parseJson(text: string): unknown {
  try {
    const value = parseStrictJson(text, ARGUMENT_LIMITS);
    canonicalJson(value); // floats and unsafe integers have no canonical form and so no hash
    return value;
  } catch (error) {
    throw notJson(error);
  }
}

/** What {@link parseJson} demands of a text, demanded of a value: as many bytes and levels at most, and a canonical form. */
function assertWithinLimits(value: unknown): void {
  try {
    if (new TextEncoder().encode(canonicalJson(value)).length > ARGUMENT_LIMITS.maxBytes) throw new StrictJsonError('TOO_LARGE', 0);
  } catch (error) {
    throw notJson(error);
  }
}

function notJson(error: unknown): unknown {
  if (!(error instanceof StrictJsonError) && !(error instanceof NotCanonicalError)) return error;
  const details: ErrorDetails =
    error instanceof StrictJsonError ? { problem: error.problem, offset: error.offset } : { problem: 'NOT_CANONICAL' };
  return new DomainError('INVALID_REQUEST', undefined, details, { cause: error });
}
