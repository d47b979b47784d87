import { tryDecodeKnown } from '../wire/known-fields';
import { ofAnonymity, ofCombinedPrincipal, ofMspRole, ofOrganizationUnit, ofSerializedIdentity } from '../wire/known-messages';
import { bytesOf, msp } from '../wire/proto';
import { type NodeRole } from './channel-identity';
import { type MspIdentity } from './identity';
import { type Msp } from './msp';

const { MSPPrincipal, MSPRole, MSPIdentityAnonymity } = msp;

/** The principals a policy may name, parsed. `never` is one that nobody satisfies. */
export type Principal =
  | { readonly kind: 'role'; readonly mspId: string; readonly role: NodeRole | 'member' }
  | { readonly kind: 'unit'; readonly mspId: string; readonly unit: string; readonly certifiersId: Buffer }
  | { readonly kind: 'identity'; readonly serialized: Buffer }
  | { readonly kind: 'nominal' }
  | { readonly kind: 'all'; readonly principals: readonly Principal[] }
  | { readonly kind: 'never' };

const NEVER: Principal = { kind: 'never' };

const ROLES: ReadonlyMap<number, NodeRole | 'member'> = new Map([
  [MSPRole.MSPRoleType.MEMBER, 'member'],
  [MSPRole.MSPRoleType.ADMIN, 'admin'],
  [MSPRole.MSPRoleType.CLIENT, 'client'],
  [MSPRole.MSPRoleType.PEER, 'peer'],
  [MSPRole.MSPRoleType.ORDERER, 'orderer'],
]);

/** Parses a principal; what cannot be parsed is satisfied by nobody. */
export function parsePrincipal(principal: msp.MSPPrincipal): Principal {
  const bytes = principal.getPrincipal_asU8();
  switch (principal.getPrincipalClassification()) {
    case MSPPrincipal.Classification.ROLE:
      return parseRole(bytes);
    case MSPPrincipal.Classification.ORGANIZATION_UNIT: {
      const unit = tryDecodeKnown(msp.OrganizationUnit, ofOrganizationUnit, bytes);
      if (!unit) return NEVER;
      const certifiersId = bytesOf(unit.getCertifiersIdentifier_asU8());
      return { kind: 'unit', mspId: unit.getMspIdentifier(), unit: unit.getOrganizationalUnitIdentifier(), certifiersId };
    }
    case MSPPrincipal.Classification.IDENTITY:
      return { kind: 'identity', serialized: bytesOf(bytes) };
    case MSPPrincipal.Classification.ANONYMITY: {
      const anonymity = tryDecodeKnown(msp.MSPIdentityAnonymity, ofAnonymity, bytes);
      const isNominal = anonymity?.getAnonymityType() === MSPIdentityAnonymity.MSPIdentityAnonymityType.NOMINAL;
      return isNominal ? { kind: 'nominal' } : NEVER;
    }
    case MSPPrincipal.Classification.COMBINED: {
      const combined = tryDecodeKnown(msp.CombinedPrincipal, ofCombinedPrincipal, bytes)?.getPrincipalsList() ?? [];
      return combined.length === 0 ? NEVER : { kind: 'all', principals: combined.map(parsePrincipal) };
    }
    default:
      return NEVER;
  }
}

function parseRole(bytes: Uint8Array): Principal {
  const parsed = tryDecodeKnown(msp.MSPRole, ofMspRole, bytes);
  const role = parsed && ROLES.get(parsed.getRole());
  return role === undefined ? NEVER : { kind: 'role', mspId: parsed?.getMspIdentifier() ?? '', role };
}

/** An identity with the verdict of its MSP, which is asked only when a principal needs it. */
interface PrincipalSubject {
  readonly msp: Msp;
  readonly identity: MspIdentity;
  readonly isValid: () => boolean;
}

/** msp/mspimpl.go satisfiesPrincipalInternalV142. */
export function satisfies(subject: PrincipalSubject, principal: Principal): boolean {
  const { msp: owner, identity, isValid } = subject;
  switch (principal.kind) {
    case 'never':
      return false;
    case 'nominal':
      return true;
    case 'all':
      return principal.principals.every((part) => satisfies(subject, part));
    case 'identity':
      return isSameIdentity(identity, principal.serialized);
    case 'unit':
      return principal.mspId === owner.id && isValid() && owner.hasUnit(identity, principal.unit, principal.certifiersId);
    case 'role':
      return principal.mspId === owner.id && hasRole(subject, principal.role);
  }
}

function hasRole({ msp: owner, identity, isValid }: PrincipalSubject, role: NodeRole | 'member'): boolean {
  if (role === 'admin' && owner.isAdminCertificate(identity)) return true;
  return isValid() && (role === 'member' || owner.hasRole(identity, role));
}

function isSameIdentity(identity: MspIdentity, serialized: Buffer): boolean {
  const named = tryDecodeKnown(msp.SerializedIdentity, ofSerializedIdentity, serialized);
  if (named?.getMspid() !== identity.mspId) return false;
  return bytesOf(named.getIdBytes_asU8()).equals(Buffer.from(identity.certificatePem));
}
