import { type Staff } from './consortium.fixture';
import { A, AUTHORITY, B, C, must } from './cast.fixture';
import { adopt, proposeSetting, setting } from './governance.fixture';
import { useStage } from './stage.fixture';

const stage = useStage();
/** What somebody is answered who asks for the record. */
const told = async (who: Staff): Promise<unknown> => {
  const { cast, patient, recordId } = stage();
  const { answer } = must(await cast.invoke('RequestAccess', cast.accessInput(patient, [recordId], who), who));
  return answer?.['decision'] === 'permit' ? 'permit' : answer?.['reasons'];
};

describe('what the members have set', () => {
  it('holds from the approval on that makes more than half of the active members', async () => {
    const { cast } = stage();
    const clinician = cast.staff(A, 'clinician');
    const approval = await proposeSetting(cast, A);
    expect(must(await cast.invoke('ApproveParameter', approval, cast.admin(B))).answer).toMatchObject({ state: 'open' });
    expect(await told(clinician)).toBe('permit');
    expect(must(await cast.invoke('ApproveParameter', approval, cast.admin(C))).answer).toMatchObject({ state: 'adopted' });
    expect(await told(clinician)).toEqual(['NO_CONSENT']);
    const { answer } = must(await cast.invoke('GetParameter', { name: 'default-policies' }, { kind: 'member', msp: AUTHORITY }));
    expect(answer).toMatchObject({ version: 2, number: 1, setting: setting('break-glass-only') });
  });

  it('is set by none whose organisation is not active any more, and by fewer where there are fewer', async () => {
    const { cast } = stage();
    const approval = await proposeSetting(cast, C);
    await suspend(C);
    expect(must(await cast.invoke('ApproveParameter', approval, cast.admin(A))).answer).toMatchObject({ state: 'open' });
    expect(must(await cast.invoke('ApproveParameter', approval, cast.admin(B))).answer).toMatchObject({ state: 'adopted' });
    expect((await cast.invoke('ApproveParameter', approval, cast.admin(C))).code).toBe('NOT_ACTIVE_ORGANISATION');
  });

  it('waits for no other organisation’s proposal, and what is adopted leaves behind those before it', async () => {
    const { cast } = stage();
    const first = await proposeSetting(cast, B, setting('all-normal'));
    const input = { number: 2, setting: setting('deny-all') };
    expect((await cast.invoke('ProposeParameter', input, cast.admin(B))).code).toBe('ILLEGAL_STATE');
    await adopt(cast, setting('deny-all'), 2);
    for (const msp of [A, C]) expect((await cast.invoke('ApproveParameter', first, cast.admin(msp))).code).toBe('ILLEGAL_STATE');
    must(await cast.invoke('WithdrawProposal', { name: 'default-policies', number: 1 }, cast.admin(B)));
    expect(await told(cast.staff(A, 'clinician'))).toEqual(['NO_CONSENT']);
  });

  it('is said again by whoever has approved it, for those who heard it late: it stays as it is, and no sooner than after ten minutes', async () => {
    const { cast } = stage();
    await adopt(cast, setting('deny-all'));
    const { answer } = must(await cast.invoke('ListProposals', { name: 'default-policies', limit: 1 }, { kind: 'member', msp: B }));
    const [{ proposalSha256, lapsesAt }] = answer?.['items'] as [Record<string, string>];
    const again = { name: 'default-policies', number: 1, proposalSha256 };
    cast.now += 10 * 60_000 - 1;
    expect((await cast.invoke('ApproveParameter', again, cast.admin(A))).code).toBe('ILLEGAL_STATE');
    cast.now += 1;
    const said = must(await cast.invoke('ApproveParameter', again, cast.admin(A)));
    expect([said.answer?.['state'], said.events.map(({ name }) => name)]).toEqual(['adopted', ['ParameterApproved']]);
    const present = must(await cast.invoke('GetParameter', { name: 'default-policies' }, { kind: 'member', msp: B }));
    expect(present.answer).toMatchObject({ version: 2, number: 1 });
    await adopt(cast, setting('all-normal'), 2);
    cast.now += 10 * 60_000;
    expect((await cast.invoke('ApproveParameter', again, cast.admin(A))).code).toBe('ILLEGAL_STATE');
    expect(lapsesAt).toBe(cast.instant(14 * 24 * 60 * 60_000 - 20 * 60_000));
  });

  it('is replaced by the next proposal that a majority approves, as the next version', async () => {
    const { cast } = stage();
    await adopt(cast, setting('deny-all'));
    expect(await told(cast.staff(A, 'clinician'))).toEqual(['NO_CONSENT']);
    await adopt(cast, setting('all-normal'), 2);
    expect(await told(cast.staff(A, 'nurse'))).toBe('permit');
    expect(await told(cast.staff(B, 'clinician'))).toEqual(['NO_CONSENT']);
    const { answer } = must(await cast.invoke('GetParameter', { name: 'default-policies' }, { kind: 'member', msp: B }));
    expect(answer).toMatchObject({ version: 3, number: 2 });
  });
});

describe('what a hospital approves beside its patient', () => {
  const level = (approver: string): Readonly<Record<string, unknown>> => ({
    name: 'level-approvers',
    value: { '1': 'none', '2': 'none', '3': approver, '4': 'none', '5': 'none' },
  });
  const approving = (previousVersion: number): Readonly<Record<string, unknown>> => {
    const { cast, patient } = stage();
    const { msp, actorTag } = cast.staff(B, 'clinician');
    const of = { pseudonym: patient.pseudonym, asker: { mspId: msp, actorTag } };
    return { ...of, levels: [3], until: cast.instant(3_600_000), previousVersion };
  };
  const permitted = async (): Promise<void> => {
    const { cast, patient } = stage();
    const input = { pseudonym: patient.pseudonym, grantee: cast.cardiologyOf(B), provisions: [cast.permit()] };
    must(await cast.invoke('GrantPolicy', input, patient));
  };
  const officer = (): Staff => stage().cast.staff(A, 'privacyOfficer');

  it('is missing until it is given, and again once it is withdrawn or over', async () => {
    const { cast, patient } = stage();
    const clinician = cast.staff(B, 'clinician');
    await permitted();
    expect(await told(clinician)).toBe('permit');
    await adopt(cast, level('custodian'));
    expect(await told(clinician)).toEqual(['CUSTODIAN_APPROVAL_MISSING']);
    must(await cast.invoke('ApproveAccess', approving(0), officer()));
    expect(await told(clinician)).toBe('permit');
    const { pseudonym, asker } = approving(0);
    must(await cast.invoke('WithdrawApproval', { pseudonym, asker }, cast.staff(A, 'recordAdmin')));
    expect(await told(clinician)).toEqual(['CUSTODIAN_APPROVAL_MISSING']);
    must(await cast.invoke('ApproveAccess', approving(1), officer()));
    cast.now += 3_600_000;
    expect(await told(clinician)).toEqual(['CUSTODIAN_APPROVAL_MISSING']);
    const { answer } = must(await cast.invoke('ListApprovals', { pseudonym: patient.pseudonym, limit: 10 }, officer()));
    expect(answer).toMatchObject({ items: [{ version: 2, state: 'given' }] });
  });

  it('opens nothing without the patient, and is no colleague’s', async () => {
    const { cast } = stage();
    await adopt(cast, level('custodian'));
    must(await cast.invoke('ApproveAccess', approving(0), officer()));
    expect(await told(cast.staff(B, 'clinician'))).toEqual(['NO_CONSENT']);
    await permitted();
    expect(await told(await cast.colleague(B, 'clinician'))).toEqual(['CUSTODIAN_APPROVAL_MISSING']);
  });

  it('is needed by the own staff, too, where the patient has said nothing', async () => {
    await adopt(stage().cast, level('custodian'));
    expect(await told(stage().cast.staff(A, 'clinician'))).toEqual(['CUSTODIAN_APPROVAL_MISSING']);
  });
});

/** As no transaction of this release does. */
async function suspend(msp: string): Promise<void> {
  const { state } = stage().cast;
  const key = `\u0000organisation\u0000${msp}\u0000`;
  const text = state.dump({ kind: 'public' }).get(key) ?? '';
  const value = Buffer.from(text.replace('"status":"active"', '"status":"suspended"'));
  await state.apply([{ kind: 'put', space: { kind: 'public' }, key, value }]);
}
