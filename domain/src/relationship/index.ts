import { defineArea } from '../catalogue/area';
import { relationshipEntities } from './entities';
import { relationshipEvents, relationshipTransactions } from './transactions';

export * from './entities';

/** What binds a patient and a hospital. */
export const relationshipArea = defineArea({
  entities: relationshipEntities,
  events: relationshipEvents,
  transactions: relationshipTransactions,
});
