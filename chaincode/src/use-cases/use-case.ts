import { type Area, type Input, type Output, type TransactionEntry, type Transient } from '@lianyi/domain';
import { type ReadScope, type WriteScope } from './scope';

/** What a use case may reach: one that answers a query cannot write. */
export type ScopeOf<Entry extends TransactionEntry> = Entry['kind'] extends 'submit' ? WriteScope : ReadScope;

/** What a transaction does once it is parsed and its actor known; a refusal is a {@link DomainError}. */
export type UseCase<Entry extends TransactionEntry> = (
  scope: ScopeOf<Entry>,
  input: Input<Entry>,
  transient: Transient<Entry>,
) => Promise<Output<Entry>>;

/** A use case for each transaction of a catalogue, under the transaction's name: one that is missing does not compile. */
export type UseCases<Catalogue extends Area['transactions']> = {
  readonly [Name in keyof Catalogue]: UseCase<Catalogue[Name]>;
};

/**
 * The use cases of one area and nothing besides. `Table` is what the area's files export, put together: a function there that is no
 * transaction's does not compile, so what the files share among themselves stands in a file of its own.
 */
export type UseCasesOf<Declared extends Pick<Area, 'transactions'>, Table> = UseCases<Declared['transactions']> & {
  readonly [Surplus in Exclude<keyof Table, keyof Declared['transactions']>]: never;
};
