import { checkDocument } from '@lianyi/documents';
import {
  canonicalJson,
  encodeBase64url,
  hashOfKey,
  mspIdSchema,
  pseudonymSchema,
  recordIdSchema,
  recordVersionSchema,
  releaseIdSchema,
  type Sha256,
  sha256,
  sizeBucketOf,
  ticketIdSchema,
} from '@lianyi/domain';
import { type PrivateKey } from '../crypto/private-key';
import { sealBytes } from '../envelope/cobblestone';
import { contentCommitment, dekCommitment, newDataKey, newSalt, objectContext } from '../envelope/data-key';
import { wrapDataKey } from '../envelope/key-wrap';
import { newPrivateKey, publicKeyOf, signText } from '../signing/p256';
import { releaseStatementOf } from './released-document';
import {
  type DocumentHeader,
  documentHeaderSchema,
  type PreparedRecord,
  preparedSchema,
  type WitnessedRelease,
  witnessedReleaseSchema,
} from './schemas';

export const custodian = mspIdSchema.parse('HospitalAMSP');
export const reader = mspIdSchema.parse('HospitalBMSP');
export const witnessOrganisation = mspIdSchema.parse('HospitalCMSP');
export const pseudonym = pseudonymSchema.parse('pseudonym-1');
export const recordId = recordIdSchema.parse('record-1');
export const ticketId = ticketIdSchema.parse('ticket-1');
export const genesis = sha256('block 0');
export const network = { channel: 'emr', chaincode: 'emr', genesis };
export const document = new TextEncoder().encode('{"resourceType":"Observation","status":"final","code":{"text":"a"}}');
const at = '2026-11-22T08:00:00.000Z';

/** What a node prepared for a document. */
export interface Preparation {
  readonly prepared: PreparedRecord;
  readonly dataKey: Uint8Array;
  readonly sealed: Uint8Array;
}

/** An honest node's preparation. */
export async function preparation(bytes = document, ids = { pseudonym, recordId }): Promise<Preparation> {
  const dataKey = newDataKey();
  const salt = newSalt();
  const { class: recordClass, category, dataLevel, confidentiality, format, displayProfile, contentType } = checkDocument(bytes);
  const context = objectContext({ recordId: ids.recordId, version: 1, custodianMspId: custodian, contentType });
  const sealed = await sealBytes({ key: dataKey, context }, bytes);
  const vaults = [custodian, witnessOrganisation].map((mspId) => ({ mspId, endpointId: 'vault' }));
  const input = {
    ...ids,
    ...{ class: recordClass, category, dataLevel, confidentiality, format, displayProfile },
    sizeBucket: sizeBucketOf(sealed.length),
    cipherSha256: sha256(sealed),
    contentCommitment: await contentCommitment(salt, [bytes]),
    dekCommitment: dekCommitment(dataKey, ids.recordId),
    keyEpoch: 1,
    locators: vaults,
    receipts: vaults.map((vault) => ({
      statement: { t: 'lianyi/receipt/v1', objectSha256: sha256(sealed), sizeBytes: sealed.length, ...vault, storedAt: at },
      signature: encodeBase64url(new Uint8Array(64)),
    })),
  };
  const prepared = preparedSchema.parse({ transaction: 'AnchorRecord', input, contentSalt: encodeBase64url(salt) });
  return { prepared, dataKey, sealed };
}

/** A release as an honest node hands it to the reader, and as an honest witness has it. */
export interface Exchange {
  readonly header: DocumentHeader;
  readonly ciphertext: Uint8Array;
  readonly witnessed: WitnessedRelease;
}

/** @param serviceKey - the staff key of the custodian's key service, or of whoever forges a release */
export async function exchangeOf(
  ephemeralKey: PrivateKey,
  { prepared, dataKey, sealed }: Preparation,
  serviceKey: PrivateKey = newPrivateKey(),
): Promise<Exchange> {
  const origin = { requestHash: genesis, actor: { kind: 'staff', mspId: custodian, actorTag: 'author-1' } };
  const record = recordVersionSchema.parse({ schemaVersion: 1, version: 1, operation: 'anchor', at, origin, ...prepared.input });
  const recipient = {
    kind: 'release',
    channel: 'emr',
    recordId: record.recordId,
    version: 1,
    dekCommitment: record.dekCommitment,
  } as const;
  const sealedKey = await wrapDataKey(dataKey, publicKeyOf(ephemeralKey), { ...recipient, mspId: reader, ticketId });
  const releaseId = releaseIdSchema.parse('release-1');
  const statement = releaseStatementOf(record, { channel: 'emr', genesis, ticketId, releaseId, sealedSha256: sha256(sealedKey) });
  const attestation = { statement, publicKey: publicKeyOf(serviceKey), signature: signText(serviceKey, canonicalJson(statement)) };
  const source = { mspId: custodian, endpointId: 'vault' };
  const key = { releaseId, sealedKey: encodeBase64url(sealedKey), transactionId: 'tx', attestation };
  const header = documentHeaderSchema.parse({ record, custodianMspId: custodian, key, source, rejected: [] });
  return { header, ciphertext: sealed, witnessed: witnessedOf(header, ephemeralKey, statement.sealedSha256) };
}

function witnessedOf({ record, key }: DocumentHeader, ephemeralKey: PrivateKey, sealedSha256: Sha256): WitnessedRelease {
  const staff = { kind: 'staff', mspId: reader, actorTag: 'cardiologist-1' };
  const service = { mspId: custodian, actorTag: 'key-service' };
  const ticket = {
    ...{ schemaVersion: 1, ticketId, pseudonym: record.pseudonym, recordIds: [record.recordId], purpose: 'TREAT' },
    actor: { mspId: reader, actorTag: 'cardiologist-1', roles: ['clinician'], department: 'cardiology' },
    ...{ ephemeralPublicKey: publicKeyOf(ephemeralKey), requestedAt: at, origin: { requestHash: genesis, actor: staff } },
    ...{ decision: 'permit', custodianMspId: custodian, recordVersions: [1], provisionIds: ['treatment'], grantVersions: [] },
    ...{ expiresAt: '2026-11-22T08:15:00.000Z', state: 'open' },
  };
  const origin = { requestHash: genesis, actor: { kind: 'staff', ...service } };
  const { releaseId } = key;
  const release = { schemaVersion: 1, ticketId, releaseId, recordId: record.recordId, sealedSha256, service, at, origin };
  return witnessedReleaseSchema.parse({
    ticket,
    record,
    release,
    service: { ...service, publicKeyHash: hashOfKey(key.attestation.publicKey) },
  });
}
