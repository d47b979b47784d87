import { profiledClasses, type RecordClass } from '@lianyi/domain';
import { displayFitOf } from './display-profile';
import { type Resource } from './json-object';
import { displayProfiles } from './profiles';

const loinc = (code: string, display: string): object => ({ coding: [{ system: 'http://loinc.org', code, display }] });
const fit = (document: object, of: RecordClass) => displayFitOf(JSON.parse(JSON.stringify(document)) as Resource, of); // checked elsewhere
const misfit = (document: object, of: RecordClass): string => {
  const [first] = fit(document, of).misfits;
  return first === undefined ? 'fits' : `${first.profile} ${first.path}: ${first.rule}`;
};

const potassium = {
  resourceType: 'Observation',
  id: 'k',
  status: 'final',
  code: { text: '钾' },
  valueQuantity: { value: 5.9, unit: 'mmol/L' },
};
const laboratory = {
  ...{ resourceType: 'DiagnosticReport', status: 'final', code: loinc('24323-8', 'panel'), issued: '2026-01-02T03:04:05Z' },
  ...{ contained: [potassium], result: [{ reference: '#k' }] },
};
const withResult = (more: object): object => ({ ...laboratory, contained: [{ ...potassium, ...more }] });

describe('a laboratory report', () => {
  it.each<[string, object, string]>([
    ['is whole', laboratory, 'fits'],
    [
      'is coded by China’s standards',
      { ...laboratory, code: { coding: [{ system: 'urn:oid:2.16.156.10011.2.4', code: 'C0007' }] } },
      'fits',
    ],
    [
      'is coded by a system that only looks like them',
      { ...laboratory, code: { coding: [{ system: 'urn:oid:2.16.156.100119', code: 'C0007' }] } },
      'laboratory-report@2 DiagnosticReport.code: no code of LOINC or WS/T',
    ],
    [
      'has no code of a known system',
      { ...laboratory, code: { text: 'x' } },
      'laboratory-report@2 DiagnosticReport.code: no code of LOINC or WS/T',
    ],
    [
      'has no time',
      { ...laboratory, issued: undefined },
      'laboratory-report@2 DiagnosticReport: one of issued, effectiveDateTime, effectivePeriod, effectiveInstant, date is missing',
    ],
    [
      'names a result that is elsewhere',
      { ...laboratory, result: [{ reference: '#k' }, { reference: 'Observation/9' }] },
      'laboratory-report@2 DiagnosticReport.result[1]: the result is not in the document',
    ],
    [
      'has a number without unit',
      withResult({ valueQuantity: { value: 5.9 } }),
      'laboratory-report@2 DiagnosticReport.contained[0].valueQuantity: a number without unit',
    ],
    [
      'has a component without unit',
      withResult({ valueQuantity: undefined, component: [{ code: { text: 'a' }, valueQuantity: { value: 1 } }] }),
      'laboratory-report@2 DiagnosticReport.contained[0].component[0].valueQuantity: a number without unit',
    ],
    [
      'has a result without name',
      withResult({ code: { coding: [{ code: 'K' }] } }),
      'laboratory-report@2 DiagnosticReport.contained[0].code: no name',
    ],
    [
      'has a result of no value',
      withResult({ valueQuantity: undefined }),
      'laboratory-report@2 DiagnosticReport.contained[0]: no value, and no reason for its absence',
    ],
    [
      'has a result that says why it has no value',
      withResult({ valueQuantity: undefined, dataAbsentReason: { text: '标本溶血' } }),
      'fits',
    ],
    [
      'holds nothing',
      { ...laboratory, result: undefined },
      'laboratory-report@1 DiagnosticReport: one of result, presentedForm, conclusion, text, section is missing',
    ],
  ])('that %s', (_what, document, expected) => {
    expect(misfit(document, 'laboratory-report')).toBe(expected);
  });
});

const composition = (...section: readonly object[]): object => ({
  ...{
    resourceType: 'Composition',
    status: 'final',
    type: loinc('18842-5', 'Discharge summary'),
    date: '2026-01-02',
    author: [{ display: 'x' }],
  },
  section,
});
const section = (code: string): object => ({ title: 't', code: loinc(code, 't'), text: { div: '<div>t</div>' } });

describe('documents of other classes', () => {
  it.each<[string, object, RecordClass, string]>([
    ['a discharge', composition(section('11535-2')), 'clinical-document', 'fits'],
    [
      'a section without a name, within another',
      composition({ ...section('11535-2'), section: [{ text: { div: '<div>t</div>' } }] }),
      'clinical-document',
      'clinical-document@2 Composition.section[0].section[0].title: missing',
    ],
    [
      'a section that holds nothing and does not say so',
      composition({ title: 't' }),
      'clinical-document',
      'clinical-document@2 Composition.section[0]: one of text, entry, section, emptyReason is missing',
    ],
    [
      'an allergy',
      { resourceType: 'AllergyIntolerance', code: { text: '青霉素' }, recordedDate: '2026-01-02' },
      'clinical-document',
      'fits',
    ],
    [
      'an allergy to nothing that is named',
      { resourceType: 'AllergyIntolerance' },
      'clinical-document',
      'clinical-document@1 AllergyIntolerance.code: no name',
    ],
    [
      'a vaccination without a time',
      { resourceType: 'Immunization', vaccineCode: { text: '乙肝疫苗' } },
      'clinical-document',
      'clinical-document@2 Immunization: one of occurrenceDateTime, occurrenceString is missing',
    ],
    ['a summary', composition(...['48765-2', '11450-4', '10160-0'].map(section)), 'patient-summary', 'fits'],
    [
      'a summary without allergies',
      composition(...['11450-4', '10160-0'].map(section)),
      'patient-summary',
      'patient-summary@2 Composition.section: no section 48765-2',
    ],
    [
      'an examination without conclusion',
      { ...laboratory, presentedForm: [{ title: 'a' }] },
      'imaging-report',
      'imaging-report@2 DiagnosticReport.conclusion: missing',
    ],
    ['an examination', { ...laboratory, conclusion: '未见异常' }, 'imaging-report', 'fits'],
    ['an examination whose impression is a section', { ...composition(section('19005-8')) }, 'imaging-report', 'fits'],
    ['a study', { resourceType: 'ImagingStudy', series: [{ uid: '1.2' }] }, 'imaging-report', 'fits'],
    [
      'a prescription of something',
      { resourceType: 'MedicationRequest', medicationReference: { reference: '#m' }, contained: [{ resourceType: 'Medication', id: 'm' }] },
      'prescription',
      'prescription@2 MedicationRequest.medication[x]: no name',
    ],
    ['an observation', { ...potassium, code: loinc('2823-3', '钾'), effectiveDateTime: '2026-01-02' }, 'observation', 'fits'],
    [
      'an observation without unit',
      { ...potassium, code: loinc('2823-3', '钾'), effectiveDateTime: '2026-01-02', valueQuantity: { value: 1 } },
      'observation',
      'observation@2 Observation.valueQuantity: a number without unit',
    ],
  ])('%s', (_what, document, of, expected) => {
    expect(misfit(document, of)).toBe(expected);
  });

  it('of a class without a profile fit none, and are faulted by none', () => {
    expect(fit({ resourceType: 'Patient' }, 'administrative')).toEqual({ displayProfile: 'unstructured@1', misfits: [] });
  });
});

it('every profiled class has a profile of two versions, each of which asks for something', () => {
  expect(Object.keys(displayProfiles).sort()).toEqual([...profiledClasses].sort());
  expect(Object.values(displayProfiles).every(({ versions }) => versions.length === 2 && versions.every((rules) => rules.length > 0))).toBe(
    true,
  );
});

it('what does not fit a version fits no later one', () => {
  const { displayProfile, misfits } = fit({ ...laboratory, result: undefined }, 'laboratory-report');
  expect([displayProfile, ...misfits.map(({ profile }) => profile)]).toEqual([
    'unstructured@1',
    'laboratory-report@1',
    'laboratory-report@2',
  ]);
});

it('a refusal tells places, and nothing that stands there', () => {
  const { misfits } = fit(
    { ...laboratory, code: { text: 'canary' }, contained: [{ ...potassium, code: {}, valueString: 'canary' }] },
    'laboratory-report',
  );
  expect(JSON.stringify(misfits)).not.toContain('canary');
});
