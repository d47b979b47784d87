import {
  collectBytes,
  contentCommitment,
  dekCommitment,
  newDataKey,
  newSalt,
  objectContext,
  type PreparedRecord,
  type PrepareInput,
  sealBytes,
} from '@lianyi/client';
import { checkDocument, type CheckedDocument } from '@lianyi/documents';
import {
  canonicalJson,
  DomainError,
  encodeBase64url,
  hashOfJson,
  type Input,
  type Ledger,
  LedgerFailure,
  type MedicalRecord,
  newRequest,
  type OutcomeOf,
  OutcomeUnknown,
  type Receipt,
  Refused,
  sha256,
  type SignedRequest,
  sizeBucketOf,
  transactions,
} from '@lianyi/domain';
import { type NodeIdentity } from '../check-caller';
import { type Custody } from '../keys/custody';
import { type ObjectStore } from '../vault/object-store';
import { type FoundPreparation, type Preparation, type PreparationKey, type Preparations } from './preparations';
import { type Replication } from './replication';

/** The transactions that publish what was prepared. */
type Publication = typeof transactions.AnchorRecord | typeof transactions.AmendRecord;

export interface RecordServices {
  readonly identity: NodeIdentity;
  readonly ledger: Ledger;
  /** The ledger with the signature of the organisation's key service. */
  readonly keyService: Ledger;
  readonly custody: Custody;
  readonly replication: Pick<Replication, 'store' | 'areCurrent'>;
  readonly vault: ObjectStore;
  readonly preparations: Preparations;
  readonly maxDocumentBytes: number;
}

/** Where a document will stand on the ledger. */
interface Place extends PreparationKey {
  readonly version: number;
}

/** Turns documents into sealed, replicated objects and the ledger input that anchors them. */
export class RecordService {
  constructor(private readonly services: RecordServices) {}

  /**
   * Checks, seals and stores a document. The same document for the same record again gives the same answer, with new receipts if a
   * vault has since changed its place or key. Another document takes the place of one that was prepared and not published.
   * @throws {@link DomainError} `HASH_MISMATCH` — not the document that was signed for; the refusals of {@link checkDocument} and
   * {@link Replication}; `VERSION_CONFLICT`; `ALREADY_EXISTS` — the record is published; `PREPARATION_IN_USE` — another document was sent
   * to the ledger for this record, and nobody knows yet with what outcome.
   */
  async prepare(input: PrepareInput, bytes: Buffer): Promise<PreparedRecord> {
    if (sha256(bytes) !== input.documentSha256)
      throw new DomainError('HASH_MISMATCH', 'the document is not the one signed for', { path: 'documentSha256' });
    const document = checkDocument(bytes, this.services.maxDocumentBytes);
    const place = await this.#placeOf(input);
    const { preparations } = this.services;
    const existing = await preparations.find(place);
    const usable = existing !== undefined && isFor(existing, input) ? await this.#withCurrentReceipts(place, existing) : undefined;
    if (usable === undefined) {
      await this.#assertReplaceable(place, existing, input);
      await preparations.keep(place, await this.#seal(input, place, document));
    }
    const kept = usable ?? (await preparations.find(place));
    if (kept === undefined || !isFor(kept, input))
      throw new DomainError('PREPARATION_IN_USE', 'another document is being published for this record', { recordId: place.recordId });
    return { transaction: input.amends === undefined ? 'AnchorRecord' : 'AmendRecord', input: kept.input };
  }

  /**
   * Puts the envelope into the own organisation's private data, then carries the signed anchor. In this order: an anchored record
   * without its key could never be read. Within an hour the same request again gives the ledger's first answer; after a refusal it goes
   * on where it stopped.
   * @throws {@link DomainError} `NOT_FOUND` — nothing is prepared for it; `PROOF_MISMATCH` — the signed input is not the prepared one.
   */
  async publish<Entry extends Publication>(request: SignedRequest<Entry>): Promise<OutcomeOf<Entry>> {
    const { pseudonym, recordId, keyEpoch } = request.input;
    const place = { pseudonym, recordId, keyEpoch };
    const { preparations, keyService } = this.services;
    const preparation = await preparations.find(place);
    if (preparation === undefined) throw new DomainError('NOT_FOUND', 'nothing is prepared for this record', { recordId });
    if (preparation.inputText !== canonicalJson(request.input))
      throw new DomainError('PROOF_MISMATCH', undefined, { field: 'requestHash' });
    const { envelope } = preparation;
    const input = { ...place, transientSha256: hashOfJson(envelope) };
    await keyService.submit(newRequest(transactions.PutEnvelope, input, { transient: envelope }));
    const committed = await this.#anchor(request, place, preparation);
    await preparations.markPublished(place);
    return committed;
  }

  /** Forgets what is over: published an hour ago, or prepared a day ago and not published; then the own copy of the object goes too. */
  async sweep(): Promise<void> {
    const { preparations } = this.services;
    await preparations.sweep();
    for (const key of await preparations.ended()) {
      const ended = await preparations.find(key);
      const record = await this.#recordAt(key);
      const { cipherSha256 } = transactions.AnchorRecord.request.pick({ cipherSha256: true }).strip().parse(ended?.input);
      // whose answer was lost may be anchored all the same; a later version may rest on this one's object no more, but history does
      if (record === undefined || record.keyEpoch < key.keyEpoch) await this.services.vault.delete(cipherSha256);
      await preparations.forget(key);
    }
  }

  async #anchor<Entry extends Publication>(
    request: SignedRequest<Entry>,
    place: PreparationKey,
    { isInUse }: FoundPreparation,
  ): Promise<OutcomeOf<Entry>> {
    const { preparations, ledger } = this.services;
    await preparations.markSent(place);
    try {
      return await ledger.submit(request);
    } catch (error) {
      // an earlier sending may still come into a block, whatever became of this one
      if (!isInUse && error instanceof LedgerFailure && !(error instanceof OutcomeUnknown)) await preparations.markUnsent(place);
      throw error;
    }
  }

  /** The preparation as it can be published now; undefined if its object is gone, so that it must be sealed anew. */
  async #withCurrentReceipts(place: Place, preparation: FoundPreparation): Promise<Preparation | undefined> {
    const { preparations, replication, vault } = this.services;
    if (preparation.isPublished || preparation.isInUse) return preparation;
    const { cipherSha256, receipts } = transactions.AnchorRecord.request
      .pick({ cipherSha256: true, receipts: true })
      .strip()
      .parse(preparation.input);
    if (await replication.areCurrent(cipherSha256, receipts)) return preparation;
    if (!(await vault.has(cipherSha256))) return undefined;
    const stored = await replication.store(await collectBytes((await vault.get(cipherSha256)).bytes), []);
    const renewed = { ...preparation, input: { ...preparation.input, ...placesOf(stored.receipts) } };
    return (await preparations.keep(place, renewed)) ? renewed : undefined;
  }

  async #assertReplaceable(place: Place, existing: FoundPreparation | undefined, { amends }: PrepareInput): Promise<void> {
    const { recordId } = place;
    if (existing?.isInUse === true && !existing.isPublished) throw new DomainError('PREPARATION_IN_USE', undefined, { recordId });
    const isAnchored = amends === undefined && (await this.#recordAt(place)) !== undefined;
    if (existing?.isPublished === true || isAnchored)
      throw new DomainError('ALREADY_EXISTS', 'the record is published; amend it', { recordId });
  }

  async #recordAt({ pseudonym, recordId }: PreparationKey): Promise<Pick<MedicalRecord, 'keyEpoch'> | undefined> {
    try {
      return await this.services.ledger.evaluate(newRequest(transactions.GetRecord, { pseudonym, recordId }));
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
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
        ...placesOf(receipts),
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

/** Where an object is, with everybody's receipt, as the ledger's input has it. */
function placesOf(receipts: readonly Receipt[]): Pick<Input<typeof transactions.AnchorRecord>, 'locators' | 'receipts'> {
  return { locators: receipts.map(({ statement: { mspId, endpointId } }) => ({ mspId, endpointId })), receipts: [...receipts] };
}

/** Whether a preparation is of this very document, for the same change of the record. */
function isFor({ documentSha256, input }: Preparation, wanted: PrepareInput): boolean {
  const { previousVersion, operation } = wanted.amends ?? {};
  return documentSha256 === wanted.documentSha256 && input['previousVersion'] === previousVersion && input['operation'] === operation;
}

/** All the ledger will know of a document's content. */
function labelsOf(
  document: CheckedDocument,
): Pick<CheckedDocument, 'class' | 'category' | 'dataLevel' | 'confidentiality' | 'format' | 'displayProfile'> {
  const { category, dataLevel, confidentiality, format, displayProfile } = document;
  return { class: document.class, category, dataLevel, confidentiality, format, displayProfile };
}
