import { z } from 'zod';
import { type EventTable } from '../catalogue/area';
import { pseudonymSchema, recordIdSchema } from '../ids';

const record = { pseudonym: pseudonymSchema, recordId: recordIdSchema, version: z.int().min(1) };
/** What may happen in the area. */
export const recordEvents = {
  RecordAnchored: record,
  RecordAmended: record,
  RecordRetracted: record,
} as const satisfies EventTable;
