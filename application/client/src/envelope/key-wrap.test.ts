import { randomBytes } from 'node:crypto';
import { mspIdSchema, type PublicKey, recordIdSchema, ticketIdSchema } from '@lianyi/domain';
import { newPrivateKey, publicKeyOf } from '../signing/p256';
import { openBytes, sealBytes } from './cobblestone';
import { contentCommitment, dekCommitment, isCommittedKey, newDataKey, objectContext } from './data-key';
import { type KeyRecipient, keyWrapSuite, unwrapDataKey, wrapDataKey } from './key-wrap';
import { publishedVectors } from './published-vectors.fixture';

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
  const recordId = recordIdSchema.parse('rec-1');
  const recipient: KeyRecipient = {
    kind: 'release',
    channel: 'emr',
    recordId,
    version: 1,
    dekCommitment: dekCommitment(dataKey, recordId),
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
    ['another record', { ...recipient, recordId: recordIdSchema.parse('rec-2') }],
    ['another version', { ...recipient, version: 2 }],
    ['another channel', { ...recipient, channel: 'test' }],
    ['another commitment', { ...recipient, dekCommitment: dekCommitment(newDataKey(), recordId) }],
    [
      'custody instead of release',
      {
        kind: 'custody',
        channel: 'emr',
        recordId,
        version: 1,
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
  const recordId = recordIdSchema.parse('rec-1');

  it('bind a data key to its record', () => {
    const key = randomBytes(32);
    const commitment = dekCommitment(key, recordId);
    expect(isCommittedKey(key, recordId, commitment)).toBe(true);
    expect(isCommittedKey(key, recordIdSchema.parse('rec-2'), commitment)).toBe(false);
    expect(isCommittedKey(randomBytes(32), recordId, commitment)).toBe(false);
  });

  it('tell nothing of a content without the salt, and the same however it is cut', async () => {
    const salt = Buffer.alloc(32, 7);
    const whole = await contentCommitment(salt, [Buffer.from('abcdef')]);
    expect(await contentCommitment(salt, [Buffer.from('abc'), Buffer.from('def')])).toBe(whole);
    expect(await contentCommitment(Buffer.alloc(32, 8), [Buffer.from('abcdef')])).not.toBe(whole);
    expect(await contentCommitment(salt, [Buffer.from('abcdeg')])).not.toBe(whole);
  });

  it('seal an object to its record, version, custodian and content type', async () => {
    const identity = { recordId, version: 1, custodianMspId: mspIdSchema.parse('HospitalAMSP'), contentType: 'application/fhir+json' };
    const key = newDataKey();
    const sealed = await sealBytes({ key, context: objectContext(identity) }, Buffer.from('{}'));
    const others = [
      { ...identity, recordId: recordIdSchema.parse('rec-2') },
      { ...identity, version: 2 },
      { ...identity, custodianMspId: mspIdSchema.parse('HospitalBMSP') },
      { ...identity, contentType: 'text/plain' },
    ];
    for (const other of others) {
      await expect(openBytes({ key, context: objectContext(other) }, sealed)).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    }
    expect(Buffer.from(await openBytes({ key, context: objectContext(identity) }, sealed)).toString()).toBe('{}');
  });
});
