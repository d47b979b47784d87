import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { BASE } from './played-client.fixture';
import { fhirIdOf } from './resources/fhir-id';

/** What HAPI's generic client (8.8) sends unless it is told otherwise. */
const ACCEPT = 'application/fhir+xml;q=1.0, application/fhir+json;q=1.0, application/xml+fhir;q=0.9, application/json+fhir;q=0.9';

describe('a client that nobody here wrote', () => {
  let facade: PlayedFacade;
  beforeAll(async () => {
    facade = await newFacade();
  });
  afterAll(async () => {
    await facade.server.close();
  });

  it.each(['$everything', '$summary'])('is given %s in JSON where it would also have XML', async (operation) => {
    const path = `/Patient/${fhirIdOf(patientOne)}/${operation}`;
    const answer = await facade.get(path, { accept: ACCEPT });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, expect.stringContaining('application/fhir+json')]);
    for (const [asked, headers] of [
      [path, { accept: 'application/fhir+xml' }],
      [`${path}?_format=xml`, { accept: ACCEPT }],
    ] as const)
      expect((await facade.get(asked, headers)).statusCode).toBe(406);
  });

  it('is given XML of what is written in both where it names that first', async () => {
    const answer = await facade.get(`/Patient/${fhirIdOf(patientOne)}`, { accept: ACCEPT });
    expect(answer.headers['content-type']).toContain('application/fhir+xml');
  });

  it('is told how much there is where it is shown all of it, and not of a page', async () => {
    for (const text of ['a', 'b']) facade.staff.has(Buffer.from(JSON.stringify({ resourceType: 'Basic', code: { text } })));
    const list = `/DocumentReference?patient=${fhirIdOf(patientOne)}`;
    type Answered = { total?: number; link: { relation: string; url: string }[] };
    const whole = (await facade.get(list)).json<Answered>();
    const page = (await facade.get(`${list}&_count=1`)).json<Answered>();
    const next = page.link.find(({ relation }) => relation === 'next')?.url.slice(BASE.length) ?? '';
    expect([whole.total, page.total, (await facade.get(next)).json<Answered>().total]).toEqual([2, undefined, undefined]);
  });

  it('may write the base address with a slash at its end, and is refused the same', async () => {
    const bundle = '{"resourceType":"Bundle","type":"batch"}';
    const [without, slashed] = [await facade.post('', bundle), await facade.post('/', bundle)];
    expect([slashed.statusCode, slashed.body]).toEqual([422, without.body]);
    expect((await facade.post('/', bundle, { authorization: 'Bearer none' })).statusCode).toBe(401);
  });
});
