import { type NodeRole } from '../msp/channel-identity';
import { common, marshal, type msp } from '../wire/proto';
import { rolePrincipal } from '../wire/role-principal';

interface RoleOf {
  readonly mspId: string;
  readonly role: NodeRole | 'member';
}

/** A policy that `n` of the roles must sign, each a different identity. */
export function outOf(n: number, roles: readonly RoleOf[]): common.SignaturePolicyEnvelope {
  return outOfPrincipals(
    n,
    roles.map(({ mspId, role }) => rolePrincipal(mspId, role)),
  );
}

/** The same of principals of any kind. */
export function outOfPrincipals(n: number, principals: readonly msp.MSPPrincipal[]): common.SignaturePolicyEnvelope {
  const gate = new common.SignaturePolicy.NOutOf();
  gate.setN(n);
  gate.setRulesList(
    principals.map((_, index) => {
      const signedBy = new common.SignaturePolicy();
      signedBy.setSignedBy(index);
      return signedBy;
    }),
  );
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(gate);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList([...principals]);
  return envelope;
}

export function signaturePolicy(envelope: common.SignaturePolicyEnvelope): common.Policy {
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(marshal(envelope));
  return policy;
}

type MetaRule = keyof typeof common.ImplicitMetaPolicy.Rule;

export function implicitMetaPolicy(rule: MetaRule, subPolicy: string): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(subPolicy);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(marshal(meta));
  return policy;
}
