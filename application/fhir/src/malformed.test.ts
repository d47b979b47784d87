import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RecordId } from '@lianyi/domain';
import { newFacade, patientOne, type PlayedFacade } from './facade.fixture';
import { fhirIdOf } from './resources/fhir-id';

/** As many as a test run has time for; `LIANYI_DEEP=1` asks a hundred thousand. */
const REQUESTS = process.env['LIANYI_DEEP'] === '1' ? 100_000 : 10_000;
const report = readFileSync(join(__dirname, '../../examples/laboratory-report-zh.json'));
const patient = `Patient/${fhirIdOf(patientOne)}`;

/** Numbers that are the same in each run (a linear congruential generator, Numerical Recipes). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const PIECES = [
  '',
  '%',
  '%00',
  '%ff',
  '..',
  '/',
  '//',
  '?',
  '&',
  '=',
  '|',
  ',',
  '\\',
  '"',
  '{',
  '[',
  ']',
  '}',
  ':',
  ';',
  '$',
  '_',
  '-1',
  '1e9',
  'null',
  'é',
  '😀',
  ' ',
  '\t',
];
const VALID = JSON.stringify({
  ...{ resourceType: 'DocumentReference', status: 'current', subject: { reference: patient } },
  content: [{ attachment: { contentType: 'text/plain', data: 'SGVsbG8=' } }],
});

describe('a malformed request', () => {
  let facade: PlayedFacade;
  let hidden: RecordId;
  beforeAll(async () => {
    facade = await newFacade();
    hidden = facade.staff.has(report, { isPermitted: false });
  });
  afterAll(async () => {
    await facade.server.close();
  });

  it(`is refused, ${String(REQUESTS)} times: nothing fails, and nothing hidden is read`, async () => {
    const random = numbers(20_261_130);
    const below = (count: number): number => Math.floor(random.next().value * count);
    const one = <Item>(items: readonly Item[]): Item => items[below(items.length)] ?? (items[0] as Item);
    /** A text with one to three places changed. */
    const spoiled = (text: string): string => {
      let made = text;
      for (let change = below(3); change >= 0; change -= 1) {
        const at = below(made.length + 1);
        made = made.slice(0, at) + one(PIECES) + made.slice(at + below(4));
      }
      return made;
    };
    const paths = [
      `/DocumentReference?patient=${patient}&status=current`,
      `/Binary/rabc?patient=${patient}`,
      `/List?patient=${patient}`,
      `/${patient}/$everything`,
      '/Patient?identifier=urn:lianyi:pseudonym|x',
    ];
    const counts = new Map<number, number>();
    for (let request = 0; request < REQUESTS; request += 1) {
      const isStranger = below(8) === 0;
      const who = isStranger ? { authorization: spoiled(`Bearer ${'A'.repeat(43)}`) } : {};
      const form = below(4) === 0 ? { accept: spoiled('application/fhir+json'), 'content-type': spoiled('application/fhir+json') } : {};
      const answer =
        below(2) === 0
          ? await facade.post(one(['', '/DocumentReference', '/Patient/$validate']), spoiled(VALID), { ...form, ...who })
          : await facade.get(spoiled(one(paths)), { ...form, ...who });
      counts.set(answer.statusCode, (counts.get(answer.statusCode) ?? 0) + 1);
      if (isStranger && answer.statusCode < 400) throw new Error(`request ${String(request)} of a stranger: ${String(answer.statusCode)}`);
      if (answer.statusCode >= 500) throw new Error(`request ${String(request)}: ${String(answer.statusCode)}`);
    }
    // what it has published itself it may read
    expect(facade.staff.read).not.toContain(hidden);
    // most are refused, and each kind of refusal is met
    expect([...counts.keys()]).toEqual(expect.arrayContaining([400, 401, 403, 404, 422]));
  }, 600_000);
});
