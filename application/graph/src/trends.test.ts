import { patientGraphOf } from './graph';
import { observation, source } from './testing';
import { timelineOf } from './timeline';
import { trendsOf } from './trends';
import { amountIn, isSameAmount } from './units';

const LOINC = 'http://loinc.org';
const result = (code: string, year: number, amount: number, unit: string) =>
  observation({ code: [LOINC, code], at: `${year}-01-01T00:00:00Z`, amount, unit });

describe('the trend of a value', () => {
  it('goes over hospitals in one unit, mass and moles alike, and keeps what was said', () => {
    const graph = patientGraphOf([
      source('rec-a', 'HospitalAMSP', [result('2345-7', 2020, 90, 'mg/dL'), result('2345-7', 2022, 108, 'mg/dL')]),
      source('rec-b', 'HospitalBMSP', [result('14749-6', 2021, 5.5, 'mmol/L')]),
    ]);
    const [trend] = trendsOf(graph);
    expect(trend?.unit).toBe('mg/dL');
    expect(trend?.points.map(({ amount, said, custodians }) => [Math.round(amount), said.unit, custodians[0]])).toEqual([
      [90, 'mg/dL', 'HospitalAMSP'],
      [99, 'mmol/L', 'HospitalBMSP'],
      [108, 'mg/dL', 'HospitalAMSP'],
    ]);
  });

  it('does not draw what no conversion leads to: it stands apart', () => {
    const values = [result('718-7', 2020, 142, 'g/L'), result('718-7', 2021, 14.1, 'g/dL'), result('718-7', 2022, 3, 'a spoonful')];
    const graph = patientGraphOf([source('rec-a', 'HospitalAMSP', values)]);
    const [trend] = trendsOf(graph);
    expect(trend?.points.map(({ amount }) => Math.round(amount))).toHaveLength(2);
    expect(trend?.apart).toHaveLength(1);
  });

  it('has no value that was cancelled or entered in error', () => {
    const values = [result('718-7', 2020, 140, 'g/L'), result('718-7', 2021, 141, 'g/L')];
    const wrong = ['cancelled', 'entered-in-error'].map((status, at) => ({ ...result('718-7', 2022 + at, 1, 'g/L'), status }));
    const [trend] = trendsOf(patientGraphOf([source('rec-a', 'HospitalAMSP', [...values, ...wrong])]));
    expect(trend?.points.map(({ amount }) => amount)).toEqual([140, 141]);
  });

  it('has no value that one hospital calls an error, whatever the others say of it', () => {
    const values = [2020, 2021, 2022].map((year) => result('718-7', year, year - 1880, 'g/L'));
    const wrong = { ...result('718-7', 2021, 141, 'g/L'), status: 'entered-in-error' };
    const [trend] = trendsOf(patientGraphOf([source('rec-a', 'HospitalAMSP', values), source('rec-b', 'HospitalBMSP', [wrong])]));
    expect(trend?.points.map(({ amount }) => amount)).toEqual([140, 142]);
  });

  it('is none of one value, and of none without a time or a number', () => {
    const words = observation({ code: [LOINC, '718-7'], at: '2021', more: { valueString: 'high' } });
    expect(trendsOf(patientGraphOf([source('rec-a', 'HospitalAMSP', [result('718-7', 2020, 1, 'g/L'), words])]))).toEqual([]);
  });

  it('asks its library about nothing that is no unit: that prints what it cannot read', () => {
    const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    for (const unit of ['mg/dL fasting, Mr Li', 'g L', 'mg per dL']) amountIn({ amount: 1, unit }, 'g/L');
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it.each<readonly [number, string, string, number | undefined]>([
    [142, 'g/L', 'g/dL', 14.2],
    [1, 'mmol/L', 'g/L', undefined],
    [1, 'Cel', '[degF]', undefined],
    [1, 'mmHg', 'mm[Hg]', undefined],
    [7, 'no unit', 'no unit', 7],
    [1, '', 'g/L', undefined],
    [1, 'mg/dL fasting, Mr Li', 'g/L', undefined],
    [1, '1()', 'g/L', undefined],
    [60, '/min', '/h', 3_600],
    [1, 'mL/min/{1.73_m2}', 'mL/h', 60],
  ])('converts by UCUM: %d %s in %s is %p', (amount, unit, wanted, expected) => {
    const converted = amountIn({ amount, unit }, wanted);
    if (expected === undefined) expect(converted).toBeUndefined();
    else expect(converted).toBeCloseTo(expected, 9);
  });

  it('is of one number where two units say one, with as many digits as were written', () => {
    const quantity = (amount: number, unit: string, comparator = '') => ({ kind: 'quantity', amount, unit, comparator }) as const;
    expect(isSameAmount(quantity(90, 'mg/dL'), quantity(5.0, 'mmol/L'), 'glucose')).toBe(true);
    expect(isSameAmount(quantity(90, 'mg/dL'), quantity(5.2, 'mmol/L'), 'glucose')).toBe(false);
    expect(isSameAmount(quantity(90, 'mg/dL'), quantity(5, 'mmol/L'))).toBe(false);
    expect(isSameAmount(quantity(142, 'g/L'), quantity(142.4, 'g/L'))).toBe(false);
    expect(isSameAmount(quantity(5, 'g/L', '<'), quantity(5, 'g/L'))).toBe(false);
  });
});

describe('the timeline', () => {
  it('has what has a time, the newest first', () => {
    const resources = [
      result('718-7', 2020, 1, 'g/L'),
      result('718-7', 2022, 1, 'g/L'),
      { resourceType: 'Procedure', code: { text: 'x' } },
    ];
    expect(timelineOf(patientGraphOf([source('rec-a', 'HospitalAMSP', resources)])).map(({ time }) => time?.text.slice(0, 4))).toEqual([
      '2022',
      '2020',
    ]);
  });
});
