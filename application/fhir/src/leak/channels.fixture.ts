import { patientOne } from '../facade.fixture';
import { fhirIdOf } from '../resources/fhir-id';
import { askedRecord, type AskedRequest } from './worlds.fixture';

/** A way by which an answer could tell of a record that it does not show. */
interface Channel {
  readonly what: string;
  /** Whether the facade answers such questions at all; those that it does not are refused before anything is askedRecord of anybody. */
  readonly isOffered: boolean;
  readonly requests: readonly AskedRequest[];
}

const id = fhirIdOf(askedRecord);
const patient = `Patient/${fhirIdOf(patientOne)}`;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const searches = [
  `/DocumentReference?patient=${patient}`,
  `/DocumentReference?patient=${patient}&identifier=${askedRecord}`,
  `/DocumentReference?patient=${patient}&_id=${id}`,
  `/List?patient=${patient}`,
  `/List?patient=${patient}&_id=${id}`,
  `/Patient?_id=${fhirIdOf(patientOne)}`,
  `/${patient}/$everything?_count=16`,
  `/Binary/${id}?patient=${patient}`,
  `/DocumentReference/${id}?patient=${patient}`,
];

const get = (path: string, headers: AskedRequest['headers'] = {}, by: NonNullable<AskedRequest['by']> = 'his'): AskedRequest => ({
  method: 'GET',
  ...{ path, headers, by },
});

/** A parameter in each question, and in a form beside it. */
function withParameter(name: string, values: readonly string[]): readonly AskedRequest[] {
  return values.flatMap((value) => {
    const pair = `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
    const forms = ['/DocumentReference/_search', '/List/_search', '/Patient/_search'].map((path): AskedRequest => ({
      method: 'POST',
      path,
      headers: FORM,
      body: `patient=${patient}&${pair}`,
    }));
    return [...searches.map((path) => get(`${path}&${pair}`)), ...forms];
  });
}

const references = ['DocumentReference:relatesto', 'List:item', '*'];
const COUNTS = ['1', '3', '100'];

/** Pages, of who was given them and of another: from the beginning, behind what is shown, at and around the record itself. */
function pages(): readonly AskedRequest[] {
  const places = [
    undefined,
    askedRecord,
    `${askedRecord.slice(0, -1)}0`,
    `${askedRecord.slice(0, -1)}z`,
    `r${'0'.repeat(43)}`,
    `r${'z'.repeat(43)}`,
    'no place',
  ];
  const paths = [`/DocumentReference?patient=${patient}`, `/List?patient=${patient}`];
  return places.flatMap((place) =>
    COUNTS.flatMap((count) =>
      (['his', 'portal'] as const).flatMap((by) =>
        paths.map((path) => get(`${path}&_count=${count}${place === undefined ? '' : `&_page=${encodeURIComponent(place)}`}`, {}, by)),
      ),
    ),
  );
}

function everything(): readonly AskedRequest[] {
  const questions = [
    '',
    '?_count=1',
    '?_count=2',
    '?_count=3',
    '?_count=16',
    `?_page=${askedRecord}`,
    `?_count=1&_page=r${'0'.repeat(43)}`,
  ];
  const more = ['?_since=2026-01-01', '?_type=DocumentReference', '?start=2026-01-01'];
  return (['his', 'portal'] as const).flatMap((by) => [
    ...[...questions, ...more].map((question) => get(`/${patient}/$everything${question}`, {}, by)),
    get(`/${patient}/$summary`, {}, by),
    get(`/${patient}/$everything`, { accept: 'application/fhir+xml' }, by),
  ]);
}

const VERSIONS = ['1', '2', '7', '8'];

function history(): readonly AskedRequest[] {
  const paths = [
    ...VERSIONS.flatMap((version) => ['DocumentReference', 'Binary', 'List'].map((type) => `/${type}/${id}/_history/${version}`)),
    ...['DocumentReference', 'Binary', 'List'].flatMap((type) => [`/${type}/${id}/_history`, `/${type}/_history`]),
    ...[`/${patient}/_history`, '/_history', `/${patient}/_history/1`, `/_history?_since=2026-01-01`],
  ];
  return paths.flatMap((path) => [get(path), get(`${path}${path.includes('?') ? '&' : '?'}patient=${patient}`)]);
}

function bulk(): readonly AskedRequest[] {
  const forms = [{ prefer: 'respond-async', accept: 'application/fhir+ndjson' }, { accept: 'application/fhir+json' }];
  const paths = [
    '/$export',
    '/Patient/$export',
    `/${patient}/$export`,
    '/Group/all/$export',
    '/DocumentReference/$docref',
    '/$export-poll-status',
  ];
  const questions = ['', `?patient=${patient}`, '?_type=DocumentReference,Binary', '?_since=2026-01-01T00:00:00Z'];
  return forms.flatMap((headers) =>
    paths.flatMap((path) => [
      ...questions.map((question) => get(`${path}${question}`, headers)),
      { method: 'POST', path, headers, body: '{"resourceType":"Parameters"}' } as const,
    ]),
  );
}

const reference = (more: object = {}): string =>
  JSON.stringify({
    ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient }, ...more },
    content: [{ attachment: { contentType: 'text/plain', data: 'SGVsbG8=' } }],
  });
const put = (tag: string | undefined): AskedRequest => ({
  ...{ method: 'PUT', path: `/DocumentReference/${id}`, by: 'writer', body: reference() },
  ...(tag === undefined ? {} : { headers: { 'if-match': tag } }),
});

/** Next versions of the record, as long as it is not the own hospital's: whoever publishes there may write over what it keeps. */
export const nextVersions: readonly AskedRequest[] = [
  ...[undefined, 'W/"1"', 'W/"7"', '"1"', '*'].map(put),
  ...[undefined, 'W/"1"', 'W/"7"'].map((tag): AskedRequest => ({
    ...{ method: 'POST', path: '/DocumentReference', by: 'writer' },
    body: reference({ relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${id}` } }] }),
    ...(tag === undefined ? {} : { headers: { 'if-match': tag } }),
  })),
];

function conditional(): readonly AskedRequest[] {
  const paths = [`/DocumentReference/${id}?patient=${patient}`, `/Binary/${id}?patient=${patient}`, `/DocumentReference/${id}`];
  const tags = [...VERSIONS.flatMap((version) => [`W/"${version}"`, `"${version}"`]), '*'];
  const times = ['Mon, 30 Nov 2026 12:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'];
  const stale = ['W/"99"', '"1"', '*'].map(put);
  const reads = paths.flatMap((path) => [
    ...tags.flatMap((tag) => [
      get(path, { 'if-none-match': tag }),
      get(path, { 'if-match': tag }),
      get(path, { 'if-none-match': tag }, 'portal'),
    ]),
    ...times.flatMap((time) => [get(path, { 'if-modified-since': time }), get(path, { 'if-unmodified-since': time })]),
  ]);
  return [...reads, ...stale];
}

function refusals(): readonly AskedRequest[] {
  const paths = [
    `/Binary/${id}`,
    `/Binary/${id}?patient=${patient}`,
    `/DocumentReference/${id}`,
    `/DocumentReference/${id}?patient=${patient}`,
  ];
  const forms = [
    {},
    { 'accept-language': 'zh' },
    { accept: 'application/fhir+xml' },
    { accept: 'application/pdf' },
    { accept: 'text/html' },
  ];
  const methods = ['HEAD', 'DELETE', 'PATCH'] as const;
  return [
    ...paths.flatMap((path) => forms.flatMap((headers) => (['his', 'portal', 'writer'] as const).map((by) => get(path, headers, by)))),
    ...paths.flatMap((path) => methods.map((method): AskedRequest => ({ method, path }))),
    ...[`/Binary/${id}x`, `/DocumentReference/${id}.`, `/List/${id}`, `/AuditEvent/${id}`].map((path) => get(`${path}?patient=${patient}`)),
  ];
}

/** Filters that only the record itself would pass, or all but it. */
function filters(): readonly AskedRequest[] {
  const questions = [
    'class=x',
    'type=imaging-report',
    'category=laboratory-report',
    'status=current',
    'status=superseded',
    'security-label=V',
    'security-label=N,R',
  ];
  const dates = ['date=ge2026-01-01', 'date=lt2026-01-01', 'period=ge2020', 'date=eq2026-11-30'];
  return [...questions, ...dates].flatMap((question) =>
    ['DocumentReference', 'List'].flatMap((type) => [
      get(`/${type}?patient=${patient}&${question}`),
      get(`/${type}?patient=${patient}&${question}&_count=1`, {}, 'portal'),
    ]),
  );
}

/** The twelve that the facade is held against; the thirteenth, time, is looked at in each: what is askedRecord of whom for an answer. */
export const channels: readonly Channel[] = [
  { what: '_summary', isOffered: false, requests: withParameter('_summary', ['count', 'true', 'text']) },
  { what: '_total', isOffered: false, requests: withParameter('_total', ['accurate', 'estimate', 'none']) },
  { what: 'a next page, also replayed by another', isOffered: true, requests: pages() },
  { what: '_include', isOffered: false, requests: ['_include', '_include:iterate'].flatMap((name) => withParameter(name, references)) },
  {
    what: '_revinclude',
    isOffered: false,
    requests: ['_revinclude', '_revinclude:iterate'].flatMap((name) => withParameter(name, references)),
  },
  {
    what: '_has and chained search',
    isOffered: false,
    requests: [
      ...['_has:DocumentReference:patient:identifier', '_has:List:item:_id', '_has:AuditEvent:entity:_id'],
      ...['patient.name', 'subject:Patient.identifier', 'related.identifier', 'relatesto:DocumentReference._id', 'source.identifier'],
    ].flatMap((name) => withParameter(name, [askedRecord])),
  },
  { what: 'filters', isOffered: true, requests: filters() },
  { what: '$everything and $summary', isOffered: true, requests: everything() },
  { what: 'history', isOffered: false, requests: history() },
  { what: 'bulk export', isOffered: false, requests: bulk() },
  { what: 'ETag and 304', isOffered: true, requests: conditional() },
  { what: 'error text', isOffered: true, requests: refusals() },
];
