import { hashOfJson, idNonceSchema, actorTagSchema, mspIdSchema, recognitionIdOf, type recognitionArea } from '@lianyi/domain';
import { itemCommitmentOf, recognitionTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, type Cast, DEPARTMENT, must, type Stage } from './cast.fixture';
import { type Staff } from './consortium.fixture';
import { adopt } from './governance.fixture';
import { after, changed, taken, twice } from './refusal-case.fixture';
import { audit, envelopeSecret, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

export const SALT = Buffer.alloc(32, 7).toString('base64url');
const item = (itemId: string, code: string, more: Json = {}): Json => ({
  ...{ itemId, name: { en: itemId, zh: itemId }, codes: [{ system: 'loinc.org', code }], specimens: [] },
  ...{ longestDays: 7, priceCents: 5_000, ...more },
});
/** Three items of one tariff, of which the first is recognised with a city's mark. */
export const itemsSetting: Json = {
  name: 'recognised-items',
  value: { items: [item('potassium', '2823-3', { mark: 'municipal' }), item('sodium', '2951-2'), item('chloride', '2075-0')] },
};

/** What a clinician asks with, before the examination is ordered. */
export function recognitionQuestion(cast: Cast, pseudonym: string, by: Staff, itemId = 'potassium'): Json {
  const nonce = idNonceSchema.parse(cast.nonce());
  const askId = recognitionIdOf({ mspId: mspIdSchema.parse(by.msp), actorTag: actorTagSchema.parse(by.actorTag), nonce });
  const itemCommitment = itemCommitmentOf({ askId, itemId, salt: SALT });
  return { askId, nonce, pseudonym, department: DEPARTMENT, priceCents: 5_000, listVersion: 2, itemCommitment };
}
/** The envelope of a document in which something was examined. */
export async function keepResults(
  cast: Cast,
  { pseudonym, recordId }: { readonly pseudonym: string; readonly recordId: string },
  results: readonly Json[],
): Promise<void> {
  const secret = envelopeSecret();
  const transient = { ...secret, details: { results } };
  const input = { pseudonym, recordId, keyEpoch: 1, transientSha256: hashOfJson(transient) };
  must(await cast.invoke('PutEnvelope', input, cast.staff(A, 'keyService'), { transient }));
}
/** What was examined yesterday, with a province's mark. */
export const resultKind = (cast: Cast, code: string): Json => ({
  ...{ codes: [{ system: 'loinc.org', code }], specimens: [], at: cast.instant(-86_400_000), mark: 'provincial' },
});

/** A's, whom the default policy permits the records of A's patient. */
const clinician = ({ cast }: Stage): Staff => cast.staff(A, 'clinician');
const asking = async (stage: Stage): Promise<Prepared> => {
  await adopt(stage.cast, itemsSetting);
  return { input: recognitionQuestion(stage.cast, stage.patient.pseudonym, clinician(stage)), as: clinician(stage) };
};
const asked = async (stage: Stage): Promise<{ readonly mspId: string; readonly askId: unknown }> => {
  const { input, as } = await asking(stage);
  must(await stage.cast.invoke('AskRecognition', input, as));
  return { mspId: A, askId: input['askId'] };
};
const opened = async (stage: Stage): Promise<Prepared> => ({
  input: { ...(await asked(stage)), itemId: 'potassium', salt: SALT },
  as: stage.cast.staff(A, 'keyService'),
});
const ticketBy = async ({ cast, patient, recordId }: Stage, by: Staff): Promise<unknown> => {
  const input = cast.accessInput(patient, [recordId], by);
  must(await cast.invoke('RequestAccess', input, by));
  return input['ticketId'];
};
const deciding =
  (decided: Json) =>
  async (stage: Stage): Promise<Prepared> => {
    const { askId } = await asked(stage);
    const ticketId = await ticketBy(stage, clinician(stage));
    return { input: { askId, decided: { recordId: stage.recordId, ticketId, ...decided } }, as: clinician(stage) };
  };
const decidedBy =
  (change: (decided: Json, stage: Stage) => Json | Promise<Json>) =>
  async (stage: Stage, valid: { prepare(): Promise<Prepared> }): Promise<Prepared> => {
    const { input, ...prepared } = await valid.prepare();
    return { ...prepared, input: { ...input, decided: await change(input['decided'] as Json, stage) } };
  };
const over = ({ cast }: Stage): Promise<void> => {
  cast.now += 15 * 60_000;
  return Promise.resolve();
};
/** A ticket of the same records, of a colleague of who has asked. */
const colleaguesTicket = async (decided: Json, stage: Stage): Promise<Json> => ({
  ...decided,
  ticketId: await ticketBy(stage, await stage.cast.colleague(A, 'clinician')),
});
/** A permit of the same person for the same record, of a minute before. */
const earlierTicket = async (stage: Stage): Promise<unknown> => {
  stage.cast.now -= 60_000;
  const ticketId = await ticketBy(stage, clinician(stage));
  stage.cast.now += 60_000;
  return ticketId;
};
const without =
  (field: string) =>
  (decided: Json): Json =>
    Object.fromEntries(Object.entries(decided).filter(([name]) => name !== field));

export const recognitionFixture = {
  states: { recognition: { table: recognitionTable, legal: ['asked accept accepted', 'asked decline declined'] } },
  transactions: {
    AskRecognition: {
      callers: 'clinician',
      by: 'clinician',
      written: ['recognition', audit],
      events: ['RecognitionRequested'],
      again: { answers: {} },
      prepare: asking,
      refusals: [
        [
          'ALREADY_EXISTS',
          'the id is taken by another question',
          taken(() => ({ priceCents: 5_000, department: DEPARTMENT, itemCommitment: SALT })),
        ],
        ['ID_MISMATCH', 'the id was made up', changed({ askId: 'm1' })],
        [
          'ID_MISMATCH',
          'it was made for a colleague',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: await cast.colleague(A, 'clinician') }),
        ],
        ['ITEM_NOT_RECOGNISED', 'no item costs that', changed({ priceCents: 1_000 })],
        ['ITEM_NOT_RECOGNISED', 'the list is not the one in force', changed({ listVersion: 3 })],
        ['INVALID_REQUEST', 'the item is named', changed({ itemId: 'potassium' })],
      ],
    },
    ResolveRecognition: {
      callers: 'keyService',
      by: 'keyService',
      everyHospitalForItself: true,
      ...nothing,
      prepare: opened,
      refusals: [
        ['NOT_FOUND', 'nobody has asked', changed({ askId: 'nobody' })],
        ['HASH_MISMATCH', 'the question is of another item', changed({ itemId: 'sodium' })],
        ['HASH_MISMATCH', 'who opens it does not have the salt', changed({ salt: Buffer.alloc(32, 8).toString('base64url') })],
        ['ILLEGAL_STATE', 'the question was asked a quarter of an hour ago', after(over)],
        [
          'ITEM_NOT_RECOGNISED',
          'the members have taken the item out since',
          after(({ cast }) => adopt(cast, { name: 'recognised-items', value: { items: [] } }, 2)),
        ],
      ],
    },
    RecordRecognition: {
      callers: 'clinician',
      by: 'clinician',
      written: ['recognition', audit],
      events: ['RecognitionAccepted'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: deciding({ outcome: 'accept' }),
      refusals: [
        ['NOT_FOUND', 'nobody has asked', changed({ askId: 'nobody' })],
        ['ILLEGAL_STATE', 'it is decided', twice],
        ['TICKET_CLOSED', 'there is no such ticket', decidedBy((decided) => ({ ...decided, ticketId: 'nothing' }))],
        ['TICKET_CLOSED', 'the permit is not for the record', decidedBy((decided) => ({ ...decided, recordId: 'nothing' }))],
        ['TICKET_CLOSED', 'the permit is a colleague’s', decidedBy(colleaguesTicket)],
        [
          'TICKET_CLOSED',
          'the permit was asked for before the question',
          decidedBy(async (decided, stage) => ({ ...decided, ticketId: await earlierTicket(stage) })),
        ],
        ['INVALID_REQUEST', 'an acceptance has a reason', decidedBy((decided) => ({ ...decided, reason: 'unable' }))],
        ['INVALID_REQUEST', 'a refusal has none', decidedBy((decided) => ({ ...decided, outcome: 'decline' }))],
        ['INVALID_REQUEST', 'nobody knows the reason', decidedBy((decided) => ({ ...decided, outcome: 'decline', reason: 'busy' }))],
        ['INVALID_REQUEST', 'no ticket is named', decidedBy(without('ticketId'))],
        [
          'NOT_PERMITTED',
          'a colleague of who has asked decides',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: await cast.colleague(A, 'clinician') }),
        ],
      ],
    },
    GetRecognition: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => ({ input: await asked(stage), as: { kind: 'member', msp: A } }),
      refusals: [['NOT_FOUND', 'nobody has asked', changed({ askId: 'nobody' })]],
    },
    ListRecognitions: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        const { mspId } = await asked(stage);
        return { input: { mspId, ...page }, as: { kind: 'member', msp: A } };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof recognitionArea>;
