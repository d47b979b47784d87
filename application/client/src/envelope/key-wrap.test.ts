import { randomBytes } from 'node:crypto';
import {
  hashOfVersion,
  mspIdSchema,
  pseudonymSchema,
  type PublicKey,
  recordIdSchema,
  sha256,
  ticketIdSchema,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { newPrivateKey, publicKeyOf } from '../signing/p256';
import { openBytes, sealBytes } from './cobblestone';
import { contentCommitment, dekCommitment, isCommittedKey, newDataKey, objectContext } from './data-key';
import { type KeyRecipient, keyWrapSuite, unwrapDataKey, wrapDataKey } from './key-wrap';
import { publishedVectors } from './published-vectors.fixture';

const version = versionIdentityOf(
  { channel: 'emr', genesis: sha256('block 0') },
  { pseudonym: pseudonymSchema.parse('psn-1'), recordId: recordIdSchema.parse('rec-1'), version: 1 },
);
/** Each of them differs in one thing. */
const otherVersions: readonly (readonly [string, VersionIdentity])[] = [
  ['another patient', { ...version, pseudonym: pseudonymSchema.parse('psn-2') }],
  ['another record', { ...version, recordId: recordIdSchema.parse('rec-2') }],
  ['another version', { ...version, version: 2 }],
  ['another channel', { ...version, channel: 'test' }],
  ['a channel of the same name on another network', { ...version, genesis: sha256('another block 0') }],
];

const hex = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'hex'));

type HpkeVector = {
  info: string;
  ikmE: string;
  skRm: string;
  pkRm: string;
  enc: string;
  plaintext: string;
  encryptions: { sequence: number; aad: string; ciphertext: string }[];
  exports: { exporterContext: string; length: number; value: string }[];
};

// the file's form is the published one, cut to one suite
const published = publishedVectors('hpke-p256-sha256-aes256gcm.json') as HpkeVector | undefined;

describe('the HPKE suite against the vector of RFC 9180’s authors', () => {
  if (published === undefined) {
    it.skip('seals and opens as published (needs the published vectors: LIANYI_VECTORS)', () => undefined);
    return;
  }
  const vector = published;
  const info = hex(vector.info);

  it('seals and opens each sequence number as published, and exports the same secrets', async () => {
    const suite = await keyWrapSuite();
    const recipientPublicKey = await suite.kem.deserializePublicKey(hex(vector.pkRm));
    const recipientKey = await suite.kem.deserializePrivateKey(hex(vector.skRm));
    const sender = await suite.createSenderContext({ recipientPublicKey, info, ekm: hex(vector.ikmE) });
    expect(Buffer.from(sender.enc).toString('hex')).toBe(vector.enc);
    const recipient = await suite.createRecipientContext({ recipientKey, enc: hex(vector.enc), info });
    const bySequence = new Map(vector.encryptions.map((encryption) => [encryption.sequence, encryption]));
    let compared = 0;
    for (let sequence = 0; sequence <= 256; sequence += 1) {
      const aad = Buffer.from(`Count-${sequence}`);
      const ciphertext = Buffer.from(await sender.seal(hex(vector.plaintext), new Uint8Array(aad)));
      const expected = bySequence.get(sequence);
      if (expected !== undefined) {
        compared += 1;
        expect({ aad: aad.toString('hex'), ciphertext: ciphertext.toString('hex') }).toEqual({
          aad: expected.aad,
          ciphertext: expected.ciphertext,
        });
      }
      expect(Buffer.from(await recipient.open(new Uint8Array(ciphertext), new Uint8Array(aad))).toString('hex')).toBe(vector.plaintext);
    }
    expect(compared).toBe(13);
    for (const { exporterContext, length, value } of vector.exports) {
      expect(Buffer.from(await recipient.export(hex(exporterContext), length)).toString('hex')).toBe(value);
    }
  });
});

describe('a wrapped data key', () => {
  const privateKey = newPrivateKey();
  const publicKey = publicKeyOf(privateKey);
  const dataKey = newDataKey();
  const recipient: KeyRecipient = {
    kind: 'release',
    ...version,
    dekCommitment: dekCommitment(dataKey, version),
    mspId: mspIdSchema.parse('HospitalBMSP'),
    ticketId: ticketIdSchema.parse('ticket-1'),
  };

  it('is 114 bytes, names its suite, and comes back', async () => {
    const wrapped = await wrapDataKey(dataKey, publicKey, recipient);
    expect([wrapped.length, wrapped[0]]).toEqual([114, 1]);
    expect(await unwrapDataKey(wrapped, privateKey, publicKey, recipient)).toEqual(new Uint8Array(dataKey));
  });

  it.each<[string, KeyRecipient]>([
    ['another ticket', { ...recipient, ticketId: ticketIdSchema.parse('ticket-2') }],
    ['another member', { ...recipient, mspId: mspIdSchema.parse('HospitalCMSP') }],
    // with the commitment that the ledger would then have, so that nothing but the wrapping tells them apart
    ...otherVersions.map(([what, other]): [string, KeyRecipient] => [
      what,
      { ...recipient, ...other, dekCommitment: dekCommitment(dataKey, other) },
    ]),
    ['another commitment', { ...recipient, dekCommitment: dekCommitment(newDataKey(), version) }],
    [
      'custody instead of release',
      {
        kind: 'custody',
        ...version,
        dekCommitment: recipient.dekCommitment,
        mspId: recipient.mspId,
        keyEpoch: 1,
      },
    ],
  ])('does not open for %s', async (_what, other) => {
    const wrapped = await wrapDataKey(dataKey, publicKey, recipient);
    await expect(unwrapDataKey(wrapped, privateKey, publicKey, other)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  it('does not open with another private key', async () => {
    const wrapped = await wrapDataKey(dataKey, publicKey, recipient);
    await expect(unwrapDataKey(wrapped, newPrivateKey(), publicKey, recipient)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  it('does not open when it is said to be for another public key', async () => {
    const wrapped = await wrapDataKey(dataKey, publicKey, recipient);
    await expect(unwrapDataKey(wrapped, privateKey, publicKeyOf(newPrivateKey()), recipient)).rejects.toMatchObject({
      code: 'SEAL_BROKEN',
    });
  });

  it('does not open with any byte changed, cut or added', async () => {
    const wrapped = await wrapDataKey(dataKey, publicKey, recipient);
    const spoiled = Array.from(wrapped, (byte, index) =>
      Buffer.concat([wrapped.subarray(0, index), Buffer.of(byte ^ 1), wrapped.subarray(index + 1)]),
    );
    for (const bytes of [
      ...spoiled,
      wrapped.subarray(1),
      wrapped.subarray(0, 113),
      Buffer.concat([wrapped, Buffer.of(0)]),
      Buffer.alloc(0),
    ]) {
      await expect(unwrapDataKey(bytes, privateKey, publicKey, recipient)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
  });

  it('is not made from a key the ledger did not commit to', async () => {
    await expect(wrapDataKey(newDataKey(), publicKey, recipient)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  it('is not made for a point that is not on the curve', async () => {
    const spki = Buffer.from(publicKey, 'base64url');
    spki[90] = (spki[90] ?? 0) ^ 1;
    // the ledger would refuse it too; here it must not even be tried
    const offCurve = spki.toString('base64url') as PublicKey;
    await expect(wrapDataKey(dataKey, offCurve, recipient)).rejects.toThrow();
  });
});

describe('commitments and context', () => {
  const salt = Buffer.alloc(32, 7);

  it('bind a data key to its version', () => {
    const key = randomBytes(32);
    const commitment = dekCommitment(key, version);
    expect(isCommittedKey(key, version, commitment)).toBe(true);
    expect(isCommittedKey(randomBytes(32), version, commitment)).toBe(false);
  });

  it.each(otherVersions)('do not hold for %s', async (_what, other) => {
    const key = randomBytes(32);
    const content = [Buffer.from('abcdef')];
    expect(isCommittedKey(key, other, dekCommitment(key, version))).toBe(false);
    expect(await contentCommitment(salt, other, content)).not.toBe(await contentCommitment(salt, version, content));
    const kept = { custodianMspId: mspIdSchema.parse('HospitalAMSP'), contentType: 'application/fhir+json' };
    const sealed = await sealBytes({ key, context: objectContext({ ...version, ...kept }) }, Buffer.from('{}'));
    const opening = openBytes({ key, context: objectContext({ ...other, ...kept }) }, sealed);
    await expect(opening).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });

  // made by another implementation (Python's hashlib and hmac) from the layouts of ADR 0030
  it('are these, for readers of another make', async () => {
    const kept = { custodianMspId: mspIdSchema.parse('HospitalAMSP'), contentType: 'text/plain' };
    expect(Buffer.from(objectContext({ ...version, ...kept })).toString()).toBe(
      '{"channel":"emr","contentType":"text/plain","custodianMspId":"HospitalAMSP",' +
        '"genesis":"soDUGuuZW-N-vnWUyhMDb--p0psZQBWhNwdwF7vg6Uc","pseudonym":"psn-1","recordId":"rec-1","t":"lianyi/object/v1","version":1}',
    );
    expect(hashOfVersion(version)).toBe('58bzt9AxtPaRLWet7NXwEOPCjJzHzby_qDJoR3jjNbo');
    expect(dekCommitment(Buffer.alloc(32, 1), version)).toBe('YurCbBta5q07QCNCxzlP5zM8pXTv2X4dylWuIH5khtI');
    expect(await contentCommitment(salt, version, [Buffer.from('abcdef')])).toBe('XXWHR5s_vV_TWGVxJp2geksap4NOcebiRvNYgmpaUFg');
  });

  it('tell nothing of a content without the salt, and the same however it is cut', async () => {
    const whole = await contentCommitment(salt, version, [Buffer.from('abcdef')]);
    expect(await contentCommitment(salt, version, [Buffer.from('abc'), Buffer.from('def')])).toBe(whole);
    expect(await contentCommitment(Buffer.alloc(32, 8), version, [Buffer.from('abcdef')])).not.toBe(whole);
    expect(await contentCommitment(salt, version, [Buffer.from('abcdeg')])).not.toBe(whole);
  });

  it('seal an object to its custodian and content type', async () => {
    const identity = { ...version, custodianMspId: mspIdSchema.parse('HospitalAMSP'), contentType: 'application/fhir+json' };
    const key = newDataKey();
    const sealed = await sealBytes({ key, context: objectContext(identity) }, Buffer.from('{}'));
    const others = [
      { ...identity, custodianMspId: mspIdSchema.parse('HospitalBMSP') },
      { ...identity, contentType: 'text/plain' },
    ];
    for (const other of others) {
      await expect(openBytes({ key, context: objectContext(other) }, sealed)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
    expect(Buffer.from(await openBytes({ key, context: objectContext(identity) }, sealed)).toString()).toBe('{}');
  });
});
