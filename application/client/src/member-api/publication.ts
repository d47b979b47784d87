import {
  canonicalJson,
  type ChannelBinding,
  deviceAuthorshipSchema,
  hashOfVersion,
  isReceiptFor,
  type Months,
  pseudonymSchema,
  recordIdSchema,
  type Sha256,
  sha256,
  sizeBucketOf,
  transactions,
  versionIdentityOf,
} from '@lianyi/domain';
import { type CheckedDocument } from '@lianyi/documents';
import { type Described } from '@lianyi/documents/media-type';
import { base64urlBytes } from '../crypto/bytes';
import { sealedSize } from '../envelope/cobblestone';
import { contentCommitment } from '../envelope/data-key';
import { answerDiffers } from './released-document';
import { type Care, type DeviceSigned, type PreparedRecord, type PrepareInput, prepareInputSchema } from './schemas';

/** A document to be published, and where it belongs. */
export type DocumentToPublish = {
  /** The channel that the publisher means, whatever the node follows. */
  readonly network: ChannelBinding;
  readonly pseudonym: string;
  readonly recordId: string;
  readonly bytes: Uint8Array;
  /** Of a document that is no FHIR: its format and labels; left out: it is FHIR, and says them itself. */
  readonly described?: Described;
  readonly care?: Care;
  readonly details?: Readonly<Record<string, string>>;
  readonly replicaMspIds?: readonly string[];
  /** A device has made the document and signed it for this version of this record; left out: staff have. */
  readonly device?: DeviceSigned;
} & (
  | {
      /** A new record: its id is `recordIdOf` of the publisher's hospital, the pseudonym and this. The same again is the same record. */
      readonly nonce: string;
      readonly amends?: never;
    }
  | { readonly amends: { readonly previousVersion: number; readonly operation: 'amend' | 'replace' }; readonly nonce?: never }
);

/** What the publisher takes from the node: where the sealed object is, and the commitment to the key that only the node has seen. */
const NODES_OWN = ['cipherSha256', 'dekCommitment', 'keyEpoch', 'locators', 'receipts'] as const;

/** What is signed to have a document prepared. @throws ZodError — an id or a nonce is malformed */
export function preparationOf(document: DocumentToPublish): PrepareInput {
  const { pseudonym, recordId, nonce, amends, bytes, described, care, details, device, replicaMspIds } = document;
  return prepareInputSchema.parse({
    ...{ pseudonym, recordId, ...(amends === undefined ? { nonce } : { amends }), documentSha256: sha256(bytes) },
    ...(described === undefined ? {} : { described }),
    ...(care === undefined ? {} : { care }),
    ...(details === undefined ? {} : { details }),
    ...(device === undefined ? {} : { device }),
    ...(replicaMspIds === undefined ? {} : { replicaMspIds }),
  });
}

/** The months of the care that a document tells of; undefined if it does not say them all. */
export async function careMonthsIn(bytes: Uint8Array): Promise<Months | undefined> {
  const { careMonthsOf } = await import('@lianyi/documents');
  return careMonthsOf(bytes);
}

/** Finds a document's labels. @throws {@link DomainError} the refusals of `checkDocument` */
export type PublicationCheck = (bytes: Uint8Array, described: DocumentToPublish['described']) => Promise<Omit<CheckedDocument, 'bytes'>>;

/** Here, at once: a browser has nothing else to do. */
const checkHere: PublicationCheck = async (bytes, described) => {
  // loaded when the first document is published: it brings FHIR's tables
  const { checkDocument } = await import('@lianyi/documents');
  return checkDocument(bytes, { described });
};

/**
 * The input that the publisher signs: patient, record, version, labels, size and content commitment are computed here, from the document
 * itself; from the node come only the sealed object's hash, places, receipts and key commitment, which must fit each other.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — the node prepared something else, with the field; the refusals of `checkDocument`
 */
export async function publicationOf(
  document: DocumentToPublish,
  prepared: PreparedRecord,
  check: PublicationCheck = checkHere,
): Promise<PreparedRecord['input']> {
  const { pseudonym, recordId, nonce, amends, bytes } = document;
  const transaction = amends === undefined ? 'AnchorRecord' : 'AmendRecord';
  if (prepared.transaction !== transaction) throw answerDiffers('transaction');
  const checked = await check(bytes, document.described);
  const { category, dataLevel, confidentiality, format, displayProfile } = checked;
  const version = versionOf(document);
  const computed = {
    ...{ pseudonym, recordId, ...(amends ?? { nonce }) },
    ...{ class: checked.class, category, dataLevel, confidentiality, format, displayProfile },
    sizeBucket: sizeBucketOf(sealedSize(bytes.length)),
    contentCommitment: await contentCommitment(base64urlBytes(prepared.contentSalt), version, [bytes]),
    ...document.care,
    ...authorshipOf(document, prepared),
  };
  const taken = Object.fromEntries(NODES_OWN.map((field) => [field, prepared.input[field]]));
  const input = transactions[transaction].request.safeParse({ ...computed, ...taken });
  if (!input.success) throw answerDiffers(`input.${input.error.issues[0]?.path.join('.') ?? ''}`);
  assertSameInput(prepared.input, input.data);
  assertOneObject(input.data, { versionHash: hashOfVersion(version), sizeBytes: sealedSize(bytes.length) });
  return input.data;
}

/** What the record will say of the device: what the device said, with its salt under the pad of the key that only the node has seen. */
function authorshipOf({ device }: DocumentToPublish, prepared: PreparedRecord): { readonly device?: object } {
  if (device === undefined) return {};
  const { contentSalt, ...signed } = device;
  if (prepared.contentSalt !== contentSalt) throw answerDiffers('contentSalt');
  const taken = deviceAuthorshipSchema.safeParse(prepared.input['device']);
  if (!taken.success) throw answerDiffers('input.device');
  return { device: { ...signed, sealedSalt: taken.data.sealedSalt } };
}

/** The version that the document will be on the ledger. */
function versionOf({ network, pseudonym, recordId, amends }: DocumentToPublish): ReturnType<typeof versionIdentityOf> {
  const ids = { pseudonym: pseudonymSchema.parse(pseudonym), recordId: recordIdSchema.parse(recordId) };
  return versionIdentityOf(network, { ...ids, version: (amends?.previousVersion ?? 0) + 1 });
}

/** The node carries what it prepared and nothing else: a difference is found before anything is signed. */
function assertSameInput(prepared: PreparedRecord['input'], computed: PreparedRecord['input']): void {
  const fields = new Set([...Object.keys(prepared), ...Object.keys(computed)]);
  const text = (value: unknown): string => (value === undefined ? '' : canonicalJson(value));
  for (const field of fields) if (text(prepared[field]) !== text(computed[field])) throw answerDiffers(`input.${field}`);
}

type Receipts = Pick<ReturnType<typeof transactions.AnchorRecord.request.parse>, 'cipherSha256' | 'locators' | 'receipts'>;

/** Each place's receipt is for this object of this size, deposited for this version. */
function assertOneObject(
  { cipherSha256, locators, receipts }: Receipts,
  { versionHash, sizeBytes }: { readonly versionHash: Sha256; readonly sizeBytes: number },
): void {
  if (receipts.length !== locators.length) throw answerDiffers('input.receipts');
  locators.forEach(({ mspId, endpointId }, place) => {
    const receipt = receipts[place];
    const claim = { objectSha256: cipherSha256, versionHash, sizeBytes, mspId, endpointId };
    if (receipt === undefined || !isReceiptFor(receipt, claim)) throw answerDiffers(`input.receipts.${place}`);
  });
}
