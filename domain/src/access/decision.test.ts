import { type Decision, decisionSchema, grantVersionSchema } from '../index';
import { B, hours } from '../story.fixture';

const version = { grantee: { kind: 'person', mspId: B, name: 'dr-lin' }, version: 1 };
const permit = { effect: 'permit', provisionIds: ['p1'], grantVersions: [version] };
const full = { ...permit, until: hours(1), use: { ...version, provisionId: 'p1' } };
const denial = { effect: 'deny', reasons: ['NO_CONSENT', 'EXPIRED'] };
const isTaken = (decision: object): boolean => decisionSchema.safeParse(decision).success;
const without = (decision: object, field: string): object =>
  Object.fromEntries(Object.entries(decision).filter(([name]) => name !== field));

describe('a decision', () => {
  it.each([permit, full, { ...permit, grantVersions: [] }, denial])('is read as it was made', (decision) => {
    expect(decisionSchema.parse(decision)).toEqual<Decision | object>(decision);
  });
  it.each<readonly [string, object]>([
    ['no effect', without(permit, 'effect')],
    ['an effect that is none', { ...permit, effect: 'maybe' }],
    ['no provision named', without(permit, 'provisionIds')],
    ['none to rest on', { ...permit, provisionIds: [] }],
    ['no versions', without(permit, 'grantVersions')],
    ['version 0', { ...permit, grantVersions: [{ ...version, version: 0 }] }],
    ['a version of nobody', { ...permit, grantVersions: [{ version: 1 }] }],
    ['an end that is no instant', { ...permit, until: 'tomorrow' }],
    ['a use of no provision', { ...permit, use: version }],
    ['a use with more', { ...full, use: { ...full.use, count: 1 } }],
    ['reasons, though it permits', { ...permit, reasons: ['EXPIRED'] }],
    ['no reason', { ...denial, reasons: [] }],
    ['no reasons at all', { effect: 'deny' }],
    ['a reason that is none', { ...denial, reasons: ['BAD_LUCK'] }],
    ['provisions, though it denies', { ...denial, provisionIds: ['p1'] }],
  ])('is none with %s', (_what, decision) => {
    expect(isTaken(decision)).toBe(false);
  });
  it('rests on versions from 1 on', () => {
    expect([0, 1, 7, 1.5].map((each) => grantVersionSchema.safeParse({ ...version, version: each }).success)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(grantVersionSchema.safeParse({ ...version, more: 1 }).success).toBe(false);
  });
});
