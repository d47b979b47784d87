import { z } from 'zod';
import { originSchema } from '../actor';
import { type EventTable, defineArea } from '../catalogue/area';
import { defineEntity, idPart } from '../catalogue/entity';
import { member, patientAlone, pinHolder, type TransactionEntry } from '../catalogue/entry';
import {
  groupElementSchema,
  publicKeySchema,
  sealedSeedSchema,
  sealedShareSchema,
  setOf,
  sha256Schema,
  signatureSchema,
  termsMacSchema,
} from '../encoding/values';
import { mspIdSchema, type PinId, pinIdSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

// What is kept stands here as well, and in no file of its own: whoever only signs loads each file of the catalogue.

/** How many hospitals hold the key of one PIN at most. */
const MOST_HOLDERS = 16;

const pinStates = ['open', 'tried', 'exhausted', 'removed'] as const;

/** What a wallet is kept in: it opens with the PIN, the recovery code and as many hospitals as the threshold, and with nothing less. */
const pinVaultSchema = z.strictObject({
  /** Hash of the key that PIN, code and hospitals make together: who signs with it has guessed right. */
  openKeyHash: sha256Schema,
  /** Who holds a share of this PIN's own function key; a holder's place, from 1 on, is that in this list. */
  holders: setOf(mspIdSchema, 2, MOST_HOLDERS),
  /** So many holders answer a guess; more than half of them. */
  threshold: z.int().min(2).max(MOST_HOLDERS),
  /** The coefficients of the polynomial as elements; as many as the threshold. */
  commitments: z.array(groupElementSchema).min(2).max(MOST_HOLDERS),
  /** For each holder, in their order, sealed to the encapsulation key of its organisation that the hash names. */
  shares: z
    .array(z.strictObject({ mspId: mspIdSchema, organisationKeyEpoch: z.int().min(1), keyHash: sha256Schema, sealed: sealedShareSchema }))
    .min(2)
    .max(MOST_HOLDERS),
  /** The wallet's seed; of one size. */
  sealed: sealedSeedSchema,
  /** A MAC of the hash of all this under the recovery code: whoever has the code sees that nobody else has written the entry. */
  termsMac: termsMacSchema,
});

const guessSchema = z.strictObject({ blinded: groupElementSchema, at: instantSchema });

/** A PIN by which a wallet comes back, and how often it was tried (ADR 0045). */
const pinSchema = z.strictObject({
  schemaVersion: z.literal(1),
  pinId: pinIdSchema,
  pseudonym: pseudonymSchema,
  /** Hash of the key that follows from the recovery code: who signs with it may guess. */
  finderKeyHash: sha256Schema,
  /** Gone once the PIN was removed. */
  vault: pinVaultSchema.exactOptional(),
  state: z.enum(pinStates),
  /** Guesses in all, right and wrong; never reset, so that no statement about one is good for another. */
  attempts: z.int().min(0),
  /** The guess that was last proved right; 0 before. */
  confirmed: z.int().min(0),
  /** The last one. */
  guess: guessSchema.exactOptional(),
  storedAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** Which PIN a pseudonym has. */
const pinOfSchema = z.strictObject({ schemaVersion: z.literal(1), pseudonym: pseudonymSchema, pinId: pinIdSchema });

export type Pin = z.output<typeof pinSchema>;
export type PinVault = z.output<typeof pinVaultSchema>;
export type PinState = Pin['state'];

/** What the area keeps, under the names of its repositories. */
const pinEntities = {
  pins: defineEntity({
    objectType: 'pin',
    summary: 'A PIN by which a lost wallet comes back: sealed shares, the sealed wallet, and how often it was tried.',
    schema: pinSchema,
    key: [idPart<PinId>('pinId')],
    keyOf: ({ pinId }) => [pinId],
    endorsement: 'channel',
  }),
  pinsOf: defineEntity({
    objectType: 'pinOf',
    summary: 'Which PIN a pseudonym has.',
    schema: pinOfSchema,
    key: [idPart<Pseudonym>('pseudonym')],
    keyOf: ({ pseudonym }) => [pseudonym],
    endorsement: 'channel',
  }),
};

const contract = 'PinContract';
const pinId = pinIdSchema;
const pseudonym = pseudonymSchema;
const attempt = z.int().min(1);

const pinTransactions = {
  StorePin: {
    contract,
    name: 'StorePin',
    kind: 'submit',
    summary:
      'The patient keeps the sealed seed of their wallet for the day on which wallet and phrase are lost: it opens with a PIN, a recovery code and more than half of the named hospitals. In the place of the pseudonym’s PIN before.',
    request: z
      .strictObject({
        ...{ pinId, pseudonym, ...pinVaultSchema.shape },
        /** Of the recovery code; the ledger keeps its hash. */
        finderKey: publicKeySchema,
        /** Its signature of `lianyi/pin-key/v1`. */
        possession: signatureSchema,
      })
      .refine(({ holders, threshold }) => threshold <= holders.length && threshold * 2 > holders.length, 'not more than half, or too many'),
    response: z.strictObject({ pinId, pseudonym, state: z.enum(pinStates) }),
    callers: [patientAlone],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH'],
    endorsement: 'channel',
  },
  RemovePin: {
    contract,
    name: 'RemovePin',
    kind: 'submit',
    summary: 'The patient takes their PIN back: what was sealed is gone from the state, and nobody answers a guess any more.',
    request: z.strictObject({ pseudonym }),
    response: z.strictObject({ pinId, pseudonym, state: z.enum(pinStates) }),
    callers: [patientAlone],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  TryPin: {
    contract,
    name: 'TryPin',
    kind: 'submit',
    summary:
      'Whoever has the recovery code makes a guess, blinded; it is counted before any hospital answers. Ten that were not proved right in a row, and nobody answers any more. The patient’s audit has a line of each.',
    request: z.strictObject({ pinId, attempt, blinded: groupElementSchema }),
    response: z.strictObject({ pinId, attempt, left: z.int().min(0) }),
    callers: [pinHolder],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'PIN_CLOSED', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  ConfirmPin: {
    contract,
    name: 'ConfirmPin',
    kind: 'submit',
    summary: 'Whoever has guessed right proves it with the key that only a right guess makes; the wrong guesses before are forgiven.',
    request: z.strictObject({ pinId, attempt }),
    response: z.strictObject({ pinId, state: z.enum(pinStates) }),
    callers: [pinHolder],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  GetPin: {
    contract,
    name: 'GetPin',
    kind: 'evaluate',
    summary: 'Reads a PIN’s entry by its id, which follows from the recovery code: all of it is sealed, or hides what it is about.',
    request: z.strictObject({ pinId }),
    response: pinSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  GetPinOf: {
    contract,
    name: 'GetPinOf',
    kind: 'evaluate',
    summary: 'Reads the PIN’s entry that a pseudonym has now.',
    request: z.strictObject({ pseudonym }),
    response: pinSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. */
const pinEvents = {
  PinStored: { pseudonym, pinId },
  PinRemoved: { pseudonym, pinId },
  PinTried: { pseudonym, pinId, attempt },
  PinConfirmed: { pseudonym, pinId, attempt },
} as const satisfies EventTable;
const patientsOwn = ['PinStored', 'PinRemoved'] as const satisfies readonly (keyof typeof pinEvents)[];

/** How long a holder answers a guess, from the time on at which it was proposed, in milliseconds. */
export const GUESS_TIMELY_MS = 600_000;

/** A PIN by which a lost wallet comes back, hardened by hospitals that answer together. */
export const pinArea = defineArea({ entities: pinEntities, events: pinEvents, patientsOwn, transactions: pinTransactions });
