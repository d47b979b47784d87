import { addMilliseconds, canonicalJson, instantOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { A, hired, NOW, person, type Person, pseudonym, recordId, signedBy } from './member-chain.fixture';
import { MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const officerA = person('AMSP', 'officer', ['privacyOfficer']);
const officerB = person('BMSP', 'officer', ['privacyOfficer']);
const key = { pseudonym, recordId, number: 1 };
const at = instantOf(NOW);
const reasonCommitment = sha256('a text');
const asked = { ...key, recordVersion: 1, reasonCommitment };
const placeOf = (type: string): string => `\u0000${type}\u0000${pseudonym}\u0000${recordId}\u0000000001\u0000`;
const origin = { requestHash: sha256('a request'), actor: { kind: 'patient' } };
const correction = (more: object = {}): Record<string, string> => {
  const entry = {
    schemaVersion: 1,
    ...asked,
    custodianMspId: A,
    requestedAt: at,
    dueAt: addMilliseconds(at, 30 * 24 * 60 * MINUTE),
    origin,
  };
  return { [placeOf('correction')]: canonicalJson({ ...entry, ...more }) };
};
const refusal = { outcome: 'refused', reason: 'accurate', textCommitment: sha256('why not') };
const by = ({ mspId, actorTag }: Person) => ({ kind: 'staff', mspId, actorTag });
const answered = (who = officerA, written: object = refusal, said: object = refusal, time = NOW): Call =>
  signedBy(
    who,
    transactions.AnswerCorrection,
    { ...key, answer: said },
    {
      [placeOf('correctionAnswer')]: canonicalJson({ schemaVersion: 1, ...key, answer: written, at: instantOf(time), by: by(who), origin }),
    },
    time,
  );
const word = (said: object): Record<string, string> => ({
  [placeOf('correctionWord')]: canonicalJson({ schemaVersion: 1, ...key, word: said, at, origin }),
});
const disagrees = { kind: 'disagrees', statementCommitment: sha256('a statement') };

describe('whose word a correction is', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(officerA), hired(officerB));
  });
  const request = (writes = correction()): Call => chain.command(transactions.RequestCorrection, asked, writes);
  const disagreement = (writes = word(disagrees)): Call =>
    chain.command(transactions.StateDisagreement, { ...key, statementCommitment: disagrees.statementCommitment }, writes);
  /** What the node tells; an auditor tells the same. */
  const told = (): readonly string[] => {
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    return chain.names();
  };

  it('is the patient’s that it is asked for, the hospital’s what is answered, and the patient’s what is said to that', async () => {
    await chain.say(request());
    await chain.add(answered());
    await chain.say(disagreement());
    await chain.say(chain.command(transactions.WithdrawCorrection, key, word({ kind: 'withdraws' })));
    expect(told()).toEqual([]);
  });

  it.each<readonly [string, () => Call, string]>([
    ['nobody has asked for it', () => chain.forged(correction()), 'correction-without-command'],
    ['it is for another version', () => request(correction({ recordVersion: 2 })), 'correction-not-as-commanded'],
    ['other words are committed to', () => request(correction({ reasonCommitment: sha256('others') })), 'correction-not-as-commanded'],
    [
      'it is to be answered later',
      () => request(correction({ dueAt: instantOf(NOW + 365 * 24 * 60 * MINUTE) })),
      'correction-not-as-commanded',
    ],
    ['another hospital is to answer', () => request(correction({ custodianMspId: 'BMSP' })), 'correction-not-as-commanded'],
    ['it is not written', () => request({}), 'command-not-carried-out'],
    ['another hospital’s officer answers', () => answered(officerB), 'correction-without-command'],
    ['it was answered long ago', () => answered(officerA, refusal, refusal, NOW - 10 * MINUTE), 'correction-without-command'],
    [
      'it was accepted, and is called refused',
      () => answered(officerA, refusal, { outcome: 'accepted', version: 2 }),
      'correction-not-as-commanded',
    ],
    [
      'it was refused for another reason',
      () => answered(officerA, { ...refusal, reason: 'not-verifiable' }),
      'correction-not-as-commanded',
    ],
    ['nobody has disagreed', () => chain.forged(word(disagrees)), 'correction-without-command'],
    ['a statement is written as withdrawn', () => disagreement(word({ kind: 'withdraws' })), 'correction-not-as-commanded'],
    ['others have deleted a statement', () => chain.forged({ [placeOf('correctionWord')]: null }), 'correction-without-command'],
  ])('is nobody’s where %s', async (_what, call, alarm) => {
    await chain.add(call());
    expect(told()).toEqual([alarm]);
  });
});
