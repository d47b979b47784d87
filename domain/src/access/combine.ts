import { canonicalJson } from '../encoding/canonical-json';
import { type ProvisionId } from '../ids';
import { earliest, type Instant } from '../instant';
import { type Decision, type GrantVersion, type Permit } from './decision';
import { denyReasonCodes, type DenyReason } from '../errors/table';
import { type Obligation, type PermitBasis, type Verdict } from './sources/policy-source';

/** A decision with what comes with it: obligations only with a permit. */
export type Ruling = { readonly decision: Decision; readonly obligations: readonly Obligation[] };

/**
 * Makes one ruling of the verdicts of all sources, in the order of the sources.
 *
 * The first refusal decides alone. Where nobody has said anything about the actor, `NO_CONSENT` is all that is told. Then deny overrides:
 * any denial beats every permit, and all denials are told. Without a permit the nearest shortfalls are told. A permit ends with the last
 * of its bases, or sooner where a source says so.
 */
export function combineVerdicts(verdicts: readonly Verdict[]): Ruling {
  const refusal = verdicts.find((verdict) => verdict.refusal !== undefined)?.refusal;
  if (refusal !== undefined) return denied([refusal]);
  if (!verdicts.some(({ addressed }) => addressed === true)) return denied(['NO_CONSENT']);
  const denials = verdicts.flatMap((verdict) => verdict.denials ?? []);
  if (denials.length > 0) return denied(denials);
  const permits = verdicts.flatMap((verdict) => verdict.permits ?? []);
  if (permits.length > 0) {
    return {
      decision: permitOn(
        permits,
        verdicts.flatMap((verdict) => verdict.ends ?? []),
      ),
      obligations: verdicts.flatMap((verdict) => verdict.obligations ?? []),
    };
  }
  return denied([
    ...verdicts.flatMap((verdict) => verdict.remarks ?? []),
    ...nearest(verdicts.flatMap((verdict) => verdict.shortfalls ?? [])),
  ]);
}

function denied(reasons: readonly DenyReason[]): Ruling {
  return { decision: deny(reasons), obligations: [] };
}

/** The shortfalls of what came nearest to permitting: those are worth telling. */
function nearest(attempts: readonly (readonly DenyReason[])[]): readonly DenyReason[] {
  const fewest = Math.min(...attempts.map((attempt) => attempt.length));
  return attempts.filter((attempt) => attempt.length === fewest).flat();
}

function permitOn(permits: readonly PermitBasis[], ends: readonly Instant[]): Permit {
  return newPermit(
    permits.map(({ provisionId }) => provisionId),
    permits.flatMap(({ grantVersion }) => grantVersion ?? []),
    earliest([...lastEndOf(permits), ...ends]),
  );
}

/** The latest end of the bases; none if one of them has no end. */
function lastEndOf(permits: readonly PermitBasis[]): readonly Instant[] {
  const ends = permits.flatMap(({ until }) => until ?? []);
  return ends.length < permits.length ? [] : ends.sort().slice(-1);
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
  return newPermit(
    permits.flatMap((each) => each.provisionIds),
    permits.flatMap((each) => each.grantVersions),
    earliest(permits.flatMap((each) => each.until ?? [])),
  );
}

/** Reasons in the order of their table, each once. */
function deny(reasons: readonly DenyReason[]): Decision {
  const given = reasons.length === 0 ? ['NO_CONSENT'] : reasons;
  return { effect: 'deny', reasons: denyReasonCodes.filter((reason) => given.includes(reason)) };
}

function newPermit(provisionIds: readonly ProvisionId[], grantVersions: readonly GrantVersion[], until: Instant | undefined): Permit {
  return {
    effect: 'permit',
    provisionIds: [...new Set(provisionIds)].sort(),
    grantVersions: distinctGrantVersions(grantVersions),
    ...(until === undefined ? {} : { until }),
  };
}

function distinctGrantVersions(versions: readonly GrantVersion[]): GrantVersion[] {
  const byText = new Map(versions.map((version) => [canonicalJson(version), version]));
  return [...byText.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, version]) => version);
}
