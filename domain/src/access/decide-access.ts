import { DEFAULT_PROVISION_ID, type Grantee, type PermitProvision } from '../consent/entities';
import { mayClaimPurpose } from '../directory/roles';
import { canonicalJson } from '../encoding/canonical-json';
import { type ProvisionId } from '../ids';
import { earliest, type Instant } from '../instant';
import { type RelationshipState } from '../relationship/entities';
import { type Decision, type GrantVersion, type Permit } from './decision';
import { type DenyReason, denyReasonCodes } from './deny-reasons';
import { coversApartFromTime, LABELS_UNSAID, shortfallsOf } from './provision';
import { type AccessFacts, type AccessQuestion, type AskingActor, type GrantFacts, type KnownQuestion } from './question';

/** The grantees an actor may be covered by: a decision reads these keys and no others. */
export function granteesOf(actor: AskingActor): readonly Grantee[] {
  const { mspId } = actor;
  const ofRoles = [...actor.roles].sort().map((name): Grantee => ({ kind: 'role', mspId, name }));
  return [
    { kind: 'person', mspId, name: actor.actorTag },
    { kind: 'department', mspId, name: actor.department },
    ...ofRoles,
    { kind: 'organisation', mspId, name: 'all' },
  ];
}

/**
 * Decides whether an actor may read a record.
 *
 * A deny beats every permit; a permit names the provisions it rests on; `validUntil` is exclusive; the order of grants and
 * provisions does not matter. An unknown record answers exactly as one without consent, so that asking tells nothing (security.md I9).
 * A revoked grant takes away what it gave and what it forbade; the default policy of the custodian's own clinicians is untouched
 * by it: a patient who wants to close that too grants a deny.
 */
export function decideAccess(question: AccessQuestion, facts: AccessFacts): Decision {
  if (!mayClaimPurpose(question.actor.roles, question.purpose)) return deny(['ROLE_MAY_NOT_CLAIM_PURPOSE']);
  const { record } = question;
  if (record === undefined) return deny(['NO_CONSENT']);
  const known: KnownQuestion = { ...question, record };
  const grants = facts.grants.filter((grant) => isFor(grant.grantee, question.actor));
  const defaultShortfalls = shortfallsOfDefault(known, facts.defaultPolicy);
  if (grants.length === 0 && defaultShortfalls === undefined) return deny(['NO_CONSENT']);
  const obstacles = obstaclesTo(known, facts.relationship, grants);
  if (obstacles.length > 0) return deny(obstacles);
  return decideByPermits(known, grants, defaultShortfalls);
}

function isFor(grantee: Grantee, actor: AskingActor): boolean {
  return granteesOf(actor).some((own) => own.kind === grantee.kind && own.mspId === grantee.mspId && own.name === grantee.name);
}

/** What no permit can outweigh. */
function obstaclesTo(question: KnownQuestion, relationship: RelationshipState | undefined, grants: readonly GrantFacts[]): DenyReason[] {
  const forbidden = denialsIn(grants).some((provision) => shortfallsOf(provision, question).length === 0);
  return [
    ...(question.record.state === 'retracted' ? (['RECORD_RETRACTED'] as const) : []),
    ...(relationship === 'active' ? [] : (['RELATIONSHIP_NOT_ACTIVE'] as const)),
    ...(forbidden ? (['DENIED_BY_PROVISION'] as const) : []),
  ];
}

function denialsIn(grants: readonly GrantFacts[]): GrantFacts['provisions'] {
  return grants
    .filter((grant) => grant.state === 'active')
    .flatMap((grant) => grant.provisions.filter((provision) => provision.effect === 'deny'));
}

/** What the default policy lacks to permit; undefined when it is not about this actor at all. */
function shortfallsOfDefault(question: KnownQuestion, policy: AccessFacts['defaultPolicy']): DenyReason[] | undefined {
  const { actor, record, purpose } = question;
  const isOwnClinician = actor.mspId === record.custodianMspId && actor.roles.includes('clinician');
  if (policy?.class !== record.class || !isOwnClinician) return undefined;
  return [
    ...(purpose === 'TREAT' ? [] : (['PURPOSE_NOT_ALLOWED'] as const)),
    ...(record.dataLevel <= policy.maxDataLevel ? [] : (['LEVEL_NEEDS_APPROVAL'] as const)),
    ...(LABELS_UNSAID.includes(record.confidentiality) ? [] : (['LABEL_NOT_COVERED'] as const)),
  ];
}

type Candidate = { readonly grant: GrantFacts; readonly provision: PermitProvision; readonly shortfalls: readonly DenyReason[] };

function decideByPermits(
  question: KnownQuestion,
  grants: readonly GrantFacts[],
  defaultShortfalls: readonly DenyReason[] | undefined,
): Decision {
  const candidates = grants
    .filter((grant) => grant.state === 'active')
    .flatMap((grant) =>
      grant.provisions
        .filter((provision) => provision.effect === 'permit')
        .map((provision): Candidate => ({ grant, provision, shortfalls: shortfallsOf(provision, question) })),
    );
  const permitting = candidates.filter((candidate) => candidate.shortfalls.length === 0);
  const byDefault = defaultShortfalls?.length === 0;
  if (permitting.length > 0 || byDefault) return permit(question, permitting, byDefault, grants);
  const attempts = [
    ...candidates.map((candidate) => candidate.shortfalls),
    ...(defaultShortfalls === undefined ? [] : [defaultShortfalls]),
  ];
  const revoked = grants.some((grant) => grant.state === 'revoked');
  return deny([...(revoked ? (['POLICY_REVOKED'] as const) : []), ...nearest(attempts)]);
}

/** The shortfalls of what came nearest to permitting: those are worth telling. */
function nearest(attempts: readonly (readonly DenyReason[])[]): readonly DenyReason[] {
  const fewest = Math.min(...attempts.map((attempt) => attempt.length));
  return attempts.filter((attempt) => attempt.length === fewest).flat();
}

function permit(question: KnownQuestion, permitting: readonly Candidate[], byDefault: boolean, grants: readonly GrantFacts[]): Permit {
  const ends = byDefault ? [] : [latestEnd(permitting)];
  // a prohibition that has yet to begin ends the permit when it begins
  const starts = denialsIn(grants)
    .filter((provision) => provision.validFrom > question.at && coversApartFromTime(provision, question))
    .map((provision) => provision.validFrom);
  const until = earliest([...ends, ...starts].filter((instant) => instant !== undefined));
  return {
    effect: 'permit',
    provisionIds: distinct([...permitting.map(({ provision }) => provision.provisionId), ...(byDefault ? [DEFAULT_PROVISION_ID] : [])]),
    grantVersions: distinctGrantVersions(permitting.map(({ grant }) => ({ grantee: grant.grantee, version: grant.version }))),
    ...(until === undefined ? {} : { until }),
  };
}

function latestEnd(permitting: readonly Candidate[]): Instant | undefined {
  return permitting
    .map(({ provision }) => provision.validUntil)
    .sort()
    .at(-1);
}

function deny(reasons: readonly DenyReason[]): Decision {
  const given = reasons.length === 0 ? ['NO_CONSENT'] : reasons;
  return { effect: 'deny', reasons: denyReasonCodes.filter((reason) => given.includes(reason)) };
}

/**
 * One decision over several records asked for together: all or nothing.
 *
 * Any denial denies, with every reason; a permit rests on everything its parts rest on and ends with the first of them.
 */
export function mergeDecisions(decisions: readonly Decision[]): Decision {
  const denials = decisions.filter((decision) => decision.effect === 'deny');
  const permits = decisions.filter((decision) => decision.effect === 'permit');
  if (denials.length > 0 || permits.length === 0) return deny(denials.flatMap((denial) => denial.reasons));
  const until = earliest(permits.map((each) => each.until).filter((instant) => instant !== undefined));
  return {
    effect: 'permit',
    provisionIds: distinct(permits.flatMap((each) => each.provisionIds)),
    grantVersions: distinctGrantVersions(permits.flatMap((each) => each.grantVersions)),
    ...(until === undefined ? {} : { until }),
  };
}

function distinct(ids: readonly ProvisionId[]): ProvisionId[] {
  return [...new Set(ids)].sort();
}

function distinctGrantVersions(versions: readonly GrantVersion[]): GrantVersion[] {
  const byText = new Map(versions.map((version) => [canonicalJson(version), version]));
  return [...byText.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, version]) => version);
}
