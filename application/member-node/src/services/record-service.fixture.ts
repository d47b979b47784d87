import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { newPrivateKey, type PrepareInput, prepareInputSchema } from '@lianyi/client';
import {
  hashOfVersion,
  idNonceSchema,
  type Instant,
  isReceiptFor,
  mspIdSchema,
  newRequest,
  pseudonymSchema,
  type Receipt,
  receiptSchema,
  recordIdOf,
  Refused,
  type Request,
  type Sha256,
  sha256,
  type StaffProof,
  transactions,
  versionIdentityOf,
} from '@lianyi/domain';
import { Custody } from '../keys/custody';
import { type ObjectClaim } from '../vault/receipt';
import { DocumentChecker } from '@lianyi/documents/document-checker';
import { type Preparation } from './preparations';
import { type StaffRequest } from './record-service';

export const document = readFileSync(resolve(__dirname, '../../../examples/laboratory-report-zh.json'));
export const own = mspIdSchema.parse('HospitalAMSP');
export const identity = { mspId: own, channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
export const pseudonym = pseudonymSchema.parse('pseudonym-1');
export const nonce = idNonceSchema.parse('A'.repeat(22));
export const recordId = recordIdOf({ mspId: own, pseudonym, nonce });

export const versionHashOf = (version: number): Sha256 => hashOfVersion(versionIdentityOf(identity, { pseudonym, recordId, version }));

export const inputFor = (bytes: Buffer, more: object = { nonce }): PrepareInput =>
  prepareInputSchema.parse({ pseudonym, recordId, documentSha256: sha256(bytes), ...more });

/** What a node makes of an anchor that its staff have signed; of the proof no more is read here than its end. */
export function anchorOf(input: object, notAfter: Instant): StaffRequest<typeof transactions.AnchorRecord> {
  const proof = { kind: 'staff', statement: { notAfter } } as StaffProof;
  return { ...newRequest(transactions.AnchorRecord, input as Request<typeof transactions.AnchorRecord>), proof };
}

/** Nobody's signature: a record service looks at none. */
export function receiptOf(mspId: string, said: Pick<Receipt['statement'], 'objectSha256' | 'versionHash' | 'sizeBytes'>): Receipt {
  const statement = { t: 'lianyi/receipt/v1', ...said, mspId, endpointId: 'vault', storedAt: '2026-03-01T10:00:00.000Z' };
  return receiptSchema.parse({ statement, signature: Buffer.alloc(64).toString('base64url') });
}

/** Where the first version of that record stands. */
export const place = { pseudonym, recordId, keyEpoch: 1 };
const said = { objectSha256: sha256('sealed'), versionHash: versionHashOf(1), sizeBytes: 1_000 };
const receipts = ['HospitalAMSP', 'HospitalCMSP'].map((mspId) => receiptOf(mspId, said));
const labels = {
  ...{ class: 'laboratory-report', category: 'medical-application', dataLevel: 3, confidentiality: 'N' },
  ...{ format: 'fhir-r4-json', displayProfile: 'cn-lab@1' },
};

/** One that was kept, of a document of this title. */
export const preparedAs = (title: string): Preparation => ({
  documentSha256: sha256(title),
  input: {
    ...{ ...place, nonce, ...labels, sizeBucket: 10, cipherSha256: said.objectSha256, dekCommitment: sha256('key') },
    ...{ contentCommitment: sha256(title), receipts },
    locators: receipts.map(({ statement: { mspId, endpointId } }) => ({ mspId, endpointId })),
  },
  envelope: {
    envelope: { suite: 'suite', organisationKeyEpoch: 1, enc: 'canaryEncAAA', ciphertext: 'canarySealedKeyA' },
    details: { title },
    salts: { content: 'canarysaltcanarysaltcana', dek: 'canarysaltcanarysaltcana' },
  } as Preparation['envelope'], // brands
});

/** Those of its parts that need no ledger: keys, documents, and as much of an object store as a record service asks. */
export const partsWith = (kept: Map<string, Uint8Array>): object => ({
  custody: new Custody({ mspId: own, network: identity, organisationKeyEpoch: 1 }, newPrivateKey()),
  documents: new DocumentChecker({ maxBytes: 1024 * 1024 }),
  vault: {
    has: (object: string) => Promise.resolve(kept.has(object)),
    get: (object: string) => Promise.resolve({ bytes: [kept.get(object)] }),
    delete: (object: string) => Promise.resolve(kept.delete(object)),
  },
});

/** Whether receipts are for an object, wherever it lies. */
export const areFor = (object: ObjectClaim, receipts: readonly Receipt[]): boolean =>
  receipts.every((each) => isReceiptFor(each, { ...each.statement, ...object }));

/** A place of another member as the ledger has none. */
export const noSuchVault = new Refused('NOT_FOUND', 'no such active vault', { mspId: 'HospitalCMSP', endpointId: 'vault' });
