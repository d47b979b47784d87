import {
  contentCommitment,
  dekCommitment,
  newDataKey,
  newSalt,
  objectContext,
  type PreparedRecord,
  type PrepareInput,
  sealBytes,
} from '@lianyi/client';
import { type CheckedDocument } from '@lianyi/documents';
import {
  canonicalJson,
  DomainError,
  encodeBase64url,
  hashOfJson,
  type Input,
  type Ledger,
  newRequest,
  type OutcomeOf,
  Refused,
  sha256,
  type SignedRequest,
  sizeBucketOf,
  transactions,
} from '@lianyi/domain';
import { type NodeIdentity } from '../check-caller';
import { type Custody } from '../keys/custody';
import { type DocumentChecker } from './document-checker';
import { type Preparation, type PreparationKey, type Preparations } from './preparations';
import { type Replication } from './replication';

/** The transactions that publish what was prepared. */
type Publication = typeof transactions.AnchorRecord | typeof transactions.AmendRecord;

export interface RecordServices {
  readonly identity: NodeIdentity;
  readonly ledger: Ledger;
  /** The ledger with the signature of the organisation's key service. */
  readonly keyService: Ledger;
  readonly custody: Custody;
  readonly replication: Replication;
  readonly preparations: Preparations;
  readonly documents: Pick<DocumentChecker, 'check'>;
}

/** Where a document will stand on the ledger. */
interface Place extends PreparationKey {
  readonly version: number;
}

/** Turns documents into sealed, replicated objects and the ledger input that anchors them. */
export class RecordService {
  constructor(private readonly services: RecordServices) {}

  /**
   * Checks, seals and stores a document. The same document for the same record again gives the same answer.
   * @throws {@link DomainError} `HASH_MISMATCH` — not the document that was signed for; the refusals of {@link DocumentChecker} and
   * {@link Replication}; `VERSION_CONFLICT`; `ALREADY_EXISTS` — another document is prepared for this record.
   */
  async prepare(input: PrepareInput, bytes: Buffer): Promise<PreparedRecord> {
    if (sha256(bytes) !== input.documentSha256)
      throw new DomainError('HASH_MISMATCH', 'the document is not the one signed for', { path: 'documentSha256' });
    const document = await this.services.documents.check(bytes);
    const place = await this.#placeOf(input);
    const existing = await this.services.preparations.find(place);
    if (existing === undefined) await this.services.preparations.keep(place, await this.#seal(input, place, document));
    const kept = existing ?? (await this.services.preparations.find(place));
    if (kept?.isOf(input.documentSha256) !== true)
      throw new DomainError('ALREADY_EXISTS', 'another document is prepared for this record', { recordId: place.recordId });
    const transaction = input.amends === undefined ? 'AnchorRecord' : 'AmendRecord';
    return { transaction, input: kept.input, contentSalt: kept.envelope.salts.content };
  }

  /**
   * Puts the envelope into the own organisation's private data, then carries the signed anchor. In this order: an anchored record
   * without its key could never be read. The same request again gives the ledger's answer, long after the preparation is forgotten.
   * @throws {@link DomainError} `NOT_FOUND` — nothing is prepared for it; `PROOF_MISMATCH` — the signed input is not the prepared one.
   */
  async publish<Entry extends Publication>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    const { pseudonym, recordId, keyEpoch } = request.input;
    const place = { pseudonym, recordId, keyEpoch };
    const preparation = await this.services.preparations.find(place);
    if (preparation === undefined) {
      if (await this.#isAnchored(request.input)) return this.services.ledger.submit(request);
      throw new DomainError('NOT_FOUND', 'nothing is prepared for this record', { recordId });
    }
    if (preparation.inputText !== canonicalJson(request.input))
      throw new DomainError('PROOF_MISMATCH', undefined, { field: 'requestHash' });
    const { envelope } = preparation;
    const input = { ...place, transientSha256: hashOfJson(envelope) };
    await this.services.keyService.submit(newRequest(transactions.PutEnvelope, input, { transient: envelope }));
    const committed = await this.services.ledger.submit(request);
    await this.services.preparations.forget([place]);
    return committed;
  }

  /** Forgets preparations whose anchor is committed, though this node never heard of it: it was stopped, or the answer was lost. */
  async forgetAnchored(): Promise<void> {
    for (const preparation of await this.services.preparations.all()) {
      const input = transactions.AnchorRecord.request.or(transactions.AmendRecord.request).parse(JSON.parse(preparation.inputText));
      if (await this.#isAnchored(input)) await this.services.preparations.forget([preparation]);
    }
  }

  /** Whether this very input stands on the ledger as a version of its record. */
  async #isAnchored(input: Input<Publication>): Promise<boolean> {
    const { pseudonym, recordId } = input;
    const version = 'previousVersion' in input ? input.previousVersion + 1 : 1;
    try {
      const { origin } = await this.services.ledger.evaluate(newRequest(transactions.GetRecordVersion, { pseudonym, recordId, version }));
      return origin.requestHash === hashOfJson(input);
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return false;
      throw error;
    }
  }

  async #placeOf({ pseudonym, recordId, amends }: PrepareInput): Promise<Place> {
    if (amends === undefined) return { pseudonym, recordId, version: 1, keyEpoch: 1 };
    const record = await this.services.ledger.evaluate(newRequest(transactions.GetRecord, { pseudonym, recordId }));
    if (record.version !== amends.previousVersion) throw new DomainError('VERSION_CONFLICT', undefined, { recordId });
    return { pseudonym, recordId, version: record.version + 1, keyEpoch: record.keyEpoch + 1 };
  }

  async #seal(input: PrepareInput, place: Place, document: CheckedDocument): Promise<Preparation> {
    const { recordId } = input;
    const { version, keyEpoch } = place;
    const dataKey = newDataKey();
    try {
      const context = objectContext({ recordId, version, custodianMspId: this.services.identity.mspId, contentType: document.contentType });
      const sealed = await sealBytes({ key: dataKey, context }, document.bytes);
      const { objectSha256, receipts } = await this.services.replication.store(sealed, input.replicaMspIds ?? []);
      const contentSalt = newSalt();
      const committedKey = dekCommitment(dataKey, recordId);
      const content = {
        ...labelsOf(document),
        sizeBucket: sizeBucketOf(sealed.length),
        cipherSha256: objectSha256,
        contentCommitment: await contentCommitment(contentSalt, [document.bytes]),
        dekCommitment: committedKey,
        keyEpoch,
        locators: receipts.map(({ statement }) => ({ mspId: statement.mspId, endpointId: statement.endpointId })),
        receipts: [...receipts],
      };
      const envelope = await this.services.custody.seal(dataKey, { recordId, version, dekCommitment: committedKey, keyEpoch });
      const salts = { content: encodeBase64url(contentSalt), dek: encodeBase64url(newSalt()) };
      return {
        documentSha256: input.documentSha256,
        input: { pseudonym: input.pseudonym, recordId, ...input.amends, ...content },
        envelope: transactions.PutEnvelope.transient.parse({ envelope, details: input.details ?? {}, salts }),
      };
    } finally {
      dataKey.fill(0);
    }
  }
}

/** All the ledger will know of a document's content. */
function labelsOf(
  document: CheckedDocument,
): Pick<CheckedDocument, 'class' | 'category' | 'dataLevel' | 'confidentiality' | 'format' | 'displayProfile'> {
  const { category, dataLevel, confidentiality, format, displayProfile } = document;
  return { class: document.class, category, dataLevel, confidentiality, format, displayProfile };
}
