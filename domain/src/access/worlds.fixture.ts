import fc from 'fast-check';
import { policiesOf } from '../deciding';
import {
  type AccessFacts,
  type AccessQuestion,
  confidentialities,
  dataLevelSchema,
  departmentSchema,
  type Grant,
  grantSchema,
  implicitPolicies,
  type Provision,
  provisionSchema,
  purposes,
  recordClasses,
  relationshipStates,
  relationshipTypeSchema,
  roles,
} from '../index';
import { A, B, cardiologist, facts, hours, NOW, origin, patient, question, record } from '../story.fixture';

// A small world, so that questions and grants meet often enough to permit.
const level = fc.constantFrom(3, 4, ...dataLevelSchema.values);
const hour = fc.integer({ min: -3, max: 3 }).map((count) => hours(count));
const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value[]> =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 3 });
const scopeOf = {
  purposes: fc.oneof(fc.constant('any' as const), some(['TREAT', 'PATRQT', 'HRESCH'])),
  classes: fc.option(some(recordClasses.slice(0, 2)), { nil: undefined }),
  confidentiality: fc.option(some(['N', 'R', 'V']), { nil: undefined }),
  recordIds: fc.option(some(['rec-lab', 'rec-other']), { nil: undefined }),
};
/** Leaves out absent members: the schemas know no undefined. */
const present = (value: object): unknown => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
const provisionId = fc.integer({ min: 0, max: 99_999 }).map((number) => `p${number}`);

export const permitArbitrary: fc.Arbitrary<Provision> = fc
  .record({
    provisionId,
    ...scopeOf,
    maxDataLevel: fc.option(level, { nil: undefined }),
    from: hour,
    lastsHours: fc.integer({ min: 1, max: 8 }),
  })
  .map(({ from, lastsHours, ...rest }) => {
    const validUntil = new Date(Date.parse(from) + lastsHours * 3_600_000).toISOString();
    return provisionSchema.parse(present({ ...rest, effect: 'permit', validFrom: from, validUntil }));
  });
export const denyArbitrary: fc.Arbitrary<Provision> = fc
  .record({ provisionId, ...scopeOf, minDataLevel: fc.option(level, { nil: undefined }), validFrom: hour })
  .map((fields) => provisionSchema.parse(present({ ...fields, effect: 'deny' })));
const provisions = (denies: boolean): fc.Arbitrary<Provision[]> =>
  fc.uniqueArray(denies ? fc.oneof({ weight: 14, arbitrary: permitArbitrary }, { weight: 1, arbitrary: denyArbitrary }) : permitArbitrary, {
    minLength: 1,
    maxLength: 4,
    selector: (provision) => provision.provisionId,
  });
const granteeArbitrary = fc.constantFrom(
  { kind: 'person', mspId: B, name: 'dr-lin' },
  { kind: 'department', mspId: B, name: 'cardiology' },
  { kind: 'department', mspId: B, name: 'cardiology' },
  { kind: 'department', mspId: B, name: 'psychiatry' },
  { kind: 'role', mspId: B, name: 'clinician' },
  { kind: 'organisation', mspId: B, name: 'all' },
  { kind: 'organisation', mspId: A, name: 'all' },
);
export const grantArbitrary = (denies = true): fc.Arbitrary<Grant> =>
  fc
    .record({
      grantee: granteeArbitrary,
      version: fc.integer({ min: 1, max: 3 }),
      state: fc.oneof({ weight: 5, arbitrary: fc.constant('active') }, { weight: 1, arbitrary: fc.constant('revoked') }),
      provisions: provisions(denies),
    })
    .map((fields) => grantSchema.parse({ ...fields, schemaVersion: 1, pseudonym: patient, grantedAt: NOW, changedAt: NOW, origin }));
const grantsArbitrary = (denies = true): fc.Arbitrary<Grant[]> =>
  fc.uniqueArray(grantArbitrary(denies), { maxLength: 5, selector: ({ grantee }) => `${grantee.kind}/${grantee.mspId}/${grantee.name}` });

export const questionArbitrary: fc.Arbitrary<AccessQuestion> = fc
  .record({
    at: hour,
    purpose: fc.oneof({ weight: 18, arbitrary: fc.constant('TREAT' as const) }, { weight: 1, arbitrary: fc.constantFrom(...purposes) }),
    mspId: fc.constantFrom(A, B, B),
    roles: fc.oneof({ weight: 6, arbitrary: fc.constant(['clinician'] as const) }, { weight: 1, arbitrary: some(roles) }),
    class: fc.constantFrom(...recordClasses.slice(0, 2), ...recordClasses.slice(0, 2), 'history' as const),
    departments: fc.constantFrom<string[][]>(['cardiology'], ['cardiology'], ['cardiology', 'psychiatry']),
    dataLevel: level,
    confidentiality: fc.constantFrom('N', 'N', 'N', ...confidentialities),
  })
  .map(({ at, purpose, mspId, roles: held, departments, ...labels }) =>
    question({
      at,
      purpose,
      actor: { ...cardiologist, mspId, roles: held, departments: departments.map((name) => departmentSchema.parse(name)) },
      record: { ...record, ...labels },
    }),
  );
export const factsArbitrary = (denies = true): fc.Arbitrary<AccessFacts> =>
  fc
    .record({
      grants: grantsArbitrary(denies),
      relationship: fc.oneof(
        { weight: 9, arbitrary: fc.constant({ type: 'care', state: 'active' } as const) },
        {
          weight: 1,
          arbitrary: fc.record(
            {
              type: fc.constantFrom(...relationshipTypeSchema.options),
              state: fc.constantFrom(...relationshipStates),
              suspendedBy: fc.constantFrom('patient', 'organisation', 'both'),
            },
            { requiredKeys: ['type', 'state'] },
          ),
        },
      ),
      policy: fc.constantFrom(...implicitPolicies),
    })
    .map(({ grants, relationship, policy }) => facts(grants, { relationship, defaultPolicies: policiesOf(policy) }));
