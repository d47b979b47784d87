import {
  canonicalJson,
  checkIntroducer,
  checkIntroduction,
  hashOfKey,
  type Introduction,
  introductionSchema,
  mspIdSchema,
  patientProofSchema,
  type Proof,
  proofKinds,
  pseudonymSchema,
  sha256,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey, signText } from '../signing.fixture';
import { A, B, hours, NOW } from '../story.fixture';

const [own, other]: readonly [string, string] = [pseudonymSchema.parse('psn-at-b'), pseudonymSchema.parse('psn-at-a')];
const keys = { [own]: newKey(), [other]: newKey(), stranger: newKey() };
const place = { channel: 'emr', genesis: sha256('genesis'), mspId: B, now: NOW };
const MINUTE = 1 / 60;

function introduction(
  changes: object = {},
  signers: readonly string[] = [own, other],
  by: Readonly<Record<string, string>> = {},
): Introduction {
  const { channel, genesis, mspId } = place;
  const window = { issuedAt: NOW, notAfter: hours(5 * MINUTE) };
  const statement = {
    t: 'lianyi/introduction/v1',
    channel,
    genesis,
    mspId,
    act: 'introduce',
    pseudonyms: [own, other],
    ...window,
    ...changes,
  };
  const signatures = signers.map((pseudonym) => {
    const key = keys[by[pseudonym] ?? pseudonym] ?? newKey();
    return { pseudonym, publicKey: key.publicKey, signature: signText(canonicalJson(statement), key) };
  });
  return introductionSchema.parse({ statement, signatures });
}
const check = (said: Introduction) => () => {
  checkIntroduction(said, place);
};

describe('an introduction', () => {
  it('is in order, signed for both pseudonyms; and withdrawn, for one', () => {
    expect(check(introduction())).not.toThrow();
    for (const signers of [[own], [other], [own, other]]) expect(check(introduction({ act: 'withdraw' }, signers))).not.toThrow();
  });

  it.each([
    ['channel', { channel: 'emr2' }],
    ['genesis', { genesis: sha256('another') }],
    ['mspId', { mspId: A }],
    ['mspId', { mspId: mspIdSchema.parse('HospitalCMSP') }],
  ])('is refused for another %s', (field, changes) => {
    expectRefusal('PROOF_MISMATCH', check(introduction(changes)), { field });
  });

  it.each<readonly [string, readonly string[]]>([
    ['one of the two', [own]],
    ['the other alone', [other]],
    ['one of them twice', [own, own]],
    ['a third', [own, 'psn-3']],
  ])('is refused if it is signed for %s', (_whom, signers) => {
    expectRefusal('PROOF_MISMATCH', check(introduction({}, signers)), { field: 'pseudonyms' });
  });

  it('is refused as a withdrawal of whoever is neither', () => {
    expectRefusal('PROOF_MISMATCH', check(introduction({ act: 'withdraw' }, ['psn-3'])), { field: 'pseudonyms' });
  });

  it('is refused too early, when it is over, and for longer than ten minutes', () => {
    expectRefusal('TIME_SKEW', check(introduction({ issuedAt: hours(2.1 * MINUTE) })), { field: 'issuedAt' });
    expectRefusal('TIME_SKEW', check(introduction({ notAfter: NOW })), { field: 'notAfter' });
    expectRefusal('TIME_SKEW', check(introduction({ notAfter: hours(10.1 * MINUTE) })), { field: 'notAfter' });
  });

  it('is refused when a word of it was changed', () => {
    const said = introduction({ act: 'withdraw' });
    expectRefusal('BAD_SIGNATURE', check({ ...said, statement: { ...said.statement, act: 'introduce' } }));
  });

  it('is of two pseudonyms', () => {
    expect(
      introductionSchema.safeParse({ ...introduction(), statement: { ...introduction().statement, pseudonyms: [own, own] } }).success,
    ).toBe(false);
  });

  it('is no proof of a request, and no proof of a request is an introduction', () => {
    const { statement, signatures } = introduction();
    const [{ signature } = { signature: '' }] = signatures;
    for (const kind of ['patient', 'delegate', 'staff', 'assisted', 'slot', 'guardian', 'pin'] as const) {
      const asProof = { kind, statement, signature, signatures, publicKey: keys[own]?.publicKey };
      expect([kind, (proofKinds[kind].schema.safeParse(asProof) as { success: boolean }).success]).toEqual([kind, false]);
    }
    const window = { issuedAt: NOW, notAfter: hours(MINUTE) };
    const bound = {
      channel: 'emr',
      chaincode: 'emr',
      genesis: place.genesis,
      transaction: 'MemberNode:Introduce',
      requestHash: sha256('x'),
    };
    const publicKey = keys[own]?.publicKey;
    const command = { t: 'lianyi/command/v1', ...bound, ...window, pseudonym: own, publicKey, nextKeyHash: sha256('next') };
    const proof: Proof = patientProofSchema.parse({ kind: 'patient', statement: command, signature });
    expect(introductionSchema.safeParse({ statement: proof.statement, signatures }).success).toBe(false);
  });
});

describe('who introduces', () => {
  const [signed] = introduction().signatures;
  const entry = { nextKeyHash: hashOfKey(keys[own]?.publicKey ?? newKey().publicKey), state: 'active' as const };
  const asks = (of: object) => () => {
    if (signed !== undefined) checkIntroducer(signed, { ...entry, ...of });
  };

  it('has the key that the ledger announces', () => {
    expect(asks({})).not.toThrow();
    expectRefusal('STALE_KEY', asks({ nextKeyHash: hashOfKey(newKey().publicKey) }));
  });

  it('is nobody of a closed pseudonym, of the dead, or with a hand-over code alone', () => {
    expectRefusal('NOT_PERMITTED', asks({ state: 'closed' }));
    expectRefusal('PATIENT_DECEASED', asks({ isDeceased: true }));
    expectRefusal('TAKE_OVER_FIRST', asks({ kind: 'assisted' }));
  });
});
