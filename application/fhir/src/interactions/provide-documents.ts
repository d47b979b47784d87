import {
  DomainError,
  idNonceSchema,
  type Input,
  newRequest,
  type Output,
  type RecordId,
  recordIdOf,
  recordIdSchema,
  Refused,
  transactions,
} from '@lianyi/domain';
import { isObject, itemsOf, type JsonObject, textOf } from '@lianyi/documents/json-object';
import { foundOr } from '../acting/found-or';
import { type DocumentPublication } from '../acting/ports';
import { fhirIdOf, houseIdOf } from '../resources/fhir-id';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';
import { submissionNotTaken, type SubmittedDocument, submittedDocument, subjectOf } from './submitted-document';

const MOST_DOCUMENTS = 16;
const TAKEN = ['List', 'DocumentReference', 'Binary'];

type Entry = { readonly fullUrl: string; readonly type: string; readonly resource: JsonObject; readonly path: string };
type Published = { readonly recordId: RecordId; readonly version: number };

function entriesOf(bundle: JsonObject): readonly Entry[] {
  if (bundle['resourceType'] !== 'Bundle' || bundle['type'] !== 'transaction') throw submissionNotTaken('Bundle.type', 'no transaction');
  const entries = itemsOf(bundle['entry']).map((entry, at): Entry => {
    const path = `Bundle.entry[${at}]`;
    const { fullUrl = '', resource, request } = isObject(entry) ? entry : {};
    if (!isObject(resource) || !isObject(request)) throw submissionNotTaken(path, 'a resource and its request');
    const type = textOf(resource['resourceType']);
    const isTaken = TAKEN.includes(type) && request['method'] === 'POST' && request['url'] === type && Object.keys(request).length === 2;
    if (!isTaken) throw submissionNotTaken(`${path}.request`, 'not a new List, DocumentReference or Binary');
    return { fullUrl: textOf(fullUrl), type, resource, path };
  });
  const urls = entries.map(({ fullUrl }) => fullUrl).filter((url) => url !== '');
  if (new Set(urls).size < urls.length) throw submissionNotTaken('Bundle.entry', 'a fullUrl twice');
  return entries;
}

/** All that is submitted is looked at before any of it is published. */
async function documentsOf(entries: readonly Entry[], { baseUrl, checkSent }: FacadeCall): Promise<ReadonlyMap<Entry, SubmittedDocument>> {
  const lists = entries.filter(({ type }) => type === 'List');
  const references = entries.filter(({ type }) => type === 'DocumentReference');
  if (lists.length !== 1) throw submissionNotTaken('Bundle.entry', 'one submission set');
  if (references.length === 0 || references.length > MOST_DOCUMENTS) throw submissionNotTaken('Bundle.entry', 'one to 16 documents');
  const binaries = new Map(entries.filter(({ type }) => type === 'Binary').map(({ fullUrl, resource }) => [fullUrl, resource]));
  const documents = new Map<Entry, SubmittedDocument>();
  for (const entry of references)
    documents.set(entry, await submittedDocument(entry.resource, binaries, { baseUrl, path: `${entry.path}.resource`, check: checkSent }));
  const patients = new Set([
    ...[...documents.values()].map(({ pseudonym }) => pseudonym),
    ...lists.map(({ resource, path }) => subjectOf(resource, baseUrl, `${path}.resource`)),
  ]);
  if (patients.size > 1) throw submissionNotTaken('Bundle.entry', 'documents of several patients');
  return documents;
}

/**
 * Publishes documents. All that can be known of each is looked at before the first is published, what the ledger has of them included; the same submission
 * again is the same record.
 */
async function publishEach<Key>(call: FacadeCall, documents: ReadonlyMap<Key, SubmittedDocument>): Promise<ReadonlyMap<Key, Published>> {
  const publications = new Map<Key, DocumentPublication>();
  for (const [key, document] of documents) publications.set(key, await publicationOf(call, document));
  const replaced = [...publications.values()].filter(({ amends }) => amends !== undefined).map(({ recordId }) => recordId);
  if (new Set(replaced).size < replaced.length) throw submissionNotTaken('Bundle.entry', 'two documents that replace the same one');
  const published = new Map<Key, Published>();
  for (const [key, publication] of publications) {
    const made = await call.staff.publisher.publish(publication).catch((error: unknown) => publishedBefore(call, publication, error));
    call.memory.told(call.clientId, made.recordId, publication.pseudonym);
    published.set(key, made);
  }
  return published;
}

/**
 * The id of a new record follows from its content, so one that is there was the same document.
 * @throws DomainError `ILLEGAL_STATE` — it was retracted; `VERSION_NOT_PRESENT` — something else stands there by now
 */
async function publishedBefore(
  { staff }: FacadeCall,
  { pseudonym, recordId, nonce }: DocumentPublication,
  error: unknown,
): Promise<Published> {
  if (nonce === undefined || codeIn(error) !== 'ALREADY_EXISTS') throw error;
  const record = await staff.ledger.evaluate(newRequest(transactions.GetRecord, { pseudonym, recordId }));
  if (record.state !== 'current') throw new DomainError('ILLEGAL_STATE');
  if (record.version !== 1) throw new DomainError('VERSION_NOT_PRESENT');
  return record;
}

function codeIn(error: unknown): unknown {
  return error instanceof DomainError || error instanceof Refused ? error.code : undefined;
}

async function publicationOf(call: FacadeCall, document: SubmittedDocument): Promise<DocumentPublication> {
  const { staff, memory } = call;
  const { pseudonym, bytes, replaces, sameAs } = document;
  if (replaces !== undefined) {
    const { version } = await replacedRecord(call, { pseudonym, recordId: replaces });
    return { pseudonym, recordId: replaces, bytes, amends: { previousVersion: version, operation: 'replace' } };
  }
  const nonce = idNonceSchema.parse(memory.nonceFor([staff.mspId, pseudonym, ...sameAs]));
  return { pseudonym, recordId: recordIdOf({ mspId: staff.mspId, pseudonym, nonce }), nonce, bytes };
}

/**
 * The record of the own hospital of which a next version is sent. Of another hospital's nobody learns here that there is one, or in which version: it is answered
 * like one that is not there, of which `If-Match` names no present version either (RFC 9110 §13.1.1).
 */
async function replacedRecord(
  { staff, ifMatch, mayReplace }: FacadeCall,
  key: Input<typeof transactions.GetRecord>,
): Promise<Output<typeof transactions.GetRecord>> {
  if (!mayReplace) throw new DomainError('SCOPE_NOT_HELD');
  const record = await foundOr(() => staff.ledger.evaluate(newRequest(transactions.GetRecord, key)));
  const own = record?.custodianMspId === staff.mspId ? record : undefined;
  if (ifMatch !== undefined && (own === undefined || ifMatch !== `W/"${String(own.version)}"`))
    throw new DomainError('VERSION_NOT_PRESENT');
  if (own === undefined) throw new DomainError('NOT_FOUND');
  return own;
}

function responseOf(entry: Entry, published: Published): JsonObject {
  const id = fhirIdOf(published.recordId);
  const location = entry.type === 'Binary' ? `Binary/${id}` : `${entry.type}/${id}/_history/${String(published.version)}`;
  return { response: { status: '201 Created', location, etag: `W/"${String(published.version)}"` } };
}

/** The record that an entry went into: a Binary's is that of the DocumentReference that points to it, the list's the first. */
function recordOf(entry: Entry, published: ReadonlyMap<Entry, Published>): Published {
  const own =
    published.get(entry) ?? [...published].find(([{ resource }]) => urlOf(resource) === entry.fullUrl && entry.type === 'Binary')?.[1];
  const record = own ?? [...published.values()][0];
  if (record === undefined) throw new Error('a submission without documents was published');
  return record;
}

function urlOf(reference: JsonObject): unknown {
  const [content] = itemsOf(reference['content']);
  return isObject(content) && isObject(content['attachment']) ? content['attachment']['url'] : undefined;
}

async function provide(call: FacadeCall): Promise<FacadeAnswer> {
  const entries = entriesOf(await call.sentResource());
  const documents = await documentsOf(entries, call);
  const published = await publishEach(call, documents);
  const entry = entries.map((each) => responseOf(each, recordOf(each, published)));
  return { resource: { resourceType: 'Bundle', type: 'transaction-response', entry } };
}

/** ITI-105: one DocumentReference with its document inside. */
async function publishOne(call: FacadeCall): Promise<FacadeAnswer> {
  return publishSent(call, undefined, 201);
}

/** The next version of a document; with `If-Match`, of that version and no other. */
async function update(call: FacadeCall): Promise<FacadeAnswer> {
  const recordId = recordIdSchema.safeParse(houseIdOf(call.id));
  if (!recordId.success) throw new DomainError('NOT_FOUND');
  return publishSent(call, recordId.data, 200);
}

async function publishSent(call: FacadeCall, replaces: RecordId | undefined, status: number): Promise<FacadeAnswer> {
  const sent = await call.sentResource();
  if (sent['resourceType'] !== 'DocumentReference') throw submissionNotTaken('resourceType', 'no DocumentReference');
  const document = await submittedDocument(sent, new Map(), { baseUrl: call.baseUrl, path: 'DocumentReference', check: call.checkSent });
  const [made] = (await publishEach(call, new Map([[0, replaces === undefined ? document : { ...document, replaces }]]))).values();
  if (made === undefined) throw new Error('one document was published as none');
  const { recordId, version } = made;
  const resource = { ...sent, id: fhirIdOf(recordId), meta: { versionId: String(version) } };
  const location = `${call.baseUrl}/DocumentReference/${fhirIdOf(recordId)}/_history/${String(version)}`;
  return { status, resource, headers: { location, etag: `W/"${String(version)}"` } };
}

const provided = { method: 'POST', takesPurpose: false, takesBody: true, parameters: {} } as const;

export const provisionInteractions: readonly Interaction[] = [
  {
    ...{ ...provided, name: 'ITI-65', path: '/', type: 'system', does: { interaction: 'transaction' } },
    ...{ scope: { type: 'DocumentReference', letter: 'c' }, run: provide },
  },
  {
    ...{ ...provided, name: 'ITI-105', path: '/DocumentReference', type: 'DocumentReference', does: { interaction: 'create' } },
    ...{ scope: { type: 'DocumentReference', letter: 'c' }, run: publishOne },
  },
  {
    ...{
      ...provided,
      name: 'update',
      method: 'PUT',
      path: '/DocumentReference/:id',
      type: 'DocumentReference',
      does: { interaction: 'update' },
    },
    ...{ scope: { type: 'DocumentReference', letter: 'u' }, run: update },
  },
];
