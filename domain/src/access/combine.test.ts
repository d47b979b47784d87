import { type Permit, provisionIdSchema } from '../index';
import { hours } from '../story.fixture';
import { combineVerdicts, mergePermits } from './combine';
import { type Obligation, type Verdict } from './sources/policy-source';

const provisionId = provisionIdSchema.parse('p1');
const permits: Verdict = { addressed: true, permits: [{ provisionId, until: hours(2) }] };

describe('a ruling', () => {
  it('has what the reader has to do with a permit, of all sources that say it, and nothing where none does', () => {
    // there is no obligation yet: any word stands for one
    const [one, other] = ['one', 'other'] as unknown as readonly [Obligation, Obligation];
    expect(combineVerdicts([permits, { obligations: [one] }, { obligations: [other] }]).obligations).toEqual([one, other]);
    expect(combineVerdicts([permits]).obligations).toEqual([]);
  });
  it('of nobody who was addressed is a denial without a word, even with a permit', () => {
    expect(combineVerdicts([{ permits: [{ provisionId }] }, { addressed: false }])).toEqual({
      decision: { effect: 'deny', reasons: ['NO_CONSENT'] },
      obligations: [],
    });
  });
  it('is NO_CONSENT where somebody was addressed and nothing was tried', () => {
    expect(combineVerdicts([{ addressed: true }]).decision).toEqual({ effect: 'deny', reasons: ['NO_CONSENT'] });
  });
});

describe('permits of one ticket', () => {
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
  it('have no end where none of them has', () => {
    expect(mergePermits([permit('default'), permit('default')])).toEqual(permit('default'));
  });
});
