import { defineArea } from '../catalogue/area';
import { z } from 'zod';
import { patientOr, type TransactionEntry } from '../catalogue/entry';
import { basesAndAssistance } from '../delegated-acts';
import { pageFields, pageOf } from '../encoding/values';
import { pseudonymSchema } from '../ids';
import { accessEventSchema, auditEntities } from './entities';

const contract = 'AuditContract';

const auditTransactions = {
  ListForPatient: {
    contract,
    name: 'ListForPatient',
    kind: 'evaluate',
    summary: 'Lists what happened around the patient: who, when, why, under which rule; newest first.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(accessEventSchema),
    callers: [patientOr(basesAndAssistance, 'view')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What happened around a patient. */
export const auditArea = defineArea({ entities: auditEntities, events: {}, transactions: auditTransactions });
