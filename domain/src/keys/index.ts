import { defineArea } from '../catalogue/area';
import { keysEntities } from './entities';
import { keysEvents, keysTransactions } from './transactions';

export * from './entities';

/** Sealed keys in private data, and their release to permits. */
export const keysArea = defineArea({ entities: keysEntities, events: keysEvents, transactions: keysTransactions });
