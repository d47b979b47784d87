import { createHash } from 'node:crypto';
import { confidentialities, DomainError, type Pseudonym, type RecordId, recordIdSchema } from '@lianyi/domain';
import { type CheckedDocument, meantBy } from '@lianyi/documents';
import { OWN } from '@lianyi/documents/consent';
import { isObject, itemsOf, type JsonObject, textOf } from '@lianyi/documents/json-object';
import { contentTypeOf, type Described } from '@lianyi/documents/media-type';
import { patientOfReference, pseudonymOrNone } from '../asking/patient-named';
import { houseIdOf } from '../resources/fhir-id';
import { wrappedIn } from '../resources/wrapped-attachment';

type Closeness = Pick<CheckedDocument, 'confidentiality' | 'dataLevel'>;
const USUAL: Closeness = { confidentiality: 'N', dataLevel: 4 };
/** Checks a document and finds its labels, on another thread where it is large. */
export type DocumentCheck = (bytes: Buffer, described?: Described) => Promise<Closeness>;

/** A document that was submitted with what is said of it, before anything is published. */
export interface SubmittedDocument {
  readonly pseudonym: Pseudonym;
  /** By what the same submission is known again: what it calls itself, and its content. */
  readonly sameAs: readonly string[];
  /** What is published: the very bytes of a FHIR document; anything else as the attachment of its DocumentReference. */
  readonly bytes: Uint8Array;
  readonly replaces: RecordId | undefined;
}

/** Names what of a submission is not taken, and where; never a value. */
export function submissionNotTaken(path: string, problem: string): DomainError {
  return new DomainError('SUBMISSION_NOT_TAKEN', undefined, { path, problem });
}

/**
 * Reads a DocumentReference with its document: `attachment.data`, or the Binary that it points to.
 *
 * @param binaries - the Binary resources of the Bundle, by their `fullUrl`
 * @param path - where the DocumentReference stands
 * @throws DomainError `SUBMISSION_NOT_TAKEN`; the refusals of `checkDocument`, with a path inside the document
 */
export async function submittedDocument(
  reference: JsonObject,
  binaries: ReadonlyMap<string, JsonObject>,
  { baseUrl, path, check }: { readonly baseUrl: string; readonly path: string; readonly check: DocumentCheck },
): Promise<SubmittedDocument> {
  if (reference['status'] !== 'current') throw submissionNotTaken(`${path}.status`, 'not current');
  const contents = itemsOf(reference['content']);
  const attachment = isObject(contents[0]) ? contents[0]['attachment'] : undefined;
  if (contents.length !== 1 || !isObject(attachment))
    throw submissionNotTaken(`${path}.content`, 'one document for each DocumentReference');
  const at = `${path}.content[0].attachment`;
  const { contentType, data } = contentOf(attachment, binaries, at);
  const content = bytesOf(data, at);
  assertAsStated(attachment, content, at);
  const isFhir = contentType === contentTypeOf['fhir-r4-json'];
  await assertLabels(reference, { content, contentType, path }, check);
  const bytes = isFhir ? content : wrappedIn(reference, { contentType, data });
  return {
    pseudonym: subjectOf(reference, baseUrl, path),
    sameAs: [...masterIdentifierOf(reference), createHash('sha256').update(bytes).digest('base64url')],
    bytes,
    replaces: replacedBy(reference, baseUrl, path),
  };
}

function contentOf(
  { contentType, data, url }: JsonObject,
  binaries: ReadonlyMap<string, JsonObject>,
  at: string,
): { readonly contentType: string; readonly data: string } {
  if (typeof contentType !== 'string') throw submissionNotTaken(`${at}.contentType`, 'missing');
  if (typeof data === 'string') return { contentType, data };
  const binary = typeof url === 'string' ? binaries.get(url) : undefined;
  if (binary === undefined) throw submissionNotTaken(`${at}.url`, 'no Binary of this Bundle');
  if (binary['contentType'] !== contentType) throw submissionNotTaken(`${at}.contentType`, 'not that of the Binary');
  const inside = binary['data'];
  if (typeof inside !== 'string') throw submissionNotTaken(`${at}.url`, 'a Binary without data');
  return { contentType, data: inside };
}

function bytesOf(data: string, at: string): Buffer {
  const compact = data.replaceAll(/[ \t\r\n]/g, '');
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== compact) throw submissionNotTaken(at, 'no base64');
  return bytes;
}

/** Size and SHA-1 of an attachment are of its content (R4 datatypes, Attachment). */
function assertAsStated({ size, hash }: JsonObject, content: Uint8Array, at: string): void {
  if (size !== undefined && size !== content.length) throw submissionNotTaken(`${at}.size`, 'not the size of the document');
  if (hash !== undefined && hash !== createHash('sha1').update(content).digest('base64'))
    throw submissionNotTaken(`${at}.hash`, 'not the hash of the document');
}

/**
 * FHIR is published as it is, so a label beside it would be lost. Anything else is published inside of its DocumentReference and held as that says: whoever
 * sends it has to have seen what stands in it.
 */
async function assertLabels(
  reference: JsonObject,
  { content, contentType, path }: { readonly content: Buffer; readonly contentType: string; readonly path: string },
  check: DocumentCheck,
): Promise<void> {
  const said = await saidOf(reference, check);
  const asked = await askedBy(content, contentType, check);
  if (asked === undefined) return;
  const isAlone = contentType === contentTypeOf['fhir-r4-json'];
  if (isAlone && said !== undefined && isStricter(said, asked))
    throw submissionNotTaken(`${path}.securityLabel`, 'stricter than the document itself, which alone is published');
  if (!isAlone && isStricter(asked, said ?? USUAL))
    throw submissionNotTaken(`${path}.securityLabel`, 'less than the document itself asks for');
}

/** What a DocumentReference says of its document; undefined where it says nothing. */
async function saidOf(reference: JsonObject, check: DocumentCheck): Promise<Closeness | undefined> {
  const { content: _content, ...labels } = reference;
  if (labels['securityLabel'] === undefined && !isLabelled(labels['meta'])) return undefined;
  return check(Buffer.from(JSON.stringify({ ...labels, content: [{ attachment: { title: 'document' } }] })));
}

/** What a document asks for by itself; undefined if it is of no format in which a mark can stand. @throws DomainError the refusals of `checkDocument` */
async function askedBy(content: Buffer, contentType: string, check: DocumentCheck): Promise<Closeness | undefined> {
  const format = meantBy(content, contentType);
  if (format === undefined) return undefined;
  return check(content, format === 'fhir-r4-json' ? undefined : { format, class: 'clinical-document' });
}

function isStricter(one: Closeness, other: Closeness): boolean {
  const rank = ({ confidentiality }: Closeness): number => confidentialities.indexOf(confidentiality);
  return rank(one) > rank(other) || one.dataLevel > other.dataLevel;
}

function isLabelled(meta: JsonObject[string] | undefined): boolean {
  return isObject(meta) && meta['security'] !== undefined;
}

/** Whose document it is. @throws DomainError `SUBMISSION_NOT_TAKEN` */
export function subjectOf(resource: JsonObject, baseUrl: string, path: string): Pseudonym {
  const { subject } = resource;
  const reference = isObject(subject) ? subject['reference'] : undefined;
  const identifier = isObject(subject) ? subject['identifier'] : undefined;
  const isOurs = isObject(identifier) && identifier['system'] === OWN.pseudonym;
  const byIdentifier = isOurs ? pseudonymOrNone(textOf(identifier['value'])) : undefined;
  const byReference = typeof reference === 'string' ? patientOfReference(reference, baseUrl) : undefined;
  const named = byReference ?? byIdentifier;
  if (named === undefined || (byIdentifier ?? named) !== named) throw submissionNotTaken(`${path}.subject`, 'no patient of this server');
  return named;
}

function masterIdentifierOf({ masterIdentifier }: JsonObject): readonly string[] {
  const { system, value } = isObject(masterIdentifier) ? masterIdentifier : {};
  return [system, value].map((text) => (typeof text === 'string' ? text : ''));
}

/** The record of which this is the next version (MHD: `relatesTo` with `replaces`). */
function replacedBy({ relatesTo }: JsonObject, baseUrl: string, path: string): RecordId | undefined {
  const relations = itemsOf(relatesTo);
  if (relations.length === 0) return undefined;
  const [relation] = relations;
  const target = isObject(relation) ? relation['target'] : undefined;
  const reference = isObject(target) ? target['reference'] : undefined;
  if (relations.length > 1 || !isObject(relation) || relation['code'] !== 'replaces' || typeof reference !== 'string')
    throw submissionNotTaken(`${path}.relatesTo`, 'one that replaces a DocumentReference, or none');
  const relative = reference.startsWith(`${baseUrl}/`) ? reference.slice(baseUrl.length + 1) : reference;
  const [, id = ''] = /^DocumentReference\/([^/]+)$/.exec(relative) ?? [];
  const parsed = recordIdSchema.safeParse(houseIdOf(id));
  if (!parsed.success) throw submissionNotTaken(`${path}.relatesTo`, 'no DocumentReference of this server');
  return parsed.data;
}
