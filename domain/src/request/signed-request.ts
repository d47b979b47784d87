import { type z } from 'zod';
import { type Input, type Output, type Request, type TransactionEntry, type Transient } from '../catalogue/entry';
import { DomainError } from '../domain-error';
import { type Proof } from '../proof/statements';
import { invalidRequest } from './faults';

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
