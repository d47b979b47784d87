import {
  contentCommitment,
  dekCommitment,
  MemberNodeClient,
  memberOperations,
  newDataKey,
  newPrivateKey,
  newSalt,
  objectContext,
  type OpenedDocument,
  publicKeyOf,
  releaseStatementOf,
  sealBytes,
  signText,
  type Transport,
  wrapDataKey,
} from '@lianyi/client';
import { checkDocument } from '@lianyi/documents';
import {
  canonicalJson,
  contentOf,
  encodeBase64url,
  hashOfKey,
  hashOfVersion,
  idNonceSchema,
  type Input,
  mspIdSchema,
  type Proof,
  releaseIdSchema,
  sha256,
  sizeBucketOf,
  ticketIdSchema,
  transactions,
  type VersionIdentity,
} from '@lianyi/domain';

/** Nodes that are played: what they answer is made here, with every commitment, receipt and signature that an attacker can make. */

export const custodian = mspIdSchema.parse('HospitalAMSP');
const reader = mspIdSchema.parse('HospitalBMSP');
const witness = mspIdSchema.parse('HospitalCMSP');
const ticketId = ticketIdSchema.parse('ticket-1');
const releaseId = releaseIdSchema.parse('release-1');
export const nonce = idNonceSchema.parse('A'.repeat(22));
const at = '2026-03-01T10:00:00.000Z';

/** Nobody who answers here looks at a proof. */
const sign = (): Proof => ({}) as Proof; // as said

export const reportOf = (text: string): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ resourceType: 'Observation', status: 'final', code: { text } }));

/** A node that answers each path with one thing. */
export function standIn(
  answers: Readonly<Record<string, { readonly body: unknown; readonly headers?: Record<string, string> }>>,
): MemberNodeClient {
  const exchange: Transport['exchange'] = ({ path }) => {
    const answer = answers[path];
    if (answer === undefined) return Promise.reject(new Error('nothing here'));
    const body = answer.body instanceof Uint8Array ? answer.body : new TextEncoder().encode(JSON.stringify(answer.body));
    return Promise.resolve({ status: 200, headers: answer.headers ?? {}, body });
  };
  return new MemberNodeClient({ url: 'https://node.example', exchange, close: () => undefined });
}

/** A document sealed for a version of a record. */
export interface SealedDocument {
  readonly bytes: Uint8Array;
  readonly dataKey: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly salt: Uint8Array;
}

export async function sealed(bytes: Uint8Array, version: VersionIdentity): Promise<SealedDocument> {
  const [dataKey, salt] = [newDataKey(), newSalt()];
  const context = objectContext({ ...version, custodianMspId: custodian, contentType: checkDocument(bytes).contentType });
  return { bytes, dataKey, salt, ciphertext: await sealBytes({ key: dataKey, context }, bytes) };
}

/** The ledger input that anchors an object as this version, whichever version it was sealed for. */
export async function anchorOf(
  { bytes, dataKey, ciphertext, salt }: SealedDocument,
  version: VersionIdentity,
): Promise<Input<typeof transactions.AnchorRecord>> {
  const places = [custodian, witness].map((mspId) => ({ mspId, endpointId: 'vault' }));
  const { pseudonym, recordId } = version;
  const { class: recordClass, category, dataLevel, confidentiality, format, displayProfile } = checkDocument(bytes);
  const cipherSha256 = sha256(ciphertext);
  return transactions.AnchorRecord.request.parse({
    ...{ pseudonym, recordId, nonce, class: recordClass, category, dataLevel, confidentiality, format, displayProfile },
    ...{ sizeBucket: sizeBucketOf(ciphertext.length), cipherSha256, keyEpoch: 1, locators: places },
    contentCommitment: await contentCommitment(salt, version, [bytes]),
    dekCommitment: dekCommitment(dataKey, version),
    receipts: places.map((place) => ({
      statement: { t: 'lianyi/receipt/v1', objectSha256: cipherSha256, versionHash: hashOfVersion(version), ...place, storedAt: at },
      signature: encodeBase64url(new Uint8Array(64)),
    })),
  });
}

/** What the reader's own node answers, and what another member's node says that the ledger has. */
export interface Played {
  readonly header: unknown;
  readonly ciphertext: Uint8Array;
  readonly witnessed: unknown;
}

/** A key sealed to the reader's ephemeral key, as whoever knows that public key (it is on the ledger) can make it. */
export async function released(
  object: SealedDocument,
  version: VersionIdentity,
  ephemeral: ReturnType<typeof newPrivateKey>,
): Promise<Omit<Played, 'ciphertext'>> {
  const serviceKey = newPrivateKey();
  const origin = { requestHash: sha256('request'), actor: { kind: 'staff', mspId: custodian, actorTag: 'author-1' } };
  const content = contentOf(await anchorOf(object, version));
  const { pseudonym, recordId } = version;
  const record = { schemaVersion: 1, pseudonym, recordId, version: version.version, operation: 'anchor', at, origin, ...content };
  const recipient = { kind: 'release', ...version, dekCommitment: record.dekCommitment, mspId: reader, ticketId } as const;
  const key = await wrapDataKey(object.dataKey, publicKeyOf(ephemeral), recipient);
  const sealedSha256 = sha256(key);
  const statement = releaseStatementOf(record, { ...version, ticketId, releaseId, sealedSha256 });
  const attestation = { statement, publicKey: publicKeyOf(serviceKey), signature: signText(serviceKey, canonicalJson(statement)) };
  const header = {
    ...{ record, custodianMspId: custodian, source: { mspId: custodian, endpointId: 'vault' }, rejected: [] },
    key: { releaseId, sealedKey: encodeBase64url(key), transactionId: 'tx', attestation },
  };
  const service = { mspId: custodian, actorTag: 'key-service' };
  const asker = { mspId: reader, actorTag: 'cardiologist-1' };
  const witnessed = {
    ticket: {
      ...{ schemaVersion: 1, ticketId, pseudonym: version.pseudonym, recordIds: [version.recordId], purpose: 'TREAT', requestedAt: at },
      ...{ actor: { ...asker, roles: ['clinician'], department: 'cardiology' }, state: 'open' },
      ...{ ephemeralPublicKey: publicKeyOf(ephemeral), origin: { ...origin, actor: { kind: 'staff', ...asker } } },
      ...{
        decision: 'permit',
        custodianMspId: custodian,
        recordVersions: [version.version],
        provisionIds: ['treatment'],
        grantVersions: [],
      },
      expiresAt: '2026-03-01T10:15:00.000Z',
    },
    record,
    release: { schemaVersion: 1, ticketId, releaseId, recordId: version.recordId, sealedSha256, service, at, origin },
    service: { ...service, publicKeyHash: hashOfKey(attestation.publicKey) },
  };
  return { header, witnessed };
}

/** A reader asks for this version, and opens what the nodes answer if their client lets them. */
export async function openedFrom(
  { header, ciphertext, witnessed }: Played,
  version: VersionIdentity,
  ephemeralKey: ReturnType<typeof newPrivateKey>,
): Promise<OpenedDocument | undefined> {
  const { channel, genesis, pseudonym, recordId } = version;
  const described = {
    [memberOperations.ReadDocument.answerHeader.name]: encodeBase64url(new TextEncoder().encode(JSON.stringify(header))),
  };
  const own = standIn({
    '/v1/transactions/CorrectionContract/ListDisagreements': { body: { result: { items: [] } } },
    [`/v1/access/${ticketId}/document`]: { body: ciphertext, headers: described },
  });
  const other = standIn({
    '/v1/network': { body: { mspId: witness, channel, chaincode: 'emr', genesis } },
    [`/v1/access/${ticketId}/release:witness`]: { body: witnessed },
  });
  const request = { ticketId, recordId, pseudonym, network: { channel, genesis }, mspId: reader, ephemeralKey, witness: other };
  return own.readDocument(request, sign).catch(() => undefined);
}
