import {
  type Device,
  deviceSchema,
  encodeBase64url,
  type ErrorCode,
  idNonceSchema,
  instantSchema,
  mspIdSchema,
  pseudonymSchema,
  type RecordVersion,
  sha256,
  versionIdentityOf,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { identifyDevice, signAsDevice, type SignedByDevice } from '../devices';
import { contentCommitment, newDataKey, newSalt, saltUnderPad } from '../envelope/data-key';
import { newPrivateKey } from '../signing/p256';
import { deviceAuthorOf, type MadeDocument } from './released-document';

const mspId = mspIdSchema.parse('AMSP');
const network = { channel: 'emr', genesis: sha256('block 0') };
const home = { mspId, network };
const pseudonym = pseudonymSchema.parse('psn-1');
const at = instantSchema.parse('2026-03-01T10:00:00.000Z');
const later = instantSchema.parse('2026-03-01T10:05:00.000Z');
const bytes = Buffer.from('{"resourceType":"Observation"}');
const key = newPrivateKey();

const entryOf = (of = key, changes: object = {}): Device => {
  const { possession: _shown, ...fields } = identifyDevice(of, home, { model: 'glucose-meter' });
  const origin = { requestHash: sha256('request'), actor: { kind: 'administrator', mspId, keyHash: sha256('key') } };
  const entry = { schemaVersion: 1, mspId, ...fields, state: 'active', attestedAt: at, changedAt: at, origin };
  return deviceSchema.parse({ ...entry, ...changes });
};

/** A document as a reader of it has opened it, and what a device has signed for it. */
async function opened(
  changes: { readonly document?: Uint8Array; readonly salt?: Uint8Array; readonly signedBy?: SignedByDevice } = {},
): Promise<MadeDocument> {
  const nonce = idNonceSchema.parse('A'.repeat(22));
  const { recordId, device } = changes.signedBy ?? (await signAsDevice(key, home, { pseudonym, bytes, observedAt: at, nonce }));
  const version = versionIdentityOf(network, { pseudonym, recordId, version: 1 });
  const dataKey = newDataKey();
  const { contentSalt, ...signed } = device;
  const salt = changes.salt ?? base64urlBytes(contentSalt);
  const made = {
    ...{ pseudonym, recordId, version: 1, at },
    contentCommitment: await contentCommitment(base64urlBytes(contentSalt), version, [bytes]),
    device: { ...signed, sealedSalt: encodeBase64url(saltUnderPad(dataKey, version, salt)) },
  };
  // of a record, only these fields are looked at
  return { record: made as unknown as RecordVersion, custodianMspId: mspId, version, dataKey, bytes: changes.document ?? bytes };
}

const refusal = async (asking: Promise<unknown>): Promise<unknown> =>
  asking.then(
    () => 'none',
    (error: unknown) => (error as { readonly code: unknown }).code,
  );

describe('the device that has made a document', () => {
  const revoked = { state: 'revoked', revoked: { at: later, reason: 'lost' } };

  it('is told with its organisation and what it is', async () => {
    const { deviceId } = entryOf();
    const author = { mspId, deviceId, model: 'glucose-meter', by: 'device', of: 'house', observedAt: at };
    expect(await deviceAuthorOf(await opened(), entryOf(), { device: entryOf() })).toEqual(author);
    expect(await deviceAuthorOf(await opened(), entryOf(), undefined)).toEqual(author);
    const own = entryOf(key, { pseudonym });
    expect(await deviceAuthorOf(await opened(), own, { device: own })).toMatchObject({ of: 'patient' });
  });

  it('is no device where the patient has written it, whoever would have it be one', async () => {
    const { possession: _shown, ...said } = identifyDevice(key, home, { model: 'phone', pseudonym }, 'patient');
    const entry = entryOf(key, said);
    const signedBy = await signAsDevice(key, home, { pseudonym, bytes, observedAt: at, by: 'patient' });
    expect(await deviceAuthorOf(await opened({ signedBy }), entry, { device: entry })).toMatchObject({ by: 'patient', of: 'patient' });
    // the entry without its patient, and the same key as a device
    const { pseudonym: _named, ...unnamed } = entry;
    const nobodys = deviceSchema.parse(unnamed);
    expect(await refusal(deviceAuthorOf(await opened({ signedBy }), nobodys, { device: nobodys }))).toBe('DEVICE_SIGNATURE_INVALID');
    const asDevice = entryOf(key, { pseudonym });
    expect(await refusal(deviceAuthorOf(await opened({ signedBy }), asDevice, { device: asDevice }))).toBe('ANSWER_DIFFERS');
    const renamed = { ...signedBy, device: { ...signedBy.device, deviceId: asDevice.deviceId } };
    const answer = deviceAuthorOf(await opened({ signedBy: renamed }), asDevice, { device: asDevice });
    expect(await refusal(answer)).toBe('DEVICE_SIGNATURE_INVALID');
  });

  it('is told with its revocation since, whoever of the two knows of it', async () => {
    for (const [own, seen] of [
      [entryOf(key, revoked), entryOf()],
      [entryOf(), entryOf(key, revoked)],
    ] as const)
      expect(await deviceAuthorOf(await opened(), own, { device: seen })).toMatchObject({ revoked: revoked.revoked });
  });

  it.each<readonly [string, ErrorCode, Parameters<typeof opened>[0], Device | undefined, Device | undefined]>([
    ['another document was opened', 'DEVICE_SIGNATURE_INVALID', { document: Buffer.from('{}') }, entryOf(), entryOf()],
    ['another salt was sealed', 'DEVICE_SIGNATURE_INVALID', { salt: newSalt() }, entryOf(), entryOf()],
    ['the node has no entry of it', 'ANSWER_DIFFERS', {}, undefined, entryOf()],
    ['the witness has no entry of it', 'ANSWER_DIFFERS', {}, entryOf(), undefined],
    ['the node shows another device', 'ANSWER_DIFFERS', {}, entryOf(newPrivateKey()), entryOf()],
    ['the node calls it something else', 'ANSWER_DIFFERS', {}, entryOf(key, { model: 'ventilator' }), entryOf()],
    ['the node calls it a patient’s own', 'ANSWER_DIFFERS', {}, entryOf(key, { pseudonym: 'psn-1' }), entryOf()],
    ['the entry is another organisation’s', 'ANSWER_DIFFERS', {}, entryOf(key, { mspId: 'BMSP' }), entryOf()],
    ['nobody has confirmed it', 'DEVICE_PENDING', {}, entryOf(key, { state: 'pending' }), entryOf(key, { state: 'pending' })],
    [
      'it is another patient’s own',
      'DEVICE_OF_ANOTHER_PATIENT',
      {},
      entryOf(key, { pseudonym: 'psn-2' }),
      entryOf(key, { pseudonym: 'psn-2' }),
    ],
  ])('is refused where %s', async (_what, code, changes, own, seen) => {
    const answer = seen === undefined ? {} : { device: seen };
    expect(await refusal(deviceAuthorOf(await opened(changes), own, answer))).toBe(code);
  });

  it('is refused where everybody’s entry has another key under its id', async () => {
    const other = newPrivateKey();
    const forged = entryOf(other, { deviceId: entryOf().deviceId });
    const signed = await signAsDevice(other, home, { pseudonym, bytes, observedAt: at });
    const signedBy = { ...signed, device: { ...signed.device, deviceId: forged.deviceId } };
    expect(await refusal(deviceAuthorOf(await opened({ signedBy }), forged, { device: forged }))).toBe('DEVICE_SIGNATURE_INVALID');
  });

  it('is refused where it was revoked before the record was published', async () => {
    const before = { at: instantSchema.parse('2026-03-01T09:55:00.000Z'), reason: 'lost' };
    const entry = entryOf(key, { state: 'revoked', revoked: before });
    expect(await refusal(deviceAuthorOf(await opened(), entry, { device: entry }))).toBe('DEVICE_REVOKED');
  });
});

describe('a salt under the pad of a data key', () => {
  const version = versionIdentityOf(network, { pseudonym, recordId: 'rec-1' as never, version: 1 });
  it('comes back with the same key and version, and with no other', () => {
    const [dataKey, salt] = [newDataKey(), newSalt()];
    const sealed = saltUnderPad(dataKey, version, salt);
    expect(sealed).not.toEqual(salt);
    expect(saltUnderPad(dataKey, version, sealed)).toEqual(salt);
    expect(saltUnderPad(newDataKey(), version, sealed)).not.toEqual(salt);
    expect(saltUnderPad(dataKey, { ...version, version: 2 }, sealed)).not.toEqual(salt);
  });
  it('is one of 32 bytes', () => {
    expect(() => saltUnderPad(newDataKey(), version, newSalt().subarray(1))).toThrow(RangeError);
  });
});
