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
    ...[
      { ...observation({}), effectiveTiming: { event: ['2015-03-01'] } },
      { resourceType: 'MedicationDispense', status: 'completed', medicationCodeableConcept: { text: 'x' }, whenHandedOver: '2015-03-01' },
      { resourceType: 'Condition', subject: { display: 'x' }, onsetDateTime: '2015-03-01' },
      { resourceType: 'Procedure', status: 'completed', subject: { display: 'x' }, performedString: 'in spring' },
      observation({}),
    ].map(
      (other) =>
        [
          `unsaid beside ${other.resourceType} whose time is not read`,
          bundle(observation({ effectiveDateTime: '2022-06-13' }), other),
          'unsaid',
        ] as const,
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
