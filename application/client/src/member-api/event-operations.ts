import { accessEventSchema, blockNumberSchema, instantSchema, proofSchema, type Role, transactions } from '@lianyi/domain';
import { z } from 'zod';

const { request, transient } = transactions.PutCorrectionText;

/** How what is said of a correction comes to the record's hospital; in the table of all operations. */
export const correctionOperations = {
  TellCorrection: {
    id: 'TellCorrection',
    method: 'POST',
    path: '/v1/corrections:tell',
    summary:
      'Hands in why a correction is asked for, or why the patient disagrees, in their words: kept by the record’s hospital if it is what the patient’s command has committed to.',
    tag: 'corrections',
    callers: { kind: 'anybody' },
    body: request.omit({ transientSha256: true }).extend(transient.shape),
    status: 200,
    answer: z.strictObject({ part: request.shape.part }),
  },
} as const;

const find = transactions.ResolveRecognition;

/** How the hospital that keeps a patient's records is asked for an equivalent result; in the table of all operations. */
export const recognitionOperations = {
  FindRecognised: {
    id: 'FindRecognised',
    method: 'POST',
    path: '/v1/recognitions:find',
    summary:
      'Whether there is an equivalent result of the item that a committed question is of, answered to whoever opens the question; the asker’s node asks that of the patient’s hospital.',
    tag: 'recognition',
    callers: { kind: 'anybody' },
    body: find.request,
    status: 200,
    answer: find.response,
  },
} as const;

/** As many events one answer has. */
export const MOST_EVENTS = 100;
/** As long a node waits for the next event before it answers that there is none. */
export const MOST_WAIT_SECONDS = 25;

/** Who may follow what concerns the hospital: whoever keeps its records, and who watches over them. */
const FOLLOWERS: readonly Role[] = ['recordAdmin', 'privacyOfficer'];

/**
 * What an event is called for ever, and the place behind which the next ones come: number of the block, of the transaction in it, of the event in
 * that. It names the same event at each node of the hospital, and after the node's database was made anew.
 */
export const eventCursorSchema = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})-(0|[1-9]\d{0,8})-(0|[1-9]\d?)$/)
  .brand<'EventCursor'>();
export type EventCursor = z.output<typeof eventCursorSchema>;

/** An event: ids and versions only, by names that docs/catalogue.json lists; a later release may have others. */
const namedEventSchema = z.looseObject({ name: z.string().regex(/^[A-Z][A-Za-z]{1,63}$/) });

/** What has happened, as the ledger has it. */
export const toldEventSchema = z.strictObject({
  cursor: eventCursorSchema,
  transactionId: z.string(),
  /** When it was proposed. */
  at: instantSchema,
  event: namedEventSchema,
  actor: accessEventSchema.shape.actor,
  /** There where the node has raised an alarm about its transaction: what was written there is not the word of whose it is, so nothing is to be done on it. */
  isDoubtful: z.literal(true).exactOptional(),
  ...accessEventSchema.pick({ decision: true, purpose: true, recordIds: true, reasons: true, grantee: true, policyVersion: true }).shape,
});
export type ToldEvent = z.output<typeof toldEventSchema>;

/** What a hospital's own applications follow; in the table of all operations. */
export const eventOperations = {
  FollowEvents: {
    id: 'FollowEvents',
    method: 'POST',
    path: '/v1/events:follow',
    summary:
      'What has happened on the ledger that concerns the hospital, behind a place, in the order of the chain; waits a while for the next event where there is none yet.',
    tag: 'events',
    callers: { kind: 'staff', roles: FOLLOWERS },
    body: z.strictObject({
      input: z.strictObject({
        /** The last event whose effect is kept; left out: from the first on. */
        after: eventCursorSchema.exactOptional(),
        limit: z.int().min(1).max(MOST_EVENTS).exactOptional(),
        waitSeconds: z.int().min(0).max(MOST_WAIT_SECONDS).exactOptional(),
      }),
      proof: proofSchema,
    }),
    status: 200,
    answer: z.strictObject({
      events: z.array(toldEventSchema).max(MOST_EVENTS),
      /** How many blocks the node has followed: what is in a later one is not told yet. */
      height: blockNumberSchema,
    }),
  },
} as const;
