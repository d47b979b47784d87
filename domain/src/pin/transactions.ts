import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { member, patient, pinHolder, type TransactionEntry } from '../catalogue/entry';
import { groupElementSchema } from '../encoding/values';
import { pinIdSchema, pseudonymSchema } from '../ids';
import { pinEntities, pinSchema, pinStates, pinVaultSchema } from './entities';

const contract = 'PinContract';
const pinId = pinIdSchema;
const pseudonym = pseudonymSchema;
const attempt = z.int().min(1);
const { finderKeyHash } = pinSchema.shape;

const pinTransactions = {
  StorePin: {
    contract,
    name: 'StorePin',
    kind: 'submit',
    summary:
      'The patient keeps the sealed seed of their wallet for the day on which wallet and phrase are lost: it opens with a PIN, a recovery code and more than half of the named hospitals. In the place of the pseudonym’s PIN before.',
    request: z
      .strictObject({ pinId, pseudonym, finderKeyHash, ...pinVaultSchema.shape })
      .refine(({ holders, threshold }) => threshold <= holders.length && threshold * 2 > holders.length, 'not more than half, or too many'),
    response: z.strictObject({ pinId, pseudonym, state: z.enum(pinStates) }),
    callers: [patient],
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
    callers: [patient],
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

/** A PIN by which a lost wallet comes back, hardened by hospitals that answer together. */
export const pinArea = defineArea({ entities: pinEntities, events: pinEvents, transactions: pinTransactions });
