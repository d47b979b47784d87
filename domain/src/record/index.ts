import { defineArea } from '../catalogue/area';
import { recordEntities } from './entities';
import { recordEvents, recordTransactions } from './transactions';

export * from './entities';
export * from './record';

/** Which records exist: commitments, coarse labels, places; never contents. */
export const recordArea = defineArea({ entities: recordEntities, events: recordEvents, transactions: recordTransactions });
