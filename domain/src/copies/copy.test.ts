import { combineVerdicts } from '../access/combine';
import { type Verdict } from '../access/sources/policy-source';
import { type CopyTerms, type PermittedTicket, provisionIdSchema, provisionSchema } from '../index';
import { hours, permit } from '../story.fixture';
import { withdrawnFrom } from '../access/ticket';

const provisionId = provisionIdSchema.parse('p');
const bound = (...obligations: readonly CopyTerms[]): unknown => {
  const permits: Verdict = { addressed: true, permits: [{ provisionId }], obligations };
  const decision = combineVerdicts([permits]);
  return decision.effect === 'permit' ? decision.copy : decision;
};
const [kept, viewed] = [{ handling: 'store' }, { handling: 'view' }] as const;

describe('what may be done with a copy', () => {
  it.each<readonly [string, readonly CopyTerms[], unknown]>([
    ['nothing where nobody says anything', [], undefined],
    ['nothing where it may be kept', [kept, kept], undefined],
    ['to view where one says so', [kept, viewed], viewed],
    ['the earliest date', [{ ...kept, eraseAt: hours(2) }, { ...kept, eraseAt: hours(1) }, kept], { ...kept, eraseAt: hours(1) }],
    [
      'to hand on where all say so',
      [
        { ...kept, onward: true },
        { ...kept, onward: true },
      ],
      { ...kept, onward: true },
    ],
    ['not to hand on where one does not', [{ ...kept, onward: true }, kept], undefined],
    [
      'not to hand on what is viewed',
      [
        { ...kept, onward: true },
        { ...viewed, onward: true },
      ],
      viewed,
    ],
  ])('is %s', (_what, terms, expected) => {
    expect(bound(...terms)).toEqual(expected);
    expect(bound(...[...terms].reverse())).toEqual(expected);
  });
  it.each([
    ['is erased before it ends', { eraseAt: hours(0) }],
    ['is handed on and only viewed', { handling: 'view', onward: true }],
    ['is handed on or not by another word', { onward: false }],
    ['is handled otherwise', { handling: 'print' }],
  ])('is said by no permission that %s', (_what, twist) => {
    expect(provisionSchema.safeParse({ ...permit(), ...twist }).success).toBe(false);
  });
  it('is said by permissions', () => {
    const { validUntil } = permit();
    expect(provisionSchema.safeParse({ ...permit(), handling: 'store', eraseAt: validUntil, onward: true }).success).toBe(true);
  });
  it.each<readonly [string, CopyTerms | undefined, CopyTerms | undefined, boolean]>([
    ['as it was', { ...kept, eraseAt: hours(1) }, { ...kept, eraseAt: hours(1) }, true],
    ['to view it, as now', viewed, viewed, true],
    ['to hand it on, as now', { ...kept, onward: true }, { ...kept, onward: true }, true],
    ['stricter than it would be now', viewed, undefined, true],
    ['to keep what is now only viewed', undefined, viewed, false],
    ['to view it, and now also with a date', viewed, { ...viewed, eraseAt: hours(1) }, false],
    ['until later than now', { ...kept, eraseAt: hours(2) }, { ...kept, eraseAt: hours(1) }, false],
    ['without a date that there is now', undefined, { ...kept, eraseAt: hours(1) }, false],
    ['to hand on what may not be now', { ...kept, onward: true }, undefined, false],
    ['not to hand on what may be now', undefined, { ...kept, onward: true }, true],
  ])('closes a ticket unless it allows no more than now: %s', (_what, had, now, stands) => {
    const of = (copy: CopyTerms | undefined): object => ({
      provisionIds: [provisionId],
      grantVersions: [],
      ...(copy === undefined ? {} : { copy }),
    });
    const ticket = { recordIds: ['r'], ...of(had) } as unknown as PermittedTicket;
    const decision = combineVerdicts([{ addressed: true, permits: [{ provisionId }], obligations: now === undefined ? [] : [now] }]);
    expect(withdrawnFrom(ticket, [decision])).toEqual(stands ? [] : ['r']);
  });
});
