import { type Decision, decisionSchema, grantVersionSchema } from '../index';
import { B, hours } from '../story.fixture';
import { accessSources, explanationSchema } from './decision';

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

describe('an explanation', () => {
  const origin = { provisionId: 'p1', grantVersion: version };
  const byDefault = { provisionId: 'default' };
  const silent = accessSources.map((source) => ({ source }));
  const short = { decision: denial, isRecordKnown: false, sources: silent.slice(0, 2) };
  const prohibitions = { source: 'prohibitions', denials: ['DENIED_BY_PROVISION', 'EXPIRED'], forbiddenBy: [origin, byDefault] };
  const grants = {
    ...{ source: 'grants', addressed: true, refusal: 'EXPIRED', bases: [{ ...origin, until: hours(1), isCounted: true }, byDefault] },
    shortfalls: [
      { ...origin, lacks: ['EXPIRED', 'CLASS_NOT_COVERED'] },
      { ...byDefault, lacks: ['LABEL_NOT_COVERED'] },
    ],
    ...{ remarks: ['POLICY_REVOKED', 'EXPIRED'], revoked: [version, { ...version, version: 2 }], unapproved: ['EXPIRED', 'NO_CONSENT'] },
    ends: [{ ...origin, at: hours(1) }, { at: hours(2) }],
  };
  const saying = (changes: object): object => ({ ...short, sources: [{ source: 'purpose' }, { ...grants, ...changes }] });
  const isRead = (explanation: object): boolean => explanationSchema.safeParse(explanation).success;

  it.each([short, saying({}), { ...short, decision: permit, isRecordKnown: true, sources: silent }, saying(prohibitions)])(
    'is read as it was made: %#',
    (explanation) => {
      expect(explanationSchema.parse(explanation)).toStrictEqual(explanation);
    },
  );
  it.each(['decision', 'isRecordKnown', 'sources'])('has its %s', (field) => {
    expect(isRead(without(short, field))).toBe(false);
  });
  it.each<readonly [string, object]>([
    ['a field more', { ...short, more: true }],
    ['a decision that is none', { ...short, decision: { effect: 'deny', reasons: [] } }],
    ['one source', { ...short, sources: silent.slice(0, 1) }],
    ['more sources than are asked', { ...short, sources: [...silent, { source: 'emergency' }] }],
    ['a source of no name', saying({ source: undefined })],
    ['a source that nobody asks', saying({ source: 'rumour' })],
    ['a source that says more', saying({ more: true })],
    ['somebody who was not addressed', saying({ addressed: false })],
    ...['denials', 'forbiddenBy', 'bases', 'shortfalls', 'remarks', 'revoked', 'unapproved', 'ends'].map(
      (list) => [`nothing under ${list}`, saying({ [list]: [] })] as const,
    ),
    ['a prohibition of no provision', saying({ forbiddenBy: [{ grantVersion: version }] })],
    ['a prohibition of more', saying({ forbiddenBy: [{ ...origin, more: true }] })],
    ['a ground that counts nothing', saying({ bases: [{ ...origin, isCounted: false }] })],
    ['a ground of no provision', saying({ bases: [{ until: hours(1) }] })],
    ['a shortfall of nothing', saying({ shortfalls: [{ ...origin, lacks: [] }] })],
    ['a shortfall that does not say of what', saying({ shortfalls: [origin] })],
    ['an end at no time', saying({ ends: [origin] })],
  ])('is none with %s', (_what, explanation) => {
    expect(isRead(explanation)).toBe(false);
  });
});
