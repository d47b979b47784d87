import { defineArea } from '../catalogue/area';
import { accessEntities } from './entities';
import { accessEvents, accessTransactions } from './transactions';

export * from './decision';
export * from './entities';
export { mayHold, needsNamed, type NamedNeeds } from './provision';
export type * from './question';
export * from './ticket';

/** Requests to read, and the decision on each. */
export const accessArea = defineArea({ entities: accessEntities, events: accessEvents, transactions: accessTransactions });
