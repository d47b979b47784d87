import { disagreementWith } from '@lianyi/client';
import { DomainError, type RecordId, recordIdSchema } from '@lianyi/domain';
import { OWN } from '@lianyi/documents/consent';
import { type JsonObject } from '@lianyi/documents/json-object';
import { type ListedPart, permittedRecords } from '../acting/permitted-records';
import { searchBundle } from '../asking/answer-pages';
import { type DateRange, dateRangeOf } from '../asking/date-range';
import { patientNamed, patientParameters } from '../asking/patient-named';
import { alternativesOf, countOf, type ParameterRules, type Question, soleValue, tokenOf } from '../asking/question';
import { CONFIDENTIALITY, documentReferenceOf, type ListedRecord } from '../resources/document-reference';
import { houseIdOf } from '../resources/fhir-id';
import { askerOf } from './asker-of';
import { type FacadeAnswer, type FacadeCall, type Interaction } from './interaction';

const DEFAULT_COUNT = 20;
const MOST = 100;

export const documentParameters: ParameterRules = {
  ...patientParameters,
  status: { type: 'token' },
  type: { type: 'token' },
  category: { type: 'token' },
  date: { type: 'date', most: 2 },
  period: { type: 'date', most: 2 },
  'security-label': { type: 'token' },
  identifier: { type: 'token' },
  _id: { type: 'token' },
  _count: { type: 'number', isOurs: true },
  _page: { type: 'special', isOurs: true },
};

type Test = (record: ListedRecord) => boolean;

/** Which of what is permitted a question is for. @throws DomainError `QUESTION_NOT_TAKEN` */
function testOf(question: Question): Test {
  const tests: Test[] = [
    ...tokenTest(question, 'status', undefined, () => 'current'),
    ...tokenTest(question, 'type', OWN.recordClass, (record) => record.class),
    ...tokenTest(question, 'category', OWN.recordClass, (record) => record.class),
    ...tokenTest(question, 'security-label', CONFIDENTIALITY, (record) => record.confidentiality),
    ...tokenTest(question, 'identifier', OWN.record, (record) => record.recordId),
    ...idTest(question),
    ...(question.get('date') ?? []).map((text) => anchoredIn(dateRangeOf('date', text))),
    ...(question.get('period') ?? []).map((text) => caredForIn(dateRangeOf('period', text))),
  ];
  return (record) => tests.every((test) => test(record));
}

function tokenTest(
  question: Question,
  name: string,
  system: string | undefined,
  valueOf: (record: ListedRecord) => string,
): readonly Test[] {
  const wanted = alternativesOf(question, name)?.map((text) => tokenOf(name, text));
  if (wanted === undefined) return [];
  const known = wanted.filter((token) => token.system === undefined || token.system === system);
  return [(record) => known.some(({ code }) => code === valueOf(record))];
}

function idTest(question: Question): readonly Test[] {
  const ids = alternativesOf(question, '_id')?.map(houseIdOf);
  return ids === undefined ? [] : [({ recordId }) => ids.includes(recordId)];
}

function anchoredIn({ from, until }: DateRange): Test {
  return ({ anchoredAt }) => Date.parse(anchoredAt) >= from && Date.parse(anchoredAt) < until;
}

/** What says no months is of no period. */
function caredForIn({ from, until }: DateRange): Test {
  return ({ careMonths }) => {
    if (careMonths === undefined) return false;
    const last = new Date(`${careMonths.last}-01T00:00:00Z`);
    return Date.parse(`${careMonths.first}-01T00:00:00Z`) < until && last.setUTCMonth(last.getUTCMonth() + 1) > from;
  };
}

/** The part of the list that a question is for; who asked is remembered to have been told. */
export async function askedPart(call: FacadeCall): Promise<ListedPart> {
  const { question, baseUrl } = call;
  const pseudonym = patientNamed(question, baseUrl);
  const part = await permittedRecords(askerOf(call), pseudonym, {
    most: countOf(question, '_count', { most: MOST, otherwise: DEFAULT_COUNT }),
    after: soleValue(question, '_page'),
    passes: testOf(question),
  });
  for (const { recordId } of part.items) call.memory.told(call.clientId, recordId, pseudonym);
  return part;
}

/** What is found says, too, that its patient disagrees with it, by the own node's word; what is opened says it by a witness's as well. */
async function referenceOf(call: FacadeCall, record: ListedRecord): Promise<JsonObject> {
  return documentReferenceOf(record, call.baseUrl, await disagreementWith(call.staff.ledger, record));
}

async function find(call: FacadeCall): Promise<FacadeAnswer> {
  const { items, next } = await askedPart(call);
  const resources = await Promise.all(items.map((record) => referenceOf(call, record)));
  return { resource: searchBundle(call.baseUrl, 'DocumentReference', call.question, { resources, next }) };
}

/** The record that a path names, and whose it is, by the question or by what the client was told. @throws DomainError `NOT_OPENED` */
export function recordNamed(call: FacadeCall): { readonly recordId: RecordId; readonly pseudonym: ReturnType<typeof patientNamed> } {
  const parsed = recordIdSchema.safeParse(houseIdOf(call.id));
  if (!parsed.success) throw new DomainError('NOT_OPENED');
  const recordId = parsed.data;
  const isSaid = call.question.has('patient') || call.question.has('patient.identifier');
  const pseudonym = isSaid ? patientNamed(call.question, call.baseUrl) : call.memory.whoseRecord(call.clientId, recordId);
  if (pseudonym === undefined) throw new DomainError('NOT_OPENED');
  return { recordId, pseudonym };
}

async function read(call: FacadeCall): Promise<FacadeAnswer> {
  const { recordId, pseudonym } = recordNamed(call);
  const { items } = await permittedRecords(askerOf(call), pseudonym, {
    ...{ most: Number.MAX_SAFE_INTEGER, after: undefined },
    passes: (record) => record.recordId === recordId,
  });
  const [record] = items;
  if (record === undefined) throw new DomainError('NOT_OPENED');
  const resource = await referenceOf(call, record);
  return { resource, headers: { etag: `W/"${String(record.version)}"` } };
}

const found = { type: 'DocumentReference', takesPurpose: true, takesBody: false } as const;

export const documentInteractions: readonly Interaction[] = [
  {
    ...{ ...found, name: 'ITI-67', method: 'GET', path: '/DocumentReference', does: { interaction: 'search-type' } },
    ...{ scope: { type: 'DocumentReference', letter: 's' }, parameters: documentParameters, run: find },
  },
  {
    ...{ ...found, name: 'ITI-67', method: 'POST', path: '/DocumentReference/_search', does: { interaction: 'search-type' } },
    ...{ scope: { type: 'DocumentReference', letter: 's' }, parameters: documentParameters, run: find },
  },
  {
    ...{ ...found, name: 'read', method: 'GET', path: '/DocumentReference/:id', does: { interaction: 'read' } },
    ...{ scope: { type: 'DocumentReference', letter: 'r' }, parameters: patientParameters, run: read },
  },
];
