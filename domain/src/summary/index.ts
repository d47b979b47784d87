import { defineArea } from '../catalogue/area';
import { summaryEntities } from './entities';
import { summaryEvents, summaryTransactions } from './transactions';

export * from './entities';
export * from './slot';
export { SLOTS_AT_ONCE } from './transactions';

/** Sealed slots by which a patient finds their pseudonyms again. */
export const summaryArea = defineArea({ entities: summaryEntities, events: summaryEvents, transactions: summaryTransactions });
