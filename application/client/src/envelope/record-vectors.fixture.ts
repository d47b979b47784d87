import { writeFileSync } from 'node:fs';
import {
  actorTagSchema,
  canonicalJson,
  hashOfKey,
  hashOfVersion,
  idNonceSchema,
  instantSchema,
  mspIdSchema,
  pseudonymOf,
  recordIdOf,
  releaseIdSchema,
  sha256,
  ticketIdOf,
  transactions,
  versionIdentityOf,
} from '@lianyi/domain';
import { PrivateKey } from '../crypto/private-key';
import { releaseStatementOf } from '../member-api/released-document';
import { publicKeyOf, signText } from '../signing/p256';
import { signStaffRequest } from '../signing/sign-request';
import { nameOf } from '../wallet/note-name';
import { collectBytes } from './cobblestone';
import { sealStreamWithSalt } from './cobblestone';
import { contentCommitment, dekCommitment, objectContext } from './data-key';
import { type KeyRecipient, wrapDataKey } from './key-wrap';

// Writes docs/vectors.json anew (`npm run record:vectors`). What is random in it (an encapsulated key, a signature) is so anew with each writing; the
// test holds every value against node:crypto alone.

/** The key of RFC 6979 §A.2.5 and the nonce of its example: known to everybody. */
const KEY = 'C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721';
const READER = 'A6E3C57DD01ABE90086538398355DD4C3B17AA873382B0F24D6129493D8AAD60';
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const counted = (length: number, from: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (from + index) % 256);

/** As long as one chunk and a byte: the second chunk of the object is short. */
const DOCUMENT = `{"resourceType":"Observation","note":[{"text":"${'血'.repeat(5_450)}"}]}`;

async function newVectors(): Promise<object> {
  const [key, reader] = [new PrivateKey(bytesOf(KEY)), new PrivateKey(bytesOf(READER))];
  const [publicKey, readerPublicKey] = [publicKeyOf(key), publicKeyOf(reader)];
  const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
  const [custodian, asker] = [mspIdSchema.parse('HospitalAMSP'), mspIdSchema.parse('HospitalBMSP')];
  const [actorTag, nonce] = [actorTagSchema.parse('dr-wu'), idNonceSchema.parse('A'.repeat(22))];
  const pseudonym = pseudonymOf({ mspId: custodian, firstKeyHash: hashOfKey(publicKey), nonce });
  const recordId = recordIdOf({ mspId: custodian, pseudonym, nonce });
  const ticketId = ticketIdOf({ mspId: asker, actorTag, nonce });
  const version = versionIdentityOf(network, { pseudonym, recordId, version: 1 });

  const [dataKey, salt, contentSalt] = [counted(32, 1), counted(24, 101), counted(32, 201)];
  const content = new TextEncoder().encode(DOCUMENT);
  const identity = { ...version, custodianMspId: custodian, contentType: 'application/fhir+json' };
  const context = objectContext(identity);
  const sealed = await collectBytes(sealStreamWithSalt({ key: dataKey, context }, [content], salt));
  const commitment = dekCommitment(dataKey, version);
  const recipient: KeyRecipient = { kind: 'release', ...version, dekCommitment: commitment, mspId: asker, ticketId };
  const wrapped = await wrapDataKey(dataKey, readerPublicKey, recipient);

  const released = { pseudonym, recordId, version: 1, cipherSha256: sha256(sealed), dekCommitment: commitment };
  const place = { ...network, ticketId, releaseId: releaseIdSchema.parse('release-1'), sealedSha256: sha256(wrapped) };
  const statement = releaseStatementOf(released, place);
  const request = { transaction: transactions.GetRecord, input: { pseudonym, recordId } };
  const at = instantSchema.parse('2026-01-01T08:00:00.000Z');
  const proof = signStaffRequest({ network, mspId: asker, actorTag, privateKey: key }, request, at);
  const line = {
    schemaVersion: 1,
    pseudonym,
    at,
    txId: 'tx',
    n: 0,
    event: 'RecordAnchored',
    actor: { kind: 'staff', mspId: custodian, actorTag },
  };
  return {
    t: 'lianyi/vectors/v1',
    keys: {
      signer: { privateKey: KEY, publicKey, hash: hashOfKey(publicKey) },
      reader: { privateKey: READER, publicKey: readerPublicKey },
    },
    ids: {
      mspId: custodian,
      firstKeyHash: hashOfKey(publicKey),
      nonce,
      pseudonym,
      recordId,
      ticket: { mspId: asker, actorTag, nonce, ticketId },
    },
    object: {
      ...{ version, versionHash: hashOfVersion(version), context: new TextDecoder().decode(context) },
      ...{
        dataKey: base64url(dataKey),
        salt: base64url(salt),
        content: base64url(content),
        sealed: base64url(sealed),
        cipherSha256: sha256(sealed),
      },
      ...{ dekCommitment: commitment, contentSalt: base64url(contentSalt) },
      contentCommitment: await contentCommitment(contentSalt, version, [content]),
    },
    keyWrap: {
      ...{ recipient, info: canonicalJson({ t: 'lianyi/key-wrap/v1', ...recipient, publicKeyHash: hashOfKey(readerPublicKey) }) },
      ...{ wrapped: base64url(wrapped), sealedSha256: sha256(wrapped) },
    },
    note: { said: canonicalJson(line), name: nameOf(line) },
    release: { statement: canonicalJson(statement), publicKey, signature: signText(key, canonicalJson(statement)) },
    request: {
      input: canonicalJson(request.input),
      statement: canonicalJson(proof.statement),
      publicKey: proof.publicKey,
      signature: proof.signature,
    },
  };
}

void newVectors().then((vectors) => {
  writeFileSync(process.argv[2] ?? '/dev/stdout', `${JSON.stringify(vectors, null, 1)}\n`);
});
