import { SaxesParser } from 'saxes';
import { patientGraphOf } from '../graph';
import { codeMap, labelledHistory, observation, source } from '../testing';
import { type PatientGraph } from '../nodes';
import { graphmlOf } from './graphml';
import { jsonLdOf } from './json-ld';
import { pictureOf } from './picture';
import { clipped } from './svg';

/** Elements of an XML document with their attributes. @throws what the parser finds wrong */
function elementsOf(xml: string): readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => found.push({ name, attributes }));
  parser.write(xml).close();
  return found;
}

const hostile = '</text><script>alert(1)</script><a href="https://example.org/">& " \u0007 病';
const graph = patientGraphOf(labelledHistory(3, 120).sources, codeMap);
const named = patientGraphOf([
  source('rec-a', 'HospitalAMSP', [
    {
      ...observation({ code: ['http://loinc.org', '1'], at: '2026-01-01T00:00:00Z', amount: 1, unit: hostile }),
      code: { coding: [{ system: 's', code: hostile }], text: hostile },
    },
    {
      ...observation({ code: ['http://loinc.org', '1'], at: '2026-01-02T00:00:00Z', amount: 2, unit: hostile }),
      code: { coding: [{ system: 's', code: hostile }], text: hostile },
    },
  ]),
]);
const DRAWN = new Set(['svg', 'g', 'rect', 'text', 'line', 'path', 'circle', 'title']);

describe('a picture of the whole patient', () => {
  it.each<readonly [string, PatientGraph]>([
    ['of a history', graph],
    ['of names that would be elements', named],
    ['of nothing', patientGraphOf([])],
  ])('is SVG without script, style or a way out: %s', (_what, of) => {
    for (const language of ['en', 'zh'] as const) {
      const elements = elementsOf(pictureOf(of, { language, nameOf: (custodian) => `${custodian} ${hostile}` }));
      expect(elements.filter(({ name }) => !DRAWN.has(name))).toEqual([]);
      const attributes = elements.flatMap((each) => Object.keys(each.attributes));
      expect(attributes.filter((name) => /^on|href|style/.test(name))).toEqual([]);
    }
  });

  it('says in its language what it is, and that what is not there is not known to be absent', () => {
    expect(pictureOf(graph, { language: 'zh' })).toContain('此处没有的，不等于不存在');
    expect(pictureOf(graph, { language: 'en' })).toContain('not known to be absent');
  });

  it('says how many things of which document are left out', () => {
    const modified = {
      ...observation({ code: ['http://loinc.org', '1'], at: '2026-01-01T00:00:00Z', amount: 1, unit: 'g' }),
      modifierExtension: [{ url: 'urn:x' }],
    };
    const of = patientGraphOf([source('rec-a', 'HospitalAMSP', [modified, modified]), source('rec-b', 'HospitalBMSP', [modified])]);
    const texts = pictureOf(of, { language: 'zh' });
    expect(texts).toMatch(/>2 项因含有[^<]*rec-a</);
    expect(texts).toMatch(/>1 项因含有[^<]*rec-b</);
    expect(pictureOf(graph, { language: 'zh' })).not.toContain('项因含有');
  });

  it('says where the pointer rests which records a thing comes from', () => {
    expect(pictureOf(graph, { language: 'en' })).toMatch(/HospitalAMSP: rec-3-0 v1 final\nHospitalBMSP: rec-3-1 v1 final/);
  });

  it('says of what was refuted or cancelled that it is not so, and draws nothing that was entered in error', () => {
    const code = { coding: [{ system: 's', code: '1', display: 'Gout' }] };
    const condition = (status: string) => ({ resourceType: 'Condition', code, verificationStatus: { coding: [{ code: status }] } });
    const drawn = (status: string): string =>
      pictureOf(patientGraphOf([source('rec-a', 'HospitalAMSP', [condition(status)])]), { language: 'en' });
    expect(drawn('confirmed')).toMatch(/>Gout</);
    expect(drawn('refuted')).toContain('not so: Gout');
    expect(drawn('entered-in-error')).not.toContain('Gout');
    expect(graphmlOf(patientGraphOf([source('rec-a', 'HospitalAMSP', [condition('refuted')])]))).toContain('refuted');
  });

  it('cuts what does not fit, a Chinese character as two', () => {
    expect([clipped('abcdef', 6), clipped('abcdefg', 6), clipped('血红蛋白', 6)]).toEqual(['abcde…', 'abcde…', '血红…']);
  });
});

describe('the graph for other programs', () => {
  it('is GraphML with every node and edge under names that are there', () => {
    const elements = elementsOf(graphmlOf(graph));
    const ids = new Set(elements.filter(({ name }) => name === 'node').map(({ attributes }) => attributes['id']));
    expect(ids.size).toBe(graph.nodes.length);
    const ends = elements.filter(({ name }) => name === 'edge').flatMap(({ attributes }) => [attributes['source'], attributes['target']]);
    expect(ends.length).toBeGreaterThanOrEqual(2 * graph.edges.length);
    expect(ends.filter((end) => !ids.has(end))).toEqual([]);
    expect(() => elementsOf(graphmlOf(named))).not.toThrow();
  });

  it('is JSON-LD whose every link leads to one of its nodes', () => {
    const { '@graph': nodes } = jsonLdOf(graph) as { '@graph': readonly Record<string, unknown>[] };
    const ids = new Set(nodes.map((node) => node['@id']));
    const links = nodes.flatMap((node) =>
      ['is', 'member', 'during', 'by', 'reason', 'at'].flatMap((kind) => (node[kind] as readonly string[] | undefined) ?? []),
    );
    expect(links.length).toBe(graph.edges.length);
    expect(links.filter((link) => !ids.has(link))).toEqual([]);
  });
});
