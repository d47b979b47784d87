import {
  canonicalJson,
  hashOfKey,
  type pinArea,
  pinIdOf,
  publicKeySchema,
  SEALED_SEED_BYTES,
  SEALED_SHARE_BYTES,
  sha256,
  sha256Schema,
} from '@lianyi/domain';
import { pinTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared, type Refusal } from './area.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { CHANNEL, type KeyPair, newKey, type Patient, type PinHolder, signText } from './consortium.fixture';
import { element, filled } from './function-key.fixture';
import { after, changed, taken } from './refusal-case.fixture';
import { audit, nothing } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

const share = (mspId: string): Json => ({ mspId, organisationKeyEpoch: 1, keyHash: sha256('key'), sealed: filled(SEALED_SHARE_BYTES) });
const idOf = ({ hash }: KeyPair): string => pinIdOf(sha256Schema.parse(hash));

/** The code's key, and its signature that the PIN is for somebody. */
const found = ({ cast }: Stage, key: KeyPair, pseudonym: string): Json => {
  const statement = { t: 'lianyi/pin-key/v1', channel: CHANNEL, genesis: cast.genesis, pinId: idOf(key), pseudonym };
  return { finderKey: key.publicKey, possession: signText(key, canonicalJson(statement)) };
};

/** What keeps a PIN, and both of its keys. */
function pinInput(
  stage: Stage,
  { pseudonym }: Patient = stage.patient,
): { readonly input: Json; readonly finder: PinHolder; readonly opener: PinHolder } {
  const [finderKey, openKey] = [newKey(), newKey()];
  const pinId = idOf(finderKey);
  const holder = (key: KeyPair): PinHolder => ({ kind: 'pin', pinId, carrier: B, key });
  const input = {
    ...{ pinId, pseudonym, ...found(stage, finderKey, pseudonym), openKeyHash: openKey.hash },
    ...{ holders: [A, B, C], threshold: 2, commitments: [element('first'), element('second')], shares: [A, B, C].map(share) },
    ...{ sealed: filled(SEALED_SEED_BYTES), termsMac: sha256('mac') },
  };
  return { input, finder: holder(finderKey), opener: holder(openKey) };
}

/** A PIN that the patient has kept, and who may try it and confirm it. */
export async function storedPin(stage: Stage): Promise<{ readonly finder: PinHolder; readonly opener: PinHolder }> {
  const { cast, patient } = stage;
  const { input, ...holders } = pinInput(stage);
  must(await cast.invoke('StorePin', input, patient));
  return holders;
}

const guess = ({ pinId }: PinHolder, attempt: number): Json => ({ pinId, attempt, blinded: element(`guess ${attempt}`) });
/** As many guesses that nobody has proved right. */
async function tried(stage: Stage, times: number): Promise<{ readonly finder: PinHolder; readonly opener: PinHolder }> {
  const holders = await storedPin(stage);
  for (let attempt = 1; attempt <= times; attempt += 1)
    must(await stage.cast.invoke('TryPin', guess(holders.finder, attempt), holders.finder));
  return holders;
}
const removed = ({ cast, patient }: Stage): Promise<unknown> =>
  cast.invoke('RemovePin', { pseudonym: patient.pseudonym }, patient).then(must);
const confirmed = async (stage: Stage, times: number): Promise<Prepared> => {
  const { opener } = await tried(stage, times);
  return { input: { pinId: opener.pinId, attempt: times }, as: opener };
};
/** The valid request signed by the other of the two keys. */
const byTheOther =
  (which: 'finder' | 'opener', input: (holder: PinHolder) => Json): Refusal[2] =>
  async (stage) => {
    const as = (await tried(stage, 1))[which];
    return { input: input(as), as };
  };
const unknown: Refusal[2] = changed({ pinId: 'nothing' });

export const pinFixture = {
  states: {
    pin: {
      table: pinTable,
      legal: [
        'open try tried',
        'open remove removed',
        'tried try tried',
        'tried tryLast exhausted',
        'tried confirm open',
        'tried remove removed',
        'exhausted confirm open',
        'exhausted remove removed',
      ],
    },
  },
  transactions: {
    StorePin: {
      callers: 'P',
      forPatient: '-',
      by: 'patient',
      written: ['pseudonym', 'pin', 'pinOf', audit],
      events: ['PinStored'],
      again: { refused: 'STALE_KEY' },
      prepare: (stage) => ({ input: pinInput(stage).input, as: stage.patient }),
      refusals: [
        ['ALREADY_EXISTS', 'the code has a PIN already', taken(() => ({}))],
        ['ID_MISMATCH', 'the id is another code’s', changed({ pinId: idOf(newKey()) })],
        [
          'BAD_SIGNATURE',
          'another hospital has seen it in a proposal, and one of its patients sends it',
          async (stage, valid) => {
            const [{ input }, other] = [await valid.prepare(), await stage.cast.newPatient(B)];
            return { input: { ...input, pseudonym: other.pseudonym }, as: other };
          },
        ],
        ['BAD_SIGNATURE', 'the code’s key has signed nothing', changed({ possession: signText(newKey(), 'nothing') })],
        [
          'NOT_ACTIVE_ORGANISATION',
          'a holder is no member',
          changed({ holders: [A, B, 'NobodyMSP'], shares: [A, B, 'NobodyMSP'].map(share) }),
        ],
        ['INVALID_REQUEST', 'one hospital alone would hold it', changed({ holders: [A], threshold: 1, shares: [share(A)] })],
        ['INVALID_REQUEST', 'one hospital alone would answer', changed({ threshold: 1, commitments: [element('first')] })],
        [
          'INVALID_REQUEST',
          'more would have to answer than there are',
          changed({ threshold: 4, commitments: ['1', '2', '3', '4'].map(element) }),
        ],
        ['INVALID_REQUEST', 'there are more commitments than the threshold', changed({ commitments: ['1', '2', '3'].map(element) })],
        ['INVALID_REQUEST', 'a holder is dealt nothing', changed({ shares: [A, B].map(share) })],
        ['INVALID_REQUEST', 'the shares stand in another order', changed({ shares: [B, A, C].map(share) })],
        ['INVALID_REQUEST', 'a holder stands there twice', changed({ holders: [A, A, B] })],
        ['INVALID_REQUEST', 'the sealed seed is too long', changed({ sealed: filled(SEALED_SEED_BYTES + 1) })],
        ['INVALID_REQUEST', 'the sealed seed is too short', changed({ sealed: filled(SEALED_SEED_BYTES - 1) })],
        [
          'INVALID_REQUEST',
          'the code’s key would open it',
          async (_stage, valid) => {
            const prepared = await valid.prepare();
            return {
              ...prepared,
              input: { ...prepared.input, openKeyHash: hashOfKey(publicKeySchema.parse(prepared.input['finderKey'])) },
            };
          },
        ],
      ],
    },
    RemovePin: {
      callers: 'P',
      forPatient: '-',
      by: 'patient',
      written: ['pseudonym', 'pin', audit],
      events: ['PinRemoved'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => {
        await storedPin(stage);
        return { input: { pseudonym: stage.patient.pseudonym }, as: stage.patient };
      },
      refusals: [
        ['NOT_FOUND', 'there is none', ({ patient }) => ({ input: { pseudonym: patient.pseudonym }, as: patient })],
        ['ILLEGAL_STATE', 'it is removed', taken(() => ({}))],
      ],
    },
    TryPin: {
      callers: 'H',
      by: 'pin',
      written: ['pin', audit],
      events: ['PinTried'],
      again: { refused: 'VERSION_CONFLICT' },
      prepare: async (stage) => {
        const { finder } = await tried(stage, 2);
        return { input: guess(finder, 3), as: finder };
      },
      refusals: [
        ['NOT_FOUND', 'there is no such PIN', unknown],
        ['VERSION_CONFLICT', 'it was made already', taken(() => ({}))],
        ['VERSION_CONFLICT', 'another was made meanwhile', taken(() => ({ blinded: element('other') }))],
        ['VERSION_CONFLICT', 'a guess is left out', changed({ attempt: 4 })],
        ['INVALID_REQUEST', 'there is no guess 0', changed({ attempt: 0 })],
        ['INVALID_REQUEST', 'two would be made at once', changed({ blinded: [element('1'), element('2')] })],
        ['ILLEGAL_STATE', 'the patient has removed it', after(removed)],
        [
          'ILLEGAL_STATE',
          'the patient has kept another',
          after(async (stage) => {
            await storedPin(stage);
          }),
        ],
        [
          'PIN_CLOSED',
          'ten were wrong',
          async (stage) => {
            const { finder } = await tried(stage, 10);
            return { input: guess(finder, 11), as: finder };
          },
        ],
        ['NOT_PERMITTED', 'the key of a right guess makes no other', byTheOther('opener', (as) => guess(as, 2))],
        [
          'NOT_PERMITTED',
          'the key is neither',
          async (stage, valid) => ({ ...(await valid.prepare()), as: { ...(await storedPin(stage)).finder, key: newKey() } }),
        ],
      ],
    },
    ConfirmPin: {
      callers: 'H',
      by: 'pin',
      written: ['pin', audit],
      events: ['PinConfirmed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: (stage) => confirmed(stage, 10),
      refusals: [
        ['NOT_FOUND', 'there is no such PIN', unknown],
        ['VERSION_CONFLICT', 'it is about a guess before the last', changed({ attempt: 9 })],
        ['VERSION_CONFLICT', 'there was no such guess', changed({ attempt: 11 })],
        ['ILLEGAL_STATE', 'it is confirmed', taken(() => ({}))],
        [
          'ILLEGAL_STATE',
          'nobody has guessed',
          async (stage) => {
            const { opener } = await storedPin(stage);
            return { input: { pinId: opener.pinId, attempt: 1 }, as: opener };
          },
        ],
        ['NOT_PERMITTED', 'the patient has removed it', after(removed)],
        ['NOT_PERMITTED', 'the code alone proves nothing', byTheOther('finder', ({ pinId }) => ({ pinId, attempt: 1 }))],
      ],
    },
    GetPin: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => ({ input: { pinId: (await tried(stage, 1)).finder.pinId }, as: { kind: 'member', msp: C } }),
      refusals: [['NOT_FOUND', 'there is no such PIN', unknown]],
    },
    GetPinOf: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        await storedPin(stage);
        return { input: { pseudonym: stage.patient.pseudonym }, as: { kind: 'member', msp: C } };
      },
      refusals: [['NOT_FOUND', 'the pseudonym has none', changed({ pseudonym: 'nobody' })]],
    },
  },
} as const satisfies AreaFixture<typeof pinArea>;
