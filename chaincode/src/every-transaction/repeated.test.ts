import { type TransactionName, transactions } from '@lianyi/domain';
import { A, B, must, type Stage, useStage } from './cast.fixture';
import { type Prepared } from './area.fixture';
import { names, samples } from './requests.fixture';

const stage = useStage();

type Json = Readonly<Record<string, unknown>>;
type Change = (stage: Stage, prepared: Prepared) => Promise<unknown>;
/**
 * What becomes of the very same argument, sent again after something else has changed what it made: `refused` with a code; `acts` again;
 * `rewrites` the same without an event, since an owner's transaction that writes nothing is invalid; or it is answered with the thing as it has become.
 */
type Repeated = { readonly refused: string } | 'acts' | 'rewrites' | { readonly after: Change; readonly answers: Json };

const nothingElse: Change = () => Promise.resolve();
const suspendOrganisation: Change = async ({ cast }, { as }) => {
  // no transaction of this release suspends one
  const msp = as.kind === 'administrator' ? as.msp : '';
  const [key, text] = [...cast.state.dump({ kind: 'public' })].find(([at]) => at.startsWith(`\u0000organisation\u0000${msp}`)) ?? ['', ''];
  const value = Buffer.from(text.replace('"status":"active"', '"status":"suspended"'));
  await cast.state.apply([{ kind: 'put', space: { kind: 'public' }, key, value }]);
};
const retractNext =
  (previousVersion: number): Change =>
  async ({ cast, patient, recordId }, { input }) => {
    const place = { pseudonym: patient.pseudonym, recordId: input['recordId'] ?? recordId };
    must(await cast.invoke('RetractRecord', { ...place, previousVersion, reason: 'other' }, cast.staff(A, 'recordAdmin')));
  };

/** Every transaction that writes; one that is missing does not compile. */
const repeated = {
  RegisterPatient: { after: nothingElse, answers: { state: 'active' } },
  IssueCard: {
    after: async ({ cast }, { input }) => must(await cast.invoke('CloseCard', { cardId: input['cardId'] }, cast.staff(A, 'registrar'))),
    answers: { state: 'closed' },
  },
  ActivateCard: { refused: 'STALE_KEY' },
  SuspendCard: { refused: 'ILLEGAL_STATE' },
  ReportCardLost: { refused: 'ILLEGAL_STATE' },
  CloseCard: { refused: 'ILLEGAL_STATE' },
  LinkIdentifier: 'rewrites',
  UnlinkIdentifier: { refused: 'NOT_FOUND' },
  RotateKey: { refused: 'STALE_KEY' },
  RegisterOrganisation: { after: suspendOrganisation, answers: { status: 'suspended' } },
  UpdateEndpoint: 'acts',
  RegisterStaff: {
    after: async ({ cast }, { input }) => must(await cast.invoke('RevokeStaff', { actorTag: input['actorTag'] }, cast.admin(A))),
    answers: { state: 'revoked' },
  },
  ConfirmStaff: { refused: 'ILLEGAL_STATE' },
  UpdateStaffDuty: 'acts',
  RevokeStaff: { refused: 'ILLEGAL_STATE' },
  ProposeRelationship: {
    after: async ({ cast }, { input }) => {
      const key = { pseudonym: input['pseudonym'], mspId: A };
      must(await cast.invoke('AcceptRelationship', key, cast.patientOf(input['pseudonym'])));
      must(await cast.invoke('TerminateRelationship', key, cast.patientOf(input['pseudonym'])));
    },
    answers: { state: 'terminated' },
  },
  AcceptRelationship: { refused: 'STALE_KEY' },
  RejectRelationship: { refused: 'STALE_KEY' },
  SuspendRelationship: { refused: 'STALE_KEY' },
  ResumeRelationship: { refused: 'STALE_KEY' },
  ProposeTermination: 'acts',
  TerminateRelationship: { refused: 'STALE_KEY' },
  AnchorRecord: { after: retractNext(1), answers: { version: 2, state: 'retracted' } },
  AmendRecord: { after: retractNext(2), answers: { version: 3, state: 'retracted' } },
  RetractRecord: { after: nothingElse, answers: { version: 2, state: 'retracted' } },
  GrantPolicy: { refused: 'STALE_KEY' },
  AmendPolicy: { refused: 'STALE_KEY' },
  RevokePolicy: { refused: 'STALE_KEY' },
  RequestAccess: {
    after: async ({ cast }, { input, as }) => must(await cast.invoke('CloseTicket', { ticketId: input['ticketId'] }, as)),
    answers: { decision: 'permit', state: 'closed' },
  },
  CloseTicket: { refused: 'ILLEGAL_STATE' },
  PutEnvelope: 'rewrites',
  RecordKeyRelease: { after: nothingElse, answers: {} },
  PurgeEnvelopes: 'acts',
} as const satisfies Partial<Record<TransactionName, Repeated>>;
type Submitted = {
  [Name in TransactionName]: (typeof transactions)[Name]['kind'] extends 'submit' ? Name : never;
}[TransactionName];
const cases: Readonly<Record<Submitted, Repeated>> = repeated;

/** A permit, so that there is a ticket to close; else the valid request of the fixture. */
async function prepare(name: Submitted): Promise<Prepared> {
  if (name !== 'RequestAccess') return samples[name].prepare(stage());
  const { cast, patient, recordId } = stage();
  const grant = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
  must(await cast.invoke('GrantPolicy', grant, patient));
  return { input: cast.accessInput(patient, [recordId], cast.staff(B, 'clinician')), as: cast.staff(B, 'clinician') };
}

describe('the same argument again, after what it made has changed', () => {
  it.each(names.filter((name): name is Submitted => transactions[name].kind === 'submit'))('%s', async (name) => {
    const { cast } = stage();
    const prepared = await prepare(name);
    const { input, as, bend } = prepared;
    const argument = cast.argument(name, input, as, bend);
    const first = must(await cast.invoke(name, input, as, { ...bend, argument }));
    const expected = cases[name];
    if (typeof expected === 'object' && 'after' in expected) await expected.after(stage(), prepared);
    cast.now += 1_000;
    const again = await cast.invoke(name, input, as, { ...bend, argument, keepKey: true });
    if (expected === 'acts') expect(must(again)).toMatchObject({ written: first.written, answer: first.answer });
    else if (expected === 'rewrites') expect(must(again)).toMatchObject({ written: first.written, answer: first.answer, events: [] });
    else if ('refused' in expected) expect(again).toMatchObject({ code: expected.refused, writes: 0, events: [] });
    else expect(must(again)).toMatchObject({ answer: { ...first.answer, ...expected.answers }, writes: 0, events: [] });
  });
});
