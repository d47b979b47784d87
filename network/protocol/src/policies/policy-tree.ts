import { decodeKnown } from '../wire/known-fields';
import { ofImplicitMetaPolicy, ofSignaturePolicyEnvelope } from '../wire/known-messages';
import { common } from '../wire/proto';
import { majorityOf } from './majority';
import { compileSignaturePolicy, evaluateRule, type Satisfies, type SignatureRule } from './signature-policy';

/** A policy of the channel configuration. */
export type ChannelPolicy =
  | { readonly kind: 'signature'; readonly rule: SignatureRule }
  | {
      readonly kind: 'implicitMeta';
      readonly subPolicy: string;
      readonly threshold: number;
      readonly parts: readonly (ChannelPolicy | undefined)[];
    };

/** Is told of a policy that cannot be read, by its path; nobody satisfies that. */
export type UnreadPolicy = (path: string, cause: unknown) => void;

const refuse: UnreadPolicy = (path, cause) => {
  throw new Error(`policy ${path} cannot be read`, { cause });
};

/** Policies of one configuration group and the groups below it (common/policies/policy.go ManagerImpl). */
export class PolicyTree {
  readonly #children: ReadonlyMap<string, PolicyTree>;
  readonly #policies = new Map<string, ChannelPolicy>();

  /** @param unread - left out: a policy that cannot be read is refused by an exception, as Fabric does */
  constructor(group: common.ConfigGroup, unread = refuse, path = '/Channel') {
    this.#children = new Map(
      group
        .getGroupsMap()
        .toArray()
        .map(([name]) => [name, new PolicyTree(childGroup(group, name), unread, `${path}/${name}`)]),
    );
    for (const [name] of group.getPoliciesMap().toArray()) {
      try {
        const policy = this.#compile(group.getPoliciesMap().get(name)?.getPolicy());
        if (policy) this.#policies.set(name, policy);
      } catch (cause) {
        unread(`${path}/${name}`, cause);
      }
    }
  }

  /** `names` is the path below this group, e.g. ['Application', 'Writers']. */
  find(names: readonly string[]): ChannelPolicy | undefined {
    const [first, ...rest] = names;
    if (first === undefined) return undefined;
    return rest.length === 0 ? this.#policies.get(first) : this.#children.get(first)?.find(rest);
  }

  #compile(policy: common.Policy | undefined): ChannelPolicy | undefined {
    const bytes = policy?.getValue_asU8() ?? new Uint8Array();
    switch (policy?.getType()) {
      case common.Policy.PolicyType.SIGNATURE: {
        const rule = compileSignaturePolicy(decodeKnown(common.SignaturePolicyEnvelope, ofSignaturePolicyEnvelope, bytes));
        return rule && { kind: 'signature', rule };
      }
      case common.Policy.PolicyType.IMPLICIT_META:
        return this.#implicitMeta(decodeKnown(common.ImplicitMetaPolicy, ofImplicitMetaPolicy, bytes));
      default:
        return undefined;
    }
  }

  /** common/policies/implicitmeta.go NewImplicitMetaPolicy: a group without the sub-policy counts and never agrees. */
  #implicitMeta(meta: common.ImplicitMetaPolicy): ChannelPolicy {
    const parts = [...this.#children.values()].map((child) => child.find([meta.getSubPolicy()]));
    const thresholds = new Map<number, number>([
      [common.ImplicitMetaPolicy.Rule.ANY, 1],
      [common.ImplicitMetaPolicy.Rule.ALL, parts.length],
      [common.ImplicitMetaPolicy.Rule.MAJORITY, majorityOf(parts.length)],
    ]);
    const threshold = parts.length === 0 ? 0 : (thresholds.get(meta.getRule()) ?? parts.length);
    return { kind: 'implicitMeta', subPolicy: meta.getSubPolicy(), threshold, parts };
  }
}

function childGroup(group: common.ConfigGroup, name: string): common.ConfigGroup {
  return group.getGroupsMap().get(name) ?? new common.ConfigGroup();
}

/** `undefined` if satisfied, else Fabric's reason. */
export function evaluatePolicy<Signer>(
  policy: ChannelPolicy,
  signers: readonly Signer[],
  satisfies: Satisfies<Signer>,
): string | undefined {
  if (policy.kind === 'signature') {
    return evaluateRule(policy.rule, signers, satisfies) ? undefined : 'signature set did not satisfy policy';
  }
  const satisfied = policy.parts.filter((part) => part !== undefined && evaluatePolicy(part, signers, satisfies) === undefined).length;
  if (satisfied >= policy.threshold) return undefined;
  return (
    `implicit policy evaluation failed - ${String(satisfied)} sub-policies were satisfied, but this policy requires ` +
    `${String(policy.threshold)} of the '${policy.subPolicy}' sub-policies to be satisfied`
  );
}
