import { auditArea, canonicalJson, instantOf, keysArea, releaseIdSchema, sha256, transactions } from '@lianyi/domain';
import { type Call, TRANSACTION_ID } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import { A, cardiologistB, hired, NOW, person, type Person, pseudonym, recordId, signedBy, ticketIdFor } from './member-chain.fixture';
import { MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const keysA = person('AMSP', 'keys', ['keyService']);
const officerB = person('BMSP', 'officer', ['privacyOfficer']);
const officerC = person('CMSP', 'officer', ['privacyOfficer']);
const mallory = person('BMSP', 'mallory', ['privacyOfficer']);
const doctorC = person('CMSP', 'doctor', ['clinician'], ['cardiology']);
const ticketId = ticketIdFor(cardiologistB);
const of = { ticketId, recordId };
const referenceTo = ({ mspId, actorTag }: Person) => ({ kind: 'staff', mspId, actorTag });
const requestHash = sha256('a request');
const copyKey = (holder: string): string => `\u0000copy\u0000${holder}\u0000${pseudonym}\u0000${ticketId}\u0000${recordId}\u0000`;
const copy = (holderMspId: string, by: Person, more: object = {}): string =>
  canonicalJson({
    ...{ schemaVersion: 1, holderMspId, pseudonym, ...of, takenAt: instantOf(NOW), state: 'held' },
    ...{ origin: { requestHash, actor: referenceTo(by) }, ...more },
  });

const lines = auditArea.entities.accessEvents;
/** The line of the patient's audit that tells of it. */
const lineOf = (event: string, by: Person, said: object = {}): Record<string, string> => {
  const key = [lines.objectType, pseudonym, lines.key[1].spell(instantOf(NOW)), TRANSACTION_ID, '000'];
  const line = { schemaVersion: 1, pseudonym, at: instantOf(NOW), txId: TRANSACTION_ID, n: 0, event, actor: referenceTo(by), ticketId };
  return { [['', ...key, ''].join('\u0000')]: canonicalJson({ ...line, recordIds: [recordId], ...said }) };
};
const releaseKey = ['', keysArea.entities.keyReleases.objectType, ticketId, 'rel-1', ''].join('\u0000');
const released = (by = keysA, value = copy('BMSP', by), holder = 'BMSP', beside?: Record<string, string>): Call =>
  signedBy(
    by,
    transactions.RecordKeyRelease,
    { ...of, releaseId: releaseIdSchema.parse('rel-1'), sealedSha256: requestHash },
    { [copyKey(holder)]: value, ...(beside ?? { [releaseKey]: '{}', ...lineOf('KeyReleased', by) }) },
  );
const to = { mspId: 'CMSP', actorTag: doctorC.actorTag, department: 'cardiology' };
const handedOn = (
  value = copy('CMSP', cardiologistB, { from: { mspId: 'BMSP', to } }),
  line = lineOf('CopyDisclosed', cardiologistB),
): Call => signedBy(cardiologistB, transactions.DiscloseOnward, { ...of, to }, { [copyKey('CMSP')]: value, ...line });
const answerBy = (by: Person, said: object, at = NOW): object => ({
  ...said,
  ...{ at: instantOf(at), by: referenceTo(by), txId: TRANSACTION_ID, origin: { requestHash, actor: referenceTo(by) } },
});
const destroyed = { outcome: 'destroyed' };
const retained = { outcome: 'retained', basis: 'litigation' };
const answering = (said: object, by = officerB, written: object = said, { at = NOW, more = {} } = {}): Call => {
  const state = (written as { readonly outcome: string }).outcome;
  const value = copy('BMSP', keysA, { state, answer: answerBy(by, written, at), ...more });
  return signedBy(by, transactions.AnswerForCopy, { ...of, answer: said }, { [copyKey('BMSP')]: value }, at);
};

describe('whose word it is what became of a copy', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(keysA), hired(officerB), hired(officerC), hired(doctorC));
  });
  /** What the node tells; an auditor tells the same. */
  const told = (): readonly string[] => {
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    return chain.names();
  };

  it('is the releasing hospital’s that there is one, and the holder’s what became of it', async () => {
    await chain.add(released(), handedOn());
    await chain.add(answering(retained));
    await chain.add(answering(destroyed));
    expect(told()).toEqual([]);
  });

  it.each<readonly [string, () => Call, string]>([
    [
      'nobody has answered',
      () => chain.forged({ [copyKey('BMSP')]: copy('BMSP', keysA, { state: 'destroyed', answer: answerBy(officerB, destroyed) }) }),
      'copy-without-command',
    ],
    ['another hospital answers', () => answering(destroyed, officerC), 'copy-without-command'],
    ['somebody answers whom nobody has registered', () => answering(destroyed, mallory), 'copy-without-command'],
    ['who is no officer answers', () => answering(destroyed, cardiologistB), 'copy-without-command'],
    ['it was said long ago', () => answering(destroyed, officerB, destroyed, { at: NOW - 10 * MINUTE }), 'copy-without-command'],
    ['it was to be retained, and is called destroyed', () => answering(retained, officerB, destroyed), 'copy-not-as-commanded'],
    [
      'it is retained by another law',
      () => answering(retained, officerB, { ...retained, basis: 'payment-audit' }),
      'copy-not-as-commanded',
    ],
    [
      'it is retained for longer',
      () => answering({ ...retained, until: '2027-01-01T00:00:00.000Z' }, officerB, retained),
      'copy-not-as-commanded',
    ],
    [
      'it was taken later than it was',
      () => answering(retained, officerB, retained, { more: { takenAt: instantOf(NOW + MINUTE) } }),
      'copy-not-as-commanded',
    ],
    ['others have deleted it', () => chain.forged({ [copyKey('BMSP')]: null }), 'copy-without-command'],
    ['its key is released once more', () => released(), 'copy-without-command'],
  ])('is nobody’s where %s', async (_what, call, alarm) => {
    await chain.add(released());
    await chain.add(call());
    expect(told()).toEqual([alarm]);
  });

  it.each<readonly [string, () => Call, string]>([
    [
      'it was handed on to somebody else',
      () => handedOn(copy('CMSP', cardiologistB, { from: { mspId: 'BMSP', to: { ...to, actorTag: 'another' } } })),
      'copy-not-as-commanded',
    ],
    ['it is not said that it was handed on', () => handedOn(copy('CMSP', cardiologistB)), 'copy-not-as-commanded'],
    [
      'it was answered for from the beginning',
      () => released(keysA, copy('BMSP', keysA, { state: 'destroyed', answer: answerBy(officerB, destroyed) })),
      'copy-not-as-commanded',
    ],
    ['another hospital has released it', () => released(person('BMSP', 'keys', ['keyService'])), 'copy-without-command'],
  ])('is none that there is one where %s', async (_what, call, alarm) => {
    await chain.add(call());
    expect(told()).toEqual([alarm]);
  });

  it('is final: what was destroyed is not retained later, whoever writes it', async () => {
    await chain.add(released(), answering(destroyed));
    await chain.add(answering(retained));
    expect(told()).toEqual(['copy-without-command']);
  });

  it('is not said again by who carries an answer once more over a later one', async () => {
    await chain.add(released());
    const first = answering(retained);
    await chain.add(first, answering({ ...retained, basis: 'payment-audit' }));
    await chain.add(first);
    expect(told()).toEqual(['copy-without-command']);
  });

  it('counts also for a copy that others have written, and whose there is tells an alarm', async () => {
    await chain.add(chain.forged({ [copyKey('BMSP')]: copy('BMSP', keysA) }), answering(destroyed));
    expect([A, told()]).toEqual(['AMSP', ['copy-without-command']]);
  });

  const release = (line: Record<string, string>): Call => released(keysA, copy('BMSP', keysA), 'BMSP', { [releaseKey]: '{}', ...line });

  it('is told where something leaves: a release and a copy that is handed on have their lines', async () => {
    await chain.add(release(lineOf('KeyReleased', keysA)), handedOn());
    expect(told()).toEqual([]);
  });

  it.each<readonly [string, () => Call]>([
    ['a release has no line', () => release({})],
    ['a release has the line of another ticket', () => release(lineOf('KeyReleased', keysA, { ticketId: 'another' }))],
    ['a release has the line of another record', () => release(lineOf('KeyReleased', keysA, { recordIds: ['another'] }))],
    ['a release has the line of somebody else', () => release(lineOf('KeyReleased', officerB))],
    ['a release is told as something else', () => release(lineOf('RecordAnchored', keysA))],
    ['what is handed on has no line', () => handedOn(undefined, {})],
    ['what is handed on is told as released', () => handedOn(undefined, lineOf('KeyReleased', cardiologistB))],
  ])('is told by the index where %s', async (_what, call) => {
    await chain.add(call());
    expect(told()).toEqual(['disclosure-without-line']);
  });

  const withoutCopy = (call: Call, holder: string): Call => {
    const { [copyKey(holder)]: _left, ...writes } = call.writes as Record<string, string>;
    return { ...call, writes };
  };

  it.each<readonly [string, () => Call, readonly string[]]>([
    ['nothing is left out', () => released(), []],
    [
      'the copy is written under another member',
      () => released(keysA, copy('CMSP', keysA), 'CMSP'),
      ['copy-without-command', 'command-not-carried-out'],
    ],
    ['the copy is left out', () => withoutCopy(released(), 'BMSP'), ['command-not-carried-out']],
    [
      'the entry is left out',
      () => released(keysA, copy('BMSP', keysA), 'BMSP', lineOf('KeyReleased', keysA)),
      ['command-not-carried-out'],
    ],
    ['the line is left out', () => release({}), ['disclosure-without-line']],
    [
      'entry and line are left out',
      () => released(keysA, copy('BMSP', keysA), 'BMSP', {}),
      ['command-not-carried-out', 'disclosure-without-line'],
    ],
    ['the copy that is handed on is left out', () => withoutCopy(handedOn(), 'CMSP'), ['command-not-carried-out']],
  ])('is held against what the ticket’s asker has, and what was commanded, where %s', async (_what, call, alarms) => {
    await chain.add(call());
    expect(told()).toEqual(alarms);
  });

  it('is written with the first release alone', async () => {
    await chain.add(released());
    await chain.add(withoutCopy(released(), 'BMSP'));
    expect(told()).toEqual([]);
  });

  it('is followed by the holder, too, so that nobody answers in its name', async () => {
    const alarms: string[] = [];
    const ofHolder = new LedgerIndex(':memory:', 'emr', 'BMSP', ({ name }) => alarms.push(name));
    await chain.add(released(), answering(retained));
    await chain.add(
      chain.forged({ [copyKey('BMSP')]: copy('BMSP', keysA, { state: 'destroyed', answer: answerBy(officerB, destroyed) }) }),
    );
    for (const block of chain.blocks) await ofHolder.sinkOf('BMSP').apply(block, true);
    await ofHolder.close();
    expect(alarms).toEqual(['copy-without-command']);
  });
});
