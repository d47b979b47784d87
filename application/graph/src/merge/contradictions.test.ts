import { type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { patientGraphOf } from '../graph';
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
  ])('is shown: %s', (_what, first, second, expected) => {
    expect(whys(first, second)).toEqual(expected);
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
