import {
  ARCHIVE_MADE,
  MANIFEST_FILE,
  type NotOpened,
  recordEvidenceOf,
  SIGNATURE_FILE,
  signedOfManifest,
  type Vault,
} from '@lianyi/client/archive';
import { type OpenedOwnRecord } from '@lianyi/client/own-records';
import { checkDocument } from '@lianyi/documents';
import {
  canonicalJson,
  DomainError,
  type Instant,
  LedgerFailure,
  type MedicalRecord,
  type MspId,
  type NetworkIdentity,
  type Output,
  type Pseudonym,
  type RecordId,
  Refused,
  sha256,
  transactions,
} from '@lianyi/domain';
import { exactJson, exactText, type OpenedSource, patientResourceOf, patientSummaryOf } from '@lianyi/fhir/summary';
import { everyPage } from '../every-page';
import { type PatientLedgerSession } from '../ledger/patient-session';
import { ask } from '../transact';
import { type ArchivedBytes } from './tar-file';

/** As many records as one command opens. */
const AT_ONCE = 16;
/** Larger documents are in no summary: it is held in memory as a whole. */
const MOST_SUMMARISED_BYTES = 8 * 1024 * 1024;
const MOST_SUMMARISED = 64;
const FHIR = 'fhir-r4-json';
/** How a document of each format is called; one of another format is `bin`. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  [FHIR]: 'json',
  pdf: 'pdf',
  'plain-text': 'txt',
  'hl7-v2': 'hl7',
  'cda-r2': 'xml',
  dicom: 'dcm',
};

/** Whose archive it is, and by which way. */
export interface ArchiveSource {
  readonly session: PatientLedgerSession;
  readonly pseudonym: Pseudonym;
  readonly network: NetworkIdentity;
  readonly isUnwitnessed: boolean;
  readonly now: () => Instant;
}

/** Everything of a patient, file by file as it is fetched: the records, each with its evidence; what the ledger has; a summary; at the end the signed list. */
export class OwnArchive {
  readonly notOpened: NotOpened[] = [];
  opened = 0;
  readonly #listed: { readonly name: string; readonly bytes: number; readonly sha256: string }[] = [];
  readonly #sources: (OpenedSource & { readonly changedAt: Instant })[] = [];
  #summarisedBytes = 0;

  constructor(private readonly from: ArchiveSource) {}

  async *files(): AsyncGenerator<ArchivedBytes, void, undefined> {
    const { pseudonym, session } = this.from;
    const records = await everyPage((page) => ask(session, transactions.ListRecords, { pseudonym, ...page }));
    const vaults = await this.#vaultsOf(records.items);
    for (let at = 0; at < records.items.length; at += AT_ONCE)
      for await (const file of this.#opened(records.items.slice(at, at + AT_ONCE), vaults)) yield this.#noted(file);
    yield this.#json('ledger/records.json', records);
    for (const [name, read] of listsOf(this.from)) yield this.#json(`ledger/${name}.json`, await read());
    const entry = (await ask(session, transactions.GetPseudonym, { pseudonym })).result;
    yield this.#json('ledger/pseudonym.json', entry);
    yield this.#noted(this.#summary(entry));
    yield* this.#manifest(entry.mspId);
  }

  async #vaultsOf(records: readonly MedicalRecord[]): Promise<readonly Vault[]> {
    const members = [...new Set(records.flatMap(({ locators }) => locators.map(({ mspId }) => mspId)))].sort();
    const found = await Promise.all(
      members.map((mspId) => everyPage((page) => ask(this.from.session, transactions.ListEndpoints, { mspId, ...page }))),
    );
    return found
      .flatMap(({ items }) => items)
      .flatMap(({ mspId, endpointId, receiptPublicKey }) =>
        receiptPublicKey === undefined ? [] : [{ mspId, endpointId, receiptPublicKey }],
      );
  }

  /** One command opens several; each is decided by itself, and one that does not come keeps none of the others back. */
  async *#opened(records: readonly MedicalRecord[], vaults: readonly Vault[]): AsyncGenerator<ArchivedBytes, void, undefined> {
    const { session, pseudonym, isUnwitnessed } = this.from;
    const recordIds = records.map(({ recordId }) => recordId);
    const own = await session.openOwnRecords({ pseudonym, recordIds }, { isUnwitnessed });
    if (own.outcome.result.decision === 'deny' && own.denials.length < recordIds.length) throw new DomainError('ANSWER_DIFFERS');
    this.notOpened.push(...own.denials.map(({ recordId, reasons }) => ({ recordId, reasons: [...reasons] })));
    const denied = new Set(own.denials.map(({ recordId }) => recordId));
    for (const recordId of recordIds.filter((each) => !denied.has(each))) {
      const document = await own.open(recordId, { keepsProof: true }).catch((error: unknown) => {
        this.notOpened.push({ recordId, reasons: [codeOf(error)] });
      });
      if (document === undefined) continue;
      this.opened += 1;
      yield* this.#ofRecord(recordId, document, vaults);
    }
  }

  *#ofRecord(recordId: RecordId, document: OpenedOwnRecord, vaults: readonly Vault[]): Generator<ArchivedBytes, void, undefined> {
    const { kept, isRetracted, bytes, record } = document;
    if (kept === undefined) throw new Error('a proof was asked for');
    const { channel, genesis } = this.from.network;
    const evidence = recordEvidenceOf({ channel, genesis, isRetracted, opened: { ...document, kept }, vaults });
    yield { name: `records/${recordId}/evidence.json`, bytes: textBytes(canonicalJson(evidence)) };
    yield { name: `records/${recordId}/original.${EXTENSIONS[record.format] ?? 'bin'}`, bytes };
    const isSmall = this.#summarisedBytes + bytes.length <= MOST_SUMMARISED_BYTES && this.#sources.length < MOST_SUMMARISED;
    if (record.format !== FHIR || isRetracted || !isSmall || !isFhir(bytes)) return;
    this.#summarisedBytes += bytes.length;
    this.#sources.push({ recordId, resource: exactJson(Buffer.from(bytes).toString('utf8')), changedAt: record.at });
  }

  #summary(entry: Output<typeof transactions.GetPseudonym>): ArchivedBytes {
    const sources = this.#sources.toSorted((one, other) => other.changedAt.localeCompare(one.changedAt));
    const patient = patientResourceOf(entry);
    const summary = patientSummaryOf(sources, { patient, mspId: entry.mspId, now: new Date(this.from.now()) });
    return { name: 'summary.json', bytes: textBytes(exactText(summary)) };
  }

  async *#manifest(mspId: MspId): AsyncGenerator<ArchivedBytes, void, undefined> {
    const { session, pseudonym, network, now } = this.from;
    const said = { t: 'lianyi/archive/v1', ...network, pseudonym, mspId, madeAt: now(), files: this.#listed, notOpened: this.notOpened };
    const bytes = textBytes(canonicalJson(said));
    yield { name: MANIFEST_FILE, bytes };
    const { own } = await session.carriageOf(pseudonym);
    const proof = await own.sign(ARCHIVE_MADE, signedOfManifest(sha256(bytes)));
    yield { name: SIGNATURE_FILE, bytes: textBytes(canonicalJson(proof)) };
  }

  #json(name: string, value: unknown): ArchivedBytes {
    return this.#noted({ name, bytes: textBytes(canonicalJson(value)) });
  }

  #noted(file: ArchivedBytes): ArchivedBytes {
    this.#listed.push({ name: file.name, bytes: file.bytes.length, sha256: sha256(file.bytes) });
    return file;
  }
}

/** What the ledger has of a patient besides the records, and tells them. */
function listsOf({ session, pseudonym }: ArchiveSource): readonly (readonly [name: string, read: () => Promise<unknown>])[] {
  return [
    ['grants', () => everyPage((page) => ask(session, transactions.ListPolicies, { pseudonym, ...page }))],
    ['decisions', () => everyPage((page) => ask(session, transactions.ListForPatient, { pseudonym, ...page }))],
    ['disclosures', () => everyPage((page) => ask(session, transactions.ListDisclosures, { pseudonym, ...page }))],
    ['copies', () => everyPage((page) => ask(session, transactions.ListCopies, { pseudonym, ...page }))],
    ['corrections', () => everyPage((page) => ask(session, transactions.ListCorrections, { pseudonym, ...page }))],
    ['pointers', () => everyPage((page) => ask(session, transactions.ListPointers, { pseudonym, ...page }))],
  ];
}

function textBytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

/** Its hospital says that it is FHIR; what is none is in the archive, and in no summary. */
function isFhir(bytes: Uint8Array): boolean {
  try {
    checkDocument(bytes);
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError || error instanceof Refused) return error.code;
  if (error instanceof LedgerFailure) return 'LEDGER_UNAVAILABLE';
  throw error;
}
