import { canonicalJson, hashOfKey, instantOf, mspIdSchema, sha256, statementText } from '@lianyi/domain';
import {
  custodian,
  document,
  exchangeOf,
  network,
  preparation,
  pseudonym,
  recordId,
  witnessOrganisation,
} from '../member-api/exchange-of.fixture';
import { newPrivateKey, publicKeyOf, signText } from '../signing/p256';
import { signPatientCommand } from '../signing/sign-request';
import { SALT_BYTES } from '../envelope/cobblestone';
import { ARCHIVE_MADE, MANIFEST_FILE, SIGNATURE_FILE, signedOfManifest } from './manifest';
import { type RecordEvidence, recordEvidenceOf } from './record-evidence';

export interface ArchiveFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
/** A member's own value in place of the honest one, before the list is made and signed. */
type Change = Readonly<Record<string, (honest: never) => unknown>>;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const walletKey = newPrivateKey();
const serviceKey = newPrivateKey();
export const serviceKeyHash = hashOfKey(publicKeyOf(serviceKey));
export const evidenceFile = `records/${recordId}/evidence.json`;
export const originalFile = `records/${recordId}/original.json`;
const origin = { requestHash: sha256('r'), actor: { kind: 'patient', pseudonym } };
const entry = {
  ...{ schemaVersion: 1, pseudonym, mspId: custodian, suite: 'P256-SHA256', nextKeyHash: hashOfKey(publicKeyOf(walletKey)) },
  ...{ state: 'active', registeredAt: instantOf(0), origin },
};

/** What an honest wallet has of one record. */
export async function evidence(): Promise<RecordEvidence> {
  const prepared = await preparation();
  const { header, witnessed, ciphertext } = await exchangeOf(newPrivateKey(), prepared, serviceKey);
  const vaultKeys = new Map([custodian, witnessOrganisation].map((mspId) => [String(mspId), newPrivateKey()]));
  const keyOf = (mspId: string): ReturnType<typeof newPrivateKey> => vaultKeys.get(mspId) ?? newPrivateKey();
  const receipts = header.record.receipts.map(({ statement }) => ({
    statement,
    signature: signText(keyOf(statement.mspId), statementText(statement)),
  }));
  const record = { ...header.record, receipts };
  const vaults = record.locators.map((place) => ({ ...place, receiptPublicKey: publicKeyOf(keyOf(place.mspId)) }));
  const kept = {
    ...{ dataKey: prepared.dataKey, salt: ciphertext.subarray(0, SALT_BYTES), attestation: header.key.attestation },
    told: { ...witnessed, record },
  };
  const opened = {
    record,
    custodianMspId: custodian,
    releaseTransactionId: 'tx',
    witnessMspId: mspIdSchema.parse(witnessOrganisation),
    kept,
  };
  return recordEvidenceOf({ ...network, isRetracted: false, opened, vaults });
}

/** An archive of one record; with changes it is one that somebody has made who has the wallet's key, if `signer` is left out. */
export function archiveOf(
  of: RecordEvidence,
  { original = document, change = {}, signer = walletKey, notOpened = [] as readonly unknown[], more = [] as readonly ArchiveFile[] } = {},
): readonly ArchiveFile[] {
  const changed = (name: string, honest: unknown): ArchiveFile => {
    const act = (change as Change)[name];
    return { name, bytes: utf8(canonicalJson(act === undefined ? honest : act(honest as never))) };
  };
  const files = [
    changed(evidenceFile, of),
    { name: originalFile, bytes: original },
    changed('ledger/records.json', { items: [{ recordId }] }),
    changed('ledger/pseudonym.json', entry),
    ...more,
  ];
  const listed = files.map(({ name, bytes }) => ({ name, bytes: bytes.length, sha256: sha256(bytes) }));
  const manifest = changed(MANIFEST_FILE, {
    ...{ t: 'lianyi/archive/v1', ...network, pseudonym, mspId: custodian, madeAt: instantOf(0) },
    ...{ files: listed, notOpened },
  });
  const request = { transaction: ARCHIVE_MADE, input: signedOfManifest(sha256(manifest.bytes)) };
  const proof = signPatientCommand({ network, pseudonym, privateKey: signer, nextPrivateKey: newPrivateKey() }, request, instantOf(0));
  return [...files, manifest, changed(SIGNATURE_FILE, proof)];
}
