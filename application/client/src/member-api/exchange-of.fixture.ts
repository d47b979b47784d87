import { checkDocument } from '@lianyi/documents';
import {
  canonicalJson,
  contentOf,
  encodeBase64url,
  hashOfKey,
  hashOfVersion,
  idNonceSchema,
  mspIdSchema,
  pseudonymSchema,
  recordIdSchema,
  recordVersionSchema,
  releaseIdSchema,
  type Sha256,
  sha256,
  sizeBucketOf,
  ticketIdSchema,
  transactions,
  versionIdentityOf,
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
export const nonce = idNonceSchema.parse('A'.repeat(22));
export const ticketId = ticketIdSchema.parse('ticket-1');
export const genesis = sha256('block 0');
export const network = { channel: 'emr', chaincode: 'emr', genesis };
/** The version that an honest node prepares. */
export const firstVersion = versionIdentityOf(network, { pseudonym, recordId, version: 1 });
export const document = new TextEncoder().encode('{"resourceType":"Observation","status":"final","code":{"text":"a"}}');
const at = '2026-11-22T08:00:00.000Z';

/** What a node prepared for a document. */
export interface Preparation {
  readonly prepared: PreparedRecord;
  readonly dataKey: Uint8Array;
  readonly sealed: Uint8Array;
}

/** An honest node's preparation. @param version - which it prepares; an amendment lacks what replaces the nonce */
export async function preparation(bytes = document, version = firstVersion): Promise<Preparation> {
  const dataKey = newDataKey();
  const salt = newSalt();
  const { class: recordClass, category, dataLevel, confidentiality, format, displayProfile, contentType } = checkDocument(bytes);
  const context = objectContext({ ...version, custodianMspId: custodian, contentType });
  const sealed = await sealBytes({ key: dataKey, context }, bytes);
  const vaults = [custodian, witnessOrganisation].map((mspId) => ({ mspId, endpointId: 'vault' }));
  const input = {
    ...{ pseudonym: version.pseudonym, recordId: version.recordId, ...(version.version === 1 ? { nonce } : {}) },
    ...{ class: recordClass, category, dataLevel, confidentiality, format, displayProfile },
    sizeBucket: sizeBucketOf(sealed.length),
    cipherSha256: sha256(sealed),
    contentCommitment: await contentCommitment(salt, version, [bytes]),
    dekCommitment: dekCommitment(dataKey, version),
    keyEpoch: 1,
    locators: vaults,
    receipts: vaults.map((vault) => ({
      statement: {
        ...{ t: 'lianyi/receipt/v1', objectSha256: sha256(sealed), versionHash: hashOfVersion(version) },
        ...{ sizeBytes: sealed.length, ...vault, storedAt: at },
      },
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
  const content = { pseudonym, recordId, ...contentOf(transactions.AnchorRecord.request.parse(prepared.input)) };
  const record = recordVersionSchema.parse({ schemaVersion: 1, version: 1, operation: 'anchor', at, origin, ...content });
  const recipient = { kind: 'release', ...versionIdentityOf(network, record), dekCommitment: record.dekCommitment } as const;
  const sealedKey = await wrapDataKey(dataKey, publicKeyOf(ephemeralKey), { ...recipient, mspId: reader, ticketId });
  const releaseId = releaseIdSchema.parse('release-1');
  const statement = releaseStatementOf(record, { ...network, ticketId, releaseId, sealedSha256: sha256(sealedKey) });
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
