import { defineArea } from '../catalogue/area';
import { directoryEntities } from './entities';
import { directoryEvents, directoryTransactions } from './transactions';

export * from './entities';
export * from './roles';
export * from './staff';

/** Organisations, their endpoints and their staff, with the kill switch. */
export const directoryArea = defineArea({ entities: directoryEntities, events: directoryEvents, transactions: directoryTransactions });
