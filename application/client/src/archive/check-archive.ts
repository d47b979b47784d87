import { parseStrictJson, pseudonymEntrySchema, recordIdSchema, type Sha256, sha256, StrictJsonError } from '@lianyi/domain';
import { z } from 'zod';
import {
  type ArchiveManifest,
  checkManifestSignature,
  isFileName,
  MANIFEST_FILE,
  type ManifestSigner,
  manifestSchema,
  MOST_FILES,
  SIGNATURE_FILE,
} from './manifest';
import { archiveBroken, type ProvedRecord, proveRecord, type RecordEvidence, recordEvidenceSchema } from './record-evidence';

/** What an archive that holds comes to. */
export interface ArchiveReport extends Omit<ArchiveManifest, 't' | 'files'> {
  readonly records: readonly ProvedRecord[];
  readonly signedBy: ManifestSigner;
  readonly files: number;
  readonly bytes: number;
}

/** Key services by custodian, as whoever verifies knows them from elsewhere. */
export type KnownServices = ReadonlyMap<string, Sha256>;

/** As large as a file of an archive that is read as JSON may be; documents are bounded by whoever publishes them. */
const JSON_LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 64 };
const RECORDS_FILE = 'ledger/records.json';
const PSEUDONYM_FILE = 'ledger/pseudonym.json';
const recordsSchema = z.object({ items: z.array(z.object({ recordId: recordIdSchema })) });
const EVIDENCE = /^records\/([A-Za-z0-9_-]+)\/evidence\.json$/;
const ORIGINAL = /^records\/([A-Za-z0-9_-]+)\/original\.[a-z0-9]+$/;

interface Taken {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: Sha256;
}

/**
 * Holds an archive against its own evidence, file by file in the order in which they stand, with no network and one file in memory. The first fault is
 * refused by the name of its file.
 */
export class ArchiveCheck {
  readonly #files: Taken[] = [];
  readonly #records: ProvedRecord[] = [];
  #evidence: { readonly name: string; readonly recordId: string; readonly evidence: RecordEvidence } | undefined;
  /** The first record's: all are of one network and one pseudonym. */
  #first: RecordEvidence | undefined;
  #listed: readonly string[] | undefined;
  #nextKeyHash: Sha256 | undefined;
  #manifest: { readonly manifest: ArchiveManifest; readonly sha256: Sha256; readonly signedBy?: ManifestSigner } | undefined;

  constructor(private readonly known: KnownServices = new Map()) {}

  /** @throws DomainError `ARCHIVE_BROKEN` — details: the file, and what is wrong with it */
  async take(name: string, bytes: Uint8Array): Promise<void> {
    if (!isFileName(name)) throw archiveBroken(name.slice(0, 100), 'name');
    if (this.#manifest !== undefined) {
      this.#takeSignature(name, bytes);
      return;
    }
    if (name === MANIFEST_FILE) {
      this.#takeManifest(bytes);
      return;
    }
    if (this.#files.length >= MOST_FILES) throw archiveBroken(name, 'too-many-files');
    if (this.#files.some((file) => file.name === name)) throw archiveBroken(name, 'twice');
    this.#files.push({ name, bytes: bytes.length, sha256: sha256(bytes) });
    if (this.#evidence !== undefined || name.startsWith('records/')) await this.#takeOfRecord(name, bytes);
    else if (name === RECORDS_FILE) this.#listed = parsed(recordsSchema, name, bytes).items.map(({ recordId }) => recordId);
    else if (name === PSEUDONYM_FILE) this.#nextKeyHash = parsed(pseudonymEntrySchema, name, bytes).nextKeyHash;
  }

  /** What it comes to, when every file was taken. @throws DomainError `ARCHIVE_BROKEN` — something is missing */
  finish(): ArchiveReport {
    if (this.#manifest === undefined) throw archiveBroken(MANIFEST_FILE, 'missing');
    const { manifest, signedBy } = this.#manifest;
    if (signedBy === undefined) throw archiveBroken(SIGNATURE_FILE, 'missing');
    const { t: _form, files, ...said } = manifest;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { ...said, records: this.#records, signedBy, files: files.length, bytes };
  }

  /** The evidence of a record, then its document and nothing between. */
  async #takeOfRecord(name: string, bytes: Uint8Array): Promise<void> {
    const before = this.#evidence;
    this.#evidence = undefined;
    if (before === undefined) {
      const recordId = EVIDENCE.exec(name)?.[1];
      if (recordId === undefined) throw archiveBroken(name, 'without-evidence');
      const evidence = parsed(recordEvidenceSchema, name, bytes);
      if (evidence.record.recordId !== recordId) throw archiveBroken(name, 'record.recordId');
      this.#evidence = { name, recordId, evidence };
      return;
    }
    if (ORIGINAL.exec(name)?.[1] !== before.recordId) throw archiveBroken(before.name, 'without-document');
    const proved = await proveRecord({ name, evidenceName: before.name }, bytes, before.evidence);
    this.#assertKnownService(before.name, proved);
    this.#records.push(proved);
    this.#first ??= before.evidence;
    for (const field of ['channel', 'genesis'] as const)
      if (before.evidence[field] !== this.#first[field]) throw archiveBroken(before.name, field);
    if (before.evidence.record.pseudonym !== this.#first.record.pseudonym) throw archiveBroken(before.name, 'pseudonym');
  }

  #assertKnownService(name: string, { custodianMspId, serviceKeyHash }: ProvedRecord): void {
    const known = this.known.get(custodianMspId);
    if (known !== undefined && known !== serviceKeyHash) throw archiveBroken(name, 'other-key-service');
  }

  #takeManifest(bytes: Uint8Array): void {
    if (this.#evidence !== undefined) throw archiveBroken(this.#evidence.name, 'without-document');
    const manifest = parsed(manifestSchema, MANIFEST_FILE, bytes);
    this.#assertFiles(manifest);
    const first = this.#first;
    if (first !== undefined)
      for (const [field, value] of Object.entries({ channel: first.channel, genesis: first.genesis, pseudonym: first.record.pseudonym }))
        if (Object.entries(manifest).find(([name]) => name === field)?.[1] !== value) throw archiveBroken(MANIFEST_FILE, field);
    this.#assertComplete(manifest);
    this.#manifest = { manifest, sha256: sha256(bytes) };
  }

  /** Each file is the one that the manifest has at its place. */
  #assertFiles({ files }: ArchiveManifest): void {
    for (const [at, listed] of files.entries()) {
      const taken = this.#files[at];
      if (taken?.name !== listed.name) throw archiveBroken(listed.name, 'missing');
      if (taken.sha256 !== listed.sha256 || taken.bytes !== listed.bytes) throw archiveBroken(listed.name, 'changed');
    }
    const more = this.#files[files.length];
    if (more !== undefined) throw archiveBroken(more.name, 'not-in-the-manifest');
  }

  /** Each record that the ledger lists is here, or the manifest says why not. */
  #assertComplete({ notOpened }: ArchiveManifest): void {
    if (this.#listed === undefined) throw archiveBroken(RECORDS_FILE, 'missing');
    const told = new Set([...this.#records, ...notOpened].map(({ recordId }): string => recordId));
    const left = this.#listed.find((recordId) => !told.has(recordId));
    if (left !== undefined) throw archiveBroken(`records/${left}/evidence.json`, 'missing');
    const opened = new Set(this.#listed);
    const unlisted = this.#records.find(({ recordId }) => !opened.has(recordId));
    if (unlisted !== undefined) throw archiveBroken(`records/${unlisted.recordId}/evidence.json`, 'not-on-the-ledger');
  }

  #takeSignature(name: string, bytes: Uint8Array): void {
    const of = this.#manifest;
    if (of === undefined || of.signedBy !== undefined || name !== SIGNATURE_FILE) throw archiveBroken(name, 'behind-the-end');
    const signedBy = checkManifestSignature(parsed(z.unknown(), name, bytes), of.manifest, of.sha256);
    if (signedBy.kind === 'patient' && this.#nextKeyHash !== signedBy.keyHash) throw archiveBroken(name, 'other-key');
    this.#manifest = { ...of, signedBy };
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, name: string, bytes: Uint8Array): z.output<Schema> {
  let value: unknown;
  try {
    value = parseStrictJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), JSON_LIMITS);
  } catch (error) {
    if (error instanceof StrictJsonError || error instanceof TypeError) throw archiveBroken(name, 'json', error);
    throw error;
  }
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const place = (found.error.issues[0]?.path ?? []).join('.');
  throw archiveBroken(name, place === '' ? 'form' : place, found.error);
}
