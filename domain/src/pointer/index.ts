import { defineArea } from '../catalogue/area';
import { pointerEntities } from './entities';
import { pointerEvents, pointerTransactions } from './transactions';

export * from './entities';
export * from './query-template';

/** Data that stay with their custodian: what may be asked of it, and by what the answer is known. */
export const pointerArea = defineArea({ entities: pointerEntities, events: pointerEvents, transactions: pointerTransactions });
