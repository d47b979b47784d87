import { common, marshal, msp } from '../../wire/proto';
import { type NodeRole } from '../ports';

const ROLE_TYPES = {
  member: msp.MSPRole.MSPRoleType.MEMBER,
  admin: msp.MSPRole.MSPRoleType.ADMIN,
  client: msp.MSPRole.MSPRoleType.CLIENT,
  peer: msp.MSPRole.MSPRoleType.PEER,
  orderer: msp.MSPRole.MSPRoleType.ORDERER,
} as const;

export interface RoleOf {
  readonly mspId: string;
  readonly role: NodeRole | 'member';
}

/** A policy that `n` of the roles must sign, each a different identity. */
export function outOf(n: number, roles: readonly RoleOf[]): common.SignaturePolicyEnvelope {
  const gate = new common.SignaturePolicy.NOutOf();
  gate.setN(n);
  gate.setRulesList(
    roles.map((_, index) => {
      const signedBy = new common.SignaturePolicy();
      signedBy.setSignedBy(index);
      return signedBy;
    }),
  );
  const rule = new common.SignaturePolicy();
  rule.setNOutOf(gate);
  const envelope = new common.SignaturePolicyEnvelope();
  envelope.setRule(rule);
  envelope.setIdentitiesList(roles.map(rolePrincipal));
  return envelope;
}

function rolePrincipal({ mspId, role }: RoleOf): msp.MSPPrincipal {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(ROLE_TYPES[role]);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(marshal(mspRole));
  return principal;
}

export function signaturePolicy(envelope: common.SignaturePolicyEnvelope): common.Policy {
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(marshal(envelope));
  return policy;
}

export type MetaRule = keyof typeof common.ImplicitMetaPolicy.Rule;

export function implicitMetaPolicy(rule: MetaRule, subPolicy: string): common.Policy {
  const meta = new common.ImplicitMetaPolicy();
  meta.setRule(common.ImplicitMetaPolicy.Rule[rule]);
  meta.setSubPolicy(subPolicy);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.IMPLICIT_META);
  policy.setValue(marshal(meta));
  return policy;
}
