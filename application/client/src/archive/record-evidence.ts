import {
  canonicalJson,
  DomainError,
  encodeBase64url,
  endpointIdSchema,
  hashOfKey,
  hashOfVersion,
  isSignedBy,
  mspIdSchema,
  nameSchema,
  publicKeySchema,
  recordVersionSchema,
  type Receipt,
  type Sha256,
  sha256,
  sha256Schema,
  verifySignature,
  versionIdentityOf,
} from '@lianyi/domain';
import { z } from 'zod';
import { base64urlBytes } from '../crypto/bytes';
import { collectBytes, KEY_BYTES, SALT_BYTES, sealStreamWithSalt } from '../envelope/cobblestone';
import { contentTypes, dekCommitment, objectContext } from '../envelope/data-key';
import { type KeptProof, type OpenedDocument } from '../member-api/member-node-client';
import { releaseStatementOf } from '../member-api/released-document';
import { releaseAttestationSchema, witnessedReleaseSchema } from '../member-api/schemas';

const bytesOf = (length: number): z.ZodType<string> =>
  z
    .string()
    .max(64)
    .refine((text) => /^[A-Za-z0-9_-]+$/.test(text) && base64urlBytes(text).length === length, `not base64url of ${length} bytes`);

/** What opens one object, as long as its document is at hand: with both the very ciphertext is made again. */
const sealSchema = z.strictObject({ dataKey: bytesOf(KEY_BYTES), salt: bytesOf(SALT_BYTES) });

const vaultSchema = z.strictObject({ mspId: mspIdSchema, endpointId: endpointIdSchema, receiptPublicKey: publicKeySchema });
export type Vault = z.output<typeof vaultSchema>;

/**
 * What proves, with the document and without a network, that it is the one that the ledger has: the ledger's entry of just that version, what makes the
 * object of it again, and the words of those who have signed for the object.
 */
export const recordEvidenceSchema = z.strictObject({
  t: z.literal('lianyi/archived-record/v1'),
  channel: nameSchema,
  genesis: sha256Schema,
  custodianMspId: mspIdSchema,
  record: recordVersionSchema,
  /** The hospital has retracted the record since; this is the last version that it had. */
  isRetracted: z.boolean(),
  seal: sealSchema,
  /** Of the custodian's key service. */
  release: z.strictObject({ transactionId: z.string().max(128), attestation: releaseAttestationSchema }),
  /** What another member's node has said that the ledger has of that release; absent: nobody was asked. */
  witness: z.strictObject({ mspId: mspIdSchema, told: witnessedReleaseSchema }).exactOptional(),
  /** Those where the object lies, with the keys by which their receipts are signed; one that has another key by now is left out. */
  vaults: z.array(vaultSchema).max(8),
});
export type RecordEvidence = z.output<typeof recordEvidenceSchema>;

/** What of a document the evidence has proved. */
export interface ProvedRecord {
  readonly recordId: string;
  readonly version: number;
  readonly custodianMspId: string;
  readonly isRetracted: boolean;
  /** Of the key service that has released the key: whose it is only the ledger tells, or who knows the hash from elsewhere. */
  readonly serviceKeyHash: Sha256;
  /** Whose vaults have signed that they hold this object. */
  readonly vaultMspIds: readonly string[];
  readonly witnessMspId?: string;
}

/** What an opened record's evidence is made of. */
export type EvidenceParts = Pick<RecordEvidence, 'channel' | 'genesis' | 'isRetracted'> & {
  readonly opened: Pick<OpenedDocument, 'record' | 'custodianMspId' | 'releaseTransactionId' | 'witnessMspId'> & {
    readonly kept: KeptProof;
  };
  /** As the directory has them. */
  readonly vaults: readonly Vault[];
};

/** Evidence of a document that was opened for its patient. */
export function recordEvidenceOf({ channel, genesis, isRetracted, opened, vaults }: EvidenceParts): RecordEvidence {
  const { record, custodianMspId, releaseTransactionId: transactionId, witnessMspId, kept } = opened;
  const { dataKey, salt, attestation, told } = kept;
  return {
    ...{ t: 'lianyi/archived-record/v1', channel, genesis, custodianMspId, record, isRetracted },
    seal: { dataKey: encodeBase64url(dataKey), salt: encodeBase64url(salt) },
    release: { transactionId, attestation },
    ...(told === undefined || witnessMspId === undefined ? {} : { witness: { mspId: witnessMspId, told } }),
    vaults: vaults.filter((vault) =>
      record.receipts.some((receipt) => isReceiptOf(vault, receipt) && isSignedBy(vault.receiptPublicKey, receipt)),
    ),
  };
}

function isReceiptOf(place: Pick<Vault, 'mspId' | 'endpointId'>, { statement }: Receipt): boolean {
  return place.mspId === statement.mspId && place.endpointId === statement.endpointId;
}

/** A fault of an archive, by the file that has it. @param obstacle - what is wrong; no value of the file */
export function archiveBroken(file: string, obstacle: string, cause?: unknown): DomainError {
  return new DomainError('ARCHIVE_BROKEN', undefined, { file, obstacle }, { cause });
}

/**
 * Holds a document against its evidence: sealed anew with its own key and salt it is the object whose hash the ledger has, for which the key service and
 * two members' vaults at least have signed.
 * @throws {@link DomainError} `ARCHIVE_BROKEN`
 */
export async function proveRecord(
  file: { readonly name: string; readonly evidenceName: string },
  bytes: Uint8Array,
  evidence: RecordEvidence,
): Promise<ProvedRecord> {
  const { record, custodianMspId, seal, release, isRetracted, witness } = evidence;
  const version = versionIdentityOf(evidence, record);
  const dataKey = base64urlBytes(seal.dataKey);
  const fault = (obstacle: string): DomainError => archiveBroken(file.evidenceName, obstacle);
  if (dekCommitment(dataKey, version) !== record.dekCommitment) throw fault('data-key');
  const contentType = contentTypes.get(record.format);
  if (contentType === undefined) throw fault('unknown-format');
  const context = objectContext({ ...version, custodianMspId, contentType });
  const object = await collectBytes(sealStreamWithSalt({ key: dataKey, context }, [bytes], base64urlBytes(seal.salt)));
  if (sha256(object) !== record.cipherSha256) throw archiveBroken(file.name, 'not-the-document');
  assertReleased(evidence, fault);
  assertStored(evidence, fault);
  if (witness !== undefined) assertTold(evidence, witness.told, fault);
  return {
    ...{ recordId: record.recordId, version: record.version, custodianMspId, isRetracted },
    serviceKeyHash: hashOfKey(release.attestation.publicKey),
    vaultMspIds: [...new Set(evidence.vaults.map(({ mspId }) => mspId))].sort(),
    ...(witness === undefined ? {} : { witnessMspId: witness.mspId }),
  };
}

type Fault = (obstacle: string) => DomainError;

function assertReleased({ record, channel, genesis, release: { attestation } }: RecordEvidence, fault: Fault): void {
  const { statement, publicKey, signature } = attestation;
  const { ticketId, releaseId, sealedSha256 } = statement;
  const expected = releaseStatementOf(record, { channel, genesis, ticketId, releaseId, sealedSha256 });
  if (canonicalJson(statement) !== canonicalJson(expected)) throw fault('release-of-another');
  if (!verifySignature(publicKey, canonicalJson(statement), signature)) throw fault('release-signature');
}

/** Each place has given its receipt for this object of this version; where the key is there, it has signed it. */
function assertStored({ record, vaults, ...network }: RecordEvidence, fault: Fault): void {
  const versionHash = hashOfVersion(versionIdentityOf(network, record));
  for (const { mspId, endpointId } of record.locators) {
    const receipt = record.receipts.find((each) => isReceiptOf({ mspId, endpointId }, each));
    const isOfThis = receipt?.statement.objectSha256 === record.cipherSha256 && receipt.statement.versionHash === versionHash;
    if (receipt === undefined || !isOfThis) throw fault('receipt-of-another');
    const key = vaults.find((vault) => isReceiptOf(vault, receipt))?.receiptPublicKey;
    if (key !== undefined && !isSignedBy(key, receipt)) throw fault('receipt-signature');
  }
}

function assertTold({ record, release }: RecordEvidence, told: NonNullable<RecordEvidence['witness']>['told'], fault: Fault): void {
  const { statement, publicKey } = release.attestation;
  const same =
    canonicalJson(told.record) === canonicalJson(record) &&
    told.ticket.ticketId === statement.ticketId &&
    told.release.releaseId === statement.releaseId &&
    told.release.sealedSha256 === statement.sealedSha256 &&
    told.service.publicKeyHash === hashOfKey(publicKey);
  if (!same) throw fault('witness-of-another');
}
