import { type z } from 'zod';
import { type Input, type Output, type Request, type TransactionEntry, type Transient } from '../catalogue/entry';
import { DomainError } from '../domain-error';
import { type Proof } from '../proof/statements';

/**
 * A transaction of the catalogue with its parsed input, and who signed it.
 *
 * Everything in it has been parsed by the entry's own schemas, once: by {@link newRequest} where a program builds it, by the codec where
 * it arrives as text. Without a proof the certificate of the carrier says who asks.
 */
export type SignedRequest<Entry extends TransactionEntry> = {
  readonly entry: Entry;
  readonly input: Input<Entry>;
  readonly proof?: Proof;
  /** The private value of a transaction that has one; its hash stands in the input. */
  readonly transient?: Transient<Entry>;
};

/** What a request came to. An `evaluate` has neither transaction id nor block. */
export type Outcome<Result> = {
  readonly result: Result;
  readonly transactionId?: string;
  readonly blockNumber?: bigint;
};

/** The outcome of a transaction of the catalogue. */
export type OutcomeOf<Entry extends TransactionEntry> = Outcome<Output<Entry>>;

/**
 * Builds a request from what a program has at hand.
 * @throws {@link DomainError} `INVALID_REQUEST` — input or transient value do not fit the catalogue; details name the place, not the value.
 */
export function newRequest<Entry extends TransactionEntry>(
  entry: Entry,
  input: NoInfer<Request<Entry>>,
  signed: Pick<SignedRequest<Entry>, 'proof' | 'transient'> = {},
): SignedRequest<Entry> {
  const { proof, transient } = signed;
  return {
    entry,
    // the compiler does not relate Entry['request'] to its own output; `parseAs` ran exactly that schema
    input: parseAs(entry.request, input, 'input') as Input<Entry>,
    ...(proof === undefined ? {} : { proof }),
    ...(transient === undefined ? {} : { transient: parseTransientValue(entry, transient) }),
  };
}

/**
 * Parses a transient value by its entry's schema.
 * @throws {@link DomainError} `INVALID_REQUEST` — it does not fit, or the transaction takes none.
 */
export function parseTransientValue<Entry extends TransactionEntry>(entry: Entry, value: unknown): Transient<Entry> {
  if (entry.transient === undefined) throw new DomainError('INVALID_REQUEST', 'this transaction takes no transient value');
  // as in newRequest: this is the output of the schema the type names
  return parseAs(entry.transient, value, 'transient') as Transient<Entry>;
}

/** Parses by a schema. @throws {@link InvalidRequest} `INVALID_REQUEST` — every place that does not fit, below `path` */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown, path: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidRequest(result.error, value, path);
}

/**
 * The ledger as everything that uses it sees it: one verb to read, one to write (ADR 0022).
 *
 * Both throw a DomainError or a LedgerFailure and nothing else: a `DomainError` says that the request was refused on this side of the
 * wire, before anything was sent; a `LedgerFailure` says how the call ended otherwise, `Refused` with the chaincode's own code.
 *
 * @remarks Implementations, to be stacked. Each takes the next as a `Ledger` and knows nothing else of it:
 * - a gateway ledger speaks to a peer: {@link qualifiedName}, `encodeArgument`, `encodeTransient` out; `parseResponse` in, whose failure
 *   becomes `Unavailable`; an entry endorsed by its `owner` names the carrier's organisation as the only endorser;
 * - a member-node ledger speaks HTTPS: `encodeCarried` out, `decodeOutcome` in; a problem the node answers becomes `Refused` with its code
 *   and words; a node that was not reached `Unavailable`; no answer `NoAnswer` to a question, and `OutcomeUnknown` to a command, because
 *   nobody can tell whether the node has carried it on;
 * - an acting ledger signs what has no proof, and hands on what has one as it is. Signing takes `requestHashOf(request)` and
 *   {@link RequestBinding}; the input is parsed already and is not parsed again.
 *
 * A member node's server turns a body into a request with `decodeCarried` and hands it to its own stack; `newRequest` is the only other way
 * to make one. So an argument is parsed once on each side of a wire.
 */
export interface Ledger {
  /** Reads; nothing is ordered, so there is no transaction id and no block. */
  evaluate<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>>;
  /** Writes; resolves when the transaction is committed as valid, with its id and block. */
  submit<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>>;
}

/** Does with a request what its entry says: evaluates what only reads, submits what writes. @throws as {@link Ledger}. */
export async function perform<Entry extends TransactionEntry>(ledger: Ledger, request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
  return request.entry.kind === 'evaluate' ? { result: await ledger.evaluate(request) } : ledger.submit(request);
}

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
