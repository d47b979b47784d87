import { defineArea } from '../catalogue/area';
import { registrarEntities } from './entities';
import { registrarEvents, registrarTransactions } from './transactions';

export * from './card';
export * from './entities';
export * from './identifier';

/** Patients' pseudonyms, e-cards, and the private links to identifiers. */
export const registrarArea = defineArea({ entities: registrarEntities, events: registrarEvents, transactions: registrarTransactions });
