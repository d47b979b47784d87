import {
  contentCommitment,
  dekCommitment,
  MemberNodeClient,
  memberOperations,
  newDataKey,
  newPrivateKey,
  newSalt,
  objectContext,
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
  encodeBase64url,
  hashOfKey,
  mspIdSchema,
  type Proof,
  pseudonymSchema,
  recordIdSchema,
  releaseIdSchema,
  sha256,
  sizeBucketOf,
  ticketIdSchema,
} from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';

const custodian = mspIdSchema.parse('HospitalAMSP');
const reader = mspIdSchema.parse('HospitalBMSP');
const witness = mspIdSchema.parse('HospitalCMSP');
const pseudonym = pseudonymSchema.parse('patient-1');
const recordId = recordIdSchema.parse('record-1');
const ticketId = ticketIdSchema.parse('ticket-1');
const releaseId = releaseIdSchema.parse('release-1');
const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const at = '2026-03-01T10:00:00.000Z';
const reportOf = (text: string): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ resourceType: 'Observation', status: 'final', code: { text } }));
const trueReport = reportOf('what the hospital published');
const forgedReport = reportOf('what the node made up');
const sign = (): Proof => ({}) as Proof; // the stand-ins for nodes look at no proof

/** A node that answers each path with one thing. */
function standIn(
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

/** A sealed document, and the ledger input that anchors it. */
async function sealed(bytes: Uint8Array) {
  const dataKey = newDataKey();
  const salt = newSalt();
  const checked = checkDocument(bytes);
  const context = objectContext({ recordId, version: 1, custodianMspId: custodian, contentType: checked.contentType });
  const ciphertext = await sealBytes({ key: dataKey, context }, bytes);
  const places = [custodian, witness].map((mspId) => ({ mspId, endpointId: 'vault' }));
  const { category, dataLevel, confidentiality, format, displayProfile } = checked;
  const input = {
    ...{ pseudonym, recordId, class: checked.class, category, dataLevel, confidentiality, format, displayProfile },
    ...{ sizeBucket: sizeBucketOf(ciphertext.length), cipherSha256: sha256(ciphertext), keyEpoch: 1, locators: places },
    contentCommitment: await contentCommitment(salt, [bytes]),
    dekCommitment: dekCommitment(dataKey, recordId),
    receipts: places.map((place) => ({
      statement: { t: 'lianyi/receipt/v1', objectSha256: sha256(ciphertext), ...place, storedAt: at },
      signature: encodeBase64url(new Uint8Array(64)),
    })),
  };
  return { dataKey, ciphertext, input, contentSalt: encodeBase64url(salt) };
}

/** A key sealed to the reader's ephemeral key, as whoever knows that public key (it is on the ledger) can make it. */
async function released(object: Awaited<ReturnType<typeof sealed>>, ephemeral: ReturnType<typeof newPrivateKey>) {
  const serviceKey = newPrivateKey();
  const origin = { requestHash: sha256('request'), actor: { kind: 'staff', mspId: custodian, actorTag: 'author-1' } };
  const record = { schemaVersion: 1, version: 1, operation: 'anchor', at, origin, ...object.input };
  const recipient = {
    kind: 'release',
    channel: 'emr',
    recordId,
    version: 1,
    dekCommitment: record.dekCommitment,
    mspId: reader,
    ticketId,
  } as const;
  const key = await wrapDataKey(object.dataKey, publicKeyOf(ephemeral), recipient);
  const sealedSha256 = sha256(key);
  const statement = releaseStatementOf({ ...record, pseudonym, recordId }, { ...network, ticketId, releaseId, sealedSha256 });
  const attestation = { statement, publicKey: publicKeyOf(serviceKey), signature: signText(serviceKey, canonicalJson(statement)) };
  const source = { mspId: custodian, endpointId: 'vault' };
  const header = {
    ...{ record, custodianMspId: custodian, source, rejected: [] },
    key: { releaseId, sealedKey: encodeBase64url(key), transactionId: 'tx', attestation },
  };
  const service = { mspId: custodian, actorTag: 'key-service' };
  const asker = { mspId: reader, actorTag: 'cardiologist-1' };
  const witnessed = {
    ticket: {
      ...{ schemaVersion: 1, ticketId, pseudonym, recordIds: [recordId], purpose: 'TREAT', requestedAt: at, state: 'open' },
      actor: { ...asker, roles: ['clinician'], department: 'cardiology' },
      ...{ ephemeralPublicKey: publicKeyOf(ephemeral), origin: { ...origin, actor: { kind: 'staff', ...asker } } },
      ...{ decision: 'permit', custodianMspId: custodian, recordVersions: [1], provisionIds: ['treatment'], grantVersions: [] },
      expiresAt: '2026-03-01T10:15:00.000Z',
    },
    record,
    release: { schemaVersion: 1, ticketId, releaseId, recordId, sealedSha256, service, at, origin },
    service: { ...service, publicKeyHash: hashOfKey(attestation.publicKey) },
  };
  return { header, witnessed };
}

/** The reader's own node serves a report that it made up; another member's node says truly what the ledger has. */
async function forgeryIsRead(): Promise<boolean> {
  const ephemeralKey = newPrivateKey();
  const truth = await released(await sealed(trueReport), ephemeralKey);
  const made = await sealed(forgedReport);
  const { header } = await released(made, ephemeralKey);
  const described = {
    [memberOperations.ReadDocument.answerHeader.name]: encodeBase64url(new TextEncoder().encode(JSON.stringify(header))),
  };
  const own = standIn({ [`/v1/access/${ticketId}/document`]: { body: made.ciphertext, headers: described } });
  const other = standIn({
    '/v1/network': { body: { mspId: witness, ...network } },
    [`/v1/access/${ticketId}/release:witness`]: { body: truth.witnessed },
  });
  const request = { ticketId, recordId, pseudonym, channel: 'emr', mspId: reader, ephemeralKey, witness: other };
  const opened = await own.readDocument(request, sign).catch(() => undefined);
  return opened !== undefined && Buffer.from(opened.bytes).equals(forgedReport);
}

/** The publisher's own node hands back an input with lowered labels and another patient. */
async function foreignInputIsSigned(): Promise<boolean> {
  const { input, contentSalt } = await sealed(trueReport);
  const foreign = { ...input, pseudonym: 'another-patient', dataLevel: 1 };
  let isSigned = false;
  const signing = (_transaction: unknown, signed: unknown): Proof => {
    isSigned ||= canonicalJson(signed) === canonicalJson(foreign);
    return {} as Proof; // as above
  };
  const prepared = { transaction: 'AnchorRecord', input: foreign, contentSalt: contentSalt as never } as const;
  await standIn({})
    .publishRecord({ pseudonym, recordId, bytes: trueReport }, prepared, signing)
    .catch(() => undefined);
  return isSigned;
}

async function run(): Promise<AttackOutcome> {
  const [isRead, isSigned] = [await forgeryIsRead(), await foreignInputIsSigned()];
  return {
    succeeded: isRead || isSigned,
    seen: `a made-up report ${isRead ? 'was opened' : 'was not opened'}; another patient’s input ${isSigned ? 'was signed' : 'was not signed'}`,
  };
}

/** Either half is the attack. */
export const lyingNode: Attack = {
  id: 'M4',
  title: 'a member node has its reader believe a report that it made up, and its publisher sign another patient’s record',
  defences: [
    { file: 'application/client/src/member-api/released-document.ts', name: 'assertWitnessed', body: '' },
    { file: 'application/client/src/member-api/publication.ts', name: 'publicationOf', body: 'return prepared.input;' },
  ],
  networks: ['embedded'],
  run,
};
