import { type Resource } from './json-object';
import { resultsIn } from './results-in';

const potassium: Resource = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }] },
  effectiveDateTime: '2026-05-01T08:00:00+08:00',
  valueQuantity: { value: 4.1 },
};
const MARK = { system: 'urn:lianyi:recognition-mark', code: 'provincial' };

describe('what a document has examined', () => {
  it('has codes and time, and no value', () => {
    expect(resultsIn(potassium)).toEqual([
      { codes: [{ system: 'loinc.org', code: '2823-3' }], specimens: [], at: '2026-05-01T00:00:00.000Z' },
    ]);
  });

  it.each<readonly [string, object]>([
    ['preliminary', { status: 'preliminary' }],
    ['an error', { status: 'entered-in-error' }],
    ['not done', { dataAbsentReason: { text: 'no' } }],
    ['with a modifier that nobody knows', { modifierExtension: [{ url: 'urn:x', valueBoolean: true }] }],
    ['without a code', { code: { text: 'potassium' } }],
    ['of a year alone', { effectiveDateTime: '2026' }],
  ])('leaves out what is %s', (_what, more) => {
    expect(resultsIn({ ...potassium, ...more })).toEqual([]);
  });

  it.each(['valueQuantity', 'effectiveDateTime', 'code', 'status'])('leaves out what has no %s', (name) => {
    expect(resultsIn(without(name))).toEqual([]);
  });

  it('takes a day for its earliest moment anywhere, and a period for its beginning', () => {
    const at = (more: object): unknown => resultsIn({ ...without('effectiveDateTime'), ...more })[0]?.at;
    expect(at({ effectiveDateTime: '2026-05-01' })).toBe('2026-04-30T10:00:00.000Z');
    expect(at({ effectivePeriod: { start: '2026-05-01T08:00:00Z', end: '2026-05-02T08:00:00Z' } })).toBe('2026-05-01T08:00:00.000Z');
  });

  it('has the specimen, and the mark of the report that it is in, the widest of several', () => {
    const specimen = { resourceType: 'Specimen', id: 's', type: { coding: [{ system: 'http://snomed.info/sct', code: '119364003' }] } };
    const report = {
      ...{ resourceType: 'DiagnosticReport', status: 'final', code: potassium['code'], effectiveDateTime: '2026-05-01T08:00:00Z' },
      ...{ meta: { tag: [{ ...MARK, code: 'municipal' }, MARK] }, result: [{ reference: '#o' }] },
      contained: [specimen, { ...potassium, id: 'o', specimen: { reference: '#s' } }],
    };
    const [, observation] = [...resultsIn(report as unknown as Resource)];
    expect(observation).toMatchObject({ specimens: [{ system: 'snomed.info/sct', code: '119364003' }], mark: 'provincial' });
  });

  it('has nothing of a report that is not final, whatever its results say of themselves', () => {
    const report = { resourceType: 'DiagnosticReport', status: 'preliminary', code: {}, contained: [potassium] };
    expect(resultsIn(report as unknown as Resource)).toEqual([]);
  });
});

function without(name: string): Resource {
  return Object.fromEntries(Object.entries(potassium).filter(([key]) => key !== name)) as Resource;
}
