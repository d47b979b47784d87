import {
  type ChannelPolicy,
  type common,
  compileSignaturePolicy,
  evaluatePolicy,
  peerOfSatisfies,
  type Principal,
  type SignatureRule,
} from '@lianyi/fabric-protocol';
import { OperatorError, type Sentence } from '@lianyi/network-model';

export function refuse(what: Sentence, why: Sentence): never {
  throw new OperatorError('POLICY_REFUSED', { en: `${what.en}: ${why.en}`, zh: `${what.zh}：${why.zh}` });
}

/** Stand-in for "some certificate of this organisation", whatever its role; an identity named one by one may be anybody's. */
function certificateOfSatisfies(mspId: string, principal: Principal): boolean {
  switch (principal.kind) {
    case 'role':
    case 'unit':
      return principal.mspId === mspId;
    case 'all':
      return principal.principals.every((part) => certificateOfSatisfies(mspId, part));
    default:
      return principal.kind === 'identity';
  }
}

function subsetsOf(organizations: readonly string[]): readonly (readonly string[])[] {
  return organizations.reduce<(readonly string[])[]>((all, mspId) => [...all, ...all.map((subset) => [...subset, mspId])], [[]]);
}

/** Size of the smallest set of organisations that satisfies the policy; `undefined` if none does. */
function fewestOrganizations(
  policy: ChannelPolicy,
  organizations: readonly string[],
  satisfies: typeof certificateOfSatisfies,
): number | undefined {
  const sufficient = subsetsOf(organizations).filter((subset) => evaluatePolicy(policy, subset, satisfies) === undefined);
  return sufficient.length === 0 ? undefined : Math.min(...sufficient.map((subset) => subset.length));
}

/**
 * How many further organisations' peers would have to endorse beside those that can; 0: none, `undefined`: nobody could.
 * @param further - others that the policy may count
 */
export function endorsersLacking(policy: ChannelPolicy, able: readonly string[], further: readonly string[]): number | undefined {
  const isEnough = (more: readonly string[]): boolean => evaluatePolicy(policy, [...able, ...more], peerOfSatisfies) === undefined;
  const sufficient = subsetsOf(further).filter(isEnough);
  return sufficient.length === 0 ? undefined : Math.min(...sufficient.map((subset) => subset.length));
}

function ruleNames(rule: SignatureRule, role: string): boolean {
  return rule.kind === 'outOf'
    ? rule.rules.some((part) => ruleNames(part, role))
    : rule.principal.kind === 'role' && rule.principal.role === role;
}

function namesRole(policy: ChannelPolicy, role: string): boolean {
  return policy.kind === 'signature'
    ? ruleNames(policy.rule, role)
    : policy.parts.some((part) => part !== undefined && namesRole(part, role));
}

/**
 * How many organisations' peers a policy needs.
 * @throws {@link OperatorError} `POLICY_REFUSED` — it takes other certificates of an organisation for a peer's, needs nobody,
 * or can be fulfilled by nobody.
 */
export function policyNeeds(what: Sentence, policy: ChannelPolicy, organizations: readonly string[]): number {
  if (namesRole(policy, 'member'))
    return refuse(what, {
      en: 'its endorsement policy names .member, so any certificate of an organisation could endorse; it must name .peer',
      zh: '其背书策略写了 .member，组织的任何证书都能背书；必须写 .peer',
    });
  const needed = fewestOrganizations(policy, organizations, peerOfSatisfies);
  if (needed === undefined)
    return refuse(what, {
      en: `no set of the consortium's peers can fulfil its endorsement policy`,
      zh: '联盟的 peer 节点无论怎样组合都不能满足其背书策略',
    });
  if (needed === 0) return refuse(what, { en: 'its endorsement policy needs no endorsement at all', zh: '其背书策略完全不需要背书' });
  const byAnybody = fewestOrganizations(policy, organizations, certificateOfSatisfies) ?? needed;
  if (byAnybody < needed)
    return refuse(what, {
      en: 'its endorsement policy is fulfilled with less by certificates that are no peer’s',
      zh: '用非 peer 节点的证书，较少的组织就能满足其背书策略',
    });
  return needed;
}

/** @throws {@link OperatorError} `POLICY_REFUSED`. */
export function signatureNeeds(what: Sentence, envelope: common.SignaturePolicyEnvelope, organizations: readonly string[]): number {
  const rule = compileSignaturePolicy(envelope);
  return rule
    ? policyNeeds(what, { kind: 'signature', rule }, organizations)
    : refuse(what, { en: 'its endorsement policy is empty', zh: '其背书策略为空' });
}
