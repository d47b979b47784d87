import { accessTransactions } from './access/transactions';
import { auditTransactions } from './audit/transactions';
import { qualifiedName } from './catalogue/entry';
import { consentTransactions } from './consent/transactions';
import { directoryTransactions } from './directory/transactions';
import { keysTransactions } from './keys/transactions';
import { recordTransactions } from './record/transactions';
import { registrarTransactions } from './registrar/transactions';
import { relationshipTransactions } from './relationship/transactions';

/** The catalogue: every transaction once. Client, chaincode, REST, documents and tests read it. */
export const transactions = {
  ...registrarTransactions,
  ...directoryTransactions,
  ...relationshipTransactions,
  ...recordTransactions,
  ...consentTransactions,
  ...accessTransactions,
  ...keysTransactions,
  ...auditTransactions,
} as const;

export type TransactionName = keyof typeof transactions;
/** Any entry of the catalogue, with its own types. */
export type Transaction = (typeof transactions)[TransactionName];

const byName: ReadonlyMap<string, Transaction> = new Map(Object.values(transactions).map((entry) => [qualifiedName(entry), entry]));

/** The entry of a qualified name; undefined when there is none. */
export function transactionByName(name: string): Transaction | undefined {
  return byName.get(name);
}
