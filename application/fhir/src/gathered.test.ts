import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { BASE } from './played-client.fixture';
import { fhirIdOf } from './resources/fhir-id';

/** Documents of others, gathered for the project. What is longer than this is checked on a thread of the built package: in the story. */
const folder = join(__dirname, '../../../../shared/data/fhir');
const LONGEST = 60_000;
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.json') && statSync(join(folder, name)).size <= LONGEST,
    )
  : [];
if (files.length === 0) process.stderr.write(`FHIR: there is no ${folder}; no document of others is submitted\n`);
const each = files.length === 0 ? it.skip.each(['none']) : it.each(files);
const patient = `Patient/${fhirIdOf(patientOne)}`;

describe('a document of somebody else', () => {
  let facade: PlayedFacade;
  beforeAll(async () => {
    facade = await newFacade();
  });
  afterAll(async () => {
    await facade.server.close();
  });

  each('%s comes back byte for byte', async (name) => {
    const bytes = readFileSync(join(folder, name));
    const reference = {
      ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient } },
      content: [{ attachment: { contentType: 'application/fhir+json', data: bytes.toString('base64') } }],
    };
    const answer = await facade.post('/DocumentReference', JSON.stringify(reference));
    expect([answer.statusCode, answer.headers['location']]).toEqual([201, expect.stringContaining(`${BASE}/DocumentReference/`)]);
    const read = await facade.get(`/Binary/${answer.json<{ id: string }>().id}?patient=${patient}`);
    expect(read.rawPayload.equals(bytes)).toBe(true);
  });
});
