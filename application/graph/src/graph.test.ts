import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { PATIENT_SOURCE } from './facts/fact';
import { patientGraphOf } from './graph';
import { pictureOf } from './out/picture';
import { codeMap, labelledHistory, observation, source } from './testing';
import { type FactNode, isFact, isNegated, type PatientGraph } from './nodes';

const LOINC = 'http://loinc.org';
const factsOf = ({ nodes }: PatientGraph): readonly FactNode[] => nodes.filter(isFact);
const noon = '2026-03-01T12:00:00Z';

describe('the whole patient', () => {
  it('has what is told twice once, and never two things as one, over a labelled set', () => {
    for (let patient = 0; patient < 10; patient += 1) {
      const { sources, truth } = labelledHistory(patient, 200);
      const groups = factsOf(patientGraphOf(sources, codeMap)).map(({ sayings }) =>
        sayings.map(({ place }) => truth.get(`${place.recordId} ${place.path}`)),
      );
      expect(groups.filter((tags) => new Set(tags).size > 1)).toEqual([]);
      const tags = groups.map(([tag]) => tag);
      expect(tags.filter((tag, at) => tags.indexOf(tag) !== at)).toEqual([]);
    }
  });

  it('is the same in whatever order the documents come, and of each record the newest version', () => {
    const { sources } = labelledHistory(1, 60);
    const graph = patientGraphOf(sources, codeMap);
    expect(patientGraphOf([...sources].reverse(), codeMap)).toEqual(graph);
    const [first] = sources;
    const older = source(first?.recordId ?? '', 'HospitalAMSP', [observation({ code: [LOINC, 'old'], at: noon, amount: 1 })], 0);
    expect(patientGraphOf([older, ...sources, older], codeMap)).toEqual(graph);
  });

  it('has nothing but what the documents say that are there: without one, what it alone tells is gone', () => {
    const { sources } = labelledHistory(2, 80);
    const [a, b, c] = sources;
    const without = patientGraphOf(
      [a, c].flatMap((each) => each ?? []),
      codeMap,
    );
    const text = JSON.stringify(without);
    expect(text).not.toContain(b?.recordId);
    expect(text).not.toContain('HospitalBMSP');
    expect(patientGraphOf([], codeMap)).toEqual({ nodes: [], edges: [], contradictions: [], unread: [] });
  });

  it('leads from each fact to the places of the documents that say it, parts of a pressure apart', () => {
    const pressure = observation({
      code: [LOINC, '85354-9'],
      at: noon,
      more: {
        component: [
          { code: { coding: [{ system: LOINC, code: '8480-6' }] }, valueQuantity: { value: 142, code: 'mm[Hg]' } },
          { code: { coding: [{ system: LOINC, code: '8462-4' }] }, valueQuantity: { value: 91, code: 'mm[Hg]' } },
        ],
      },
    });
    const graph = patientGraphOf([source('rec-a', 'HospitalAMSP', [pressure]), source('rec-b', 'HospitalBMSP', [pressure])]);
    expect(factsOf(graph).map(({ sayings }) => sayings.map(({ place }) => `${place.recordId} ${place.path}`))).toEqual([
      ['rec-a entry[0].resource', 'rec-b entry[0].resource'],
      ['rec-a entry[0].resource.component[0]', 'rec-b entry[0].resource.component[0]'],
      ['rec-a entry[0].resource.component[1]', 'rec-b entry[0].resource.component[1]'],
    ]);
  });

  it('joins by what is linked: a report has its results, a result its encounter and its doctor', () => {
    const resources: readonly Resource[] = [
      { resourceType: 'Encounter', id: 'e', status: 'finished', class: { code: 'AMB' }, period: { start: noon } },
      { resourceType: 'Practitioner', id: 'd', identifier: [{ system: 'urn:staff', value: '7' }], name: [{ text: '王医生' }] },
      {
        ...observation({ code: [LOINC, '718-7'], at: noon, amount: 142 }),
        id: 'o',
        encounter: { reference: 'Encounter/e' },
        performer: [{ reference: 'Practitioner/d' }],
      },
      { resourceType: 'DiagnosticReport', status: 'final', code: { text: '血常规' }, result: [{ reference: 'urn:uuid:rec-a-2' }] },
    ];
    const { nodes, edges } = patientGraphOf([source('rec-a', 'HospitalAMSP', resources)]);
    const label = (id: string): string => nodes.find((node) => node.id === id)?.label ?? '';
    expect(
      edges.filter(({ kind }) => kind !== 'at' && kind !== 'is').map(({ from, kind, to }) => `${label(from)} ${kind} ${label(to)}`),
    ).toEqual(['718-7 by 王医生', '718-7 during AMB', '血常规 member 718-7']);
  });

  it('tells two doctors of one name at two hospitals apart, and joins one by an identifier', () => {
    const by = (display: string, identifier?: string): Resource => ({
      ...observation({ code: [LOINC, '718-7'], at: noon, amount: 1 }),
      performer: [{ display, ...(identifier === undefined ? {} : { identifier: { system: 'urn:staff', value: identifier } }) }],
    });
    const people = (first: Resource, second: Resource): number =>
      patientGraphOf([source('rec-a', 'HospitalAMSP', [first]), source('rec-b', 'HospitalBMSP', [second])]).nodes.filter(
        ({ kind }) => kind === 'person',
      ).length;
    expect([people(by('Li'), by('Li')), people(by('Li', '7'), by('L. Li', '7')), people(by('Li', '7'), by('Li', '8'))]).toEqual([2, 1, 2]);
  });

  it.each<readonly [string, Resource, Resource]>([
    [
      'in words alone',
      { resourceType: 'Observation', status: 'final', code: { text: 'x' }, effectiveDateTime: noon },
      { resourceType: 'Observation', status: 'final', code: { text: 'x' }, effectiveDateTime: noon },
    ],
    [
      'at no time',
      { resourceType: 'Procedure', status: 'completed', code: { coding: [{ system: 's', code: '1' }] } },
      { resourceType: 'Procedure', status: 'completed', code: { coding: [{ system: 's', code: '1' }] } },
    ],
    [
      'as asked for and as given',
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        medicationCodeableConcept: { coding: [{ system: 's', code: '1' }] },
        authoredOn: noon,
      },
      {
        resourceType: 'MedicationStatement',
        status: 'active',
        medicationCodeableConcept: { coding: [{ system: 's', code: '1' }] },
        effectiveDateTime: noon,
      },
    ],
    [
      'with two values',
      observation({ code: [LOINC, '718-7'], at: noon, amount: 142 }),
      observation({ code: [LOINC, '718-7'], at: noon, amount: 143 }),
    ],
    [
      'in units that measure other things',
      observation({ code: [LOINC, '718-7'], at: noon, amount: 142, unit: 'g/L' }),
      observation({ code: [LOINC, '718-7'], at: noon, amount: 142, unit: 'mmol/L' }),
    ],
    [
      'under an identifier without a system',
      { ...observation({ code: [LOINC, '718-7'], at: '2026', amount: 1 }), identifier: [{ value: '1' }] },
      { ...observation({ code: [LOINC, '718-7'], at: '2026', amount: 1 }), identifier: [{ value: '1' }] },
    ],
  ])('keeps apart what is told %s', (_how, first, second) => {
    expect(factsOf(patientGraphOf([source('rec-a', 'HospitalAMSP', [first]), source('rec-b', 'HospitalBMSP', [second])]))).toHaveLength(2);
  });

  it('has nothing that has a modifier nobody here knows, nothing entered in error, and marks what was not to be done', () => {
    const request = { resourceType: 'MedicationRequest', status: 'active', intent: 'order', medicationCodeableConcept: { text: 'x' } };
    const facts = (...resources: readonly Resource[]): readonly FactNode[] =>
      factsOf(patientGraphOf([source('rec-a', 'HospitalAMSP', resources)]));
    expect(facts({ ...request, modifierExtension: [{ url: 'urn:x' }] }, { ...request, status: 'entered-in-error' })).toEqual([]);
    const part = { code: { text: 'systolic' }, valueString: '1' };
    const panel = { resourceType: 'Observation', status: 'final', code: { text: 'panel' } };
    const parts = (component: JsonObject): readonly string[] => facts({ ...panel, component: [component] }).map(({ label }) => label);
    expect([parts(part), parts({ ...part, modifierExtension: [{ url: 'urn:x' }] })]).toEqual([['panel', 'systolic'], ['panel']]);
    const left = { ...panel, component: [{ ...part, modifierExtension: [{ url: 'urn:x' }] }] };
    const { unread } = patientGraphOf([
      source('rec-a', 'HospitalAMSP', [request, { ...request, modifierExtension: [{ url: 'urn:x' }] }, left]),
    ]);
    expect(unread.map(({ recordId, path }) => [recordId, path])).toEqual([
      ['rec-a', 'entry[1].resource'],
      ['rec-a', 'entry[2].resource.component[0]'],
    ]);
    expect(facts(request, { ...request, doNotPerform: true }).map(isNegated)).toEqual([false, true]);
  });

  it('keeps what the patient says apart from what a hospital does, and says whose it is', () => {
    const same = { ...observation({ code: [LOINC, '718-7'], at: noon, amount: 142 }), identifier: [{ system: 'urn:lab', value: '1' }] };
    const wrong = { ...same, status: 'entered-in-error' };
    const graph = patientGraphOf([source('rec-a', 'HospitalAMSP', [same]), source('rec-b', PATIENT_SOURCE, [wrong, same])]);
    expect(factsOf(graph).map(({ sayings }) => sayings.map(({ place }) => place.custodian))).toEqual([
      ['HospitalAMSP'],
      [PATIENT_SOURCE, PATIENT_SOURCE],
    ]);
    expect(pictureOf(graph, { language: 'zh' })).toContain('患者本人');
    expect(pictureOf(graph, { language: 'en', nameOf: () => 'a hospital' })).toContain('The patient');
  });

  it('keeps apart what one document says twice', () => {
    const same = observation({ code: [LOINC, '718-7'], at: noon, amount: 142 });
    expect(factsOf(patientGraphOf([source('rec-a', 'HospitalAMSP', [same, same])]))).toHaveLength(2);
  });

  const histories = join(__dirname, '../../../../shared/data/fhir/synthea');
  const real = existsSync(histories) ? it : it.skip;
  real.each(['brent-beer', 'carla-echevarria', 'cathryn-windler'])('has a real history that two hospitals tell once: %s', (name) => {
    const resource = JSON.parse(readFileSync(join(histories, `${name}.bundle.json`), 'utf8')) as Resource;
    const once = factsOf(patientGraphOf([{ recordId: 'r1', version: 1, custodian: 'HospitalAMSP', resource }]));
    const twice = factsOf(
      patientGraphOf(['r1', 'r2'].map((recordId) => ({ recordId, version: 1, custodian: `${recordId}MSP`, resource }))),
    );
    expect(once.length).toBeGreaterThan(50);
    expect(twice.filter(({ sayings }) => sayings.length !== 2).map(({ kind, label, time }) => ({ kind, label, time }))).toEqual([]);
    expect(twice).toHaveLength(once.length);
  });
});
