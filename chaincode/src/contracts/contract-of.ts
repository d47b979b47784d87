import { type TransactionName, type transactions } from '@lianyi/domain';
import { type LedgerContext } from '../dispatch/call';

type Transactions = typeof transactions;
/** The names of the contracts, as the catalogue says. */
export type ContractName = Transactions[TransactionName]['contract'];

/** How the dispatcher calls a contract. */
export type ContractMethod = (context: LedgerContext, request: string) => Promise<string>;

/** What a contract must offer: a method for each of its transactions in the catalogue. A class without one does not compile. */
export type ContractOf<Contract extends ContractName> = {
  [Name in TransactionName as Transactions[Name]['contract'] extends Contract ? Name : never]: ContractMethod;
};
