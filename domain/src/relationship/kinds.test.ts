import { decideAccess } from '../deciding';
import { DomainError, organisationKinds, purposes, recordClasses, relationshipTypeSchema, roles } from '../index';
import { facts, grant, ownClinician, permit, question } from '../story.fixture';
import { assertAccepts, assertMayPropose, assertMayPublish, readsByDefault } from './kinds';

const kinds = relationshipTypeSchema.options;
const allowed = <Value extends string>(values: readonly Value[], check: (value: Value) => void): string =>
  values
    .filter((value) => {
      try {
        check(value);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError);
        return false;
      }
    })
    .join(' ');

/** What follows from each kind, once more and by hand. */
describe('a kind of relationship', () => {
  it.each<readonly [(typeof kinds)[number], string]>([
    ['care', 'hospital'],
    ['laboratory', 'hospital laboratory'],
    ['insurer', 'insurer'],
    ['caregiver', 'hospital'],
    ['device', 'hospital'],
  ])('%s is proposed by: %s', (type, expected) => {
    expect(
      allowed(organisationKinds, (kind) => {
        assertMayPropose([kind], type);
      }),
    ).toBe(expected);
  });

  it.each<readonly [(typeof kinds)[number], string]>([
    ['care', recordClasses.join(' ')],
    ['laboratory', 'laboratory-report imaging-report imaging-index observation'],
    ['insurer', 'administrative'],
    ['caregiver', 'clinical-document observation'],
    ['device', 'observation'],
  ])('%s lets be published: %s', (type, expected) => {
    expect(
      allowed(recordClasses, (recordClass) => {
        assertMayPublish({ state: 'active', type }, recordClass, 'device-of-the-patient');
      }),
    ).toBe(expected);
    expect(
      allowed(recordClasses, (recordClass) => {
        assertMayPublish({ state: 'suspended', type }, recordClass, 'device-of-the-patient');
      }),
    ).toBe('');
  });

  it.each<readonly [(typeof kinds)[number], string]>([
    ['care', 'clinician'],
    ['laboratory', ''],
    ['insurer', ''],
    ['caregiver', ''],
    ['device', 'clinician'],
  ])('%s lets read by default: %s', (type, expected) => {
    expect(roles.filter((role) => readsByDefault(type, [role])).join(' ')).toBe(expected);
    const decision = decideAccess(question({ actor: ownClinician }), facts([], { relationship: { type, state: 'active' } }));
    expect(decision).toMatchObject(expected === '' ? { effect: 'deny', reasons: ['NO_CONSENT'] } : { provisionIds: ['default'] });
  });

  it.each<readonly [(typeof kinds)[number], string]>([
    ['care', 'TREAT ETREAT PATRQT'],
    ['laboratory', 'TREAT ETREAT PATRQT'],
    ['insurer', 'PATRQT'],
    ['caregiver', 'TREAT ETREAT PATRQT'],
    ['device', 'TREAT ETREAT PATRQT'],
  ])('%s lets a clinician read what is granted for any purpose, for: %s', (type, expected) => {
    const permitted = purposes.filter((purpose) => {
      const known = facts([grant([permit({ purposes: 'any' })])], { relationship: { type, state: 'active' } });
      return decideAccess(question({ purpose }), known).effect === 'permit';
    });
    expect(permitted.join(' ')).toBe(expected);
  });

  it.each(kinds)('%s lets staff and devices of the house publish, unless it is one of devices', (type) => {
    const authors = ['staff', 'device-of-the-house', 'device-of-the-patient', 'patient'] as const;
    expect(
      allowed(authors, (author) => {
        assertMayPublish({ state: 'active', type }, 'observation', author);
      }),
    ).toBe(type === 'device' ? 'device-of-the-patient' : type === 'insurer' ? '' : authors.join(' '));
  });

  it('is accepted as it was proposed, and who names none accepts care', () => {
    for (const type of kinds) {
      expect(
        allowed([...kinds], (accepted) => {
          assertAccepts(type, accepted);
        }),
      ).toBe(type);
    }
    expect(
      allowed([...kinds], (type) => {
        assertAccepts(type, undefined);
      }),
    ).toBe('care');
  });
});
