import { defineArea } from '../catalogue/area';
import { recoveryEntities } from './entities';
import { recoveryEvents, recoveryTransactions } from './transactions';

export * from './entities';
export * from './recovery';

/** How a pseudonym gets a new key when wallet and phrase are lost. */
export const recoveryArea = defineArea({
  entities: recoveryEntities,
  events: recoveryEvents,
  transactions: recoveryTransactions,
});
