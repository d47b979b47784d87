import {
  canonicalJson,
  type CommandProof,
  denyReasonSchema,
  hashOfJson,
  hashOfKey,
  instantSchema,
  mspIdSchema,
  nameSchema,
  proofSchema,
  pseudonymSchema,
  recordIdSchema,
  type Sha256,
  sha256Schema,
  verifySignature,
} from '@lianyi/domain';
import { z } from 'zod';
import { archiveBroken } from './record-evidence';

export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.signature.json';
/** What the wallet signs; no transaction and no operation of anybody's, so that nobody can do anything with the signature. */
export const ARCHIVE_MADE = { contract: 'Archive', name: 'ArchiveMade' } as const;

/** More than any patient has; an archive that claims more is refused unread. */
export const MOST_FILES = 20_000;
/** Names that a file of an archive may have: no folder but these, nothing that leads out of them. */
const fileNameSchema = z.string().regex(/^(?:records\/[A-Za-z0-9_-]{1,64}\/|ledger\/)?[a-z][a-z0-9-]{0,40}(?:\.[a-z0-9]{1,8}){1,2}$/);

/** Why a record is not in the archive: the ledger's reasons, or the code of what failed. */
const notOpenedSchema = z.strictObject({
  recordId: recordIdSchema,
  reasons: z.array(z.union([denyReasonSchema, z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/)])).min(1),
});
export type NotOpened = z.output<typeof notOpenedSchema>;

export const manifestSchema = z.strictObject({
  t: z.literal('lianyi/archive/v1'),
  channel: nameSchema,
  chaincode: nameSchema,
  genesis: sha256Schema,
  pseudonym: pseudonymSchema,
  /** The hospital whose patient the pseudonym is. */
  mspId: mspIdSchema,
  madeAt: instantSchema,
  /** In the order in which they stand. */
  files: z.array(z.strictObject({ name: fileNameSchema, bytes: z.int().min(0), sha256: sha256Schema })).max(MOST_FILES),
  notOpened: z.array(notOpenedSchema).max(MOST_FILES),
});
export type ArchiveManifest = z.output<typeof manifestSchema>;

export function isFileName(name: string): boolean {
  return name === MANIFEST_FILE || name === SIGNATURE_FILE || fileNameSchema.safeParse(name).success;
}

/** What the manifest's signature is over, beside the network. */
export function signedOfManifest(manifestSha256: Sha256): { readonly manifestSha256: Sha256 } {
  return { manifestSha256 };
}

export interface ManifestSigner {
  readonly kind: 'patient' | 'delegate';
  readonly keyHash: Sha256;
}

/**
 * Checks that a wallet has signed the manifest for its own pseudonym and network.
 * @throws DomainError `ARCHIVE_BROKEN`
 */
export function checkManifestSignature(proof: unknown, manifest: ArchiveManifest, manifestSha256: Sha256): ManifestSigner {
  const parsed = proofSchema.safeParse(proof);
  if (!parsed.success || !isOfWallet(parsed.data)) throw archiveBroken(SIGNATURE_FILE, 'no-signature');
  const { kind, statement, signature } = parsed.data;
  const { channel, chaincode, genesis, pseudonym } = manifest;
  const transaction = `${ARCHIVE_MADE.contract}:${ARCHIVE_MADE.name}`;
  const expected = { channel, chaincode, genesis, pseudonym, transaction, requestHash: hashOfJson(signedOfManifest(manifestSha256)) };
  const signed = { ...statement };
  for (const [field, value] of Object.entries(expected))
    if (Object.entries(signed).find(([name]) => name === field)?.[1] !== value) throw archiveBroken(SIGNATURE_FILE, field);
  if (!verifySignature(statement.publicKey, canonicalJson(statement), signature)) throw archiveBroken(SIGNATURE_FILE, 'signature');
  return { kind, keyHash: hashOfKey(statement.publicKey) };
}

function isOfWallet(proof: z.output<typeof proofSchema>): proof is CommandProof {
  return proof.kind === 'patient' || proof.kind === 'delegate';
}
