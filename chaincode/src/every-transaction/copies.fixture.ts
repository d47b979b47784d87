import { type copiesArea } from '@lianyi/domain';
import { copyTable } from '@lianyi/domain/deciding';
import { type AreaFixture, type Prepared, type Refusal } from './area.fixture';
import { A, B, C, DEPARTMENT, must, type Stage } from './cast.fixture';
import { type Patient, sha256Of } from './consortium.fixture';
import { after, changed, taken, unknownRecord } from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

type Json = Readonly<Record<string, unknown>>;
/** What one of the hospital A has of a record of B's patient. */
export type HeldCopy = { readonly patient: Patient; readonly ticketId: string; readonly recordId: string };

/** A cardiologist of A has read a record of a patient of B, on a consent that says something of copies. */
const HOUR = 3_600_000;
export async function heldCopy({ cast }: Stage, ...provisions: readonly Json[]): Promise<HeldCopy> {
  const patient = await cast.newPatient(B);
  await cast.relate(patient, B);
  const record = cast.recordInput(B, patient.pseudonym);
  const { recordId } = record;
  must(await cast.invoke('AnchorRecord', record, cast.staff(B, 'recordAdmin')));
  const grantee = cast.cardiologyOf(A);
  const permits = (provisions.length === 0 ? [{ onward: true }] : provisions).map((each) => cast.permit(each));
  must(await cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee, provisions: permits }, patient));
  const asked = cast.accessInput(patient, [recordId], cast.staff(A, 'clinician'));
  const { answer } = must(await cast.invoke('RequestAccess', asked, cast.staff(A, 'clinician')));
  if (answer?.['decision'] !== 'permit') throw new Error('expected a permit');
  const ticketId = String(asked['ticketId']);
  const release = { ticketId, recordId, releaseId: cast.id('rel'), sealedSha256: sha256Of('sealed') };
  must(await cast.invoke('RecordKeyRelease', release, cast.staff(B, 'keyService')));
  return { patient, ticketId, recordId };
}

export const closed = async ({ cast }: Stage, { ticketId }: Pick<HeldCopy, 'ticketId'>): Promise<unknown> =>
  must(await cast.invoke('CloseTicket', { ticketId }, cast.staff(A, 'clinician')));
export const revoked = async ({ cast }: Stage, { patient }: HeldCopy): Promise<unknown> =>
  must(await cast.invoke('RevokePolicy', { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(A), previousVersion: 1 }, patient));
export const destroyed = { answer: { outcome: 'destroyed' } };

/** To whom of another hospital a copy goes. */
export const receiver = ({ cast }: Stage, msp: string = C): Json => ({
  mspId: msp,
  actorTag: cast.staff(msp, 'clinician').actorTag,
  department: DEPARTMENT,
});

const answering = async (stage: Stage): Promise<Prepared> => {
  const { ticketId, recordId } = await heldCopy(stage);
  await closed(stage, { ticketId });
  return { input: { ticketId, recordId, ...destroyed }, as: stage.cast.staff(A, 'privacyOfficer') };
};
const disclosing = async (stage: Stage, ...provisions: readonly Json[]): Promise<Prepared> => {
  const { ticketId, recordId } = await heldCopy(stage, ...provisions);
  return { input: { ticketId, recordId, to: receiver(stage) }, as: stage.cast.staff(A, 'clinician') };
};
/** A disclosure after the patient has said something. */
const disclosingAfter =
  (says: (stage: Stage, held: HeldCopy) => Promise<unknown>): Refusal[2] =>
  async (stage) => {
    const held = await heldCopy(stage);
    await says(stage, held);
    const { ticketId, recordId } = held;
    return { input: { ticketId, recordId, to: receiver(stage) }, as: stage.cast.staff(A, 'clinician') };
  };
const forbidden = (grantee: (stage: Stage) => Json) =>
  disclosingAfter(async (stage, { patient }) => {
    const provisions = [{ provisionId: stage.cast.id('prov'), effect: 'deny', purposes: 'any' }];
    must(await stage.cast.invoke('GrantPolicy', { pseudonym: patient.pseudonym, grantee: grantee(stage), provisions }, patient));
  });

export const copiesFixture = {
  states: {
    copy: {
      table: copyTable,
      legal: ['held destroy destroyed', 'held retain retained', 'retained destroy destroyed', 'retained retain retained'],
    },
  },
  transactions: {
    AnswerForCopy: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      written: ['copy', audit],
      events: ['CopyAnswered'],
      again: { answers: { state: 'destroyed' } },
      prepare: answering,
      refusals: [
        ['NOT_FOUND', 'there is no such ticket', changed({ ticketId: 'nothing' })],
        ['NOT_FOUND', 'the ticket is not for the record', changed(unknownRecord)],
        [
          'NOT_FOUND',
          'another hospital answers',
          async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(C, 'privacyOfficer') }),
        ],
        ['INVALID_REQUEST', 'the law is none of the list', changed({ answer: { outcome: 'retained', basis: 'we-need-it' } })],
        [
          'ILLEGAL_STATE',
          'it was destroyed, and is to be retained',
          taken(() => ({ answer: { outcome: 'retained', basis: 'litigation' } })),
        ],
        [
          'RETAINED_BY_LAW',
          'it is retained, and the law that holds no more is not named',
          after(async (stage, { input, as }) =>
            must(await stage.cast.invoke('AnswerForCopy', { ...input, answer: { outcome: 'retained', basis: 'litigation' } }, as)),
          ),
        ],
        [
          'RETAINED_BY_LAW',
          'it is retained by another law than is named',
          async (stage, valid) => {
            const { input, as } = await valid.prepare();
            must(await stage.cast.invoke('AnswerForCopy', { ...input, answer: { outcome: 'retained', basis: 'litigation' } }, as));
            return { input: { ...input, answer: { outcome: 'destroyed', formerBasis: 'payment-audit' } }, as };
          },
        ],
        [
          'ILLEGAL_STATE',
          'its ticket is open, so the key can be had again',
          async (stage) => {
            const { ticketId, recordId } = await heldCopy(stage);
            return { input: { ticketId, recordId, ...destroyed }, as: stage.cast.staff(A, 'privacyOfficer') };
          },
        ],
      ],
    },
    DiscloseOnward: {
      callers: 'clinician recordAdmin',
      by: 'clinician',
      written: ['copy', audit],
      events: ['CopyDisclosed'],
      again: { answers: {} },
      prepare: disclosing,
      refusals: [
        ['NOT_FOUND', 'there is no such ticket', changed({ ticketId: 'nothing' })],
        ['NOT_FOUND', 'the holder has no such record', changed(unknownRecord)],
        [
          'ALREADY_EXISTS',
          'the receiver has it',
          taken((cast) => ({ to: { ...receiver({ cast } as Stage), actorTag: cast.staff(C, 'nurse').actorTag } })),
        ],
        ['ONWARD_NOT_ALLOWED', 'the patient has not said so', (stage) => disclosing(stage, {})],
        [
          'ONWARD_NOT_ALLOWED',
          'it is kept by a law alone',
          after(({ cast }, { input: { ticketId, recordId } }) => {
            const answer = { outcome: 'retained', basis: 'litigation' };
            return cast.invoke('AnswerForCopy', { ticketId, recordId, answer }, cast.staff(A, 'privacyOfficer')).then(must);
          }),
        ],
        [
          'ONWARD_NOT_ALLOWED',
          'it is overdue, though what permits now says no date',
          async (stage) => {
            const first = { validUntil: stage.cast.instant(HOUR), eraseAt: stage.cast.instant(HOUR), uses: 9, onward: true };
            const prepared = await disclosing(stage, first, { onward: true });
            stage.cast.now += HOUR;
            return prepared;
          },
        ],
        [
          'ONWARD_NOT_ALLOWED',
          'it is for its custodian',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            return { ...prepared, input: { ...prepared.input, to: receiver(stage, B) } };
          },
        ],
        [
          'ONWARD_NOT_ALLOWED',
          'who has received it hands it on',
          async (stage, valid) => {
            const { input, as } = await valid.prepare();
            must(await stage.cast.invoke('DiscloseOnward', { ...input, to: receiver(stage, C) }, as));
            return { input: { ...input, to: receiver(stage, A) }, as: stage.cast.staff(C, 'clinician') };
          },
        ],
        [
          'ONWARD_NOT_ALLOWED',
          'the patient has forbidden the receiver’s hospital',
          forbidden(() => ({ kind: 'organisation', mspId: C, name: 'all' })),
        ],
        [
          'ONWARD_NOT_ALLOWED',
          'the patient has forbidden the receiver',
          forbidden((stage) => ({ kind: 'person', mspId: C, name: stage.cast.staff(C, 'clinician').actorTag })),
        ],
        ['TICKET_CLOSED', 'the patient has revoked the consent', disclosingAfter(revoked)],
        ['UNKNOWN_GRANTEE', 'there is nobody of that tag', changed({ to: { mspId: C, actorTag: 'nobody', department: DEPARTMENT } })],
        [
          'UNKNOWN_GRANTEE',
          'the receiver is of another department',
          async (stage, valid) => {
            const prepared = await valid.prepare();
            return { ...prepared, input: { ...prepared.input, to: { ...receiver(stage), department: 'oncology' } } };
          },
        ],
        [
          'ILLEGAL_STATE',
          'it was destroyed',
          after(async (stage, { input }) => {
            const key = { ticketId: String(input['ticketId']), recordId: input['recordId'] };
            await closed(stage, key);
            must(await stage.cast.invoke('AnswerForCopy', { ...key, ...destroyed }, stage.cast.staff(A, 'privacyOfficer')));
          }),
        ],
      ],
    },
    ListCopies: {
      callers: 'P',
      forPatient: 'consents view',
      by: 'patient',
      ...nothing,
      prepare: ({ patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: patient }),
      refusals: [],
    },
    ListCopiesHeld: {
      callers: 'privacyOfficer recordAdmin',
      by: 'privacyOfficer',
      everyHospitalForItself: true,
      ...nothing,
      prepare: async (stage) => {
        await heldCopy(stage);
        return { input: page, as: stage.cast.staff(A, 'privacyOfficer') };
      },
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof copiesArea>;
