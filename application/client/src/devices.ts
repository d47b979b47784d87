import { z } from 'zod';
import {
  type ChannelBinding,
  contributorIdOf,
  type DeviceId,
  deviceIdOf,
  encodeBase64url,
  hashOfKey,
  hashOfVersion,
  type IdNonce,
  idNonceSchema,
  type Input,
  type Instant,
  type MspId,
  type Pseudonym,
  pseudonymSchema,
  type PublicKey,
  type RecordId,
  recordIdOf,
  recordIdSchema,
  statementText,
  transactions,
  versionIdentityOf,
} from '@lianyi/domain';
import { deviceKeyStatementOf, observationStatementOf } from '@lianyi/domain/deciding';
import { type PrivateKey } from './crypto/private-key';
import { contentCommitment, newSalt } from './envelope/data-key';
import { deviceSignedSchema } from './member-api/schemas';
import { publicKeyOf, signText } from './signing/p256';
import { newIdNonce } from './signing/random-id';

// `@lianyi/client/devices`: what runs on a device, or on what it is connected to.

/** Where a device belongs: the organisation that vouches for it, on which ledger. */
export interface DeviceHome {
  readonly mspId: MspId;
  readonly network: ChannelBinding;
}

/** Whose key it is: a device's, or that of a patient who contributes their own word. */
export type AuthorKind = 'device' | 'patient';

function authorIdOf(kind: AuthorKind, mspId: MspId, publicKey: PublicKey): DeviceId {
  const owner = { mspId, publicKeyHash: hashOfKey(publicKey) };
  return kind === 'patient' ? contributorIdOf(owner) : deviceIdOf(owner);
}

/** What an organisation is shown of a device to vouch for it: nothing secret. */
export const deviceIdentitySchema = transactions.AttestDevice.request;
export type DeviceIdentity = Input<typeof transactions.AttestDevice>;

/**
 * Says who a device is, or a patient who contributes, and shows that it has its key.
 * @param about - a word for what it is; the pseudonym of the one patient whose it is, left out for a device of the house
 * @param kind - a patient has a pseudonym
 * @throws ZodError — the word or the pseudonym is malformed
 */
export function identifyDevice(
  key: PrivateKey,
  { mspId, network }: DeviceHome,
  about: { readonly model: string; readonly pseudonym?: Pseudonym | undefined },
  kind: AuthorKind = 'device',
): DeviceIdentity {
  const publicKey = publicKeyOf(key);
  const deviceId = authorIdOf(kind, mspId, publicKey);
  const possession = signText(key, statementText(deviceKeyStatementOf(network, deviceId)));
  const { model, pseudonym } = about;
  return deviceIdentitySchema.parse({ deviceId, publicKey, model, ...(pseudonym === undefined ? {} : { pseudonym }), possession });
}

/** What a device hands over beside a document: for which version of which record of whom it was signed. Its salt is as secret as the document. */
export const signedByDeviceSchema = z
  .strictObject({
    pseudonym: pseudonymSchema,
    recordId: recordIdSchema,
    /** Of a new record. */
    nonce: idNonceSchema.exactOptional(),
    /** Of a new version of a record. */
    previousVersion: z.int().min(1).exactOptional(),
    device: deviceSignedSchema,
  })
  .refine(
    ({ nonce, previousVersion }) => (nonce === undefined) !== (previousVersion === undefined),
    'either a nonce (new record) or previousVersion',
  );
export type SignedByDevice = z.output<typeof signedByDeviceSchema>;

/** What a device has observed, and of whom. */
export interface ObservedDocument {
  readonly pseudonym: Pseudonym;
  /** The very bytes that are to be published. */
  readonly bytes: Uint8Array;
  readonly observedAt: Instant;
  /** Given: the new version of a record; left out: a new one. */
  readonly amends?: { readonly recordId: RecordId; readonly previousVersion: number } | undefined;
  /** Of the new record; left out: made up. */
  readonly nonce?: IdNonce | undefined;
  /** Who signs; left out: a device. */
  readonly by?: AuthorKind | undefined;
}

/** Signs a document as the device, or the patient, that has made it, for one version of one record of one patient: nothing else can be made of the signature. */
export async function signAsDevice(key: PrivateKey, { mspId, network }: DeviceHome, observed: ObservedDocument): Promise<SignedByDevice> {
  const { pseudonym, bytes, observedAt, amends, nonce = newIdNonce(), by = 'device' } = observed;
  const recordId = amends?.recordId ?? recordIdOf({ mspId, pseudonym, nonce });
  const version = versionIdentityOf(network, { pseudonym, recordId, version: (amends?.previousVersion ?? 0) + 1 });
  const salt = newSalt();
  const device = { deviceId: authorIdOf(by, mspId, publicKeyOf(key)), observedAt };
  const statement = observationStatementOf({
    versionHash: hashOfVersion(version),
    contentCommitment: await contentCommitment(salt, version, [bytes]),
    device,
  });
  const signed = { ...device, signature: signText(key, statementText(statement)), contentSalt: encodeBase64url(salt) };
  const of = amends === undefined ? { nonce } : { previousVersion: amends.previousVersion };
  return signedByDeviceSchema.parse({ pseudonym, recordId, ...of, device: signed });
}
