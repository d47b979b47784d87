import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, slotOwner, type TransactionEntry } from '../catalogue/entry';
import { sealedSlotSchema, setOf } from '../encoding/values';
import { slotIdSchema } from '../ids';
import { summarySlotSchema, summaryEntities } from './entities';

const contract = 'SummaryContract';
/** So many slots are asked for at once at most. */
export const SLOTS_AT_ONCE = 16;

const summaryTransactions = {
  PutSummarySlot: {
    contract,
    name: 'PutSummarySlot',
    kind: 'submit',
    summary:
      'The owner of a summary slot replaces what is sealed in it, or makes the slot; signed with the slot’s own one-time key, which names no pseudonym.',
    request: z.strictObject({ slotId: slotIdSchema, version: z.int().min(1), sealed: sealedSlotSchema }),
    response: summarySlotSchema.pick({ slotId: true, version: true }),
    callers: [slotOwner],
    refusals: ['VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  ListSummarySlots: {
    contract,
    name: 'ListSummarySlots',
    kind: 'evaluate',
    summary: 'Reads summary slots by their ids, which only their owner can derive; those that are not there are left out.',
    request: z.strictObject({ slotIds: setOf(slotIdSchema, 1, SLOTS_AT_ONCE) }),
    response: z.strictObject({ slots: z.array(summarySlotSchema).max(SLOTS_AT_ONCE) }),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const summaryEvents = {
  SummarySlotStored: { slotId: slotIdSchema, version: z.int().min(1) },
} as const satisfies EventTable;

/** Sealed slots by which a patient finds their pseudonyms again. */
export const summaryArea = defineArea({ entities: summaryEntities, events: summaryEvents, transactions: summaryTransactions });
