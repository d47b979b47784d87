import {
  collectBytes,
  contentCommitment,
  dekCommitment,
  newDataKey,
  newSalt,
  objectContext,
  type PreparedRecord,
  type PrepareInput,
  saltUnderPad,
  sealedSize,
  sealStream,
} from '@lianyi/client';
import { type CheckedDocument } from '@lianyi/documents';
import {
  assertOwnId,
  canonicalJson,
  type DeviceAuthorship,
  DomainError,
  encodeBase64url,
  hashOfJson,
  hashOfVersion,
  type Input,
  type Ledger,
  LedgerFailure,
  type MedicalRecord,
  newRequest,
  type OutcomeOf,
  OutcomeUnknown,
  recordIdOf,
  Refused,
  sha256,
  type SignedRequest,
  sizeBucketOf,
  type StaffProof,
  type TransactionEntry,
  transactions,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { type NodeIdentity } from '../check-caller';
import { type DeviceWitness } from '../device-witness';
import { type Custody } from '../keys/custody';
import { type ObjectStore } from '../vault/object-store';
import { type DocumentChecker } from '@lianyi/documents/document-checker';
import { inTurns } from './in-turns';
import { isPreparedFor } from './is-prepared-for';
import { type KeptPreparation, type ListedPreparation, type Preparation, type PreparationKey, type Preparations } from './preparations';
import { blamedFor, receiptGiversOf, placesOf } from './receipt-places';
import { type Replication } from './replication';
import { resultsToKeep } from './results-to-keep';
import { assertDocumentIsShownAsAgreed } from './shown-as-agreed';

/** The transactions that publish what was prepared. */
type Publication = typeof transactions.AnchorRecord | typeof transactions.AmendRecord;

export interface RecordServices {
  readonly identity: NodeIdentity;
  readonly ledger: Ledger;
  /** The ledger with the signature of the organisation's key service. */
  readonly keyService: Ledger;
  readonly custody: Custody;
  readonly replication: Pick<Replication, 'store' | 'areCurrent' | 'learn'>;
  readonly vault: ObjectStore;
  readonly preparations: Preparations;
  readonly documents: Pick<DocumentChecker, 'check'>;
  readonly devices: Pick<DeviceWitness, 'assertMayAuthor'>;
}

/** A publication that somebody of the own staff has signed: what it does here before the ledger has judged it is done for nobody else. */
export type StaffRequest<Entry extends TransactionEntry> = SignedRequest<Entry> & { readonly proof: StaffProof };

const publishable = transactions.AnchorRecord.request.or(transactions.AmendRecord.request);

/** Where a document will stand on the ledger. */
type Place = PreparationKey & VersionIdentity;

/** Turns documents into sealed, replicated objects and the ledger input that anchors them. */
export class RecordService {
  constructor(private readonly services: RecordServices) {}

  /**
   * Checks, seals and stores a document. The same document for the same record again gives the same answer, with new receipts if a
   * vault has since changed its place or key. Another document takes the place of one that was prepared and not published.
   * @throws {@link DomainError} `HASH_MISMATCH` — not the document that was signed for; `ID_MISMATCH` — the id of a new record is not derived
   * from this hospital, the pseudonym and the nonce; the refusals of {@link DocumentChecker} and
   * {@link Replication}; those of {@link DeviceWitness.assertMayAuthor}; `DISPLAY_PROFILE_NOT_MET`; `VERSION_CONFLICT`; `ALREADY_EXISTS` — the record is published; `PREPARATION_IN_USE` — another document was sent
   * to the ledger for this record, and nobody knows yet with what outcome.
   */
  async prepare(input: PrepareInput, bytes: Buffer): Promise<PreparedRecord> {
    if (sha256(bytes) !== input.documentSha256)
      throw new DomainError('HASH_MISMATCH', 'the document is not the one signed for', { path: 'documentSha256' });
    this.#assertOwnRecord(input);
    await this.#assertOwnDevice(input);
    const document = await this.services.documents.check(bytes, input.described);
    await assertDocumentIsShownAsAgreed(this.services.ledger, document);
    const place = await this.#placeOf(input);
    const { preparations } = this.services;
    const existing = await preparations.find(place);
    const isUsable =
      existing !== undefined &&
      isPreparedFor(existing, input, labelsOf(document)) &&
      (await this.#hasCurrentReceipts(place, existing, { input, bytes }));
    if (!isUsable) {
      await this.#assertReplaceable(place, existing, input);
      await preparations.keep(place, await this.#seal(input, place, document));
    }
    const kept = await preparations.find(place);
    if (kept === undefined || !isPreparedFor(kept, input, labelsOf(document)))
      throw new DomainError('PREPARATION_IN_USE', 'another document is being published for this record', { recordId: place.recordId });
    const transaction = input.amends === undefined ? 'AnchorRecord' : 'AmendRecord';
    return { transaction, input: kept.input, contentSalt: kept.envelope.salts.content };
  }

  /**
   * Puts the envelope into the own organisation's private data, then carries the signed anchor. In this order: an anchored record
   * without its key could never be read. The same request again gives the ledger's answer, long after the preparation is forgotten;
   * after a refusal it goes on where it stopped.
   * @throws {@link DomainError} `NOT_FOUND` — nothing is prepared for it; `PROOF_MISMATCH` — the signed input is not the prepared one.
   */
  async publish<Entry extends Publication>(request: StaffRequest<Entry>): Promise<OutcomeOf<Entry>> {
    const { pseudonym, recordId, keyEpoch } = request.input;
    const place = { pseudonym, recordId, keyEpoch };
    const { preparations } = this.services;
    const preparation = await preparations.find(place);
    if (preparation === undefined) {
      if (await this.#isAnchored(request.input)) return this.services.ledger.submit(request);
      throw new DomainError('NOT_FOUND', 'nothing is prepared for this record', { recordId });
    }
    if (preparation.inputText !== canonicalJson(request.input))
      throw new DomainError('PROOF_MISMATCH', undefined, { field: 'requestHash' });
    // what has replaced it, or published it, meanwhile is looked at in its place
    const sending = await preparations.markSent(place, preparation.inputText, new Date(request.proof.statement.notAfter));
    if (sending === undefined) return this.publish(request);
    const committed = await this.#anchor(request, { place, sending, envelope: preparation.envelope });
    await preparations.forget([place]);
    return committed;
  }

  /**
   * Forgets preparations that are over: anchored, though this node never heard of it because it was stopped or the answer was lost; or
   * prepared a day ago and not published, and then the own copy of the object goes too.
   */
  async sweep(): Promise<void> {
    for (const preparation of await this.services.preparations.all()) {
      const input = publishable.safeParse(JSON.parse(preparation.inputText));
      if (input.success && (await this.#isAnchored(input.data))) await this.services.preparations.forget([preparation]);
      else if (preparation.hasEnded) await this.#end(preparation);
    }
  }

  async #end(preparation: ListedPreparation): Promise<void> {
    const record = await this.#recordAt(preparation);
    // what has begun to be published since it was looked at keeps its place and its object
    if (!(await this.services.preparations.end(preparation))) return;
    const { cipherSha256 } = objectOf(JSON.parse(preparation.inputText));
    // an earlier preparation may be anchored with this one's object; a later version may rest on it no more, but history does
    if (record === undefined || record.keyEpoch < preparation.keyEpoch) await this.services.vault.delete(cipherSha256);
  }

  /** The preparation is marked as sent before, so that nothing takes its place: envelope and anchor belong together. */
  async #anchor<Entry extends Publication>(
    request: StaffRequest<Entry>,
    { place, sending, envelope }: { readonly place: PreparationKey; readonly sending: number } & Pick<KeptPreparation, 'envelope'>,
  ): Promise<OutcomeOf<Entry>> {
    const { preparations, keyService, ledger, replication } = this.services;
    try {
      const input = { ...place, transientSha256: hashOfJson(envelope) };
      await keyService.submit(newRequest(transactions.PutEnvelope, input, { transient: envelope }));
      const committed = await ledger.submit(request);
      replication.learn(receiptGiversOf(request.input), 'kept');
      return committed;
    } catch (error) {
      replication.learn(blamedFor(error, receiptGiversOf(request.input)), 'unkept');
      // what the node itself refuses, as of a device that was revoked meanwhile, was not sent
      const hasNoEffect = error instanceof DomainError || (error instanceof LedgerFailure && !(error instanceof OutcomeUnknown));
      // another sending may still come into a block, whatever became of this one
      if (hasNoEffect) await preparations.markUnsent(sending);
      throw error;
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

  /** Whether a preparation can be published now, if need be with new receipts; not if its object is gone, so that it must be sealed anew. */
  async #hasCurrentReceipts(
    place: Place,
    preparation: KeptPreparation,
    { input: { replicaMspIds = [] }, bytes: document }: { readonly input: PrepareInput; readonly bytes: Buffer },
  ): Promise<boolean> {
    const { preparations, replication, vault } = this.services;
    if (preparation.isInUse) return true;
    const { input, envelope } = preparation;
    const { cipherSha256, receipts } = objectOf(input);
    const versionHash = hashOfVersion(place);
    const sizeBytes = sealedSize(document.length);
    if (await replication.areCurrent({ objectSha256: cipherSha256, versionHash, sizeBytes }, receipts)) return true;
    if (!(await vault.has(cipherSha256))) return false;
    const stored = await replication.store(await collectBytes((await vault.get(cipherSha256)).bytes), versionHash, replicaMspIds);
    return preparations.keep(place, { documentSha256: sha256(document), envelope, input: { ...input, ...placesOf(stored.receipts) } });
  }

  /** Told before anything is stored; the ledger refuses the same. */
  #assertOwnRecord({ pseudonym, recordId, nonce }: PrepareInput): void {
    const { mspId } = this.services.identity;
    if (nonce !== undefined) assertOwnId(recordId, recordIdOf({ mspId, pseudonym, nonce }));
  }

  /** Told before anything is stored; when it is carried into the ledger, the same is asked again. */
  async #assertOwnDevice({ pseudonym, device }: PrepareInput): Promise<void> {
    const { identity, devices } = this.services;
    if (device !== undefined) await devices.assertMayAuthor({ mspId: identity.mspId, deviceId: device.deviceId, pseudonym });
  }

  async #assertReplaceable(place: Place, existing: KeptPreparation | undefined, { amends }: PrepareInput): Promise<void> {
    const { recordId } = place;
    if (existing?.isInUse === true) throw new DomainError('PREPARATION_IN_USE', undefined, { recordId });
    if (amends === undefined && (await this.#recordAt(place)) !== undefined)
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
    const { identity } = this.services;
    const first = versionIdentityOf(identity, { pseudonym, recordId, version: 1 });
    if (amends === undefined) return { ...first, keyEpoch: 1 };
    const record = await this.services.ledger.evaluate(newRequest(transactions.GetRecord, { pseudonym, recordId }));
    if (record.version !== amends.previousVersion) throw new DomainError('VERSION_CONFLICT', undefined, { recordId });
    return { ...first, version: record.version + 1, keyEpoch: record.keyEpoch + 1 };
  }

  async #seal(input: PrepareInput, place: Place, document: CheckedDocument): Promise<Preparation> {
    const { pseudonym, recordId, nonce, amends } = input;
    const { keyEpoch } = place;
    const version = versionIdentityOf(place, place);
    const dataKey = newDataKey();
    try {
      const context = objectContext({ ...version, custodianMspId: this.services.identity.mspId, contentType: document.contentType });
      const sealed = await collectBytes(sealStream({ key: dataKey, context }, inTurns(document.bytes)));
      const { objectSha256, receipts } = await this.services.replication.store(sealed, hashOfVersion(version), input.replicaMspIds ?? []);
      const contentSalt = input.device === undefined ? newSalt() : Buffer.from(input.device.contentSalt, 'base64url');
      const committedKey = dekCommitment(dataKey, version);
      const content = {
        ...labelsOf(document),
        sizeBucket: sizeBucketOf(sealed.length),
        cipherSha256: objectSha256,
        contentCommitment: await contentCommitment(contentSalt, version, inTurns(document.bytes)),
        dekCommitment: committedKey,
        keyEpoch,
        ...input.care,
        ...authorshipOf(input, saltUnderPad(dataKey, version, contentSalt)),
        ...placesOf(receipts),
      };
      const results = await resultsToKeep(this.services.ledger, document);
      const envelope = await this.services.custody.seal(dataKey, { ...version, dekCommitment: committedKey, keyEpoch });
      const salts = { content: encodeBase64url(contentSalt), dek: encodeBase64url(newSalt()) };
      return {
        documentSha256: input.documentSha256,
        input: { pseudonym, recordId, ...(amends ?? { nonce }), ...content },
        envelope: transactions.PutEnvelope.transient.parse({ envelope, details: { ...input.details, ...results }, salts }),
      };
    } finally {
      dataKey.fill(0);
    }
  }
}

/** What an input to publish says of its object, whichever version of this node prepared it. */
function objectOf(input: unknown): Pick<Input<typeof transactions.AnchorRecord>, 'cipherSha256' | 'receipts'> {
  return transactions.AnchorRecord.request.pick({ cipherSha256: true, receipts: true }).strip().parse(input);
}

/** What the ledger will say of the device that has made a document. */
function authorshipOf({ device }: PrepareInput, salt: Uint8Array): { readonly device?: DeviceAuthorship } {
  if (device === undefined) return {};
  const { deviceId, observedAt, signature } = device;
  return { device: { deviceId, observedAt, signature, sealedSalt: encodeBase64url(salt) } };
}

/** All the ledger will know of a document's content. */
function labelsOf(
  document: CheckedDocument,
): Pick<CheckedDocument, 'class' | 'category' | 'dataLevel' | 'confidentiality' | 'format' | 'displayProfile'> {
  const { category, dataLevel, confidentiality, format, displayProfile } = document;
  return { class: document.class, category, dataLevel, confidentiality, format, displayProfile };
}
