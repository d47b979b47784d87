import {
  decideAccess,
  granteesOf,
  mergeDecisions,
  type AccessFacts,
  type AskingActor,
  type Decision,
  type GrantFacts,
  type Instant,
  type Purpose,
  type RecordFacts,
} from '@lianyi/domain';
import { A, B, cardiologist, facts, forbid, grant, hours, NOW, ownClinician, permit, question, record, revoked } from '../story';

/** What differs from the story; `grants` are what the patient said. Expected: `permit <ids> [until]` or `deny <reasons>`. */
type Case = {
  readonly grants?: readonly GrantFacts[];
  readonly record?: Partial<RecordFacts> | 'unknown';
  readonly actor?: Partial<AskingActor>;
  readonly purpose?: Purpose;
  readonly at?: Instant;
  readonly facts?: Partial<AccessFacts>;
};
type Row = readonly [sentence: string, given: Case, expected: string];

function decide(given: Case): Decision {
  const asked = question({
    at: given.at ?? NOW,
    actor: { ...cardiologist, ...given.actor },
    purpose: given.purpose ?? 'TREAT',
    record: given.record === 'unknown' ? undefined : { ...record, ...given.record },
  });
  return decideAccess(asked, facts(given.grants ?? [], { defaultPolicy: { class: asked.record?.class ?? 'other', maxDataLevel: 4 }, ...given.facts }));
}

function spell(decision: Decision): string {
  return decision.effect === 'permit' ? `permit ${decision.provisionIds.join(' ')}` : `deny ${decision.reasons.join(' ')}`;
}

const yes = [grant([permit()])];
const no = forbid();

const consent: Row[] = [
  ['denies without a grant', {}, 'deny NO_CONSENT'],
  ['permits the department of a grant', { grants: yes }, 'permit p1'],
  ['permits the person of a grant', { grants: [grant([permit()], 'person')] }, 'permit p1'],
  ['permits the role of a grant', { grants: [grant([permit()], 'role')] }, 'permit p1'],
  ['permits the organisation of a grant', { grants: [grant([permit()], 'organisation')] }, 'permit p1'],
  ['permits one of several roles of a grant', { grants: [grant([permit()], 'role')], actor: { roles: ['nurse', 'clinician'] } }, 'permit p1'],
  ['denies another person', { grants: [grant([permit()], { kind: 'person', mspId: B, name: 'dr-wu' })] }, 'deny NO_CONSENT'],
  ['denies another department', { grants: [grant([permit()], { kind: 'department', mspId: B, name: 'urology' })] }, 'deny NO_CONSENT'],
  ['denies another role', { grants: [grant([permit()], { kind: 'role', mspId: B, name: 'researcher' })] }, 'deny NO_CONSENT'],
  ['denies the same person’s name at another hospital', { grants: [grant([permit()], { kind: 'person', mspId: 'HospitalCMSP', name: 'dr-lin' })] }, 'deny NO_CONSENT'],
  ['denies the same department at another hospital', { grants: [grant([permit()], { kind: 'department', mspId: 'HospitalCMSP', name: 'cardiology' })] }, 'deny NO_CONSENT'],
  ['denies the same role at another hospital', { grants: [grant([permit()], { kind: 'role', mspId: 'HospitalCMSP', name: 'clinician' })] }, 'deny NO_CONSENT'],
  ['denies another organisation', { grants: [grant([permit()], { kind: 'organisation', mspId: 'HospitalCMSP', name: 'all' })] }, 'deny NO_CONSENT'],
  ['does not take a person called like the department for it', { grants: [grant([permit()], { kind: 'person', mspId: B, name: 'cardiology' })] }, 'deny NO_CONSENT'],
  ['does not take a department called like the person for them', { grants: [grant([permit()], { kind: 'department', mspId: B, name: 'dr-lin' })] }, 'deny NO_CONSENT'],
  ['denies where the grant only forbids something else', { grants: [grant([forbid({ purposes: ['HRESCH'] })])] }, 'deny NO_CONSENT'],
  ['denies an unknown record like one without consent', { record: 'unknown' }, 'deny NO_CONSENT'],
  ['denies an unknown record though there is a grant', { record: 'unknown', grants: yes }, 'deny NO_CONSENT'],
  ['denies an unknown record to the custodian’s own clinician', { record: 'unknown', actor: { mspId: A } }, 'deny NO_CONSENT'],
];

const revocation: Row[] = [
  ['denies after revocation', { grants: [revoked([permit()])] }, 'deny POLICY_REVOKED'],
  ['permits by another grant after one is revoked', { grants: [revoked([permit()]), grant([permit({ provisionId: 'p2' })], 'person')] }, 'permit p2'],
  ['does not let a revoked grant forbid', { grants: [revoked([no], 'person'), grant([permit()])] }, 'permit p1'],
  ['tells both what is revoked and what another grant lacks', { grants: [revoked([permit()]), grant([permit({ validUntil: NOW })], 'person')] }, 'deny EXPIRED POLICY_REVOKED'],
  ['denies when every grant is revoked', { grants: [revoked([permit()]), revoked([permit()], 'organisation')] }, 'deny POLICY_REVOKED'],
];

const time: Row[] = [
  ['permits at the instant a permission begins', { grants: [grant([permit({ validFrom: NOW })])] }, 'permit p1'],
  ['denies a millisecond before it begins', { grants: [grant([permit({ validFrom: hours(0, 1) })])] }, 'deny NOT_YET_VALID'],
  ['permits a millisecond before it ends', { grants: [grant([permit({ validUntil: hours(0, 1) })])] }, 'permit p1'],
  ['denies at the instant of expiry', { grants: [grant([permit({ validUntil: NOW })])] }, 'deny EXPIRED'],
  ['denies long after expiry', { grants: yes, at: hours(10_000) }, 'deny EXPIRED'],
  ['denies long before the beginning', { grants: yes, at: hours(-10_000) }, 'deny NOT_YET_VALID'],
  ['permits by the provision that is still valid', { grants: [grant([permit({ validUntil: NOW }), permit({ provisionId: 'p2' })])] }, 'permit p2'],
  ['lets an ended prohibition go', { grants: [grant([permit(), forbid({ validUntil: NOW })])] }, 'permit p1'],
  ['lets a prohibition hold a millisecond before its end', { grants: [grant([permit(), forbid({ validUntil: hours(0, 1) })])] }, 'deny DENIED_BY_PROVISION'],
  ['does not let a coming prohibition hold yet', { grants: [grant([permit(), forbid({ validFrom: hours(0, 1) })])] }, 'permit p1'],
  ['lets a prohibition hold from its first instant', { grants: [grant([permit(), forbid({ validFrom: NOW })])] }, 'deny DENIED_BY_PROVISION'],
];

const prohibition: Row[] = [
  ['lets a deny beat a permit of the same grant', { grants: [grant([permit(), no])] }, 'deny DENIED_BY_PROVISION'],
  ['lets a deny beat a permit whatever the order', { grants: [grant([no, permit()])] }, 'deny DENIED_BY_PROVISION'],
  ['lets an organisation’s deny beat a person’s permit', { grants: [grant([permit()], 'person'), grant([no], 'organisation')] }, 'deny DENIED_BY_PROVISION'],
  ['lets a person’s deny beat an organisation’s permit', { grants: [grant([no], 'person'), grant([permit()], 'organisation')] }, 'deny DENIED_BY_PROVISION'],
  ['lets a role’s deny beat a department’s permit', { grants: [grant([no], 'role'), grant([permit()])] }, 'deny DENIED_BY_PROVISION'],
  ['denies by a deny alone', { grants: [grant([no])] }, 'deny DENIED_BY_PROVISION'],
  ['does not let somebody else’s deny count', { grants: [grant([permit()]), grant([no], { kind: 'person', mspId: B, name: 'dr-wu' })] }, 'permit p1'],
  ['forbids only the purpose it names', { grants: [grant([permit(), forbid({ purposes: ['HRESCH'] })])] }, 'permit p1'],
  ['forbids the purpose it names', { grants: [grant([permit(), forbid({ purposes: ['TREAT'] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only the class it names', { grants: [grant([permit(), forbid({ classes: ['imaging-report'] })])] }, 'permit p1'],
  ['forbids the class it names', { grants: [grant([permit(), forbid({ classes: ['laboratory-report'] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only from the level it names', { grants: [grant([permit(), forbid({ minDataLevel: 4 })])] }, 'permit p1'],
  ['forbids the level it names', { grants: [grant([permit(), forbid({ minDataLevel: 3 })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids levels above the one it names', { grants: [grant([permit({ maxDataLevel: 5 }), forbid({ minDataLevel: 3 })])], record: { dataLevel: 5 } }, 'deny DENIED_BY_PROVISION'],
  ['forbids only the label it names', { grants: [grant([permit(), forbid({ confidentiality: ['R', 'V'] })])] }, 'permit p1'],
  ['forbids the label it names', { grants: [grant([permit(), forbid({ confidentiality: ['N'] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids every label when it names none', { grants: [grant([permit({ confidentiality: ['V'] }), no])], record: { confidentiality: 'V' } }, 'deny DENIED_BY_PROVISION'],
  ['forbids only the record it names', { grants: [grant([permit(), forbid({ recordIds: ['rec-other'] })])] }, 'permit p1'],
  ['forbids the record it names', { grants: [grant([permit(), forbid({ recordIds: ['rec-lab'] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only the author it names', { grants: [grant([permit(), forbid({ authorMspIds: [B] })])] }, 'permit p1'],
  ['forbids the author it names', { grants: [grant([permit(), forbid({ authorMspIds: [A] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only the period it names', { grants: [grant([permit(), forbid({ recordPeriod: { from: hours(-50), until: NOW } })])] }, 'permit p1'],
  ['forbids the period it names', { grants: [grant([permit(), forbid({ recordPeriod: { from: hours(-100), until: NOW } })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only what all its conditions meet', { grants: [grant([permit(), forbid({ classes: ['laboratory-report'], confidentiality: ['V'] })])] }, 'permit p1'],
];

const purpose: Row[] = [
  ['denies a purpose the consent does not name', { grants: yes, purpose: 'PATRQT' }, 'deny PURPOSE_NOT_ALLOWED'],
  ['permits any purpose where the consent says any', { grants: [grant([permit({ purposes: 'any' })])], purpose: 'PATRQT' }, 'permit p1'],
  ['permits one of several purposes', { grants: [grant([permit({ purposes: ['ETREAT', 'PATRQT'] })])], purpose: 'ETREAT' }, 'permit p1'],
  ['does not take treatment for emergency treatment', { grants: yes, purpose: 'ETREAT' }, 'deny PURPOSE_NOT_ALLOWED'],
  ['denies a clinician who claims research though consented', { grants: [grant([permit({ purposes: 'any' })])], purpose: 'HRESCH' }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['denies a clinician who claims payment', { grants: [grant([permit({ purposes: 'any' })])], purpose: 'HPAYMT' }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['denies a clinician who claims operations', { grants: [grant([permit({ purposes: 'any' })])], purpose: 'HOPERAT' }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['denies a clinician who claims public health', { grants: [grant([permit({ purposes: 'any' })])], purpose: 'PUBHLTH' }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['denies a researcher who claims treatment', { grants: yes, actor: { roles: ['researcher'] } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['permits a researcher research by consent', { grants: [grant([permit({ purposes: ['HRESCH'] })])], purpose: 'HRESCH', actor: { roles: ['researcher'] } }, 'permit p1'],
  ['denies a registrar any purpose', { grants: yes, actor: { roles: ['registrar'] } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['denies an actor without a role', { grants: yes, actor: { roles: [] } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['permits when one of the roles may claim it', { grants: yes, actor: { roles: ['registrar', 'clinician'] } }, 'permit p1'],
  ['answers the wrong role alike for an unknown record', { record: 'unknown', purpose: 'HRESCH' }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
];

const scope: Row[] = [
  ['permits a class the consent names', { grants: [grant([permit({ classes: ['laboratory-report'] })])] }, 'permit p1'],
  ['denies a class the consent does not name', { grants: [grant([permit({ classes: ['imaging-report'] })])] }, 'deny CLASS_NOT_COVERED'],
  ['permits level 4 unsaid', { grants: yes, record: { dataLevel: 4 } }, 'permit p1'],
  ['denies level 5 unsaid', { grants: yes, record: { dataLevel: 5 } }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['permits level 5 when approved', { grants: [grant([permit({ maxDataLevel: 5 })])], record: { dataLevel: 5 } }, 'permit p1'],
  ['permits the highest level named', { grants: [grant([permit({ maxDataLevel: 3 })])] }, 'permit p1'],
  ['denies above the level named', { grants: [grant([permit({ maxDataLevel: 2 })])] }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['permits label U unsaid', { grants: yes, record: { confidentiality: 'U' } }, 'permit p1'],
  ['permits label M unsaid', { grants: yes, record: { confidentiality: 'M' } }, 'permit p1'],
  ['denies label R unsaid', { grants: yes, record: { confidentiality: 'R' } }, 'deny LABEL_NOT_COVERED'],
  ['denies label V unsaid', { grants: yes, record: { confidentiality: 'V' } }, 'deny LABEL_NOT_COVERED'],
  ['permits label V when named', { grants: [grant([permit({ confidentiality: ['V'] })])], record: { confidentiality: 'V' } }, 'permit p1'],
  ['denies label N when only others are named', { grants: [grant([permit({ confidentiality: ['R', 'V'] })])] }, 'deny LABEL_NOT_COVERED'],
  ['permits a record by its id', { grants: [grant([permit({ recordIds: ['rec-lab'] })])] }, 'permit p1'],
  ['denies a record of another id', { grants: [grant([permit({ recordIds: ['rec-other'] })])] }, 'deny RECORD_NOT_COVERED'],
  ['permits by author', { grants: [grant([permit({ authorMspIds: [A] })])] }, 'permit p1'],
  ['denies another author', { grants: [grant([permit({ authorMspIds: [B] })])] }, 'deny RECORD_NOT_COVERED'],
  ['permits a record of the period’s first instant', { grants: [grant([permit({ recordPeriod: { from: hours(-100), until: NOW } })])] }, 'permit p1'],
  ['denies a record of the period’s end', { grants: [grant([permit({ recordPeriod: { from: hours(-200), until: hours(-100) } })])] }, 'deny RECORD_NOT_COVERED'],
  ['denies a record before the period', { grants: [grant([permit({ recordPeriod: { from: hours(-99), until: NOW } })])] }, 'deny RECORD_NOT_COVERED'],
  ['does not add up two provisions that each lack something', { grants: [grant([permit({ classes: ['imaging-report'] }), permit({ provisionId: 'p2', purposes: ['PATRQT'] })])] }, 'deny PURPOSE_NOT_ALLOWED CLASS_NOT_COVERED'],
  ['does not add up two grants that each lack something', { grants: [grant([permit({ recordIds: ['rec-other'] })]), grant([permit({ validUntil: NOW })], 'person')] }, 'deny EXPIRED RECORD_NOT_COVERED'],
  ['tells what the nearest provision lacks', { grants: [grant([permit({ purposes: ['PATRQT'], classes: ['imaging-report'], validUntil: NOW }), permit({ provisionId: 'p2', maxDataLevel: 1 })])] }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['tells everything a single provision lacks', { grants: [grant([permit({ purposes: ['PATRQT'], classes: ['imaging-report'], validUntil: NOW })])] }, 'deny EXPIRED PURPOSE_NOT_ALLOWED CLASS_NOT_COVERED'],
  ['names every provision that permits', { grants: [grant([permit(), permit({ provisionId: 'p0' })]), grant([permit({ provisionId: 'p2' })], 'person')] }, 'permit p0 p1 p2'],
];

const obstacles: Row[] = [
  ['denies a retracted record', { grants: yes, record: { state: 'retracted' } }, 'deny RECORD_RETRACTED'],
  ['does not tell those without consent that a record is retracted', { record: { state: 'retracted' } }, 'deny NO_CONSENT'],
  ['denies before the relationship is accepted', { grants: yes, facts: { relationship: 'proposed' } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies while the relationship is suspended', { grants: yes, facts: { relationship: 'suspended' } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies after the relationship has ended', { grants: yes, facts: { relationship: 'terminated' } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies after the relationship was rejected', { grants: yes, facts: { relationship: 'rejected' } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies without a relationship', { grants: yes, facts: { relationship: undefined } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['does not tell those without consent about the relationship', { facts: { relationship: 'suspended' } }, 'deny NO_CONSENT'],
  ['tells every obstacle', { grants: [grant([permit(), no])], record: { state: 'retracted' }, facts: { relationship: 'suspended' } }, 'deny DENIED_BY_PROVISION RELATIONSHIP_NOT_ACTIVE RECORD_RETRACTED'],
];

const own = { actor: { mspId: A } };
const ownPerson = { kind: 'person', mspId: A, name: 'dr-lin' } as const;
const byDefault: Row[] = [
  ['permits the custodian’s own clinician treatment', own, 'permit default'],
  ['permits them level 4', { ...own, record: { dataLevel: 4 } }, 'permit default'],
  ['denies them level 5', { ...own, record: { dataLevel: 5 } }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['denies them above the level of the policy', { ...own, facts: { defaultPolicy: { class: 'laboratory-report', maxDataLevel: 2 } } }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['denies them another purpose', { ...own, purpose: 'PATRQT' }, 'deny PURPOSE_NOT_ALLOWED'],
  ['denies the custodian’s nurse', { actor: { mspId: A, roles: ['nurse'] } }, 'deny NO_CONSENT'],
  ['denies the custodian’s laboratory', { actor: { mspId: A, roles: ['lab'] } }, 'deny NO_CONSENT'],
  ['denies them without a policy of the class', { ...own, facts: { defaultPolicy: undefined } }, 'deny NO_CONSENT'],
  ['denies them by the policy of another class', { ...own, facts: { defaultPolicy: { class: 'prescription', maxDataLevel: 4 } } }, 'deny NO_CONSENT'],
  ['denies them while the relationship is suspended', { ...own, facts: { relationship: 'suspended' } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies them a retracted record', { ...own, record: { state: 'retracted' } }, 'deny RECORD_RETRACTED'],
  ['denies them what the patient forbids', { ...own, grants: [grant([no], ownPerson)] }, 'deny DENIED_BY_PROVISION'],
  ['names default and grant where both permit', { ...own, grants: [grant([permit()], ownPerson)] }, 'permit default p1'],
  ['permits by grant what the default does not', { ...own, record: { dataLevel: 5 }, grants: [grant([permit({ maxDataLevel: 5 })], ownPerson)] }, 'permit p1'],
  ['leaves the default where a grant for them is revoked', { ...own, grants: [grant([permit()], ownPerson, { state: 'revoked', version: 2 })] }, 'permit default'],
];

const tables: Readonly<Record<string, readonly Row[]>> = { consent, revocation, time, prohibition, purpose, scope, obstacles, byDefault };

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
    expect(untilOf({ grants: [grant([permit(), permit({ provisionId: 'p2', purposes: ['PATRQT'], validUntil: hours(48) })])] })).toBe(hours(24));
  });
  it('is none by the default policy', () => {
    expect(untilOf(own)).toBeUndefined();
  });
  it('is the beginning of a coming prohibition', () => {
    expect(untilOf({ grants: [grant([permit(), forbid({ validFrom: hours(2) })])] })).toBe(hours(2));
    expect(untilOf({ ...own, grants: [grant([forbid({ validFrom: hours(2) })], ownPerson)] })).toBe(hours(2));
  });
  it('is not moved by a coming prohibition of something else', () => {
    expect(untilOf({ grants: [grant([permit(), forbid({ validFrom: hours(2), classes: ['imaging-report'] })])] })).toBe(hours(24));
  });
});

describe('a permit’s basis', () => {
  it('names grantee and version of each grant it rests on, and of no other', () => {
    const decision = decide({ grants: [grant([permit()], 'role', { version: 7 }), grant([permit({ validUntil: NOW })], 'person'), revoked([permit()])] });
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

describe('mergeDecisions', () => {
  const first = decide({ grants: yes });
  const second = decide({ grants: [grant([permit({ provisionId: 'p2', validUntil: hours(2) })], 'person')] });

  it('denies when one of several is denied, with every reason once', () => {
    const merged = mergeDecisions([first, decide({}), decide({ grants: yes, at: hours(99) }), decide({})]);
    expect(merged).toEqual({ effect: 'deny', reasons: ['NO_CONSENT', 'EXPIRED'] });
  });
  it('denies when nothing is asked', () => {
    expect(mergeDecisions([])).toEqual({ effect: 'deny', reasons: ['NO_CONSENT'] });
  });
  it('permits with the basis of all and the earliest end', () => {
    expect(mergeDecisions([first, second, first])).toMatchObject({ effect: 'permit', provisionIds: ['p1', 'p2'], until: hours(2), grantVersions: [{}, {}] });
  });
  it('keeps the end when another part has none', () => {
    expect(mergeDecisions([decide(own), first])).toMatchObject({ until: hours(24), provisionIds: ['default', 'p1'] });
  });
});
