import { decideAccess } from '../deciding';
import { type Decision, type Instant } from '../index';
import { A, B, cardiologist, facts, forbid, grant, hours, NOW, ownClinician, permit, question, record, revoked } from '../story.fixture';
import { consent, prohibition, revocation, time } from './cases-of-consent.fixture';
import { care } from './cases-of-care.fixture';
import { byDefault, obstacles, purpose, scope } from './cases-of-scope.fixture';
import { uses } from './cases-of-uses.fixture';
import { type Case, type Row } from './decision-case.fixture';
import { granteesOf } from './sources/grantees';

function decide(given: Case): Decision {
  const asked = question({
    at: given.at ?? NOW,
    actor: { ...cardiologist, ...given.actor },
    purpose: given.purpose ?? 'TREAT',
    record: given.record === 'unknown' ? undefined : { ...record, ...given.record },
  });
  return decideAccess(asked, facts(given.grants ?? [], given.facts));
}

function spell(decision: Decision): string {
  if (decision.effect === 'deny') return `deny ${decision.reasons.join(' ')}`;
  const { provisionIds, use } = decision;
  return [`permit ${provisionIds.join(' ')}`, ...(use === undefined ? [] : [`taking ${use.provisionId}`])].join(' ');
}

const yes = [grant([permit()])];

const own = { actor: { mspId: A } };
const ownPerson = { kind: 'person', mspId: A, name: 'dr-lin' } as const;
const tables: Readonly<Record<string, readonly Row[]>> = {
  consent,
  uses,
  revocation,
  time,
  prohibition,
  purpose,
  scope,
  care,
  obstacles,
  byDefault,
};

describe.each(Object.entries(tables))('decideAccess: %s', (_area, rows) => {
  it.each(rows)('%s', (_sentence, given, expected) => {
    expect(spell(decide(given))).toBe(expected);
  });
});

describe('the table of decideAccess', () => {
  const rows = Object.values(tables).flat();

  it('has at least a hundred different cases, more denials than permits', () => {
    expect(new Set(rows.map(([sentence]) => sentence)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThanOrEqual(100);
    const denials = rows.filter(([, , expected]) => expected.startsWith('deny')).length;
    expect(denials).toBeGreaterThan(rows.length - denials);
  });
});

describe('a permit’s end', () => {
  const untilOf = (given: Case): Instant | undefined => {
    const decision = decide(given);
    if (decision.effect !== 'permit') throw new Error('expected a permit');
    return decision.until;
  };

  it('is the provision’s', () => {
    expect(untilOf({ grants: yes })).toBe(hours(24));
  });
  it('is the latest of the provisions that permit', () => {
    expect(untilOf({ grants: [grant([permit(), permit({ provisionId: 'p2', validUntil: hours(48) })])] })).toBe(hours(48));
  });
  it('is not moved by a provision that does not permit', () => {
    expect(untilOf({ grants: [grant([permit(), permit({ provisionId: 'p2', purposes: ['PATRQT'], validUntil: hours(48) })])] })).toBe(
      hours(24),
    );
  });
  it('is none by the default policy', () => {
    expect(untilOf(own)).toBeUndefined();
  });
  it('is the beginning of a coming prohibition', () => {
    expect(untilOf({ grants: [grant([permit(), forbid({ validFrom: hours(2) })])] })).toBe(hours(2));
    expect(untilOf({ ...own, grants: [grant([forbid({ validFrom: hours(2) })], ownPerson)] })).toBe(hours(2));
  });
  it('is not moved by a prohibition that is over', () => {
    expect(untilOf({ grants: [grant([permit(), forbid({ validFrom: hours(-9), validUntil: hours(-8) })])] })).toBe(hours(24));
  });
  it('is not moved by a coming prohibition of something else', () => {
    expect(untilOf({ grants: [grant([permit(), forbid({ validFrom: hours(2), classes: ['imaging-report'] })])] })).toBe(hours(24));
  });
});

describe('a permit’s basis', () => {
  it('names grantee and version of each grant it rests on, and of no other', () => {
    const decision = decide({
      grants: [grant([permit()], 'role', { version: 7 }), grant([permit({ validUntil: NOW })], 'person'), revoked([permit()])],
    });
    expect(decision).toMatchObject({ grantVersions: [{ grantee: { kind: 'role', mspId: B, name: 'clinician' }, version: 7 }] });
  });
  it('is empty by the default policy', () => {
    expect(decide(own)).toEqual({ effect: 'permit', provisionIds: ['default'], grantVersions: [] });
  });
});

describe('granteesOf', () => {
  it('spells person, department, each role and organisation', () => {
    expect(granteesOf({ ...ownClinician, roles: ['nurse', 'clinician'] }).map((grantee) => `${grantee.kind} ${grantee.name}`)).toEqual([
      'person dr-lin',
      'department cardiology',
      'role clinician',
      'role nurse',
      'organisation all',
    ]);
  });
});
