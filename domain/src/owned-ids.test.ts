import {
  assertOwnId,
  cardIdOf,
  hashOfVersion,
  idNonceSchema,
  isId,
  pseudonymOf,
  pseudonymSchema,
  recordIdOf,
  sha256,
  ticketIdOf,
  versionIdentityOf,
} from './index';
import { expectRefusal } from './refusals.fixture';
import { A, B, labReport, lin, patient } from './story.fixture';

const nonce = idNonceSchema.parse('AAECAwQFBgcICQoLDA0ODw');
const otherNonce = idNonceSchema.parse('A'.repeat(22));
const otherPatient = pseudonymSchema.parse('psn-2');
const firstKeyHash = sha256('key');

describe('an id that says whose it is', () => {
  // made by another implementation (Python's hashlib) from ADR 0030
  it.each([
    ['a pseudonym', pseudonymOf({ mspId: A, firstKeyHash, nonce }), 'pryMGNZ7UEp8xGlFM0KiWVSJzNFpmw4vnSfpkpMvDYpU'],
    ['a ticket', ticketIdOf({ mspId: A, actorTag: lin, nonce }), 'tVCRh9k5mVb9QoOvDn50iqqzWVd_wcjWQbbkFOqXfqiA'],
    ['a card', cardIdOf({ mspId: A, pseudonym: patient, nonce }), 'cZQw8SL5X5s6obB5XJ3g8Uv4eYUk7QD8OYusa4ajPbOA'],
    ['a record', recordIdOf({ mspId: A, pseudonym: patient, nonce }), 'rKwAUQO_vHrGmjlu1eTPyMMTghXTqK4jS2TywE4ZOYGE'],
  ])('is, for %s, the one of ADR 0030', (_what, derived, expected) => {
    expect(derived).toBe(expected);
    expect(isId(derived)).toBe(true);
  });

  const own = recordIdOf({ mspId: A, pseudonym: patient, nonce });
  it.each<readonly [string, string]>([
    ['another hospital', recordIdOf({ mspId: B, pseudonym: patient, nonce })],
    ['another patient', recordIdOf({ mspId: A, pseudonym: otherPatient, nonce })],
    ['another nonce', recordIdOf({ mspId: A, pseudonym: patient, nonce: otherNonce })],
    ['a card of the same owner and nonce', cardIdOf({ mspId: A, pseudonym: patient, nonce })],
    ['an id that somebody chose', labReport],
  ])('is not taken for %s', (_what, other) => {
    expectRefusal('ID_MISMATCH', () => {
      assertOwnId<string>(own, other);
    });
  });

  it('is taken for its owner', () => {
    expect(() => {
      assertOwnId(own, recordIdOf({ mspId: A, pseudonym: patient, nonce }));
    }).not.toThrow();
  });
});

describe('the hash of a version', () => {
  const version = versionIdentityOf(
    { channel: 'emr', genesis: sha256('block 0') },
    { pseudonym: patient, recordId: labReport, version: 1 },
  );

  it('says the same of whatever holds these fields and more', () => {
    const entry = { ...version, cipherSha256: sha256('cipher'), chaincode: 'emr' };
    expect(versionIdentityOf(entry, entry)).toEqual(version);
    expect(hashOfVersion(entry)).toBe(hashOfVersion(version));
  });

  it('is another for each field that differs', () => {
    const others = [
      { ...version, channel: 'emr-2' },
      { ...version, genesis: sha256('another block 0') },
      { ...version, pseudonym: otherPatient },
      { ...version, recordId: recordIdOf({ mspId: A, pseudonym: patient, nonce }) },
      { ...version, version: 2 },
    ];
    expect(new Set([version, ...others].map(hashOfVersion)).size).toBe(6);
  });
});
