import { actorTagSchema, type ImplicitPolicy, mspIdSchema, type Output, transactions } from '@lianyi/domain';
import { policiesOf } from '@lianyi/domain/deciding';
import { breakGlassAs } from '../break-glass';
import { carryingFor } from '../carry';
import { fromNow, laboratoryReport, PatientCase, permission } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { ApproveAccess, ApproveParameter, GetParameter, ProposeParameter, WithdrawApproval, WithdrawProposal } = transactions;
const name = 'default-policies';
type Proposed = Output<typeof ProposeParameter>;

/** Features 58, 59 and 66: what members set together about access. Each case leaves it as it was, for those after it. */
export function governanceCases(world: GetWorld): void {
  let known: PatientCase;
  let recordId: string;
  let officers: readonly [a: StaffMember, b: StaffMember, c: StaffMember];
  let number = 0;

  const by = carryingFor(() => world().scenario);
  const propose = (who: StaffMember, policy: ImplicitPolicy): Promise<Proposed> =>
    by(who, ProposeParameter, {
      number: ++number,
      setting: { name, value: { ...policiesOf('basic-normal'), 'laboratory-report': policy } },
    });
  const approve = (who: StaffMember, { proposalSha256 }: Proposed): Promise<Proposed> =>
    by(who, ApproveParameter, { name, number, proposalSha256 });
  /** What A's clinician, whom the patient has told nothing, is answered. */
  const ask = async () => {
    const { clinicianA } = world().staff;
    await world().scenario.catchUp(clinicianA.hospital);
    return known.ask(clinicianA, { recordIds: [recordId] });
  };

  beforeAll(async () => {
    const { scenario, staff } = world();
    const hire = (hospital: (typeof scenario.hospitals)[number]) => scenario.hire(hospital, 'orgAdmin');
    const [made, a, b, c] = await Promise.all([
      PatientCase.withRecord(scenario, staff),
      ...[hire(scenario.a), hire(scenario.b), hire(scenario.c)],
    ] as const);
    ({ known, recordId } = made);
    officers = [a, b, c];
  });

  it('changes nothing while one of three members has proposed it', async () => {
    const [a, b] = officers;
    const proposed = await propose(a, 'deny-all');
    expect(proposed.state).toBe('open');
    expect(await refusalOf(approve(a, proposed))).toBe('ILLEGAL_STATE');
    expect(await refusalOf(approve(b, { ...proposed, proposalSha256: world().scenario.genesis }))).toBe('HASH_MISMATCH');
    expect(await refusalOf(by(b, WithdrawProposal, { name, number }))).toBe('NOT_PERMITTED');
    expect(await by(b, GetParameter, { name })).toMatchObject({ version: 1 });
    expect((await ask()).answer.decision).toBe('permit');
    expect(await by(a, WithdrawProposal, { name, number })).toMatchObject({ state: 'withdrawn' });
    expect(await refusalOf(approve(b, proposed))).toBe('ILLEGAL_STATE');
  });

  it('closes a record that was there before to the own staff, by the second of three, and leaves the glass to be broken', async () => {
    const [a, b, c] = officers;
    expect(await approve(b, await propose(a, 'break-glass-only'))).toMatchObject({ state: 'adopted' });
    expect((await ask()).answer).toMatchObject({ decision: 'deny', reasons: ['NO_CONSENT'] });
    const { colleagueB, clinicianA } = world().staff;
    const { ticketId, ephemeralKey } = await breakGlassAs(colleagueB, known.pseudonym, recordId);
    const { bytes } = await known.read(colleagueB, { ticketId, ephemeralKey }, recordId);
    expect(Buffer.from(bytes).equals(laboratoryReport)).toBe(true);
    expect(await approve(a, await propose(c, 'basic-normal'))).toMatchObject({ state: 'adopted' });
    const again = await ask();
    expect(again.answer.decision).toBe('permit');
    expect(Buffer.from((await known.read(clinicianA, again, recordId)).bytes).equals(laboratoryReport)).toBe(true);
  });
  it('has a hospital approve a level beside its patient, until it takes that back', async () => {
    const [a, b] = officers;
    const { scenario, staff } = world();
    const { cardiologistB } = staff;
    const level = 'level-approvers';
    const set = async (approver: 'none' | 'custodian', nth: number): Promise<void> => {
      const value = { '1': approver, '2': approver, '3': approver, '4': approver, '5': approver };
      const { proposalSha256 } = await by(a, ProposeParameter, { number: nth, setting: { name: level, value } });
      expect(await by(b, ApproveParameter, { name: level, number: nth, proposalSha256 })).toMatchObject({ state: 'adopted' });
    };
    const asked = async () => {
      await scenario.catchUp(cardiologistB.hospital);
      return known.ask(cardiologistB, { recordIds: [recordId] });
    };
    const missing = { decision: 'deny', reasons: ['CUSTODIAN_APPROVAL_MISSING'] };
    const officer = await scenario.hire(scenario.a, 'privacyOfficer');
    const asker = { mspId: mspIdSchema.parse(cardiologistB.hospital.member.mspId), actorTag: actorTagSchema.parse(cardiologistB.actorTag) };
    const pseudonym = known.pseudonym;
    await set('custodian', 1);
    await known.grant([permission()]);
    expect((await asked()).answer).toMatchObject(missing);
    await by(officer, ApproveAccess, { pseudonym, asker, levels: [1, 2, 3, 4, 5], until: fromNow(3_600_000), previousVersion: 0 });
    const ticket = await asked();
    expect(Buffer.from((await known.read(cardiologistB, ticket, recordId)).bytes).equals(laboratoryReport)).toBe(true);
    await by(officer, WithdrawApproval, { pseudonym, asker });
    expect((await asked()).answer).toMatchObject(missing);
    expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
    await set('none', 2);
    expect((await asked()).answer.decision).toBe('permit');
  });
}
