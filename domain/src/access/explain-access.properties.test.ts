import fc from 'fast-check';
import { decideAccess, explainAccess } from '../deciding';
import { type AccessExplanation, type AccessFacts, canonicalJson, type DenyReason, explanationSchema, type SourceSaying } from '../index';
import { factsArbitrary, questionArbitrary } from './worlds.fixture';

const RUNS = { numRuns: 1_000 };
const FEWER = { numRuns: 250 };

type Told = { readonly [Field in keyof SourceSaying]?: SourceSaying[Field] };

/** All reasons that the sources name, whether they were told or not. */
function reasonsNamed({ sources }: AccessExplanation): readonly DenyReason[] {
  return sources.flatMap(({ refusal, denials = [], shortfalls = [], remarks = [] }: Told) => [
    ...(refusal === undefined ? [] : [refusal]),
    ...denials,
    ...shortfalls.flatMap(({ lacks }) => lacks),
    ...remarks,
  ]);
}

type Origin = NonNullable<SourceSaying['forbiddenBy']>[number];

/** The provision that is named, in an active grant of just that version to just that grantee. */
function provisionOf({ grants }: AccessFacts, { provisionId, grantVersion }: Origin) {
  const grant = grants.find(
    ({ grantee, version, state }) => state === 'active' && canonicalJson({ grantee, version }) === canonicalJson(grantVersion ?? {}),
  );
  return grant?.provisions.find((provision) => provision.provisionId === provisionId);
}

describe('explainAccess, whatever is asked and granted', () => {
  it('decides as decideAccess does, to the byte', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const { decision, ...told } = explainAccess(asked, known);
        expect(canonicalJson(decision)).toBe(canonicalJson(decideAccess(asked, known)));
        expect(explanationSchema.safeParse({ decision, ...told }).success).toBe(true);
      }),
      RUNS,
    );
  });

  it('accounts for every reason of a denial by what a source has said', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const told = explainAccess(asked, known);
        if (told.decision.effect === 'permit') return;
        const isAddressed = told.sources.some(({ addressed }) => addressed === true);
        if (told.decision.reasons.includes('NO_CONSENT')) {
          expect(told.decision.reasons).toEqual(['NO_CONSENT']);
          expect(isAddressed && reasonsNamed(told).length > 0).toBe(false);
        } else expect(reasonsNamed(told)).toEqual(expect.arrayContaining(told.decision.reasons));
      }),
      RUNS,
    );
  });

  it('names of each denial by a provision the prohibitions, and each stands in an active grant', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const { sources } = explainAccess(asked, known);
        const { denials = [], forbiddenBy = [] }: Told = sources.find(({ source }) => source === 'prohibitions') ?? {};
        expect(forbiddenBy.length > 0).toBe(denials.includes('DENIED_BY_PROVISION'));
        expect(forbiddenBy.map((origin) => provisionOf(known, origin)?.effect)).toEqual(forbiddenBy.map(() => 'deny'));
      }),
      FEWER,
    );
  });

  it('leaves out no prohibition: without those that are named none denies', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const { sources } = explainAccess(asked, known);
        const named = sources.flatMap(({ forbiddenBy = [] }: Told) => forbiddenBy.map((origin) => provisionOf(known, origin)));
        const grants = known.grants.map((grant) => ({
          ...grant,
          provisions: grant.provisions.filter((provision) => !named.includes(provision)),
        }));
        const without = decideAccess(asked, { ...known, grants });
        return without.effect === 'permit' || !without.reasons.includes('DENIED_BY_PROVISION');
      }),
      FEWER,
    );
  });

  it('names of a permit bases that hold all its provisions and grants, and permissions that are there', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const { decision, sources } = explainAccess(asked, known);
        const bases = sources.flatMap(({ bases: ofSource = [] }: Told) => ofSource);
        const granted = bases.filter(({ grantVersion }) => grantVersion !== undefined);
        expect(granted.map((origin) => provisionOf(known, origin)?.effect)).toEqual(granted.map(() => 'permit'));
        if (decision.effect !== 'permit') return;
        expect(bases.map(({ provisionId }) => provisionId)).toEqual(expect.arrayContaining(decision.provisionIds));
        expect(bases.map(({ grantVersion }) => grantVersion)).toEqual(expect.arrayContaining(decision.grantVersions));
      }),
      FEWER,
    );
  });

  it('names of each attempt that fails a permission that is there, or the default policy', () => {
    fc.assert(
      fc.property(questionArbitrary, factsArbitrary(), (asked, known) => {
        const { sources } = explainAccess(asked, known);
        for (const { lacks: _lacks, ...origin } of sources.flatMap(({ shortfalls = [] }: Told) => shortfalls))
          expect(origin.grantVersion === undefined ? 'permit' : provisionOf(known, origin)?.effect).toBe('permit');
      }),
      FEWER,
    );
  });
});
