import { defineArea } from '../catalogue/area';
import { delegationEntities } from './entities';
import { delegationEvents, delegationTransactions } from './transactions';

export * from './delegation';
export * from './entities';

/** Who acts for a patient. */
export const delegationArea = defineArea({
  entities: delegationEntities,
  events: delegationEvents,
  transactions: delegationTransactions,
});
