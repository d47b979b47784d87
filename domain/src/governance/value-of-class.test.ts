import { recordClasses } from '../vocabulary';
import { opensNoMore, policiesOf } from './parameters';
import { defaultPoliciesSchema, parameterSettingSchema, valueOfClass } from './transactions';

const { 'imaging-index': _later, ...before } = policiesOf('deny-all');

describe('a value for every class', () => {
  it('that was set before the index of studies had a class says of it what it says of imaging reports', () => {
    const set = defaultPoliciesSchema.parse({ ...before, 'imaging-report': 'break-glass-only' });
    expect(set).not.toHaveProperty('imaging-index');
    expect(valueOfClass(set, 'imaging-index')).toBe('break-glass-only');
    expect(valueOfClass(set, 'laboratory-report')).toBe('deny-all');
  });

  it('opens as much as one that says so of each', () => {
    const [older, newer] = [before, policiesOf('deny-all')].map((value) =>
      parameterSettingSchema.parse({ name: 'default-policies', value }),
    );
    const opener = parameterSettingSchema.parse({ name: 'default-policies', value: { ...before, 'imaging-index': 'all-normal' } });
    if (older === undefined || newer === undefined) throw new Error('both are settings');
    const compared = { to: 'reading', of: recordClasses } as const;
    expect([opensNoMore(older, newer, compared), opensNoMore(newer, older, compared)]).toEqual([true, true]);
    expect([opensNoMore(opener, older, compared), opensNoMore(older, opener, compared)]).toEqual([false, true]);
  });

  it('says of the index what it says of it', () => {
    const set = defaultPoliciesSchema.parse({ ...before, 'imaging-report': 'all-normal', 'imaging-index': 'break-glass-only' });
    expect(valueOfClass(set, 'imaging-index')).toBe('break-glass-only');
    expect(valueOfClass(set, 'imaging-report')).toBe('all-normal');
  });

  it.each(recordClasses.filter((each) => each !== 'imaging-index'))('is none without %s', (left) => {
    const value = Object.fromEntries(Object.entries(before).filter(([each]) => each !== left));
    for (const name of ['default-policies', 'retention-periods'])
      expect(parameterSettingSchema.safeParse({ name, value }).success).toBe(false);
  });

  it.each([
    ['another class', { ...before, 'imaging-indices': 'deny-all' }],
    ['another value', { ...before, 'imaging-index': 'open' }],
    ['nothing', { ...before, 'imaging-index': undefined }],
  ])('is none with %s', (_what, value) => {
    expect(defaultPoliciesSchema.safeParse(value).success).toBe(false);
  });
});
