import fc from 'fast-check';
import { decideAccess, factsNeededFor } from '../deciding';
import { type AccessFacts, type AccessQuestion, departmentSchema, type GrantFacts, type Provision, type RecordClass } from '../index';
import { A, B, cardiologist, facts, forbid, grant, hours, permit, question, record } from '../story.fixture';
import { deniableGranteesOf } from './sources/grantees';

/**
 * The rule once more, as a lawyer would read it out, without sources, combiner or keys: who is meant, what is meant, when.
 */
function permitted({ at, actor, purpose, record: asked }: AccessQuestion, known: AccessFacts): boolean {
  if (asked === undefined || asked.state === 'retracted' || known.relationship?.state !== 'active') return false;
  if (!(actor.roles.includes('clinician') && ['TREAT', 'ETREAT', 'PATRQT'].includes(purpose))) return false;
  const isMeant = (given: GrantFacts, departments: readonly string[]): boolean => {
    const { kind, mspId, name } = given.grantee;
    if (given.state !== 'active' || mspId !== actor.mspId) return false;
    if (kind === 'organisation') return true;
    if (kind === 'person') return name === actor.actorTag;
    return kind === 'role' ? actor.roles.includes(name) : departments.includes(name);
  };
  const isInForce = (provision: Provision): boolean =>
    provision.validFrom <= at &&
    (provision.validUntil === undefined || at < provision.validUntil) &&
    (provision.purposes === 'any' || provision.purposes.some((each) => each === purpose));
  const names = (provision: Provision): boolean => (provision.classes ?? [asked.class]).includes(asked.class);
  for (const given of known.grants) {
    for (const provision of given.provisions) {
      const holdsAnything = ['history', 'other', 'patient-summary'].includes(asked.class);
      const holdsObservations = ['laboratory-report', 'imaging-report', 'clinical-document'].includes(asked.class);
      const images = ['imaging-report', 'imaging-index'] as const;
      const isOfImages = images.some((each) => each === asked.class) && images.some((each) => provision.classes?.includes(each) === true);
      const isOfObservations = holdsObservations && provision.classes?.includes('observation') === true;
      const reaches = names(provision) || holdsAnything || isOfObservations || isOfImages;
      const isForbidden = provision.effect === 'deny' && isInForce(provision) && reaches;
      if (isForbidden && isMeant(given, [actor.department, ...actor.departments])) return false;
    }
  }
  if (actor.mspId === asked.custodianMspId && purpose === 'TREAT') return true;
  return known.grants.some(
    (given) =>
      isMeant(given, [actor.department]) &&
      given.provisions.some((provision) => provision.effect === 'permit' && isInForce(provision) && names(provision)),
  );
}

const departments = ['cardiology', 'oncology', 'psychiatry'].map((name) => departmentSchema.parse(name));
const classes = fc.option(
  fc.uniqueArray(fc.constantFrom<RecordClass>('laboratory-report', 'prescription', 'observation'), { minLength: 1, maxLength: 2 }),
  {
    nil: undefined,
  },
);
const scopeOf = (chosen: readonly RecordClass[] | undefined): object => (chosen === undefined ? {} : { classes: chosen });
const provision = fc.oneof(
  fc
    .tuple(classes, fc.integer({ min: -3, max: 2 }))
    .map(([chosen, from]) => permit({ ...scopeOf(chosen), validFrom: hours(from), validUntil: hours(from + 3) })),
  fc.tuple(classes, fc.integer({ min: -3, max: 2 })).map(([chosen, from]) => forbid({ ...scopeOf(chosen), validFrom: hours(from) })),
);
const grantee = fc.constantFrom(
  ...[A, B].flatMap((mspId) => [
    { kind: 'person' as const, mspId, name: 'dr-lin' },
    { kind: 'role' as const, mspId, name: 'clinician' as const },
    { kind: 'organisation' as const, mspId, name: 'all' as const },
    ...departments.map((name) => ({ kind: 'department' as const, mspId, name })),
  ]),
);
const grants = fc.uniqueArray(fc.tuple(grantee, provision, fc.constantFrom('active' as const, 'active' as const, 'revoked' as const)), {
  maxLength: 4,
  selector: ([to]) => JSON.stringify(to),
});
const asked = fc
  .record({
    mspId: fc.constantFrom(A, B),
    department: fc.constantFrom(...departments),
    others: fc.subarray(departments),
    class: fc.constantFrom<RecordClass>('laboratory-report', 'history', 'other', 'patient-summary'),
    purpose: fc.constantFrom('TREAT' as const, 'PATRQT' as const, 'HRESCH' as const),
    hour: fc.integer({ min: -2, max: 3 }),
  })
  .map(({ mspId, department, others, purpose, hour, ...labels }) =>
    question({
      at: hours(hour),
      purpose,
      actor: { ...cardiologist, mspId, department, departments: others },
      record: { ...record, ...labels },
    }),
  );

const worlds = fc.tuple(asked, grants).map(([ask, given]) => {
  const known = facts(given.map(([to, each, state]) => grant([each], to, { state })));
  return [ask, known] as const;
});

describe('decideAccess and the rule read out', () => {
  it('decide the same', () => {
    const seen = { permit: 0, deny: 0 };
    fc.assert(
      fc.property(worlds, ([ask, known]) => {
        const { effect } = decideAccess(ask, known);
        seen[effect]++;
        return effect === (permitted(ask, known) ? 'permit' : 'deny');
      }),
      { numRuns: 4_000 },
    );
    expect(Math.min(seen.permit, seen.deny)).toBeGreaterThan(400);
  });

  it('decide the same on the entries that are read, as on all there are', () => {
    fc.assert(
      fc.property(worlds, ([ask, known]) => {
        const needed = factsNeededFor({ actor: ask.actor, custodianMspId: A }).flatMap((key) =>
          key.kind === 'grant' ? [JSON.stringify(key.grantee)] : [],
        );
        const read = known.grants.filter((given) => needed.includes(JSON.stringify(given.grantee)));
        expect(decideAccess(ask, { ...known, grants: read })).toEqual(decideAccess(ask, known));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the grantees that may be denied', () => {
  it('are 26 at most: a person, 16 departments, 8 roles, an organisation', () => {
    const many = Array.from({ length: 16 }, (_, index) => departmentSchema.parse(`department-${index}`));
    const roles = ['registrar', 'clinician', 'nurse', 'lab', 'recordAdmin', 'ethics', 'researcher', 'monitor'] as const;
    const [department = departmentSchema.parse('none')] = many;
    expect(deniableGranteesOf({ ...cardiologist, roles, department, departments: many })).toHaveLength(26);
  });
});
