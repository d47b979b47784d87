import { auditArea } from './audit/transactions';
import { auditedAreas } from './audited-areas';
import { merged } from './catalogue/area';
import { qualifiedName } from './catalogue/entry';

/** Every area of the ledger. */
export const areas = { ...auditedAreas, audit: auditArea };

/** Every kind of entity, under the name of its repository. */
export const entities = merged(areas, 'entities');

/** The catalogue: every transaction once. Client, chaincode, REST, documents and tests read it. */
export const transactions = merged(areas, 'transactions');

export type TransactionName = keyof typeof transactions;
/** Any entry of the catalogue, with its own types. */
export type Transaction = (typeof transactions)[TransactionName];

const byName: ReadonlyMap<string, Transaction> = new Map(Object.values(transactions).map((entry) => [qualifiedName(entry), entry]));

/** The entry of a qualified name; undefined when there is none. */
export function transactionByName(name: string): Transaction | undefined {
  return byName.get(name);
}
