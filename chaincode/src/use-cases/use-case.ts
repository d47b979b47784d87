import { type Input, type Output, type TransactionEntry, type Transient } from '@lianyi/domain';
import { type ReadScope, type WriteScope } from './scope';

/** What a use case may reach: one that answers a query cannot write. */
export type ScopeOf<Entry extends TransactionEntry> = Entry['kind'] extends 'submit' ? WriteScope : ReadScope;

/** What a transaction does once it is parsed and its caller known; a refusal is a {@link DomainError}. */
export type UseCase<Entry extends TransactionEntry> = (
  scope: ScopeOf<Entry>,
  input: Input<Entry>,
  transient: Transient<Entry>,
) => Promise<Output<Entry>>;

/** A use case for each transaction of a catalogue: one that is missing, or is another's, does not compile. */
export type UseCases<Catalogue extends Readonly<Record<string, TransactionEntry>>> = {
  readonly [Name in keyof Catalogue]: UseCase<Catalogue[Name]>;
};
