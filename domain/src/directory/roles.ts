import { type Actor, type ActorReference } from '../actor';
import { DomainError } from '../domain-error';
import { type MspId } from '../ids';
import { closedPurposes, type OrganisationKind, type Purpose, type Role } from '../vocabulary';

const ANYONE: readonly OrganisationKind[] = ['hospital', 'laboratory', 'pharmacy', 'insurer', 'research-institute', 'health-authority'];

/**
 * Which kinds of organisation may assert a role.
 *
 * Every MSP's own CA can write any attribute it likes, so a role counts only from those whose business it is.
 */
export const roleOrganisationKinds: Readonly<Record<Role, readonly OrganisationKind[]>> = {
  registrar: ['hospital', 'laboratory', 'insurer'],
  clinician: ['hospital'],
  nurse: ['hospital'],
  pharmacist: ['hospital', 'pharmacy'],
  lab: ['hospital', 'laboratory'],
  recordAdmin: ['hospital', 'laboratory', 'insurer'],
  keyService: ['hospital', 'laboratory', 'insurer'],
  privacyOfficer: ANYONE,
  hrAdmin: ANYONE,
  orgAdmin: ANYONE,
  researcher: ['hospital', 'research-institute'],
  ethics: ['hospital', 'research-institute'],
  regulator: ['health-authority'],
  monitor: ['hospital', 'health-authority'],
};

/** Which purposes of use a role may claim when it asks for records. */
const rolePurposes: Readonly<Record<Role, readonly Purpose[]>> = {
  registrar: [],
  clinician: ['TREAT', 'ETREAT', 'PATRQT'],
  nurse: ['TREAT'],
  pharmacist: ['TREAT'],
  lab: ['TREAT'],
  recordAdmin: ['HOPERAT', 'HPAYMT'],
  keyService: [],
  privacyOfficer: ['HOPERAT', 'PATRQT'],
  hrAdmin: [],
  orgAdmin: [],
  researcher: ['HRESCH'],
  ethics: [],
  regulator: ['PUBHLTH'],
  monitor: [],
};

/** Tells whether an organisation of these kinds may assert the role. */
export function mayAssertRole(kinds: readonly OrganisationKind[], role: Role): boolean {
  return kinds.some((kind) => roleOrganisationKinds[role].includes(kind));
}

/** Tells whether no consent opens anything for the purpose, whoever asks. */
export function isClosedPurpose(purpose: Purpose): boolean {
  return closedPurposes.some((closed) => closed === purpose);
}

/** Tells whether one of the roles may claim the purpose. */
export function mayClaimPurpose(roles: readonly Role[], purpose: Purpose): boolean {
  return roles.some((role) => rolePurposes[role].includes(purpose));
}

/** @throws {@link DomainError} `NOT_PERMITTED` — the organisation is no hospital; others register patients, but issue no cards and act for nobody. */
export function assertHospital(kinds: readonly OrganisationKind[] | undefined): void {
  if (kinds?.includes('hospital') !== true) throw new DomainError('NOT_PERMITTED', 'the organisation is no hospital');
}

/** @throws {@link DomainError} `NOT_PERMITTED` — who has registered the organisation is no administrator of its own. */
export function assertRegisteredByOwn(mspId: MspId, by: ActorReference): void {
  if (by.kind !== 'administrator' || by.mspId !== mspId)
    throw new DomainError('NOT_PERMITTED', 'others have written of which kinds the organisation is', { mspId });
}

/** @throws {@link DomainError} `ROLE_NOT_ASSERTABLE` — an organisation of these kinds may not assert one of the roles. */
export function assertRolesAssertable(kinds: readonly OrganisationKind[], roles: readonly Role[]): void {
  const foreign = roles.find((role) => !mayAssertRole(kinds, role));
  if (foreign !== undefined) throw new DomainError('ROLE_NOT_ASSERTABLE', undefined, { role: foreign });
}

/** Roles that open keys or make staff: only the administrator's certificate grants them. Every other takes two people (ADR 0029). */
const rolesOfAdministratorsOnly: readonly Role[] = ['keyService', 'hrAdmin', 'orgAdmin'];

/** @throws {@link DomainError} `NOT_PERMITTED` — staff would grant a role that only the administrator may grant. */
export function assertMayGrantRoles(actor: Pick<Actor, 'kind'>, roles: readonly Role[]): void {
  const reserved = roles.find((role) => rolesOfAdministratorsOnly.includes(role));
  if (reserved !== undefined && actor.kind !== 'administrator') throw new DomainError('NOT_PERMITTED', undefined, { role: reserved });
}
