import { type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { patientGraphOf } from '../graph';
import { PATIENT_SOURCE } from '../facts/fact';
import { isFact, isNegated } from '../nodes';
import { pictureOf } from '../out/picture';
import { trendsOf } from '../trends';
import { observation, source } from '../testing';

const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const noon = '2026-03-01T12:00:00Z';
const haemoglobin = (amount: number, more: JsonObject = {}): Resource => observation({ code: [LOINC, '718-7'], at: noon, amount, more });
const allergy = (code: string, said: JsonObject = {}): Resource => ({
  resourceType: 'AllergyIntolerance',
  code: { coding: [{ system: SNOMED, code }] },
  patient: { reference: 'Patient/p' },
  ...said,
});
const condition = (clinical: string, verification = 'confirmed'): Resource => ({
  resourceType: 'Condition',
  code: { coding: [{ system: SNOMED, code: '73211009' }] },
  onsetDateTime: '2020-05-01',
  clinicalStatus: { coding: [{ code: clinical }] },
  verificationStatus: { coding: [{ code: verification }] },
});
const bloodGroup = (code: string): Resource =>
  observation({
    ...{ code: [LOINC, '883-9'], at: code === 'A' ? noon : '2020-01-01T00:00:00Z' },
    more: { valueCodeableConcept: { coding: [{ system: SNOMED, code }] } },
  });
const procedure: Resource = {
  ...{ resourceType: 'Procedure', performedDateTime: noon },
  code: { coding: [{ system: SNOMED, code: '80146002' }] },
};
const taken = (status: string): Resource => ({
  ...{ resourceType: 'MedicationStatement', status, effectiveDateTime: noon },
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code: 'A10BA02' }] },
});
const numbered = { identifier: [{ system: 'urn:lab', value: '1' }] };

describe('what documents do not agree on', () => {
  const whys = (first: readonly Resource[], second: readonly Resource[]): readonly string[] =>
    patientGraphOf([source('rec-a', 'HospitalAMSP', first), source('rec-b', 'HospitalBMSP', second)]).contradictions.map(
      ({ why, nodes }) => `${why} ${nodes.length}`,
    );

  it.each<readonly [string, readonly Resource[], readonly Resource[], readonly string[]]>([
    ['two values of one test at one moment', [haemoglobin(142)], [haemoglobin(124)], ['other-value 2']],
    ['two values under one number', [haemoglobin(142, numbered)], [haemoglobin(124, numbered)], ['other-value 1']],
    ['a disease that is over, and is not', [condition('active')], [condition('resolved')], ['other-status 1']],
    ['a disease that was refuted', [condition('active')], [condition('active', 'refuted')], ['other-status 1']],
    [
      'a disease that was entered in error at one hospital',
      [condition('active')],
      [condition('active', 'entered-in-error')],
      ['other-status 1'],
    ],
    ...[
      ['completed', 'not-done'],
      ['active', 'cancelled'],
      ['on-hold', 'entered-in-error'],
      ['stopped', 'entered-in-error'],
      ['active', 'declined'],
    ].map((said) => {
      const [one = [], other = []] = said.map((status) => [{ ...procedure, status }]);
      return [`what was done, and was not: ${said.join(', ')}`, one, other, ['other-status 1']] as const;
    }),
    ['a medicine that is taken, and is not', [taken('active')], [taken('not-taken')], ['other-status 1']],
    [
      'a result that was entered in error at one hospital',
      [haemoglobin(142)],
      [haemoglobin(142, { status: 'entered-in-error' })],
      ['other-status 1'],
    ],
    [
      'a corrected result that another calls an error',
      [haemoglobin(142, { status: 'corrected' })],
      [haemoglobin(142, { status: 'entered-in-error' })],
      ['other-status 1'],
    ],
    ['two blood groups, years apart', [bloodGroup('A')], [bloodGroup('B')], ['other-blood-group 2']],
    ['an allergy, and none', [allergy('91936005')], [allergy('716186003')], ['allergy-denied 2']],
    [
      'an allergy to a drug, and to no drug',
      [allergy('91936005', { category: ['medication'] })],
      [allergy('409137002')],
      ['allergy-denied 2'],
    ],
    ['an allergy of no category, and to no drug', [allergy('91936005')], [allergy('409137002')], ['allergy-denied 2']],
  ])('is shown: %s', (_what, first, second, expected) => {
    expect(whys(first, second)).toEqual(expected);
  });

  const permutations = <Value>(of: readonly Value[]): readonly (readonly Value[])[] =>
    of.length < 2 ? [of] : of.flatMap((first, at) => permutations(of.toSpliced(at, 1)).map((rest) => [first, ...rest]));
  const inOrder = (resources: readonly Resource[]) =>
    patientGraphOf(resources.map((resource, at) => source(`rec-${at}`, `Hospital${at}MSP`, [resource])));

  it.each<readonly [string, readonly Resource[], string]>([
    [
      'values, where one says none yet',
      [
        haemoglobin(142, numbered),
        haemoglobin(124, numbered),
        { ...haemoglobin(1, { ...numbered, status: 'registered' }), valueQuantity: undefined },
      ].map((resource) => JSON.parse(JSON.stringify(resource)) as Resource),
      'other-value',
    ],
    [
      'blood groups, where one says it in words',
      [bloodGroup('A'), bloodGroup('B'), observation({ code: [LOINC, '883-9'], at: '2019-01-01T00:00:00Z', more: { valueString: 'A' } })],
      'other-blood-group',
    ],
    [
      'corrections that differ',
      [
        haemoglobin(142, numbered),
        haemoglobin(124, { ...numbered, status: 'corrected' }),
        haemoglobin(120, { ...numbered, status: 'amended' }),
      ],
      'other-value',
    ],
  ])('is shown in whatever order documents come: %s', (_what, resources, why) => {
    for (const order of permutations(resources)) expect(inOrder(order).contradictions.map((each) => each.why)).toEqual([why]);
  });

  it.each([[0, 1] as const, [1, 0] as const])(
    'is none where one corrects the other, whose value counts and whose hospital alone says it',
    (...order) => {
      const both = [haemoglobin(142, numbered), haemoglobin(124, { ...numbered, status: 'corrected' })];
      const later = observation({ code: [LOINC, '718-7'], at: '2026-05-01T12:00:00Z', amount: 130 });
      const sources = [...order.map((at) => both[at] ?? later), later].map((resource, at) =>
        source(`rec-${at}`, `Hospital${resource === later ? 'C' : resource === both[0] ? 'A' : 'B'}MSP`, [resource]),
      );
      const graph = patientGraphOf(sources);
      expect(graph.contradictions).toEqual([]);
      const [trend] = trendsOf(graph);
      expect(trend?.points.map(({ amount, custodians }) => [amount, ...custodians])).toEqual([
        [124, 'HospitalBMSP'],
        [130, 'HospitalCMSP'],
      ]);
      expect(pictureOf(graph, { language: 'en' })).toContain('142');
    },
  );

  it.each(['refuted', 'entered-in-error'])('reads how sure something is by the standard’s code, wherever it stands: %s', (code) => {
    const said = (verification: string): Resource => ({
      ...condition('active'),
      verificationStatus: {
        coding: [
          { system: 'urn:local', code: '9' },
          { system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: verification },
        ],
      },
    });
    expect(whys([said('confirmed')], [said(code)])).toEqual(['other-status 1']);
    const alone = patientGraphOf([source('rec-a', 'HospitalAMSP', [said(code)])]).nodes.filter(isFact);
    expect(alone.map(isNegated)).toEqual(code === 'refuted' ? [true] : []);
  });

  it('is shown with the gravest first, and none is hidden by many of another kind', () => {
    const many = Array.from({ length: 40 }, (_, at) => ({
      ...procedure,
      performedDateTime: `2026-03-01T12:00:${String(at).padStart(2, '0')}Z`,
    }));
    const graph = patientGraphOf([
      source('rec-a', 'HospitalAMSP', [...many, bloodGroup('A')]),
      source('rec-b', 'HospitalBMSP', [...many.map((each) => ({ ...each, status: 'not-done' })), bloodGroup('B')]),
    ]);
    expect(graph.contradictions.map(({ why }) => why)).toEqual(['other-blood-group', ...Array<string>(40).fill('other-status')]);
    const picture = pictureOf(graph, { language: 'en' });
    expect(picture).toMatch(/blood group/i);
    expect(picture).toMatch(/\+ 11 × /);
  });

  it.each<readonly [string, Resource, Resource, readonly string[]]>([
    [
      'an allergy that the hospital has refuted',
      allergy('91936005', { verificationStatus: { coding: [{ code: 'refuted' }] } }),
      allergy('91936005', { verificationStatus: { coding: [{ code: 'confirmed' }] } }),
      ['other-status'],
    ],
    ['a disease that is over for the patient', condition('active'), condition('resolved'), ['other-status']],
    [
      'a value of one day',
      haemoglobin(142, { ...numbered, effectiveDateTime: '2026-03-01' }),
      haemoglobin(124, { ...numbered, effectiveDateTime: '2026-03-01' }),
      ['other-value'],
    ],
    ['a value of one moment', haemoglobin(142), haemoglobin(124), ['other-value']],
    ['the same', condition('active'), condition('active'), []],
    ['a value of another day', haemoglobin(142), haemoglobin(124, { effectiveDateTime: '2026-03-02T12:00:00Z' }), []],
  ])('between patient and hospital is of two nodes, whoever says which: %s', (_what, one, other, expected) => {
    for (const [hospitals, own] of [[one, other] as const, [other, one] as const]) {
      const found = patientGraphOf([source('rec-a', 'HospitalAMSP', [hospitals]), source('rec-b', PATIENT_SOURCE, [own])]).contradictions;
      expect(found.map(({ why, nodes }) => [why, nodes.length])).toEqual(expected.map((why) => [why, 2]));
    }
  });

  it('is one for each thing that the patient says, and pushes none of the hospitals’ out of the picture', () => {
    const day = (amount: number): Resource => haemoglobin(amount, { effectiveDateTime: '2026-03-01' });
    const potassium = (amount: number): Resource => observation({ code: [LOINC, '2823-3'], at: noon, amount, unit: 'mmol/L' });
    const own = Array.from({ length: 31 }, (_, at) => day(100 + at));
    const graph = patientGraphOf([
      source('rec-a', 'HospitalAMSP', [day(142), potassium(3)]),
      source('rec-b', 'HospitalBMSP', [day(141), potassium(7)]),
      source('rec-c', PATIENT_SOURCE, own),
    ]);
    expect(graph.contradictions).toHaveLength(32);
    expect(graph.contradictions[0]?.nodes.every((id) => /rec-[ab]/.test(id))).toBe(true);
    const agreeing = patientGraphOf([source('rec-a', 'HospitalAMSP', [day(142), day(150)]), source('rec-c', PATIENT_SOURCE, [day(150)])]);
    expect(agreeing.contradictions).toEqual([]);
  });

  it('is seen though somebody corrects what they said themselves', () => {
    const own = haemoglobin(124, { effectiveDateTime: '2026-03-01', status: 'amended' });
    const graph = patientGraphOf([
      source('rec-a', 'HospitalAMSP', [haemoglobin(142, { effectiveDateTime: '2026-03-01' })]),
      source('rec-c', PATIENT_SOURCE, [own]),
    ]);
    expect(graph.contradictions.map(({ why }) => why)).toEqual(['other-value']);
  });

  it.each([[0, 1] as const, [1, 0] as const])('is told of an allergy without a time that one hospital refutes', (...order) => {
    const said = ['confirmed', 'refuted'].map((code) => allergy('91936005', { verificationStatus: { coding: [{ code }] } }));
    const [one = [], other = []] = order.map((at) => said.slice(at, at + 1));
    expect(whys(one, other)).toEqual(['other-status 1']);
  });

  it('is none of a blood group that was cancelled', () => {
    expect(whys([bloodGroup('A')], [{ ...bloodGroup('B'), status: 'cancelled' }])).toEqual([]);
  });

  it.each([
    [[{ system: 'http://hl7.org/fhir/condition-ver-status', code: 'refuted' }]],
    [
      [
        { system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status' },
        { system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'refuted' },
      ],
    ],
    [['unconfirmed', 'refuted'].map((code) => ({ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code }))],
  ])('counts a denial by any of the standard’s codes', (coding) => {
    const denied: Resource = { ...condition('active'), verificationStatus: { coding: [{ system: 'urn:local', code: '9' }, ...coding] } };
    expect(whys([condition('active')], [denied])).toEqual(['other-status 1']);
  });

  it('is shown: that the patient disagrees with a record, of all that it says', () => {
    const told = { ...source('rec-a', 'HospitalAMSP', [haemoglobin(142), condition('active')]), disagreement: 'stated' as const };
    const { contradictions } = patientGraphOf([told, source('rec-b', 'HospitalBMSP', [allergy('91936005')])]);
    expect(contradictions.map(({ why, nodes }) => `${why} ${nodes.length}`)).toEqual(['patient-disagrees 2']);
  });

  it.each<readonly [string, readonly Resource[], readonly Resource[]]>([
    ['the same', [haemoglobin(142), condition('active')], [haemoglobin(142), condition('active')]],
    ['a value that corrects the one before', [haemoglobin(142, numbered)], [haemoglobin(124, { ...numbered, status: 'corrected' })]],
    ['what two hospitals say was not done', [{ ...procedure, status: 'not-done' }], [{ ...procedure, status: 'entered-in-error' }]],
    ['a medicine on hold, and stopped', [taken('on-hold')], [taken('stopped')]],
    ['values of two moments', [haemoglobin(142)], [haemoglobin(124, { effectiveDateTime: '2026-03-02T12:00:00Z' })]],
    ['two values of one document', [haemoglobin(142), haemoglobin(124)], []],
    ['one blood group', [bloodGroup('A')], [bloodGroup('A')]],
    ['an allergy to a drug, and to no food', [allergy('91936005', { category: ['medication'] })], [allergy('429625007')]],
    [
      'an allergy that was refuted',
      [allergy('91936005', { verificationStatus: { coding: [{ code: 'refuted' }] } })],
      [allergy('716186003')],
    ],
  ])('is not: %s', (_what, first, second) => {
    expect(whys(first, second)).toEqual([]);
  });
});
