import { type GrantFacts, type ProvisionUse } from '../index';
import { provisionIdSchema } from '../ids';
import { forbid, grant, patient, permit, revoked } from '../story.fixture';
import { isCounted, isUseOf, usesAfter, withTaken, withUses } from './uses';

const given = grant([permit({ uses: 2 })]);
const use = (provisionId: string, changes: Partial<ProvisionUse> = {}): ProvisionUse => ({
  grantee: given.grantee,
  version: 1,
  provisionId: provisionIdSchema.parse(provisionId),
  ...changes,
});

describe('whether uses of a grant are counted', () => {
  it.each<readonly [string, Parameters<typeof isCounted>[0], boolean]>([
    ['a permission for so many', given, true],
    ['a permission for so many beside one without a limit', grant([permit(), permit({ provisionId: 'p2', uses: 1 })]), true],
    ['a permission without a limit', grant([permit()]), false],
    ['a prohibition', grant([forbid()]), false],
    ['a revoked one', revoked([permit({ uses: 2 })]), false],
  ])('is said of %s', (_of, of, expected) => {
    expect(isCounted(of)).toBe(expected);
  });
});

describe('whether a use is of a grant', () => {
  it.each<readonly [string, Partial<ProvisionUse>, boolean]>([
    ['the same grantee and version', {}, true],
    ['another version', { version: 2 }, false],
    ['another kind of grantee', { grantee: grant([permit()], 'person').grantee }, false],
    [
      'a grantee of another name',
      { grantee: grant([permit()], { kind: 'department', mspId: 'HospitalBMSP', name: 'urology' }).grantee },
      false,
    ],
    [
      'a grantee elsewhere',
      { grantee: grant([permit()], { kind: 'department', mspId: 'HospitalAMSP', name: 'cardiology' }).grantee },
      false,
    ],
  ])('is said of one of %s', (_of, changes, expected) => {
    expect(isUseOf(given, use('p1', changes))).toBe(expected);
  });
});

describe('a grant with what was taken of it', () => {
  it('is as it was where nothing was, or of another version', () => {
    expect(withTaken(given, [])).toBe(given);
    expect(withTaken(given, [use('p1', { version: 2 })])).toBe(given);
    expect(withUses(given, undefined)).toBe(given);
    expect(withUses(given, { ...usesAfter(patient, given, [use('p1')]), version: 2 })).toBe(given);
  });
  it.each([
    ['p1', 'p2', 'p3'],
    ['p3', 'p2', 'p1'],
    ['p2', 'p3', 'p1'],
  ])('counts from nothing, in the order of the provisions: %s %s %s', (...taken) => {
    const one = { count: 1 };
    expect(
      withTaken<GrantFacts>(
        given,
        taken.map((each) => use(each)),
      ).taken,
    ).toEqual([
      { provisionId: 'p1', ...one },
      { provisionId: 'p2', ...one },
      { provisionId: 'p3', ...one },
    ]);
  });
  it('counts on from what was taken', () => {
    const first = usesAfter(patient, given, [use('p2'), use('p2')]);
    expect(first).toEqual({
      ...{ schemaVersion: 1, pseudonym: patient, grantee: given.grantee, version: 1 },
      taken: [{ provisionId: 'p2', count: 2 }],
    });
    expect(usesAfter(patient, { ...given, taken: first.taken }, [use('p1'), use('p2'), use('p9', { version: 3 })]).taken).toEqual([
      { provisionId: 'p1', count: 1 },
      { provisionId: 'p2', count: 3 },
    ]);
  });
});
