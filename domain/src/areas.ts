import { auditArea } from './audit/index';
import { auditedAreas } from './audited-areas';
import { merged } from './catalogue/area';

/** Every area of the ledger. */
export const areas = { ...auditedAreas, audit: auditArea };

/** Every kind of entity, under the name of its repository. */
export const entities = merged(areas, 'entities');
