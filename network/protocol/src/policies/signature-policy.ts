import { parsePrincipal, type Principal } from '../msp/principal';
import { type common } from '../wire/proto';

/** A parsed common.SignaturePolicyEnvelope. */
export type SignatureRule =
  | { readonly kind: 'signedBy'; readonly principal: Principal }
  | { readonly kind: 'outOf'; readonly n: number; readonly rules: readonly SignatureRule[] };

/** Whether one signer satisfies one principal; `identity` is whatever the caller counts as a signer. */
export type Satisfies<Signer> = (signer: Signer, principal: Principal) => boolean;

/** Compiles a policy; `undefined` for an empty rule, an unknown type or an index out of range (common/cauthdsl/cauthdsl.go compile). */
export function compileSignaturePolicy(envelope: common.SignaturePolicyEnvelope): SignatureRule | undefined {
  return compile(envelope.getRule(), envelope.getIdentitiesList().map(parsePrincipal));
}

function compile(policy: common.SignaturePolicy | undefined, principals: readonly Principal[]): SignatureRule | undefined {
  if (policy?.hasNOutOf()) {
    const gate = policy.getNOutOf();
    const rules = (gate?.getRulesList() ?? []).map((rule) => compile(rule, principals));
    const compiled = rules.filter((rule) => rule !== undefined);
    return compiled.length === rules.length ? { kind: 'outOf', n: gate?.getN() ?? 0, rules: compiled } : undefined;
  }
  if (!policy?.hasSignedBy()) return undefined;
  const principal = principals[policy.getSignedBy()];
  return principal && { kind: 'signedBy', principal };
}

/**
 * Evaluates with Fabric's greedy rule: a signer counts once, the first matching one is taken, and every satisfied
 * sub-rule keeps its signers even beyond n.
 */
export function evaluateRule<Signer>(rule: SignatureRule, signers: readonly Signer[], satisfies: Satisfies<Signer>): boolean {
  return walk(rule, signers, new Set(), satisfies) !== undefined;
}

/** The used signers after the rule, `undefined` if it does not hold. */
function walk<Signer>(
  rule: SignatureRule,
  signers: readonly Signer[],
  used: ReadonlySet<Signer>,
  satisfies: Satisfies<Signer>,
): ReadonlySet<Signer> | undefined {
  if (rule.kind === 'signedBy') {
    const signer = signers.find((candidate) => !used.has(candidate) && satisfies(candidate, rule.principal));
    return signer === undefined ? undefined : new Set([...used, signer]);
  }
  let verified = 0;
  let after = used;
  for (const part of rule.rules) {
    const next = walk(part, signers, after, satisfies);
    if (!next) continue;
    verified++;
    after = next;
  }
  return verified >= rule.n ? after : undefined;
}

/** MSP ids a policy names in role principals, sorted. */
export function mspIdsOf(rule: SignatureRule): readonly string[] {
  const ids = new Set<string>();
  const visit = (part: SignatureRule): void => {
    if (part.kind === 'outOf') part.rules.forEach(visit);
    else collect(part.principal, ids);
  };
  visit(rule);
  return [...ids].sort();
}

function collect(principal: Principal, ids: Set<string>): void {
  if (principal.kind === 'role' || principal.kind === 'unit') ids.add(principal.mspId);
  if (principal.kind === 'all')
    principal.principals.forEach((part) => {
      collect(part, ids);
    });
}

/** Stand-in for "some peer of this organisation" when a policy is planned rather than evaluated. */
export function peerOfSatisfies(mspId: string, principal: Principal): boolean {
  if (principal.kind === 'role') return principal.mspId === mspId && (principal.role === 'peer' || principal.role === 'member');
  return principal.kind === 'all' && principal.principals.every((part) => peerOfSatisfies(mspId, part));
}
