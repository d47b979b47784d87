import { careMonthsOf } from './care-months';

const monthsOf = (document: object): string => {
  const months = careMonthsOf(Buffer.from(JSON.stringify(document)));
  return months === undefined ? 'unsaid' : `${months.first}..${months.last}`;
};
const observation = (fields: object) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'weight' },
  ...fields,
});
const bundle = (...resources: readonly object[]): object => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});

const subject = { display: 'x' };
const code = { text: 'x' };
const in2022 = { effectiveDateTime: '2022-06-13' };
/** Each tells of another time, or of care without a time, in a way that is not read. */
const BESIDE: readonly (readonly [string, object])[] = [
  ['a timing', { ...observation({}), effectiveTiming: { event: ['2015-03-01'] } }],
  ['another time that was measured', observation({ ...in2022, valueDateTime: '2015-03-01' })],
  ['a time in an extension', observation({ ...in2022, extension: [{ url: 'http://example.org/since', valueDateTime: '2015' }] })],
  [
    'a time in the extension of a date',
    observation({ ...in2022, _effectiveDateTime: { extension: [{ url: 'http://example.org/since', valuePeriod: { start: '2015' } }] } }),
  ],
  ['a note of another time', observation({ ...in2022, note: [{ time: '2015-03-01', text: 'x' }] })],
  ['an observation without a time', observation({})],
  [
    'something handed over',
    { resourceType: 'MedicationDispense', status: 'completed', medicationCodeableConcept: code, whenHandedOver: '2015-03-01' },
  ],
  ['a condition', { resourceType: 'Condition', subject, onsetDateTime: '2015-03-01' }],
  ['a time that is a text', { resourceType: 'Procedure', status: 'completed', subject, performedString: 'in spring' }],
  ['an age for a time', { resourceType: 'Procedure', status: 'completed', subject, performedAge: { value: 7 } }],
  ['an allergy that was written down', { resourceType: 'AllergyIntolerance', patient: subject, recordedDate: '2015-03-01' }],
  ['an allergy that occurred', { resourceType: 'AllergyIntolerance', patient: subject, lastOccurrence: '2015-03-01' }],
  ['an allergy without a time', { resourceType: 'AllergyIntolerance', patient: subject }],
  ['a judgement', { resourceType: 'ClinicalImpression', status: 'completed', subject, date: '2015-03-01' }],
  ['a family’s history', { resourceType: 'FamilyMemberHistory', status: 'completed', patient: subject, relationship: code }],
  ['answers', { resourceType: 'QuestionnaireResponse', status: 'completed', authored: '2015-03-01' }],
  ['another document', { resourceType: 'DocumentReference', status: 'current', content: [{ attachment: { url: 'http://example.org' } }] }],
  ['an issue', { resourceType: 'DetectedIssue', status: 'final', identifiedDateTime: '2015-03-01' }],
  ['an adverse event', { resourceType: 'AdverseEvent', actuality: 'actual', subject, date: '2015-03-01' }],
  ['the use of a device', { resourceType: 'DeviceUseStatement', status: 'active', subject, device: subject, timingDateTime: '2015-03-01' }],
  ['the device of a patient', { resourceType: 'Device', patient: subject }],
  ['a picture', { resourceType: 'Media', status: 'completed', createdDateTime: '2015-03-01', content: { url: 'http://example.org' } }],
  ['a goal', { resourceType: 'Goal', lifecycleStatus: 'active', description: code, subject, startDate: '2015-03-01' }],
  ['a message', { resourceType: 'Communication', status: 'completed', sent: '2015-03-01' }],
  ['an order without a time', { resourceType: 'ServiceRequest', status: 'active', intent: 'order', subject }],
  ['a risk', { resourceType: 'RiskAssessment', status: 'final', subject }],
  [
    'a letter that does not say of when',
    { resourceType: 'Composition', status: 'final', type: code, date: '2022-06', author: [subject], title: 'x' },
  ],
  ['a death', { resourceType: 'Patient', deceasedDateTime: '2015-03-01' }],
  ['something inside of something', observation({ ...in2022, contained: [{ resourceType: 'Condition', subject, recordedDate: '2015' }] })],
];

describe('the months of the care that a document tells of', () => {
  it.each<readonly [string, object, string]>([
    ['the month of an instant', observation({ effectiveDateTime: '2022-06-13T23:50:50-05:00' }), '2022-06..2022-06'],
    ['the month of a day', observation({ effectiveDateTime: '2022-06-13' }), '2022-06..2022-06'],
    ['all of a year without a month', observation({ effectiveDateTime: '2022' }), '2022-01..2022-12'],
    ['a period', observation({ effectivePeriod: { start: '2021-12-30', end: '2022-02-01' } }), '2021-12..2022-02'],
    ['unsaid where a period has no end', observation({ effectivePeriod: { start: '2021-12-30' } }), 'unsaid'],
    ['unsaid where a period has no beginning', observation({ effectivePeriod: { end: '2021-12-30' } }), 'unsaid'],
    ['unsaid where there is none', observation({}), 'unsaid'],
    ['unsaid though it was issued', observation({ issued: '2022-06-13T00:00:00Z' }), 'unsaid'],
    [
      'from the first to the last of all inside',
      bundle(observation({ effectiveDateTime: '2022-06-13' }), observation({ effectiveDateTime: '2004-12-25' })),
      '2004-12..2022-06',
    ],
    [
      'unsaid where anything inside goes on',
      bundle(observation({ effectiveDateTime: '2022-06-13' }), {
        resourceType: 'Encounter',
        status: 'in-progress',
        class: { code: 'IMP' },
        period: { start: '2022-06' },
      }),
      'unsaid',
    ],
    [
      'those of the parts of an encounter and of a study',
      bundle(
        {
          ...{ resourceType: 'Encounter', status: 'finished', class: { code: 'IMP' }, period: { start: '2022-06', end: '2022-07' } },
          statusHistory: [{ status: 'arrived', period: { start: '2022-05-31', end: '2022-06-01' } }],
        },
        {
          ...{ resourceType: 'ImagingStudy', status: 'available', subject: { display: 'x' }, started: '2022-06-13' },
          series: [{ uid: '1.2', modality: { code: 'CT' }, started: '2021-02-01' }],
        },
      ),
      '2021-02..2022-07',
    ],
    [
      'that of a prescription, which says how often and how long but no other date',
      {
        ...{ resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { display: 'x' }, authoredOn: '2022-06-13' },
        medicationCodeableConcept: { text: 'x' },
        dosageInstruction: [{ timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd', boundsDuration: { value: 7 } } } }],
      },
      '2022-06..2022-06',
    ],
    ...BESIDE.map(
      ([what, other]) => [`unsaid beside ${what}`, bundle(observation({ effectiveDateTime: '2022-06-13' }), other), 'unsaid'] as const,
    ),
    [
      'that of a document’s event',
      {
        ...{ resourceType: 'Composition', status: 'final', type: { text: 'letter' }, date: '2025-01-01', author: [{ display: 'x' }] },
        ...{ title: 'letter', event: [{ period: { start: '2024-11-02', end: '2024-11-09' } }] },
      },
      '2024-11..2024-11',
    ],
    [
      'without how long a name was used or somebody was insured',
      bundle(
        observation({ effectiveDateTime: '2022-06-13' }),
        { resourceType: 'Patient', name: [{ text: 'x', period: { start: '1980' } }] },
        {
          resourceType: 'Coverage',
          status: 'active',
          period: { start: '1999-01' },
          beneficiary: { display: 'x' },
          payor: [{ display: 'y' }],
        },
      ),
      '2022-06..2022-06',
    ],
  ])('are %s', (_what, document, expected) => {
    expect(monthsOf(document)).toBe(expected);
  });
});
