import { defineArea } from '../catalogue/area';
import { consentEntities } from './entities';
import { consentEvents, consentTransactions } from './transactions';

export * from './entities';

/** What patients permit and forbid. */
export const consentArea = defineArea({ entities: consentEntities, events: consentEvents, transactions: consentTransactions });
