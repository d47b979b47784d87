import { DomainError, idNonceSchema, newRequest, type RecordId, recordIdOf, recordIdSchema, Refused, transactions } from '@lianyi/domain';
import { isObject, itemsOf, type JsonObject } from '@lianyi/documents/json-object';
import { type DocumentPublication } from '../acting/ports';
import { fhirIdOf, houseIdOf } from '../resources/fhir-id';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';
import { submissionNotTaken, type SubmittedDocument, submittedDocument, subjectOf } from './submitted-document';
import { textOf } from '../resources/text-of';

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
function documentsOf(entries: readonly Entry[], baseUrl: string): ReadonlyMap<Entry, SubmittedDocument> {
  const lists = entries.filter(({ type }) => type === 'List');
  const references = entries.filter(({ type }) => type === 'DocumentReference');
  if (lists.length !== 1) throw submissionNotTaken('Bundle.entry', 'one submission set');
  if (references.length === 0 || references.length > MOST_DOCUMENTS) throw submissionNotTaken('Bundle.entry', 'one to 16 documents');
  const binaries = new Map(entries.filter(({ type }) => type === 'Binary').map(({ fullUrl, resource }) => [fullUrl, resource]));
  const documents = new Map(
    references.map((entry) => [entry, submittedDocument(entry.resource, binaries, { baseUrl, path: `${entry.path}.resource` })]),
  );
  const patients = new Set([
    ...[...documents.values()].map(({ pseudonym }) => pseudonym),
    ...lists.map(({ resource, path }) => subjectOf(resource, baseUrl, `${path}.resource`)),
  ]);
  if (patients.size > 1) throw submissionNotTaken('Bundle.entry', 'documents of several patients');
  return documents;
}

/** Publishes one document. The same submission again is the same record. */
async function publishSubmitted(call: FacadeCall, document: SubmittedDocument): Promise<Published> {
  const { staff, memory, clientId } = call;
  const publication = await publicationOf(call, document);
  const published = await staff.publisher.publish(publication).catch((error: unknown) => publishedBefore(call, publication, error));
  memory.told(clientId, published.recordId, document.pseudonym);
  return published;
}

/** The id of a new record follows from its content, so one that is there is the same document. */
async function publishedBefore(
  { staff }: FacadeCall,
  { pseudonym, recordId, nonce }: DocumentPublication,
  error: unknown,
): Promise<Published> {
  if (nonce === undefined || codeIn(error) !== 'ALREADY_EXISTS') throw error;
  return staff.ledger.evaluate(newRequest(transactions.GetRecord, { pseudonym, recordId }));
}

function codeIn(error: unknown): unknown {
  return error instanceof DomainError || error instanceof Refused ? error.code : undefined;
}

async function publicationOf(call: FacadeCall, document: SubmittedDocument): Promise<DocumentPublication> {
  const { staff, memory, ifMatch } = call;
  const { pseudonym, bytes, replaces, sameAs } = document;
  if (replaces !== undefined) {
    if (!call.mayReplace) throw new DomainError('SCOPE_NOT_HELD');
    const record = await staff.ledger.evaluate(newRequest(transactions.GetRecord, { pseudonym, recordId: replaces }));
    // before anything else: of another hospital's record nobody learns here that there is one, or in which version
    if (record.custodianMspId !== staff.mspId) throw new DomainError('NOT_FOUND');
    if (ifMatch !== undefined && ifMatch !== `W/"${String(record.version)}"`) throw new DomainError('VERSION_NOT_PRESENT');
    return { pseudonym, recordId: replaces, bytes, amends: { previousVersion: record.version, operation: 'replace' } };
  }
  const nonce = idNonceSchema.parse(memory.nonceFor([staff.mspId, pseudonym, ...sameAs]));
  return { pseudonym, recordId: recordIdOf({ mspId: staff.mspId, pseudonym, nonce }), nonce, bytes };
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
  const documents = documentsOf(entries, call.baseUrl);
  const published = new Map<Entry, Published>();
  for (const [entry, document] of documents) published.set(entry, await publishSubmitted(call, document));
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
  const document = submittedDocument(sent, new Map(), { baseUrl: call.baseUrl, path: 'DocumentReference' });
  const { recordId, version } = await publishSubmitted(call, replaces === undefined ? document : { ...document, replaces });
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
