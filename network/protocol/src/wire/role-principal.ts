import { marshal, msp } from './proto';

const ROLES = {
  member: msp.MSPRole.MSPRoleType.MEMBER,
  admin: msp.MSPRole.MSPRoleType.ADMIN,
  client: msp.MSPRole.MSPRoleType.CLIENT,
  peer: msp.MSPRole.MSPRoleType.PEER,
  orderer: msp.MSPRole.MSPRoleType.ORDERER,
} as const;

/** A role as policy texts spell it. */
export type RoleName = keyof typeof ROLES;

export function isRoleName(text: string | undefined): text is RoleName {
  return text !== undefined && text in ROLES;
}

/** Whoever holds a role in an organisation (msp/mspimpl.go satisfiesPrincipal). */
export function rolePrincipal(mspId: string, role: RoleName): msp.MSPPrincipal {
  const mspRole = new msp.MSPRole();
  mspRole.setMspIdentifier(mspId);
  mspRole.setRole(ROLES[role]);
  const principal = new msp.MSPPrincipal();
  principal.setPrincipalClassification(msp.MSPPrincipal.Classification.ROLE);
  principal.setPrincipal(marshal(mspRole));
  return principal;
}
