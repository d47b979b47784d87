import { defineArea } from '../catalogue/area';
import { capacityEntities } from './entities';
import { capacityEvents, capacityTransactions } from './transactions';

export * from './capacity';
export * from './entities';

/** Whether a patient can decide, and whether they live. */
export const capacityArea = defineArea({
  entities: capacityEntities,
  events: capacityEvents,
  transactions: capacityTransactions,
});
