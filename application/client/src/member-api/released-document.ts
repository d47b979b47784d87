import {
  isContributorId,
  canonicalJson,
  type ChannelBinding,
  type Device,
  type DeviceId,
  DomainError,
  hashOfKey,
  hashOfVersion,
  type Instant,
  type MspId,
  type PublicKey,
  type Pseudonym,
  type RecordId,
  type RecordVersion,
  sha256,
  type TicketId,
  verifySignature,
  type VersionIdentity,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { contentCommitment, saltUnderPad } from '../envelope/data-key';
import { type DocumentHeader, type ReleaseStatement, type ResultHeader, type WitnessedRelease } from './schemas';

/** Which document the reader asked for, and as whom. */
export interface AskedDocument {
  readonly ticketId: TicketId;
  readonly recordId: RecordId;
  /** The patient of whose record the ticket was asked. */
  readonly pseudonym: Pseudonym;
  /** The channel on which it was asked. */
  readonly network: ChannelBinding;
  /** The reader's own organisation. */
  readonly mspId: MspId;
  /** Of the ephemeral key that only the reader has. */
  readonly ephemeralPublicKey: PublicKey;
}

/** What the node of a reader handed back differs from what was asked, from itself, or from what another member's node says. */
export function answerDiffers(field: string): DomainError {
  return new DomainError('ANSWER_DIFFERS', undefined, { field });
}

/** What a released key is for: a record's version, or a pointer's, whose rows were sealed for this release alone. */
type Released = Pick<RecordVersion, 'pseudonym' | 'recordId' | 'version' | 'cipherSha256' | 'dekCommitment'>;

/** What a custodian's key service signs about the key that it sealed: a node on the way can exchange none of it. */
export function releaseStatementOf(
  record: Released,
  release: Pick<ReleaseStatement, 'channel' | 'genesis' | 'ticketId' | 'releaseId' | 'sealedSha256'>,
): ReleaseStatement {
  const { pseudonym, recordId, version, cipherSha256, dekCommitment } = record;
  const { channel, genesis, ticketId, releaseId, sealedSha256 } = release;
  const place = { channel, genesis, ticketId, releaseId };
  return { t: 'lianyi/release/v1', ...place, pseudonym, recordId, version, cipherSha256, dekCommitment, sealedSha256 };
}

/**
 * Compares an answer with what was asked, and each of its parts with what the custodian's key service signed. Whether that key is the
 * custodian's, only the ledger can say: see {@link assertWitnessed}.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — with the field
 */
export function assertAnswersAsked(
  { record, key }: { readonly record: Released; readonly key: DocumentHeader['key'] },
  asked: AskedDocument,
): void {
  for (const field of ['pseudonym', 'recordId'] as const) if (record[field] !== asked[field]) throw answerDiffers(`record.${field}`);
  const { statement, publicKey, signature } = key.attestation;
  const { network, ticketId } = asked;
  const sealedSha256 = sha256(base64urlBytes(key.sealedKey));
  const expected = releaseStatementOf(record, { ...network, ticketId, releaseId: key.releaseId, sealedSha256 });
  if (canonicalJson(statement) !== canonicalJson(expected)) throw answerDiffers(`attestation.${differingField(statement, expected)}`);
  if (!verifySignature(publicKey, canonicalJson(statement), signature)) throw answerDiffers('attestation.signature');
}

/**
 * Compares an answer with what another member's node says the ledger has: the ticket is the one the reader signed, the record is this
 * version of this record, and the key is the one whose hash the custodian's registered key service committed.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — with the field
 */
export function assertWitnessed(
  header: Pick<DocumentHeader, 'key' | 'custodianMspId'> & { readonly record: DocumentHeader['record'] | ResultHeader['pointer'] },
  asked: AskedDocument,
  { ticket, record, release, service }: WitnessedRelease,
): void {
  const { key } = header;
  const recordVersion = ticket.decision === 'permit' ? ticket.recordVersions[ticket.recordIds.indexOf(asked.recordId)] : undefined;
  const same: Readonly<Record<string, readonly [unknown, unknown]>> = {
    'ticket.ticketId': [ticket.ticketId, asked.ticketId],
    'ticket.pseudonym': [ticket.pseudonym, asked.pseudonym],
    'ticket.actor': [ticket.actor.mspId, asked.mspId],
    'ticket.ephemeralPublicKey': [ticket.ephemeralPublicKey, asked.ephemeralPublicKey],
    'ticket.custodianMspId': [ticket.decision === 'permit' ? ticket.custodianMspId : undefined, header.custodianMspId],
    'ticket.recordVersions': [recordVersion, header.record.version],
    record: [canonicalJson(record), canonicalJson(header.record)],
    'release.ticketId': [release.ticketId, asked.ticketId],
    'release.recordId': [release.recordId, asked.recordId],
    'release.releaseId': [release.releaseId, key.releaseId],
    'release.sealedSha256': [release.sealedSha256, key.attestation.statement.sealedSha256],
    'release.service': [release.service.mspId, header.custodianMspId],
    'service.actorTag': [`${service.mspId}:${service.actorTag}`, `${release.service.mspId}:${release.service.actorTag}`],
    'service.publicKeyHash': [service.publicKeyHash, hashOfKey(key.attestation.publicKey)],
  };
  const differing = Object.entries(same).find(([, [seen, expected]]) => seen !== expected);
  if (differing !== undefined) throw answerDiffers(differing[0]);
}

function differingField(left: object, right: object): string {
  const valueIn = (value: object, key: string): unknown => (Object.entries(value).find(([name]) => name === key) ?? [])[1];
  return Object.keys(right).find((key) => valueIn(left, key) !== valueIn(right, key)) ?? 'statement';
}

/** A device that has made a document, or the patient. */
export interface DeviceAuthor {
  /** Whose device it is. */
  readonly mspId: MspId;
  readonly deviceId: DeviceId;
  readonly model: string;
  /** `patient`: the document is the patient's own word, contributed by them; `device`: a device has made it. */
  readonly by: 'device' | 'patient';
  /** `house`: it is taken from patient to patient; `patient`: it is attested for this one alone. */
  readonly of: 'house' | 'patient';
  /** When the device says that it has observed. */
  readonly observedAt: Instant;
  /** Present: it has been revoked since the document was published, when and why. */
  readonly revoked?: NonNullable<Device['revoked']>;
}

/** A document that was opened, and the key that opened it. */
export interface MadeDocument {
  readonly record: RecordVersion;
  readonly custodianMspId: MspId;
  readonly version: VersionIdentity;
  readonly dataKey: Uint8Array;
  readonly bytes: Uint8Array;
}

/**
 * Checks that the device which a record names has made the document that was opened.
 * @param device - its entry, as the own node has it
 * @param seen - what a witness has; undefined: nobody was asked. Of the two the one that knows of a revocation is believed
 * @throws {@link DomainError} `ANSWER_DIFFERS` — no entry of the device, or another one than the witness has; `DEVICE_SIGNATURE_INVALID`,
 * `DEVICE_OF_ANOTHER_PATIENT`, `DEVICE_PENDING`, `DEVICE_REVOKED` — by the rules of the ledger
 */
export async function deviceAuthorOf(
  { record, custodianMspId, version, dataKey, bytes }: MadeDocument,
  device: Device | undefined,
  seen: { readonly device?: Device } | undefined,
): Promise<DeviceAuthor> {
  const named = record.device;
  if (named === undefined || device?.mspId !== custodianMspId || device.deviceId !== named.deviceId) throw answerDiffers('device');
  if (seen !== undefined) assertSameDevice(device, seen.device);
  // loaded where a record names a device: what decides access comes with it
  const { assertMadeBy, assertNotAfterRevocation } = await import('@lianyi/domain/deciding');
  const salt = saltUnderPad(dataKey, version, base64urlBytes(named.sealedSalt));
  const { pseudonym } = record;
  const { deviceId, state } = device;
  // what the ledger was shown is the commitment; that it is to this document, only who opens it can tell
  if ((await contentCommitment(salt, version, [bytes])) !== record.contentCommitment)
    throw new DomainError('DEVICE_SIGNATURE_INVALID', 'the device has signed another document', { deviceId });
  assertMadeBy(device, { pseudonym, versionHash: hashOfVersion(version), contentCommitment: record.contentCommitment, device: named });
  if (state === 'pending') throw new DomainError('DEVICE_PENDING', undefined, { deviceId });
  const since = revocationOf(device, seen?.device);
  assertNotAfterRevocation({ deviceId, ...since }, record.at);
  const of = device.pseudonym === undefined ? 'house' : 'patient';
  const by = isContributorId(deviceId) ? 'patient' : 'device';
  return { mspId: custodianMspId, deviceId, by, model: device.model, of, observedAt: named.observedAt, ...since };
}

function revocationOf(device: Device, seen: Device | undefined): Pick<Device, 'revoked'> {
  const revoked = device.revoked ?? seen?.revoked;
  return revoked === undefined ? {} : { revoked };
}

/** All that never changes of an entry; a peer may lag behind in the rest. */
function assertSameDevice(device: Device, seen: Device | undefined): void {
  for (const field of ['mspId', 'deviceId', 'publicKey', 'model', 'pseudonym'] as const)
    if (device[field] !== seen?.[field]) throw answerDiffers(`device.${field}`);
}
