import { amendGrant, assertOwnCeremony, begunWithItsVersion, grantTable, isDenying, newGrant, revokeGrant, withGrantee } from '../deciding';
import {
  type ConsentEvidence,
  consentEvidenceSchema,
  grantSchema,
  type Provision,
  type PseudonymEntry,
  type ProvisionDraft,
  provisionDraftSchema,
  provisionSchema,
  provisionsSchema,
  sha256,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { B, forbid, grant, hours, NOW, origin, patient, permit, revoked } from '../story.fixture';

/** A provision whose patient said nothing of its beginning. */
function leftOut(provision: Provision): ProvisionDraft {
  return provisionDraftSchema.parse(Object.fromEntries(Object.entries(provision).filter(([field]) => field !== 'validFrom')));
}

describe('a grant', () => {
  const draft = { pseudonym: patient, grantee: grant([permit()]).grantee, provisions: [permit()] };
  const first = newGrant(draft, undefined, NOW, origin);

  it('begins with version 1', () => {
    expect(grantSchema.parse(first)).toEqual(first);
    expect(first).toMatchObject({ version: 1, state: 'active', grantedAt: NOW });
  });
  it('is not granted over an active one', () => {
    expectRefusal('POLICY_ACTIVE', () => newGrant(draft, { ...first, version: 4 }, NOW, origin), { version: 4 });
  });
  it('is amended and revoked in sight of its present version, each a version of its own', () => {
    const amended = amendGrant(first, 1, { provisions: [forbid()] }, hours(1));
    expect(amended).toEqual({ ...first, version: 2, provisions: [forbid()], changedAt: hours(1) });
    expectRefusal('VERSION_CONFLICT', () => amendGrant(amended, 1, { provisions: [permit()] }, NOW));
    expectRefusal('VERSION_CONFLICT', () => revokeGrant(amended, 1, NOW));
    const gone = revokeGrant(amended, 2, hours(2));
    expect(gone).toEqual({ ...amended, version: 3, state: 'revoked', changedAt: hours(2) });
    expectRefusal('ILLEGAL_STATE', () => amendGrant(gone, 3, { provisions: [permit()] }, NOW));
    expectRefusal('ILLEGAL_STATE', () => revokeGrant(gone, 3, NOW));
  });
  it('comes back after revocation as the next version, so that nothing old rests on it', () => {
    expect(newGrant(draft, revokeGrant(first, 1, NOW), hours(3), origin)).toEqual({
      ...first,
      version: 3,
      grantedAt: hours(3),
      changedAt: hours(3),
    });
  });
  describe('with evidence of what was shown', () => {
    const evidence = consentEvidenceSchema.parse({
      wording: { name: 'lianyi-consent', version: 1 },
      language: 'zh',
      formSha256: sha256('the text'),
      ceremony: 'wallet',
    });
    const other = { ...evidence, formSha256: sha256('another text') };
    const shown = newGrant({ ...draft, evidence }, undefined, NOW, origin);

    it('keeps it with the version that it is of, and no other', () => {
      expect(grantSchema.parse(shown)).toMatchObject({ version: 1, evidence });
      expect(amendGrant(shown, 1, { provisions: [forbid()], evidence: other }, hours(1))).toMatchObject({ version: 2, evidence: other });
      expect(amendGrant(shown, 1, { provisions: [forbid()] }, hours(1))).not.toHaveProperty('evidence');
      expect(newGrant(draft, revokeGrant(shown, 1, NOW), hours(1), origin)).not.toHaveProperty('evidence');
    });
    it('has none of a revocation: nobody was shown the provisions for it', () => {
      expect(revokeGrant(shown, 1, hours(1))).not.toHaveProperty('evidence');
    });
    it.each<readonly [ConsentEvidence['ceremony'], boolean]>([
      ['wallet', false],
      ['witnessed', true],
      ['paper', true],
    ])('takes %s, signed by two of the hospital: %s', (ceremony, isAssisted) => {
      assertOwnCeremony(undefined, isAssisted);
      assertOwnCeremony({ ...evidence, ceremony }, isAssisted);
      expect(() => {
        assertOwnCeremony({ ...evidence, ceremony }, !isAssisted);
      }).toThrow('not the ceremony of who signs');
      expectRefusal(
        'INVALID_REQUEST',
        () => {
          assertOwnCeremony({ ...evidence, ceremony }, !isAssisted);
        },
        {
          path: 'input.evidence.ceremony',
          problem: 'custom',
        },
      );
    });
    it.each<readonly [string, object]>([
      ['a wording with a sentence for a name', { wording: { name: 'I agree to everything', version: 1 } }],
      ['a wording of version 0', { wording: { name: 'lianyi-consent', version: 0 } }],
      ['a wording without a version', { wording: { name: 'lianyi-consent' } }],
      ['a language that nobody wrote it in', { language: 'fr' }],
      ['a hash that is none', { formSha256: 'abc' }],
      ['a ceremony that is none', { ceremony: 'telephone' }],
      ['a remark', { remark: 'she nodded' }],
      ['no hash', { formSha256: undefined }],
    ])('refuses %s', (_what, changes) => {
      expect(consentEvidenceSchema.safeParse({ ...evidence, ...changes }).success).toBe(false);
    });
  });
  it.each<readonly [string, () => ReturnType<typeof newGrant>, string]>([
    ['granted', () => newGrant({ ...draft, provisions: [leftOut(permit())] }, undefined, hours(1), origin), hours(1)],
    ['forbidden', () => newGrant({ ...draft, provisions: [leftOut(forbid())] }, undefined, hours(2), origin), hours(2)],
    ['amended', () => amendGrant(first, 1, { provisions: [leftOut(permit())] }, hours(3)), hours(3)],
    ['amended to a prohibition', () => amendGrant(first, 1, { provisions: [leftOut(forbid())] }, hours(4)), hours(4)],
    [
      'granted again',
      () => newGrant({ ...draft, provisions: [leftOut(permit())] }, revokeGrant(first, 1, NOW), hours(5), origin),
      hours(5),
    ],
  ])('without a beginning begins with its transaction when %s', (_what, made, begins) => {
    expect(made().provisions.map(({ validFrom }) => validFrom)).toEqual([begins]);
    expect(grantSchema.parse(made())).toEqual(made());
  });
  it('keeps a beginning that the patient named, past or to come', () => {
    const [past, coming] = [permit({ validFrom: hours(-5) }), forbid({ validFrom: hours(5) })];
    expect(newGrant({ ...draft, provisions: [past, coming] }, undefined, NOW, origin).provisions).toEqual([past, coming]);
  });
  it.each([hours(1), hours(0.5)])('without a beginning is refused when it would have ended by its transaction: %s', (end) => {
    const over = leftOut(permit({ validUntil: end }));
    expectRefusal('INVALID_REQUEST', () => newGrant({ ...draft, provisions: [permit(), over] }, undefined, hours(1), origin), {
      path: 'input.provisions.1',
      problem: 'custom',
    });
    expectRefusal('INVALID_REQUEST', () => amendGrant(first, 1, { provisions: [over] }, hours(1)), {
      path: 'input.provisions.0',
      problem: 'custom',
    });
  });
  it('goes its steps and no others', () => {
    expect(grantTable).toEqual({ active: { amend: 'active', revoke: 'revoked' }, revoked: { grant: 'active' } });
  });
  it('says why it is refused', () => {
    const over = leftOut(permit({ validUntil: NOW }));
    expect(() => newGrant({ ...draft, provisions: [over] }, undefined, NOW, origin)).toThrow('ends before it begins');
  });
  it('that names its beginning may be over by its transaction', () => {
    const over = permit({ validUntil: NOW });
    expect(newGrant({ ...draft, provisions: [over] }, undefined, NOW, origin).provisions).toEqual([over]);
  });
  it.each<readonly [string, Parameters<typeof isDenying>[0], boolean]>([
    ['forbids', grant([forbid()]), true],
    ['forbids something and permits something', grant([permit(), forbid()]), true],
    ['only permits', grant([permit()]), false],
    ['forbade, and is revoked', revoked([forbid()]), false],
  ])('is denying where it %s: as it should be', (_what, of, expected) => {
    expect(isDenying(of)).toBe(expected);
  });
  it('takes a place of those for permits as soon as it permits anything', () => {
    const full = { grantees: 256 } as PseudonymEntry; // as much of an entry as the rule reads
    expectRefusal('LIMIT_REACHED', () => withGrantee(full, [forbid(), permit()], true), { entity: 'grant', limit: 256 });
    expect(withGrantee(full, [forbid()], true)).toStrictEqual({ grantees: 257 });
    expect(withGrantee({ grantees: 1 } as PseudonymEntry, [permit()], false)).toStrictEqual({ grantees: 2, granteesByOthers: 1 });
  });
  it('is read as begun by whoever comes after its transaction, whatever the clock says, and as coming where it is to come', () => {
    const made = newGrant({ ...draft, provisions: [leftOut(forbid()), permit({ validFrom: hours(9) })] }, undefined, hours(1), origin);
    const [begun, coming] = begunWithItsVersion(made).provisions;
    expect(begun?.validFrom.startsWith('0000')).toBe(true);
    expect(coming?.validFrom).toBe(hours(9));
  });
  it.each<readonly [string, object]>([
    ['a permission without an end', { ...permit(), validUntil: undefined }],
    ['a permission that ends before it begins', { ...permit(), validUntil: hours(-25) }],
    ['a permission that ends as it begins', { ...permit(), validUntil: hours(-24) }],
    ['a prohibition that ends before it begins', { ...forbid(), validUntil: hours(-25) }],
    ['a prohibition with an upper level', { ...forbid(), maxDataLevel: 3 }],
    ['a permission with a lower level', { ...permit(), minDataLevel: 3 }],
    ['the reserved provision id', { ...permit(), provisionId: 'default' }],
    ['no purpose', { ...permit(), purposes: [] }],
    ['a purpose twice', { ...permit(), purposes: ['TREAT', 'TREAT'] }],
    ['an unknown purpose', { ...permit(), purposes: ['CURIOSITY'] }],
    ['the purpose of an employer, in a permission', { ...permit(), purposes: ['EMPLOYMENT'] }],
    ['the purpose of who insures lives, in a permission', { ...permit(), purposes: ['TREAT', 'UNDERWRITING'] }],
    ['the purpose of an employer, in a prohibition, which nothing opens anyway', { ...forbid(), purposes: ['EMPLOYMENT'] }],
    ['months that are none', { ...permit(), careMonths: { first: '2025-01', last: '2025-13' } }],
    ['months that end before they begin', { ...forbid(), careMonths: { first: '2025-02', last: '2025-01' } }],
    ['months without an end', { ...permit(), careMonths: { first: '2025-02' } }],
    ['no encounter', { ...forbid(), encounters: [] }],
    ['an encounter that is no id', { ...permit(), encounters: ['visit 1'] }],
    ['an unknown class', { ...permit(), classes: ['gossip'] }],
    ['an effect that is none', { ...permit(), effect: 'maybe' }],
    ['level 6', { ...permit(), maxDataLevel: 6 }],
    ['an unknown field', { ...permit(), comment: 'for my cousin' }],
  ])('takes no provision with %s', (_what, provision) => {
    expect(provisionSchema.safeParse(provision).success).toBe(false);
  });
  it('takes 1 to 16 provisions of different ids', () => {
    const many = (count: number): object[] => Array.from({ length: count }, (_, index) => permit({ provisionId: `p${index}` }));
    expect([0, 1, 16, 17].map((count) => provisionsSchema.safeParse(many(count)).success)).toEqual([false, true, true, false]);
    expect(provisionsSchema.safeParse([permit(), forbid({ provisionId: 'p1' })]).success).toBe(false);
  });
  it('names its grantee by a person, a department, a group, a role or the whole organisation', () => {
    const withGrantee = (grantee: object): boolean => grantSchema.safeParse({ ...first, grantee }).success;
    expect(withGrantee({ kind: 'organisation', mspId: B, name: 'all' })).toBe(true);
    expect(withGrantee({ kind: 'group', mspId: B, name: 'night-team' })).toBe(true);
    expect(
      [
        { kind: 'organisation', mspId: B, name: 'some' },
        { kind: 'role', mspId: B, name: 'king' },
        { kind: 'team', mspId: B, name: 'x' },
        { kind: 'group', mspId: B, name: 'x y' },
        { kind: 'person', name: 'x' },
      ].map(withGrantee),
    ).toEqual([false, false, false, false, false]);
  });
});
