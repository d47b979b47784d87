import { canonicalJson, instantOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { cardiologistB, hired, NOW, person, type Person, pseudonym, signedBy } from './member-chain.fixture';
import { B, MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const officerA = person('AMSP', 'officer', ['privacyOfficer']);
const officerB = person('BMSP', 'officer', ['privacyOfficer']);
const mallory = person('AMSP', 'mallory', ['privacyOfficer']);
const byConsent = { grantVersions: [{ grantee: B, version: 1 }] };
const { mspId, actorTag } = cardiologistB;
const approvalKey = `\u0000accessApproval\u0000${pseudonym}\u0000${mspId}\u0000${actorTag}\u0000`;
const until = instantOf(NOW + 60 * MINUTE);
const asker = { mspId, actorTag };

const entry = (changes: object = {}): Record<string, string> => {
  const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: 'AMSP', actorTag: 'officer' } };
  const of = { schemaVersion: 1, pseudonym, asker, levels: [5], until, version: 1, state: 'given' };
  return { [approvalKey]: canonicalJson({ ...of, approvedBy: origin.actor, changedAt: instantOf(NOW), origin, ...changes }) };
};
const approved = (by: Person = officerA, writes: Call['writes'] = entry(), time = NOW): Call =>
  signedBy(by, transactions.ApproveAccess, { pseudonym, asker, levels: [5], until, previousVersion: 0 }, writes, time);
const withdrawn = (by: Person = officerA, writes: Call['writes'] = entry({ state: 'withdrawn' })): Call =>
  signedBy(by, transactions.WithdrawApproval, { pseudonym, asker }, writes);

describe('whether an approval is the word of the patient’s hospital', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.say(chain.granted());
    await chain.add(hired(officerA), hired(officerB));
  });
  const word = (): Promise<string> => chain.wordOn(cardiologistB, byConsent);
  /** What the node tells; an auditor tells the same. */
  const told = (): readonly string[] => {
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    return chain.names();
  };

  it('is where an officer has given it, and where one has withdrawn it', async () => {
    await chain.add(approved());
    expect([told(), await word()]).toEqual([[], 'given']);
    await chain.add(withdrawn());
    expect([told(), await word()]).toEqual([[], 'given']);
  });

  it.each<readonly [string, () => Call, string]>([
    ['nobody has given it', () => chain.forged(entry()), 'approval-without-command'],
    ['somebody gives it whom nobody has registered', () => approved(mallory), 'approval-without-command'],
    ['another hospital’s officer gives it', () => approved(officerB), 'approval-without-command'],
    ['it was given long ago', () => approved(officerA, entry(), NOW - 10 * MINUTE), 'approval-without-command'],
    ['it is for more levels than was said', () => approved(officerA, entry({ levels: [4, 5] })), 'approval-not-as-commanded'],
    [
      'it is for longer than was said',
      () => approved(officerA, entry({ until: instantOf(NOW + 61 * MINUTE) })),
      'approval-not-as-commanded',
    ],
    ['it stands though it was withdrawn', () => withdrawn(officerA, entry()), 'approval-not-as-commanded'],
    ['others have deleted it', () => chain.forged({ [approvalKey]: null }), 'approval-without-command'],
  ])('is not where %s', async (_what, call, alarm) => {
    await chain.add(call());
    expect([told(), await word()]).toEqual([[alarm], 'approval']);
  });

  it('is not where others carry the officer’s statement once more after it was withdrawn', async () => {
    const once = approved();
    await chain.add(once, withdrawn(), once);
    expect([told(), await word()]).toEqual([['approval-without-command'], 'approval']);
  });

  it('is told as before where others have written who approves: what was proven last and what is written both permit', async () => {
    await chain.add(approved());
    const value = { '1': 'none', '2': 'none', '3': 'none', '4': 'none', '5': 'custodian' };
    const parameter = { schemaVersion: 1, setting: { name: 'level-approvers', value }, version: 2, number: 1, adoptedAt: instantOf(NOW) };
    await chain.add(chain.forged({ '\u0000accessParameter\u0000level-approvers\u0000': canonicalJson(parameter) }));
    expect([told(), await word()]).toEqual([['parameter-without-command'], 'given']);
  });
});
