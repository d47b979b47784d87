import { type Instant, provisionIdSchema } from '../index';
import { facts, forbid, grant, hours, permit, question, record } from '../story.fixture';
import { forbiddenSince, lacksApproval } from './decide-access';

describe('since when a record is forbidden', () => {
  const since = (...grants: Parameters<typeof forbiddenSince>[2][number][]): Instant | undefined =>
    forbiddenSince(question(), facts([]), grants);
  const other = provisionIdSchema.parse('d2');
  const said = (at: number, ...provisions: Parameters<typeof grant>[0]) => ({ ...grant(provisions), changedAt: hours(at) });

  it('is since the version that says so, or since it began if that is later', () => {
    expect(since(said(-3, forbid({ validFrom: hours(-9) })))).toBe(hours(-3));
    expect(since(said(-9, forbid({ validFrom: hours(-3) })))).toBe(hours(-3));
    expect(since(said(-3, forbid({ validFrom: hours(-3) })))).toBe(hours(-3));
  });

  it('is since the earliest of several, in one grant and in more', () => {
    expect(since(said(-9, forbid({ validFrom: hours(-2) }), forbid({ validFrom: hours(-5), provisionId: other })))).toBe(hours(-5));
    expect(since(said(-2, forbid({ validFrom: hours(-9) })), said(-4, forbid({ validFrom: hours(-9) })))).toBe(hours(-4));
  });

  it('is never where nothing is said, nor of a record that is not there', () => {
    expect(since()).toBeUndefined();
    expect(forbiddenSince(question({ record: undefined }), facts([]), [said(-3, forbid())])).toBeUndefined();
  });

  it.each<readonly [string, Parameters<typeof grant>[0]]>([
    ['it is permitted', [permit()]],
    ['another purpose is forbidden', [forbid({ purposes: ['HRESCH'] })]],
    ['another class is forbidden', [forbid({ classes: ['imaging-report'] })]],
    ['it begins to be forbidden later', [forbid({ validFrom: hours(1) })]],
    ['it was forbidden until now', [forbid({ validFrom: hours(-9), validUntil: hours(0) })]],
  ])('is never where %s', (_where, provisions) => {
    expect(since(said(-3, ...provisions))).toBeUndefined();
  });

  it('is not moved by what forbids something else beside it', () => {
    const elsewhere = forbid({ classes: ['imaging-report'], validFrom: hours(-9), provisionId: other });
    expect(since(said(-9, elsewhere, forbid({ validFrom: hours(-2) })))).toBe(hours(-2));
    expect(since(said(-9, elsewhere), said(-3, forbid({ validFrom: hours(-9) })))).toBe(hours(-3));
  });
});

describe('whether the record’s hospital has to approve besides', () => {
  const levelApprovers = { ...facts([]).levelApprovers, '3': 'custodian' } as const;
  const asked = { ...question(), record: { ...record, dataLevel: 3 as const } };

  it.each([
    ['nobody has set that it does', facts([]), false],
    ['it does, and has not', { ...facts([]), levelApprovers }, true],
    [
      'it does, and has',
      { ...facts([]), levelApprovers, approval: { state: 'given' as const, levels: [3 as const], until: hours(1) } },
      false,
    ],
  ])('is so where %s: %#', (_where, known, lacks) => {
    expect(lacksApproval(asked, known)).toBe(lacks);
  });
});
