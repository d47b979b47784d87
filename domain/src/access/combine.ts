import { canonicalJson } from '../encoding/canonical-json';
import { type CopyTerms } from '../consent/entities';
import { type ProvisionId } from '../ids';
import { earliest, type Instant } from '../instant';
import { type Decision, type GrantVersion, type Permit, type ProvisionUse } from './decision';
import { denyReasonCodes, type DenyReason } from '../errors/table';
import { type PermitBasis, type Verdict } from './sources/policy-source';

/**
 * Makes one decision of the verdicts of all sources, in the order of the sources.
 *
 * The first refusal decides alone. Where nobody has said anything about the actor, `NO_CONSENT` is all that is told. Then deny overrides:
 * any denial beats every permit, and all denials are told. Where others than the patient have to approve, what they have not is told only of what would be
 * permitted. Without a permit the nearest shortfalls are told. A permit ends with the last
 * of its bases, or sooner where a source says so.
 */
export function combineVerdicts(verdicts: readonly Verdict[]): Decision {
  const refusal = verdicts.find((verdict) => verdict.refusal !== undefined)?.refusal;
  if (refusal !== undefined) return deny([refusal]);
  if (!verdicts.some(({ addressed }) => addressed === true)) return deny(['NO_CONSENT']);
  const denials = verdicts.flatMap((verdict) => verdict.denials ?? []);
  if (denials.length > 0) return deny(denials);
  const permits = verdicts.flatMap((verdict) => verdict.permits ?? []);
  const unapproved = verdicts.flatMap((verdict) => verdict.unapproved ?? []);
  if (permits.length > 0 && unapproved.length > 0) return deny(unapproved);
  if (permits.length > 0) {
    const obligations = verdicts.flatMap((verdict) => verdict.obligations ?? []);
    const ends = verdicts.flatMap((verdict) => verdict.ends ?? []).map(({ at }) => at);
    return { ...permitOn(permits, ends), ...boundTo(obligations) };
  }
  return deny([
    ...verdicts.flatMap((verdict) => verdict.remarks ?? []),
    ...nearest(verdicts.flatMap((verdict) => verdict.shortfalls ?? []).map(({ lacks }) => lacks)),
  ]);
}

/** The shortfalls of what came nearest to permitting: those are worth telling. */
function nearest(attempts: readonly (readonly DenyReason[])[]): readonly DenyReason[] {
  const fewest = Math.min(...attempts.map((attempt) => attempt.length));
  return attempts.filter((attempt) => attempt.length === fewest).flat();
}

function permitOn(permits: readonly PermitBasis[], ends: readonly Instant[]): Permit {
  const bases = basesOf(permits);
  return newPermit(
    bases.map(({ provisionId }) => provisionId),
    bases.flatMap(({ grantVersion }) => grantVersion ?? []),
    earliest([...lastEndOf(bases), ...ends]),
    bases.flatMap(({ use }) => use ?? [])[0],
  );
}

/**
 * What a permit rests on: all that permits without counting. Where nothing does, it takes one use of one of those that count, and rests on that
 * alone: the one that ends last, so that it ends no sooner for it.
 */
function basesOf(permits: readonly PermitBasis[]): readonly PermitBasis[] {
  const uncounted = permits.filter(({ use }) => use === undefined);
  return uncounted.length > 0 ? uncounted : [...permits].sort(lastToEndFirst).slice(0, 1);
}

/** Of those that end together, in the order of the canonical JSON of their uses: which is first must not depend on who reads them how. */
function lastToEndFirst(one: PermitBasis, other: PermitBasis): number {
  const [end = '', otherEnd = ''] = [one.until, other.until];
  if (end !== otherEnd) return end > otherEnd ? -1 : 1;
  return canonicalJson(one.use ?? {}) < canonicalJson(other.use ?? {}) ? -1 : 1;
}

/** What may be done with a copy, of all that is said of it the strictest; nothing where it may be kept, and not be handed on, without any date. */
function boundTo(terms: readonly CopyTerms[]): Pick<Permit, 'copy'> {
  if (terms.length === 0) return {};
  const handling = terms.some((each) => each.handling === 'view') ? 'view' : 'store';
  const eraseAt = earliest(terms.flatMap((each) => each.eraseAt ?? []));
  const isOnward = handling === 'store' && terms.every(({ onward }) => onward === true);
  if (handling === 'store' && eraseAt === undefined && !isOnward) return {};
  return { copy: { handling, ...(eraseAt === undefined ? {} : { eraseAt }), ...(isOnward ? { onward: true } : {}) } };
}

/** The latest end of the bases; none if one of them has no end. */
function lastEndOf(permits: readonly PermitBasis[]): readonly Instant[] {
  const ends = permits.flatMap(({ until }) => until ?? []);
  return ends.length < permits.length ? [] : ends.sort().slice(-1);
}

/** What may be done with a copy where nobody has said anything of it. */
export const KEPT: CopyTerms = { handling: 'store' };

/** What several permits of one ticket rest on together: all that each rests on, until the first of them ends. */
export function mergePermits(permits: readonly Permit[]): Permit {
  const merged = newPermit(
    permits.flatMap((each) => each.provisionIds),
    permits.flatMap((each) => each.grantVersions),
    earliest(permits.flatMap((each) => each.until ?? [])),
  );
  return { ...merged, ...boundTo(permits.map(({ copy = KEPT }) => copy)) };
}

/** Of several denials: each reason once, in the order of their table. */
export function mergeReasons(reasons: readonly DenyReason[]): DenyReason[] {
  return denyReasonCodes.filter((reason) => reasons.includes(reason));
}

/** Reasons in the order of their table, each once. */
function deny(reasons: readonly DenyReason[]): Decision {
  const given = reasons.length === 0 ? (['NO_CONSENT'] as const) : reasons;
  return { effect: 'deny', reasons: mergeReasons(given) };
}

function newPermit(
  provisionIds: readonly ProvisionId[],
  grantVersions: readonly GrantVersion[],
  until: Instant | undefined,
  use?: ProvisionUse,
): Permit {
  return {
    effect: 'permit',
    provisionIds: [...new Set(provisionIds)].sort(),
    grantVersions: distinctGrantVersions(grantVersions),
    ...(until === undefined ? {} : { until }),
    ...(use === undefined ? {} : { use }),
  };
}

function distinctGrantVersions(versions: readonly GrantVersion[]): GrantVersion[] {
  const byText = new Map(versions.map((version) => [canonicalJson(version), version]));
  return [...byText.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, version]) => version);
}
