import {
  actorReferenceSchema,
  canonicalJson,
  type DefaultPolicies,
  instantOf,
  mspIdSchema,
  type ParameterProposal,
  sha256,
  transactions,
} from '@lianyi/domain';
import {
  approveProposal,
  hashOfProposal,
  initialSetting,
  newProposal,
  policiesOf,
  settleProposal,
  withdrawProposal,
} from '@lianyi/domain/deciding';
import { type Call } from './block-of-calls.fixture';
import {
  administered,
  administratorOf,
  asked,
  certificates,
  hired,
  NOW,
  parameterEntry,
  parameterKey,
  person,
  registered,
  signedBy,
} from './member-chain.fixture';
import { MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const clinicianA = person('AMSP', 'clinician', ['clinician'], ['internal']);
const clerkC = person('CMSP', 'clerk', ['registrar']);
const DEFAULT = { provisionIds: ['default'], grantVersions: [] };
const proposalKey = (number: number): string =>
  `\u0000parameterProposal\u0000default-policies\u0000${String(number).padStart(6, '0')}\u0000`;
const now = instantOf(NOW);
const setting = { name: 'default-policies', value: policiesOf('all-normal') } as const;
const voter = (msp: string) => ({ mspId: mspIdSchema.parse(msp), by: actorReferenceSchema.parse(administratorOf(msp)) });
const origin = (msp: string) => ({ requestHash: sha256('a request'), actor: voter(msp).by });
const MEMBERS = ['AMSP', 'BMSP', 'CMSP'].map((msp) => mspIdSchema.parse(msp));

/** What the honest chaincode writes of a proposal of A, and of what it sets. */
const proposal = (number = 1): ParameterProposal => newProposal({ setting, number }, voter('AMSP'), now, origin('AMSP'));
const approvedBy = (msp: string, before = proposal()): ParameterProposal =>
  approveProposal(before, { ...voter(msp), proposalSha256: hashOfProposal(before) }, now);
const writesOf = (written: ParameterProposal): Readonly<Record<string, string>> => {
  const settled = settleProposal(written, MEMBERS, undefined, now);
  const of = { [proposalKey(written.number)]: canonicalJson(settled.proposal) };
  return settled.adopted === undefined ? of : { ...of, [parameterKey]: canonicalJson(settled.adopted) };
};
const proposed = (number = 1, by = 'AMSP', writes = writesOf(proposal(number))): Call =>
  administered(by, transactions.ProposeParameter, { number, setting }, writes);
const approved = (by = 'BMSP', writes: Call['writes'] = writesOf(approvedBy(by)), sha = hashOfProposal(proposal())): Call =>
  administered(by, transactions.ApproveParameter, { name: 'default-policies', number: 1, proposalSha256: sha }, writes);
const withdrawn = (by = 'AMSP'): Call => {
  const writes = { [proposalKey(1)]: canonicalJson(withdrawProposal(proposal(), mspIdSchema.parse('AMSP'))) };
  return administered(by, transactions.WithdrawProposal, { name: 'default-policies', number: 1 }, writes);
};
const set = (value: DefaultPolicies): Record<string, string> => ({ [parameterKey]: parameterEntry(value) });

describe('whether a parameter of access is what a majority of the members has set', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT));
  });
  const word = (): Promise<string> => chain.wordOn(clinicianA, DEFAULT);
  /** What the node tells; an auditor tells the same. */
  const told = (): readonly string[] => {
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    return chain.names();
  };

  it('is where one has proposed it and another of three has approved', async () => {
    await chain.add(proposed(), approved());
    expect([told(), await word()]).toEqual([[], 'given']);
  });
  it('is where nobody has set it, whatever was proposed and withdrawn', async () => {
    await chain.add(proposed(), withdrawn());
    expect([told(), await word()]).toEqual([[], 'given']);
  });

  it.each<readonly [string, () => readonly Call[], string]>([
    ['nobody has proposed it', () => [chain.forged(set(setting.value))], 'parameter-without-command'],
    [
      'one alone has proposed it',
      () => [proposed(1, 'AMSP', { ...writesOf(proposal()), ...set(setting.value) })],
      'parameter-without-command',
    ],
    ['one has proposed and others have written it', () => [proposed(), chain.forged(set(setting.value))], 'parameter-without-command'],
  ])('is not where %s', async (_what, calls, alarm) => {
    await chain.add(...calls());
    expect([told(), await word()]).toEqual([[alarm], 'default-policy']);
  });

  it.each<readonly [string, () => Call]>([
    ['another text', () => approved('BMSP', undefined, hashOfProposal(proposal(2)))],
    ['by who has approved it', () => approved('AMSP', writesOf(approvedBy('BMSP')))],
    ['by who is no member', () => approved('DMSP', writesOf(approvedBy('DMSP')))],
    ['long ago', () => ({ ...approved(), atMillis: NOW - 10 * MINUTE })],
    ['by a client that is no administrator’s', () => ({ ...approved(), creatorCertificate: certificates.client })],
    [
      'by somebody whom nobody has registered',
      () => signedBy(clerkC, transactions.ApproveParameter, inputOf(approved()), writesOf(approvedBy('CMSP'))),
    ],
  ])('is not where the second approval is of %s', async (_what, call) => {
    await chain.add(proposed(), { ...call(), writes: { ...call().writes, ...writesOf(approvedBy('BMSP')) } });
    expect(await word()).toBe('default-policy');
    expect(told()).toContain('parameter-without-command');
  });

  it.each<readonly [string, () => readonly Call[], string]>([
    [
      'written otherwise than adopted',
      () => [approved('BMSP', { ...writesOf(approvedBy('BMSP')), ...set(policiesOf('basic-normal')) })],
      'parameter-not-as-commanded',
    ],
    [
      'not written when it is adopted',
      () => [approved('BMSP', { [proposalKey(1)]: writesOf(approvedBy('BMSP'))[proposalKey(1)] ?? '' })],
      'parameter-not-as-commanded',
    ],
    ['written back', () => [approved(), chain.forged(set(policiesOf('basic-normal')))], 'parameter-without-command'],
    ['deleted', () => [approved(), chain.forged({ [parameterKey]: null })], 'parameter-without-command'],
  ])('stops nothing, but is told, where it is %s and opens less so', async (_what, calls, alarm) => {
    await chain.add(proposed(), ...calls());
    expect([told(), await word()]).toEqual([[alarm], 'given']);
  });

  it('stops what rests on it where nobody can read what is written, and where more is opened than a majority has said last', async () => {
    await chain.add(proposed(), approved(), chain.forged({ [parameterKey]: '{}' }));
    expect(await word()).toBe('default-policy');
    await chain.add(chain.forged(set(setting.value)));
    expect([told(), await word()]).toEqual([['parameter-without-command'], 'given']);
  });

  it('stops only what is of a class of which it opens more', async () => {
    await chain.add(chain.forged(set({ ...policiesOf('basic-normal'), prescription: 'all-normal' })));
    expect(await word()).toBe('given');
    await chain.add(chain.forged(set({ ...policiesOf('basic-normal'), 'laboratory-report': 'all-normal' })));
    expect(await word()).toBe('default-policy');
  });

  describe('after a vote that came late', () => {
    const late = (call: Call): Call => ({ ...call, atMillis: NOW - 10 * MINUTE });
    /** A says its vote again: of the proposal, as the chaincode has it then, and of what is in force. */
    const again = (): Call => {
      const [ofA, ofB] = approvedBy('BMSP').votes;
      const written = { ...approvedBy('BMSP'), state: 'adopted', votes: [ofB, ofA] };
      return approved('AMSP', { ...writesOf(approvedBy('BMSP')), [proposalKey(1)]: canonicalJson(written) });
    };
    const told = ['proposal-without-command', 'proposal-not-as-commanded', 'parameter-without-command'];

    it('is where the proposal itself was late and its organisation says its vote again', async () => {
      await chain.add(late(proposed()), approved());
      expect([chain.names(), await word()]).toEqual([told, 'default-policy']);
      await chain.add(again());
      expect([chain.names(), await word()]).toEqual([told, 'given']);
    });
    it('is where the last vote was late and is said again', async () => {
      await chain.add(proposed(), late(approved()));
      expect(await word()).toBe('default-policy');
      const [ofA, ofB] = approvedBy('BMSP').votes;
      const written = { ...approvedBy('BMSP'), state: 'adopted', votes: [ofA, ofB] };
      await chain.add(approved('BMSP', { ...writesOf(approvedBy('BMSP')), [proposalKey(1)]: canonicalJson(written) }));
      expect([chain.names(), await word()]).toEqual([['proposal-without-command', 'parameter-without-command'], 'given']);
    });
    it('is not where it is said again by nobody, late once more, or by whom has been heard already', async () => {
      await chain.add(late(proposed()), approved(), chain.forged(set(setting.value)));
      expect(await word()).toBe('default-policy');
      await chain.add(late(again()));
      expect(await word()).toBe('default-policy');
      await chain.add(approved());
      expect(await word()).toBe('default-policy');
    });
    it('is not where what is written lapses later than a proposal does', async () => {
      const lasting = { ...proposal(), lapsesAt: instantOf(NOW + 365 * 24 * 60 * MINUTE) };
      const writes = { [proposalKey(1)]: canonicalJson(lasting) };
      await chain.add(chain.forged(writes), approved('AMSP', writes, hashOfProposal(lasting)));
      await chain.add(approved('BMSP', { ...writes, ...set(setting.value) }, hashOfProposal(lasting)));
      expect(await word()).toBe('default-policy');
    });
  });

  it('needs more where more have registered', async () => {
    await chain.add(registered('DMSP'), proposed(), approved());
    expect(told()).toEqual(['proposal-not-as-commanded', 'parameter-without-command']);
    expect(await word()).toBe('default-policy');
  });

  it('tells of a proposal that others have written, and of one that is written otherwise', async () => {
    await chain.add(chain.forged(writesOf(proposal())));
    await chain.add(
      proposed(2, 'AMSP', { [proposalKey(2)]: canonicalJson({ ...proposal(2), setting: { ...setting, value: policiesOf('deny-all') } }) }),
    );
    await chain.add(withdrawn('BMSP'));
    expect(told()).toEqual(['proposal-without-command', 'proposal-not-as-commanded', 'proposal-without-command']);
    expect(await word()).toBe('given');
  });
});

describe('a second approval that a majority has asked for at some levels', () => {
  const used = usePatientChain();
  const approvers = {
    name: 'level-approvers',
    value: { ...initialSetting('level-approvers').value, '3': 'custodian', '5': 'custodian' },
  } as const;
  const key = '\u0000accessParameter\u0000level-approvers\u0000';
  const keyOfProposal = proposalKey(1).replace('default-policies', 'level-approvers');
  /** A has proposed and B approved it. */
  const adopting = (): { readonly calls: readonly Call[]; readonly written: (changes: object) => Record<string, string> } => {
    const made = newProposal({ setting: approvers, number: 1 }, voter('AMSP'), now, origin('AMSP'));
    const proposalSha256 = hashOfProposal(made);
    const { proposal: settled, adopted } = settleProposal(
      approveProposal(made, { ...voter('BMSP'), proposalSha256 }, now),
      MEMBERS,
      undefined,
      now,
    );
    const written = (changes: object): Record<string, string> => ({
      [key]: canonicalJson({ ...adopted, setting: { ...approvers, value: { ...approvers.value, ...changes } } }),
    });
    const ofB = { [keyOfProposal]: canonicalJson(settled), ...written({}) };
    return {
      calls: [
        administered('AMSP', transactions.ProposeParameter, { number: 1, setting: approvers }, { [keyOfProposal]: canonicalJson(made) }),
        administered('BMSP', transactions.ApproveParameter, { name: 'level-approvers', number: 1, proposalSha256 }, ofB),
      ],
      written,
    };
  };

  it.each<readonly [string, object, string]>([
    ['of the level of what is read', { '3': 'none' }, 'level-approvers'],
    ['of this level and another', { '3': 'none', '5': 'none' }, 'level-approvers'],
    ['of another level', { '5': 'none' }, 'given'],
    ['of no level', {}, 'given'],
  ])('stops keys where others have dropped it %s', async (_what, changes, word) => {
    const chain = used();
    const { calls, written } = adopting();
    await chain.add(hired(clinicianA), asked(clinicianA, DEFAULT), ...calls);
    expect([chain.names(), await chain.wordOn(clinicianA, DEFAULT)]).toEqual([[], 'given']);
    await chain.add(chain.forged(written(changes)));
    expect(await chain.wordOn(clinicianA, DEFAULT)).toBe(word);
  });
});

function inputOf({ argument }: Call): object {
  return (JSON.parse(argument) as { input: object }).input;
}
