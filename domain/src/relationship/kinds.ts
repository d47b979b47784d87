import { DomainError } from '../domain-error';
import { type Group } from '../ids';
import { type OrganisationKind, type Purpose, type RecordClass, type Role } from '../vocabulary';
import { type Relationship, type RelationshipType } from './transactions';

/** What a kind of relationship lets its organisation do, and others with what it keeps. */
export type RelationshipConsequences = {
  /** Which kinds of organisation may propose it. */
  readonly proposers: readonly OrganisationKind[];
  /** Of which classes the organisation may publish records and write pointers. */
  readonly publishes: 'any' | readonly RecordClass[];
  /** Whether nothing counts there but what a device of the patient's own has signed. */
  readonly isOfDevices: boolean;
  /** Which of the organisation's own staff read for treatment where the patient has said nothing. */
  readonly readByDefault: readonly Role[];
  /** For which purposes anything that is kept under it may be read at all, whatever is granted. */
  readonly purposes: 'any' | readonly Purpose[];
};

/**
 * What follows from each kind; all rules that depend on it read it here (ADR 0048).
 *
 * The default policy is for those who treat: a laboratory that only examines, who pays and who looks after somebody at home read nothing of
 * what the patient has not granted.
 */
const relationshipKinds: Readonly<Record<RelationshipType, RelationshipConsequences>> = {
  care: { proposers: ['hospital'], publishes: 'any', isOfDevices: false, readByDefault: ['clinician'], purposes: 'any' },
  laboratory: {
    proposers: ['hospital', 'laboratory'],
    publishes: ['laboratory-report', 'imaging-report', 'imaging-index', 'observation'],
    isOfDevices: false,
    readByDefault: [],
    purposes: 'any',
  },
  insurer: {
    proposers: ['insurer'],
    publishes: ['administrative'],
    isOfDevices: false,
    readByDefault: [],
    purposes: ['HPAYMT', 'HOPERAT', 'PATRQT'],
  },
  caregiver: {
    proposers: ['hospital'],
    publishes: ['clinical-document', 'observation'],
    isOfDevices: false,
    readByDefault: [],
    purposes: ['TREAT', 'ETREAT', 'PATRQT'],
  },
  device: {
    proposers: ['hospital'],
    publishes: ['observation'],
    isOfDevices: true,
    readByDefault: ['clinician'],
    purposes: ['TREAT', 'ETREAT', 'HRESCH', 'PATRQT'],
  },
};

/**
 * @param group - the party of the organisation, if it is not all of it
 * @throws {@link DomainError} `RELATIONSHIP_NOT_PROPOSABLE` — it is no matter of an organisation of these kinds; or nothing would follow from its
 * being a group's, since nobody reads by default under it
 */
export function assertMayPropose(kinds: readonly OrganisationKind[], type: RelationshipType, group?: Group): void {
  const { proposers, readByDefault } = relationshipKinds[type];
  if (!kinds.some((kind) => proposers.includes(kind))) throw new DomainError('RELATIONSHIP_NOT_PROPOSABLE', undefined, { type });
  if (group !== undefined && readByDefault.length === 0) throw new DomainError('RELATIONSHIP_NOT_PROPOSABLE', undefined, { type, group });
}

/** Who has made what is published: a member of staff, a device of the house, one that is attested for this patient alone, or the patient. */
export type Author = 'staff' | 'device-of-the-house' | 'device-of-the-patient' | 'patient';

/**
 * Checks that its organisation may publish a class of data, made so, under a relationship.
 * @throws {@link DomainError} `ILLEGAL_STATE` — there is no active relationship; `CLASS_NOT_OF_RELATIONSHIP` — of another kind of it;
 * `DEVICE_NEEDED` — under a relationship of devices, nothing else than the patient's own device has made it
 */
export function assertMayPublish(
  relationship: Pick<Relationship, 'state' | 'type'> | undefined,
  recordClass: RecordClass,
  author: Author = 'staff',
): void {
  if (relationship?.state !== 'active')
    throw new DomainError('ILLEGAL_STATE', 'the relationship is not active', { state: relationship?.state ?? 'none' });
  const { publishes, isOfDevices } = relationshipKinds[relationship.type];
  if (publishes !== 'any' && !publishes.includes(recordClass))
    throw new DomainError('CLASS_NOT_OF_RELATIONSHIP', undefined, { type: relationship.type, class: recordClass });
  if (isOfDevices && author !== 'device-of-the-patient') throw new DomainError('DEVICE_NEEDED', undefined, { author });
}

/** Tells whether what is kept under a relationship may be read for a purpose at all. */
export function servesPurpose(type: RelationshipType, purpose: Purpose): boolean {
  const { purposes } = relationshipKinds[type];
  return purposes === 'any' || purposes.includes(purpose);
}

/** Tells whether one of the roles reads by default under a relationship. */
export function readsByDefault(type: RelationshipType, roles: readonly Role[]): boolean {
  return relationshipKinds[type].readByDefault.some((role) => roles.includes(role));
}

/**
 * Checks that the patient answers the proposal that was made; who names no kind means care.
 * @throws {@link DomainError} `RELATIONSHIP_TYPE_DIFFERS`
 */
export function assertAccepts(proposed: RelationshipType, accepted: RelationshipType | undefined): void {
  if ((accepted ?? 'care') !== proposed) throw new DomainError('RELATIONSHIP_TYPE_DIFFERS', undefined, { type: proposed });
}

/**
 * Checks that the patient answers the proposal with the party that was proposed; who names none means the whole organisation.
 * @throws {@link DomainError} `RELATIONSHIP_GROUP_DIFFERS`
 */
export function assertAcceptsGroup(proposed: Group | undefined, accepted: Group | undefined): void {
  if (proposed !== accepted) throw new DomainError('RELATIONSHIP_GROUP_DIFFERS', undefined, { group: proposed ?? 'none' });
}
