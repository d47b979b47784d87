import { type emergencyArea, hashOfJson, type Output, saltSchema, ticketIdSchema, type transactions } from '@lianyi/domain';
import { commitmentOf, emergencyTable, hashOfCase } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared } from './area.fixture';
import { A, must, type Stage } from './cast.fixture';
import { newKey, sha256Of, type Staff } from './consortium.fixture';
import { after, changed, otherTransient, taken, twice } from './refusal-case.fixture';
import { audit, card, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;

/** What happened, as who has broken the glass tells it. */
export const narrative = { text: 'found unconscious at the station', salt: 'c2FsdHNhbHRzYWx0c2FsdA' };

/** What somebody breaks the glass with; all of the record, for no summary was prepared. */
export function glassInput({ cast, patient, recordId }: Stage, by: Staff, twist: Json = {}): { readonly ticketId: string } & Json {
  const { purpose, ...asked } = cast.accessInput(patient, [recordId], by);
  const ticketId = ticketIdSchema.parse(asked['ticketId']);
  return {
    ...{ ...asked, ticketId, reason: 'cannot-consent', lastsMinutes: 60 },
    opening: { scope: 'full', withoutDataset: 'none-prepared' },
    narrativeCommitment: commitmentOf({ ticketId, text: narrative.text, salt: saltSchema.parse(narrative.salt) }),
    ...twist,
  };
}

/** An emergency in which the glass was broken. */
export async function emergency(stage: Stage, by = stage.cast.staff(A, 'clinician')): Promise<{ readonly ticketId: string }> {
  const input = glassInput(stage, by);
  const { answer } = must(await stage.cast.invoke('BreakGlass', input, by));
  if (answer?.['decision'] !== 'permit') throw new Error(`expected a permit, got ${JSON.stringify(answer)}`);
  return { ticketId: input.ticketId };
}

/** What a clinician shows the card of an unconscious patient with. */
export function cardShown({ cast, patient }: Stage, cardId: string, by: Staff): { readonly ticketId: string } & Json {
  const { ticketId, nonce, department } = cast.accessInput(patient, [], by);
  return { ticketId: ticketIdSchema.parse(ticketId), nonce, department, cardId, reason: 'cannot-consent' };
}
const shownBefore = async (stage: Stage): Promise<Prepared> => {
  const as = stage.cast.staff(A, 'clinician');
  const { ticketId, ...shown } = cardShown(stage, await card(stage), as);
  must(await stage.cast.invoke('ShowCardInEmergency', { ticketId, ...shown }, as));
  await stage.cast.anchor(stage.patient, { class: 'patient-summary' });
  return { input: { ticketId, opening: { scope: 'dataset' }, ...page }, as };
};

/** Somebody of a hospital and of this department alone. */
export async function hireIn({ cast }: Stage, role: string, department: string, msp: string = A): Promise<Staff> {
  const { input, staff } = cast.staffInput([role]);
  must(await cast.invoke('RegisterStaff', { ...input, departments: [department] }, cast.admin(msp)));
  return staff(msp);
}
/** What somebody countersigns the emergency of another with, and what that one asks with. */
export function countersigning(stage: Stage, asker: Staff, twist: Json = {}): { readonly signed: Json; readonly glass: Json } {
  const glass = glassInput(stage, asker, twist);
  const { ticketId, nonce, pseudonym, recordIds } = glass;
  return { signed: { ticketId, nonce, pseudonym, recordIds, asker: asker.actorTag }, glass };
}

/** Somebody of A who reviews what its cardiologists do. */
export function reviewerOf(stage: Stage, msp: string = A): Promise<Staff> {
  return hireIn(stage, 'privacyOfficer', 'data-protection', msp);
}

const toldOf = async (stage: Stage): Promise<Prepared> => ({
  input: { ...(await emergency(stage)), transientSha256: hashOfJson(narrative) },
  as: stage.cast.staff(A, 'clinician'),
  bend: { transient: narrative },
});
const byReviewer = async (stage: Stage): Promise<Prepared> => {
  const { ticketId } = await emergency(stage);
  return { input: await reviewing(stage, ticketId), as: await reviewerOf(stage) };
};

/** What an officer says of an emergency that they were shown. */
export async function reviewing({ cast }: Stage, ticketId: unknown, outcome = 'justified'): Promise<{ readonly ticketId: unknown } & Json> {
  const { answer } = must(await cast.invoke('GetEmergency', { ticketId }, cast.staff(A, 'privacyOfficer')));
  const { emergency: shown, recordIds } = answer as Output<typeof transactions.GetEmergency>;
  return { ticketId, outcome, caseSha256: hashOfCase(shown, recordIds) };
}
const unknown = changed({ ticketId: 'nothing' });

export const emergencyFixture = {
  states: { emergency: { table: emergencyTable, legal: ['open review reviewed', 'reviewed overrule reviewed'] } },
  transactions: {
    BreakGlass: {
      callers: 'clinician',
      by: 'clinician',
      written: ['access', 'emergency', 'emergencyOf', 'emergencyOf', 'emergencyDebt', 'emergencyDebt', audit],
      events: ['EmergencyPermitted'],
      again: { answers: { decision: 'permit', state: 'open' } },
      prepare: async (stage) => {
        const [as, second] = [stage.cast.staff(A, 'clinician'), await hireIn(stage, 'clinician', 'surgery')];
        const { signed, glass } = countersigning(stage, as);
        must(await stage.cast.invoke('CountersignEmergency', signed, second));
        return { input: { ...glass, second: second.actorTag }, as };
      },
      refusals: [
        ['ALREADY_EXISTS', 'the ticket id is taken', taken(() => ({ ephemeralPublicKey: newKey().publicKey }))],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
        ['NOT_FOUND', 'it goes on from what never was', changed({ opening: { scope: 'full', after: 'nothing' } })],
        [
          'ILLEGAL_STATE',
          'it goes on from what was no summary',
          async (stage, valid) => {
            const { ticketId: after } = await emergency(stage);
            const prepared = await valid.prepare();
            return { ...prepared, input: { ...prepared.input, opening: { scope: 'full', after } } };
          },
        ],
      ],
    },
    ShowCardInEmergency: {
      callers: 'clinician',
      by: 'clinician',
      written: ['emergencyCard', audit],
      events: ['EmergencyLookupNoted'],
      again: { answers: {} },
      prepare: async (stage) => {
        const as = stage.cast.staff(A, 'clinician');
        return { input: cardShown(stage, await card(stage), as), as };
      },
      refusals: [
        ['ALREADY_EXISTS', 'the id is taken', taken(() => ({ reason: 'no-time' }))],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
      ],
    },
    ListForEmergency: {
      callers: 'clinician',
      by: 'clinician',
      ...nothing,
      prepare: shownBefore,
      refusals: [
        ['NOT_FOUND', 'no card was shown', unknown],
        [
          'NOT_FOUND',
          'it was before a colleague',
          async (stage, valid) => ({ ...(await valid.prepare()), as: await stage.cast.colleague(A, 'clinician') }),
        ],
        [
          'ILLEGAL_STATE',
          'it was too long ago',
          after(async ({ cast }) => {
            await Promise.resolve();
            cast.now += 15 * 60_000;
          }),
        ],
      ],
    },
    CountersignEmergency: {
      callers: 'clinician privacyOfficer',
      by: 'clinician',
      written: ['emergencySignature', audit],
      events: ['EmergencyCountersigned'],
      again: { answers: {} },
      prepare: async (stage) => {
        const { signed } = countersigning(stage, await hireIn(stage, 'clinician', 'surgery'));
        return { input: signed, as: stage.cast.staff(A, 'clinician') };
      },
      refusals: [
        ['ALREADY_EXISTS', 'it was signed for other records', taken(() => ({ recordIds: ['another'] }))],
        ['ID_MISMATCH', 'the nonce is another', changed({ nonce: 'A'.repeat(22) })],
        [
          'NOT_FOUND',
          'nobody is to ask',
          (stage) => {
            const { cast } = stage;
            const { signed } = countersigning(stage, { ...cast.staff(A, 'clinician'), actorTag: 'nobody' });
            return { input: signed, as: cast.staff(A, 'clinician') };
          },
        ],
        [
          'SECOND_PERSON_NEEDED',
          'the asker signs',
          (stage) => {
            const as = stage.cast.staff(A, 'clinician');
            return { input: countersigning(stage, as).signed, as };
          },
        ],
        [
          'NOT_PERMITTED',
          'a colleague of the same department signs',
          async (stage) => ({
            input: countersigning(stage, stage.cast.staff(A, 'clinician')).signed,
            as: await stage.cast.colleague(A, 'clinician'),
          }),
        ],
      ],
    },
    PutEmergencyNarrative: {
      callers: 'clinician',
      by: 'clinician',
      written: [`${A}/emergencyNarrative`, `${A}/ownLine`],
      events: [],
      again: 'rewrites',
      prepare: toldOf,
      refusals: [
        ['NOT_FOUND', 'there is no such emergency', unknown],
        ['HASH_MISMATCH', 'the transient value is another', otherTransient(() => ({ ...narrative, text: 'another story' }))],
      ],
    },
    GetEmergencyNarrative: {
      callers: 'privacyOfficer',
      by: 'privacyOfficer',
      ...nothing,
      prepare: async (stage) => {
        const { input, as, bend } = await toldOf(stage);
        must(await stage.cast.invoke('PutEmergencyNarrative', input, as, bend));
        const { ticketId } = input;
        return { input: { ticketId }, as: stage.cast.staff(A, 'privacyOfficer') };
      },
      refusals: [['NOT_FOUND', 'there is none', unknown]],
    },
    SetEmergencyChoice: {
      callers: 'P',
      forPatient: 'consents, staff',
      by: 'patient',
      written: ['emergencyChoice', 'pseudonym', audit],
      events: ['EmergencyChoiceChanged'],
      again: { refused: 'STALE_KEY' },
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, choice: { stance: 'refused' } }, as: patient }),
      refusals: [],
    },
    GetEmergencyChoice: {
      callers: 'P privacyOfficer',
      forPatient: 'consents view',
      by: 'patient',
      ...nothing,
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym }, as: patient }),
      refusals: [],
    },
    ReviewEmergency: {
      callers: 'privacyOfficer',
      by: 'privacyOfficer',
      written: ['emergency', 'emergencyDebt', 'emergencyDebt', audit],
      events: ['EmergencyReviewed'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: byReviewer,
      refusals: [
        ['NOT_FOUND', 'there is no such emergency', unknown],
        ['ILLEGAL_STATE', 'it was reviewed', twice],
        ['HASH_MISMATCH', 'another case was shown', changed({ caseSha256: sha256Of('another case') })],
        [
          'NOT_PERMITTED',
          'who asked is of the same department',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(A, 'privacyOfficer') }),
        ],
      ],
    },
    GetEmergency: {
      callers: 'P privacyOfficer',
      forPatient: 'consents view',
      by: 'patient',
      ...nothing,
      prepare: async (stage) => ({ input: await emergency(stage), as: stage.patient }),
      refusals: [['NOT_PERMITTED', 'there is none', unknown]],
    },
    ListEmergencies: {
      callers: 'privacyOfficer',
      by: 'privacyOfficer',
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => {
        await emergency(stage);
        return { input: page, as: stage.cast.staff(A, 'privacyOfficer') };
      },
      refusals: [],
    },
    GetEmergencyStatistics: {
      callers: 'privacyOfficer',
      by: 'privacyOfficer',
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => {
        await emergency(stage);
        stage.cast.now = Date.UTC(2026, 3, 4);
        return { input: { quarter: '2026-Q1' }, as: stage.cast.staff(A, 'privacyOfficer') };
      },
      refusals: [['ILLEGAL_STATE', 'the quarter is not over', changed({ quarter: '2026-Q2' })]],
    },
    ListOwnEmergencies: {
      callers: 'P',
      forPatient: 'consents view',
      by: 'patient',
      ...nothing,
      prepare: async (stage) => {
        await emergency(stage);
        return { input: { pseudonym: stage.patient.pseudonym, ...page }, as: stage.patient };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof emergencyArea>;
