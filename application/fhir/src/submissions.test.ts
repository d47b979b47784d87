import { type RecordId } from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { fhirIdOf } from './resources/fhir-id';

const patient = `Patient/${fhirIdOf(patientOne)}`;
const document = Buffer.from('{"resourceType":"Basic","code":{"text":"x"}}');
const absent = `r${'x'.repeat(43)}`;

function codeOf(body: string): string {
  return (JSON.parse(body) as { issue: [{ details: { coding: [{ code: string }] } }] }).issue[0].details.coding[0].code;
}

/** A submission of texts, of which each may replace a record. */
function submission(...documents: readonly { readonly text: string; readonly replaces?: string }[]): string {
  const list = { resourceType: 'List', status: 'current', mode: 'working', subject: { reference: patient } };
  const references = documents.map(({ text, replaces }) => ({
    ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient } },
    content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
    ...(replaces === undefined ? {} : { relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${replaces}` } }] }),
  }));
  const entry = [list, ...references].map((resource) => ({ resource, request: { method: 'POST', url: resource.resourceType } }));
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
}

describe('a submission', () => {
  let facade: PlayedFacade;
  beforeEach(async () => {
    facade = await newFacade();
  });
  afterEach(async () => {
    await facade.server.close();
  });

  it.each<readonly [string, (id: string) => readonly string[], string | undefined, string]>([
    ['a token that may not replace', (id) => [id], 'system/DocumentReference.c', 'SCOPE_NOT_HELD'],
    ['a record that is not there', () => [absent], undefined, 'NOT_FOUND'],
    ['one record replaced twice', (id) => [id, id], undefined, 'SUBMISSION_NOT_TAKEN'],
  ])('of several documents is published as a whole or not at all: %s', async (_what, replaced, scope, code) => {
    const id = fhirIdOf(facade.staff.has(document));
    const authorization = `Bearer ${await facade.token(scope)}`;
    const sent = submission({ text: 'the first' }, ...replaced(id).map((replaces, at) => ({ text: `replaces ${String(at)}`, replaces })));
    const answer = await facade.post('', sent, { authorization });
    expect(codeOf(answer.body)).toBe(code);
    expect(facade.staff.submitted).toEqual([]);
  });

  it.each<readonly [string, object, string]>([
    ['was retracted', { state: 'retracted' }, 'ILLEGAL_STATE'],
    ['has a later version by now', { version: 2 }, 'VERSION_NOT_PRESENT'],
  ])('sent again is not said to stand where what it made %s', async (_what, change, code) => {
    const sent = submission({ text: 'x' });
    expect((await facade.post('', sent)).statusCode).toBe(200);
    expect((await facade.post('', sent)).statusCode).toBe(200);
    const [recordId = '' as RecordId] = [...facade.staff.documents.keys()];
    const made = facade.staff.documents.get(recordId);
    if (made !== undefined) facade.staff.documents.set(recordId, { ...made, ...change });
    const again = await facade.post('', sent);
    expect([again.statusCode >= 400, codeOf(again.body)]).toEqual([true, code]);
  });
});
