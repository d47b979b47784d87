import fc from 'fast-check';
import { decideAccess, policiesOf } from '../deciding';
import { B, hours, NOW, record } from '../story.fixture';
import { denyArbitrary, factsArbitrary, grantArbitrary, permitArbitrary, questionArbitrary } from './worlds.fixture';

const RUNS = { numRuns: 600 };

describe('decideAccess, whatever is asked and granted', () => {
  it('permits and denies often enough in these worlds to mean something', () => {
    const outcomes = fc
      .sample(fc.tuple(questionArbitrary, factsArbitrary()), { numRuns: 1000, seed: 1 })
      .map(([asked, known]) => decideAccess(asked, known).effect);
    const permits = outcomes.filter((effect) => effect === 'permit').length;
    expect(permits).toBeGreaterThan(100);
    expect(outcomes.length - permits).toBeGreaterThan(100);
  });

  it('never turns a deny into a permit by adding a prohibition', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), denyArbitrary, fc.nat(4), (asked, known, prohibition, index) => {
        const grants = known.grants.map((grant, at) =>
          at === index ? { ...grant, provisions: [...grant.provisions, prohibition] } : grant,
        );
        return decideAccess(asked, known).effect === 'permit' || decideAccess(asked, { ...known, grants }).effect === 'deny';
      }),
      RUNS,
    );
  });

  it('never turns a deny into a permit by adding a grant that only forbids', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), grantArbitrary(), denyArbitrary, (asked, known, extra, prohibition) => {
        const grants = [...known.grants, { ...extra, provisions: [prohibition] }];
        return decideAccess(asked, known).effect === 'permit' || decideAccess(asked, { ...known, grants }).effect === 'deny';
      }),
      RUNS,
    );
  });

  it('never turns a permit into a deny by adding a permission', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), permitArbitrary, fc.nat(4), (asked, known, permission, index) => {
        const grants = known.grants.map((grant, at) =>
          at === index ? { ...grant, provisions: [...grant.provisions, permission] } : grant,
        );
        return decideAccess(asked, known).effect === 'deny' || decideAccess(asked, { ...known, grants }).effect === 'permit';
      }),
      RUNS,
    );
  });

  it('answers the same whatever the order of grants and provisions', () => {
    const shuffled = factsArbitrary().chain((known) =>
      fc
        .tuple(
          ...known.grants.map((grant) =>
            fc
              .shuffledSubarray([...grant.provisions], { minLength: grant.provisions.length })
              .map((mixed) => ({ ...grant, provisions: mixed })),
          ),
        )
        .chain((grants) => fc.shuffledSubarray(grants, { minLength: grants.length }))
        .map((grants) => [known, { ...known, grants }] as const),
    );
    fc.assert(
      fc.property(questionArbitrary, shuffled, (asked, [known, mixed]) => {
        expect(decideAccess(asked, mixed)).toEqual(decideAccess(asked, known));
      }),
      RUNS,
    );
  });

  it('permits nothing by a consent at or after the last validUntil', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const last = known.grants
          .flatMap((grant) => grant.provisions.filter(({ effect }) => effect === 'permit').map(({ validUntil }) => validUntil ?? ''))
          .sort()
          .at(-1);
        const at = last === undefined || last === '' ? asked.at : last; // instants of parsed provisions
        return decideAccess({ ...asked, at }, { ...known, defaultPolicies: policiesOf('deny-all') }).effect === 'deny';
      }),
      RUNS,
    );
  });

  it('answers differently from its own end on', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const decision = decideAccess(asked, known);
        if (decision.effect !== 'permit' || decision.until === undefined) return true;
        const later = decideAccess({ ...asked, at: decision.until }, known);
        return asked.at < decision.until && (later.effect === 'deny' || JSON.stringify(later) !== JSON.stringify(decision));
      }),
      RUNS,
    );
  });

  it('permits all the time from the question until the end it names', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), fc.integer({ min: 0, max: 9 }), (asked, known, laterHours) => {
        const decision = decideAccess(asked, known);
        const at = hours(0, Date.parse(asked.at) - Date.parse(NOW) + laterHours * 3_600_000);
        if (decision.effect !== 'permit' || (decision.until !== undefined && at >= decision.until)) return true;
        return decideAccess({ ...asked, at }, known).effect === 'permit';
      }),
      RUNS,
    );
  });

  it('names by a permit only permissions that exist in active grants of the actor', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const decision = decideAccess(asked, known);
        if (decision.effect !== 'permit') return;
        const based = known.grants.filter((grant) =>
          decision.grantVersions.some(({ grantee, version }) => grantee === grant.grantee && version === grant.version),
        );
        const existing = based.flatMap((grant) =>
          grant.provisions.filter(({ effect }) => effect === 'permit').map((provision): string => provision.provisionId),
        );
        expect(based.every((grant) => grant.state === 'active' && grant.grantee.mspId === asked.actor.mspId)).toBe(true);
        expect([...existing, 'default']).toEqual(expect.arrayContaining([...decision.provisionIds]));
        expect(decision.provisionIds.length).toBeGreaterThan(0);
      }),
      RUNS,
    );
  });

  it('permits nothing by revoked grants', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const grants = known.grants.map((grant) => ({ ...grant, state: 'revoked' as const }));
        return decideAccess(asked, { ...known, grants, defaultPolicies: policiesOf('deny-all') }).effect === 'deny';
      }),
      RUNS,
    );
  });

  it('never permits what the patient has suspended, nor a retracted or unknown record', () => {
    const spoiled = fc.constantFrom('suspended', 'retracted', 'unknown');
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(false), spoiled, (asked, known, how) => {
        const relationship =
          how === 'suspended' ? ({ type: 'care', state: 'suspended', suspendedBy: 'patient' } as const) : known.relationship;
        const spoiledRecord = { suspended: asked.record, retracted: { ...record, state: 'retracted' as const }, unknown: undefined }[how];
        return decideAccess({ ...asked, record: spoiledRecord }, { ...known, relationship }).effect === 'deny';
      }),
      RUNS,
    );
  });

  it('answers an unknown record exactly as a record nobody was given', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const stranger = { ...asked, actor: { ...asked.actor, mspId: B } };
        expect(decideAccess({ ...stranger, record: undefined }, known)).toEqual(decideAccess(stranger, { ...known, grants: [] }));
      }),
      RUNS,
    );
  });
});
