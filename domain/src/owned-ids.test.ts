import {
  assertOwnId,
  cardIdOf,
  delegationIdOf,
  contributorIdOf,
  deviceIdOf,
  duplicateCaseIdOf,
  evaluationIdOf,
  functionKeyIdOf,
  hashOfVersion,
  idNonceSchema,
  isId,
  isPointerId,
  ownTicketIdOf,
  pinIdOf,
  pointerIdOf,
  pseudonymOf,
  pseudonymSchema,
  recordIdOf,
  recordIdSchema,
  recoveryCaseIdOf,
  resharedKeyIdOf,
  sha256,
  slotIdOf,
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
  const keyId = () => functionKeyIdOf({ mspId: A, nonce });
  const agreed = () => ({ mspId: A, nonce, formerKeyId: keyId(), dealers: [A, B], holders: [B, A], threshold: 2 });

  // made by another implementation (Python's hashlib) from ADR 0030
  it.each<readonly [string, () => string, string]>([
    ['a pseudonym', () => pseudonymOf({ mspId: A, firstKeyHash, nonce }), 'pryMGNZ7UEp8xGlFM0KiWVSJzNFpmw4vnSfpkpMvDYpU'],
    ['a ticket', () => ticketIdOf({ mspId: A, actorTag: lin, nonce }), 'tVCRh9k5mVb9QoOvDn50iqqzWVd_wcjWQbbkFOqXfqiA'],
    ['a card', () => cardIdOf({ mspId: A, pseudonym: patient, nonce }), 'cZQw8SL5X5s6obB5XJ3g8Uv4eYUk7QD8OYusa4ajPbOA'],
    ['a record', () => recordIdOf({ mspId: A, pseudonym: patient, nonce }), 'rKwAUQO_vHrGmjlu1eTPyMMTghXTqK4jS2TywE4ZOYGE'],
    ['a patient’s ticket', () => ownTicketIdOf({ pseudonym: patient, nonce }), 'tE-tP7bx3jaVWzBj1CfnJ5_1OyfpDu989fDFqw4joDWg'],
    ['a pointer', () => pointerIdOf({ mspId: A, pseudonym: patient, nonce }), 'qhNXhrQegow8KLGkQ_bkixiI_V1oe9T1VW2GTp2Q1i8M'],
    ['a delegation', () => delegationIdOf({ pseudonym: patient, firstKeyHash, nonce }), 'ddE81jcQ07bi9H6VUo92tVlUrXCHD9t5kWo5yZExIQWI'],
    [
      'a patient who contributes',
      () => contributorIdOf({ mspId: A, publicKeyHash: firstKeyHash }),
      'wUiBhGg8ijXF5czMjz-BSzE2uWz9_6V1XqRdcMkzLgSs',
    ],
    ['a device', () => deviceIdOf({ mspId: A, publicKeyHash: firstKeyHash }), 'vO7Wr8MsJnpsVJwNcKoFABXQ9UM0OB76hCqr7mF1QrLE'],
    [
      'a recovery',
      () => recoveryCaseIdOf({ pseudonym: patient, newKeyHash: firstKeyHash, nonce }),
      'kz66QNhD-qZD4WTfbV5pG0_ipb7b39aU7R7tDcjYV6sU',
    ],
    ['a summary slot', () => slotIdOf(firstKeyHash), 'suIUAsdMPM_cji-ebLEHUBE3JOymtDq0HmUdwttyGxng'],
    ['a PIN', () => pinIdOf(firstKeyHash), 'nTJxQhTZnr9z3CURRH4-EiVGclrCDMs3DFuhxfEW7y90'],
    ['a function key', keyId, 'fDF5jhkJ_56VZzwxzpXaM7nNTVetWyW2bgugQwQnmLwQ'],
    ['a key dealt anew', () => resharedKeyIdOf(agreed()), 'f6FluX6JLA5ABTOLjBjIcGxV8Oe06Xd1HXWk1gJEHYwo'],
    ['an evaluation', () => evaluationIdOf({ mspId: A, actorTag: lin, nonce }), 'eLZ8Wh4vNWOccOvk8cIsELWcTAn0jPGY-ja14KUnAM50'],
    ['a duplicate case', () => duplicateCaseIdOf({ mspId: A, partnerMspId: B, nonce }), 'uZZ-lGRYqE_gvumCc6ijqszS8qXm8gJMwkqmu3c9K-uc'],
  ])('is, for %s, the one of ADR 0030', (_what, derived, expected) => {
    expect(derived()).toBe(expected);
    expect(isId(derived())).toBe(true);
  });

  const own = () => recordIdOf({ mspId: A, pseudonym: patient, nonce });
  it.each<readonly [string, () => string]>([
    ['another hospital', () => recordIdOf({ mspId: B, pseudonym: patient, nonce })],
    ['another patient', () => recordIdOf({ mspId: A, pseudonym: otherPatient, nonce })],
    ['another nonce', () => recordIdOf({ mspId: A, pseudonym: patient, nonce: otherNonce })],
    ['a card of the same owner and nonce', () => cardIdOf({ mspId: A, pseudonym: patient, nonce })],
    ['an id that somebody chose', () => labReport],
  ])('is not taken for %s', (_what, other) => {
    expectRefusal(
      'ID_MISMATCH',
      () => {
        assertOwnId<string>(own(), other());
      },
      { id: own() },
    );
  });

  it('is taken for its owner', () => {
    expect(() => {
      assertOwnId(own(), recordIdOf({ mspId: A, pseudonym: patient, nonce }));
    }).not.toThrow();
  });
});

describe('the spelling of a pointer’s id', () => {
  const hash = 'A-Za09_'.repeat(7).slice(0, 43);

  it('is the letter q and a hash', () => {
    expect(isPointerId(recordIdSchema.parse(`q${hash}`))).toBe(true);
  });
  it.each([`r${hash}`, `qq${hash}`, `xq${hash}`, `q${hash}0`, `q${hash.slice(1)}`, 'q', hash])('is not %s', (id) => {
    expect(isPointerId(recordIdSchema.parse(id))).toBe(false);
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
