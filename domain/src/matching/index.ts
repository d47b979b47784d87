import { defineArea } from '../catalogue/area';
import { matchingEntities } from './entities';
import { matchingEvents, matchingTransactions } from './transactions';

export * from './entities';

/** Numbers that two hospitals know: the function that finds them, and the cases that come of it. */
export const matchingArea = defineArea({ entities: matchingEntities, events: matchingEvents, transactions: matchingTransactions });
