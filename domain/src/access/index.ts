import { defineArea } from '../catalogue/area';
import { accessEntities } from './entities';
import { accessEvents } from './events';
import { accessTransactions } from './transactions';

export * from './decide-access';
export * from './decision';
export * from './deny-reasons';
export * from './entities';
export * from './question';
export * from './ticket';

/** Requests to read, and the decision on each. */
export const accessArea = defineArea({ entities: accessEntities, events: accessEvents, transactions: accessTransactions });
