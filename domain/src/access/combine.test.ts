import { actorTagSchema, type GrantVersion, type Permit, type ProvisionUse, provisionIdSchema } from '../index';
import { B, hours, lin } from '../story.fixture';
import { combineVerdicts, KEPT, mergePermits } from './combine';
import { type Verdict } from './sources/policy-source';

const provisionId = provisionIdSchema.parse('p1');

const permits: Verdict = { addressed: true, permits: [{ provisionId, until: hours(2) }] };

describe('a decision', () => {
  it('of nobody who was addressed is a denial without a word, even with a permit', () => {
    expect(combineVerdicts([{ permits: [{ provisionId }] }, { addressed: false }])).toEqual({
      effect: 'deny',
      reasons: ['NO_CONSENT'],
    });
  });
  it('is NO_CONSENT where somebody was addressed and nothing was tried', () => {
    expect(combineVerdicts([{ addressed: true }])).toEqual({ effect: 'deny', reasons: ['NO_CONSENT'] });
  });
});

describe('what has to be approved besides', () => {
  const unapproved: Verdict = { unapproved: ['CUSTODIAN_APPROVAL_MISSING'] };
  it('denies what would be permitted, whoever stands first', () => {
    for (const verdicts of [
      [permits, unapproved],
      [unapproved, permits],
    ])
      expect(combineVerdicts(verdicts)).toEqual({ effect: 'deny', reasons: ['CUSTODIAN_APPROVAL_MISSING'] });
  });
  it('is not told of where nothing permits, nor after a denial', () => {
    const short: Verdict = { addressed: true, shortfalls: [{ provisionId, lacks: ['EXPIRED'] }] };
    expect(combineVerdicts([short, unapproved])).toEqual({ effect: 'deny', reasons: ['EXPIRED'] });
    expect(combineVerdicts([permits, { denials: ['RECORD_RETRACTED'] }, unapproved])).toEqual({
      effect: 'deny',
      reasons: ['RECORD_RETRACTED'],
    });
  });
});

describe('a permit', () => {
  it('ends with the last of its bases, in whatever order they stand', () => {
    const ending = (...ends: readonly number[]): Verdict => ({
      addressed: true,
      permits: ends.map((end) => ({ provisionId, until: hours(end) })),
    });
    for (const verdict of [ending(3, 9, 2), ending(9, 2, 3), ending(2, 3, 9)])
      expect(combineVerdicts([verdict])).toMatchObject({ until: hours(9) });
  });
  it('is bound by those sources alone that say something of copies', () => {
    const onward: Verdict = { ...permits, obligations: [{ handling: 'store', onward: true }] };
    for (const verdicts of [
      [onward, { remarks: [] }],
      [{ remarks: [] }, onward],
    ])
      expect(combineVerdicts(verdicts)).toMatchObject({ copy: { handling: 'store', onward: true } });
  });
});

describe('the use that a permit takes', () => {
  const use = (name: string): ProvisionUse => ({
    grantee: { kind: 'person', mspId: B, name: lin },
    version: 1,
    provisionId: provisionIdSchema.parse(name),
  });
  const counted = (name: string, until = hours(2)): Verdict => ({
    addressed: true,
    permits: [{ provisionId: use(name).provisionId, until, use: use(name) }],
  });

  it.each([
    [counted('p1'), counted('p2')],
    [counted('p2'), counted('p1')],
  ])('is, of those that end together, the first by its canonical JSON, whoever stands first', (...verdicts) => {
    expect(combineVerdicts(verdicts)).toMatchObject({ provisionIds: ['p1'], use: use('p1') });
  });
  it.each([
    [counted('p1', hours(1)), counted('p2', hours(3)), counted('p3')],
    [counted('p2', hours(3)), counted('p3'), counted('p1', hours(1))],
    [counted('p3'), counted('p1', hours(1)), counted('p2', hours(3))],
  ])('is of what ends last, whoever stands first', (...verdicts) => {
    expect(combineVerdicts(verdicts)).toMatchObject({ provisionIds: ['p2'], use: use('p2'), until: hours(3) });
  });
});

describe('permits of one ticket', () => {
  it('name the versions they rest on, each once and in one order, whoever stands first', () => {
    const version = (name: string, of: number): GrantVersion => ({
      grantee: { kind: 'person', mspId: B, name: actorTagSchema.parse(name) },
      version: of,
    });
    const resting = (...grantVersions: readonly GrantVersion[]): Permit => ({
      effect: 'permit',
      provisionIds: [provisionId],
      grantVersions: [...grantVersions],
    });
    const [a, b, c] = [version('a', 2), version('b', 1), version('c', 1)];
    for (const permits of [
      [resting(a, b), resting(c, a)],
      [resting(c), resting(b), resting(a)],
    ])
      expect(mergePermits(permits).grantVersions).toEqual([a, b, c]);
  });

  const permit = (id: string, until?: ReturnType<typeof hours>): Permit => ({
    effect: 'permit',
    provisionIds: [provisionIdSchema.parse(id)],
    grantVersions: [],
    ...(until === undefined ? {} : { until }),
  });

  it('rest on all that each rests on, once and sorted, until the first of them ends', () => {
    expect(mergePermits([permit('p2', hours(3)), permit('p1', hours(2)), permit('p2')])).toEqual({
      effect: 'permit',
      provisionIds: ['p1', 'p2'],
      grantVersions: [],
      until: hours(2),
    });
  });
  it('let a copy be handled by the strictest of them, and one that says nothing lets it be kept and not handed on', () => {
    const kept = { handling: 'store' } as const;
    const onward = { ...permit('p1'), copy: { ...kept, onward: true } } as const;
    const dated = { ...permit('p2'), copy: { ...kept, eraseAt: hours(5) } } as const;
    expect(mergePermits([onward, onward])).toMatchObject({ copy: { handling: 'store', onward: true } });
    expect(mergePermits([onward, permit('p3')])).not.toHaveProperty('copy');
    expect(mergePermits([permit('p3'), dated, onward]).copy).toStrictEqual({ handling: 'store', eraseAt: hours(5) });
    expect(mergePermits([dated, { ...permit('p4'), copy: { handling: 'view' } }]).copy).toStrictEqual({
      handling: 'view',
      eraseAt: hours(5),
    });
    expect(mergePermits([{ ...permit('p4'), copy: { handling: 'view' } }]).copy).toStrictEqual({ handling: 'view' });
    expect(KEPT).toStrictEqual({ handling: 'store' });
  });
  it('have no end where none of them has', () => {
    expect(mergePermits([permit('default'), permit('default')])).toStrictEqual(permit('default'));
  });
});
