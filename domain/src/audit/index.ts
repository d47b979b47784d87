import { defineArea } from '../catalogue/area';
import { auditEntities } from './entities';
import { auditTransactions } from './transactions';

export * from './entities';

/** What happened around a patient. */
export const auditArea = defineArea({ entities: auditEntities, events: {}, transactions: auditTransactions });
