import { idNonceSchema, mspIdSchema, type prescriptionArea, prescriptionIdOf, pseudonymSchema } from '@lianyi/domain';
import { prescriptionTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared, type Refusal } from './area.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { cardWithKey, statementOf, tokenOf } from './card-token.fixture';
import { after, changed, retract, taken, twice } from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;
const DAY = 24 * 60 * 60 * 1000;

/** A record of A's that prescribes something. */
const prescribing = async ({ cast, patient }: Stage): Promise<string> => {
  const record = { ...cast.recordInput(A, patient.pseudonym), class: 'prescription' };
  must(await cast.invoke('AnchorRecord', record, cast.staff(A, 'recordAdmin')));
  return record.recordId;
};
const issuing = async (stage: Stage, more: Json = {}): Promise<Json> => {
  const { cast, patient } = stage;
  const nonce = idNonceSchema.parse(cast.nonce());
  const { pseudonym } = patient;
  const prescriptionId = prescriptionIdOf({ mspId: mspIdSchema.parse(A), pseudonym: pseudonymSchema.parse(pseudonym), nonce });
  return {
    ...{ pseudonym, prescriptionId, nonce, recordId: await prescribing(stage) },
    ...{ units: 10, fills: 2, intervalDays: 7, validFrom: cast.instant(), validUntil: cast.instant(30 * DAY) },
    ...more,
  };
};
/** A prescription of A's patient. */
export const issued = async (stage: Stage, more: Json = {}): Promise<Json> => {
  const input = await issuing(stage, more);
  must(await stage.cast.invoke('IssuePrescription', input, stage.cast.staff(A, 'clinician')));
  return { pseudonym: input['pseudonym'], prescriptionId: input['prescriptionId'] };
};
/** At the desk of C's pharmacy, with a new token of the patient's card. */
const dispensing = async (stage: Stage, { prescriptionId }: Json, units = 10, changes: Json = {}): Promise<Prepared> => {
  const { cardId, key } = await cardWithKey(stage);
  const token = tokenOf(key, statementOf(stage, cardId, { msp: C, ...changes }));
  return { input: { prescriptionId, units, token }, as: stage.cast.staff(C, 'pharmacist') };
};
export const handOut = async (stage: Stage, of: Json, units = 10): Promise<unknown> => {
  const { input, as } = await dispensing(stage, of, units);
  return must(await stage.cast.invoke('DispensePrescription', input, as));
};
const showing =
  (changes: (stage: Stage) => Json): Refusal[2] =>
  async (stage) =>
    dispensing(stage, await issued(stage), 10, changes(stage));
const askingFor =
  (units: number, before: (stage: Stage, of: Json) => Promise<unknown> = () => Promise.resolve(), more: Json = {}): Refusal[2] =>
  async (stage) => {
    const of = await issued(stage, more);
    await before(stage, of);
    return dispensing(stage, of, units);
  };
const cancel = async ({ cast }: Stage, of: Json): Promise<unknown> =>
  must(await cast.invoke('CancelPrescription', { ...of, reason: 'replaced' }, cast.staff(A, 'clinician')));
const stop = async ({ cast, patient }: Stage, of: Json): Promise<unknown> => must(await cast.invoke('StopPrescription', of, patient));
const all = async (stage: Stage): Promise<Json> => {
  const of = await issued(stage, { fills: 1 });
  await handOut(stage, of);
  return of;
};
const suspendCard = after(async ({ cast }, { input }) => {
  const { cardId } = (input['token'] as { readonly statement: { readonly cardId: string } }).statement;
  must(await cast.invoke('SuspendCard', { cardId, reason: 'other' }, cast.staff(A, 'registrar')));
});
const othersCard = async (stage: Stage): Promise<Prepared> => {
  const of = await issued(stage);
  const other = await stage.cast.newPatient(A);
  return dispensing({ ...stage, patient: other }, of);
};
const retractIts = async (stage: Stage, of: Json): Promise<unknown> => {
  const { cast } = stage;
  const { answer } = must(await cast.invoke('GetPrescription', of, stage.patient));
  const place = { pseudonym: of['pseudonym'], recordId: answer?.['recordId'], previousVersion: 1, reason: 'other' };
  return must(await cast.invoke('RetractRecord', place, cast.staff(A, 'recordAdmin')));
};
const unknownOne = changed({ prescriptionId: 'nothing' });

export const prescriptionFixture = {
  states: {
    prescription: {
      table: prescriptionTable,
      legal: ['open dispense open', 'open complete dispensed', 'open cancel cancelled', 'open stop stopped'],
    },
  },
  transactions: {
    IssuePrescription: {
      callers: 'clinician',
      by: 'clinician',
      written: ['prescription', 'prescriptionLine', audit],
      events: ['PrescriptionIssued'],
      again: {
        after: (stage, { input }) => cancel(stage, { pseudonym: input['pseudonym'], prescriptionId: input['prescriptionId'] }),
        answers: { state: 'cancelled' },
      },
      prepare: async (stage) => ({ input: await issuing(stage), as: stage.cast.staff(A, 'clinician') }),
      refusals: [
        ['ALREADY_EXISTS', 'the id is taken', taken(() => ({ units: 11 }))],
        [
          'ID_MISMATCH',
          'another hospital that has seen it sends the same',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(B, 'clinician') }),
        ],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
        ['NOT_FOUND', 'there is no such record', changed({ recordId: 'nothing' })],
        [
          'ILLEGAL_STATE',
          'the record is a report',
          async (stage, valid) => ({ ...(await valid.prepare()), input: { ...(await issuing(stage)), recordId: stage.recordId } }),
        ],
        [
          'ILLEGAL_STATE',
          'the record is retracted',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            await retract({ ...stage, recordId: String(prepared.input['recordId']) });
            return prepared;
          },
        ],
        [
          'INVALID_REQUEST',
          'it is over before it begins',
          async (stage, valid) => ({ ...(await valid.prepare()), input: await issuing(stage, { validUntil: stage.cast.instant() }) }),
        ],
        [
          'INVALID_REQUEST',
          'it lasts for more than a year',
          async (stage, valid) => ({
            ...(await valid.prepare()),
            input: await issuing(stage, { validUntil: stage.cast.instant(367 * DAY) }),
          }),
        ],
      ],
    },
    DispensePrescription: {
      callers: 'pharmacist',
      by: 'pharmacist',
      written: ['cardTokenUse', 'prescription', 'dispensing', 'prescriptionLine', audit],
      events: ['PrescriptionDispensed'],
      again: { refused: 'CARD_TOKEN_USED' },
      prepare: async (stage) => dispensing(stage, await issued(stage), 4),
      refusals: [
        ['NOT_FOUND', 'there is none', unknownOne],
        ['NOT_FOUND', 'another patient’s card is shown', othersCard],
        ['PRESCRIPTION_EXCEEDED', 'it is more than a fill', askingFor(11)],
        ['PRESCRIPTION_EXCEEDED', 'it is more than is left of the fill', askingFor(7, (stage, of) => handOut(stage, of, 4))],
        ['PRESCRIPTION_TOO_EARLY', 'the repeat is not due', askingFor(1, (stage, of) => handOut(stage, of))],
        ['ILLEGAL_STATE', 'all of it is dispensed', async (stage) => dispensing(stage, await all(stage), 1)],
        ['ILLEGAL_STATE', 'its hospital has taken it back', askingFor(1, cancel)],
        ['ILLEGAL_STATE', 'the patient has stopped it', askingFor(1, stop)],
        ['ILLEGAL_STATE', 'what it was written in is retracted', askingFor(1, retractIts)],
        [
          'ILLEGAL_STATE',
          'its time has not come',
          async (stage) => dispensing(stage, await issued(stage, { validFrom: stage.cast.instant(DAY) }), 1),
        ],
        ['CARD_TOKEN_INVALID', 'the token is for another channel', showing(() => ({ channel: 'other' }))],
        ['CARD_TOKEN_ELSEWHERE', 'the token is for another pharmacy', showing(() => ({ msp: B }))],
        [
          'CARD_TOKEN_EXPIRED',
          'its minute is over',
          showing(({ cast }) => ({ issuedAt: cast.instant(-60_000), notAfter: cast.instant() })),
        ],
        [
          'CARD_TOKEN_NOT_YET_VALID',
          'it is from the future',
          showing(({ cast }) => ({ issuedAt: cast.instant(30_001), notAfter: cast.instant(90_001) })),
        ],
        ['CARD_NOT_ACTIVE', 'the card is suspended', suspendCard],
        ['CARD_TOKEN_USED', 'it was shown before', twice],
      ],
    },
    CancelPrescription: {
      callers: 'clinician',
      by: 'clinician',
      written: ['prescription', audit],
      events: ['PrescriptionCancelled'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async (stage) => ({ input: { ...(await issued(stage)), reason: 'entered-in-error' }, as: stage.cast.staff(A, 'clinician') }),
      refusals: [
        ['NOT_FOUND', 'there is none', unknownOne],
        [
          'NOT_PERMITTED',
          'another hospital has issued it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(B, 'clinician') }),
        ],
        [
          'ILLEGAL_STATE',
          'all of it is dispensed',
          async (stage, valid) => ({ ...(await valid.prepare()), input: { ...(await all(stage)), reason: 'replaced' } }),
        ],
        ['ILLEGAL_STATE', 'it is taken back', twice],
      ],
    },
    StopPrescription: {
      callers: 'P',
      forPatient: 'consents',
      by: 'patient',
      written: ['prescription', 'pseudonym', audit],
      events: ['PrescriptionStopped'],
      again: { refused: 'STALE_KEY' },
      prepare: async (stage) => ({ input: await issued(stage), as: stage.patient }),
      refusals: [
        ['NOT_FOUND', 'there is none', unknownOne],
        ['ILLEGAL_STATE', 'all of it is dispensed', async (stage) => ({ input: await all(stage), as: stage.patient })],
        ['ILLEGAL_STATE', 'its hospital has taken it back', after((stage, { input }) => cancel(stage, input))],
      ],
    },
    GetPrescription: {
      callers: 'P clinician pharmacist',
      forPatient: 'consents view',
      by: 'pharmacist',
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => ({ input: await issued(stage), as: stage.cast.staff(C, 'pharmacist') }),
      refusals: [['NOT_FOUND', 'there is none', unknownOne]],
    },
    ListPrescriptions: {
      callers: 'P clinician pharmacist',
      forPatient: 'consents view',
      by: 'pharmacist',
      everyHospitalForItself: true,
      ...nothing,
      prepare: ({ cast, patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: cast.staff(C, 'pharmacist') }),
      refusals: [],
    },
    ListDispensings: {
      callers: 'P clinician pharmacist',
      forPatient: 'consents view',
      by: 'pharmacist',
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => ({ input: { ...(await issued(stage)), ...page }, as: stage.cast.staff(C, 'pharmacist') }),
      refusals: [],
    },
    GetPrescriptionStatistics: {
      callers: 'privacyOfficer regulator',
      by: 'privacyOfficer',
      ...nothing,
      prepare: ({ cast }) => ({ input: { mspId: A, month: '2020-01' }, as: cast.staff(A, 'privacyOfficer') }),
      refusals: [
        ['NOT_PERMITTED', 'a hospital would count what another does', changed({ mspId: B })],
        ['ILLEGAL_STATE', 'the month is not over', changed({ month: '2099-01' })],
      ],
    },
  },
} as const satisfies AreaFixture<typeof prescriptionArea>;
