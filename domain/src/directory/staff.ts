import { type Actor, type ActorReference, type StaffActor } from '../actor';
import { DomainError } from '../domain-error';
import { canonicalJson } from '../encoding/canonical-json';
import { type ErrorCode } from '../errors/table';
import { type Instant, isWithin, type Period } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Organisation, type Staff, type StaffKey } from './entities';

export type StaffCommand = 'confirm' | 'updateDuty' | 'revoke';

/**
 * Revoked is for ever: a kill switch that could be switched back would not be one. What staff have made is pending until a second person
 * confirms it (ADR 0029).
 */
export const staffTable: StateTable<Staff['state'], StaffCommand> = {
  pending: { confirm: 'active', updateDuty: 'pending', revoke: 'revoked' },
  active: { updateDuty: 'active', revoke: 'revoked' },
  revoked: {},
};

/** The state in which an entry begins: only the administrator's certificate can make an active one alone. */
export function stateOfNewStaff(registrar: Pick<Actor, 'kind'>): Staff['state'] {
  return registrar.kind === 'administrator' ? 'active' : 'pending';
}

/** What the second person says that the entry says: they confirm what they know of the colleague, not what a node shows them. */
export type StaffConfirmation = Pick<Staff, 'roles' | 'departments' | 'publicKeyHash'>;

/**
 * The entry after a second person has confirmed it.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is not pending; `SECOND_PERSON_NEEDED` — who registered it would confirm it;
 * `STAFF_ENTRY_DIFFERS` — it says something else than the confirmation; details name the field.
 */
export function confirmStaff(staff: Staff, by: ActorReference, said: StaffConfirmation, now: Instant): Staff {
  const state = nextState(staffTable, staff.state, 'confirm');
  assertSecondPerson(staff, by);
  assertSaysTheSame(staff, said);
  return { ...staff, state, confirmedBy: by, changedAt: now };
}

function assertSecondPerson({ origin, actorTag, mspId }: Staff, by: ActorReference): void {
  const isThemselves = by.kind === 'staff' && by.mspId === mspId && by.actorTag === actorTag;
  if (isThemselves || canonicalJson(origin.actor) === canonicalJson(by))
    throw new DomainError('SECOND_PERSON_NEEDED', undefined, { actorTag });
}

function assertSaysTheSame(staff: StaffConfirmation, said: StaffConfirmation): void {
  const asSet = (values: readonly string[]): string => [...values].sort().join(' ');
  for (const field of ['roles', 'departments'] as const) {
    if (asSet(staff[field]) !== asSet(said[field])) throw new DomainError('STAFF_ENTRY_DIFFERS', undefined, { field });
  }
  if (staff.publicKeyHash !== said.publicKeyHash) throw new DomainError('STAFF_ENTRY_DIFFERS', undefined, { field: 'publicKeyHash' });
}

/**
 * Checks that a key has had no staff entry of the organisation before, revoked ones included.
 * @throws {@link DomainError} `STAFF_KEY_TAKEN`
 */
export function assertNewStaffKey(known: StaffKey | undefined): void {
  if (known !== undefined) throw new DomainError('STAFF_KEY_TAKEN', undefined, { actorTag: known.actorTag });
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the entry is revoked. */
export function updateStaffDuty(staff: Staff, dutyWindows: readonly Period[], now: Instant): Staff {
  return { ...staff, state: nextState(staffTable, staff.state, 'updateDuty'), dutyWindows: [...dutyWindows], changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — the entry is revoked already. */
export function revokeStaff(staff: Staff, now: Instant): Staff {
  return { ...staff, state: nextState(staffTable, staff.state, 'revoke'), changedAt: now };
}

/** Tells whether somebody is on duty; without windows always. */
export function isOnDuty(staff: Pick<Staff, 'dutyWindows'>, now: Instant): boolean {
  return staff.dutyWindows.length === 0 || staff.dutyWindows.some((window) => isWithin(now, window));
}

/** Who acts when somebody acts by their entry. */
export function staffActor({ mspId, actorTag, roles, departments }: Staff): StaffActor {
  return { kind: 'staff', mspId, actorTag, roles, departments };
}

/** As what staff who may not act are refused; the compiler asks it of a new state. */
const idle = { pending: 'STAFF_PENDING', revoked: 'STAFF_REVOKED' } as const satisfies Record<Exclude<Staff['state'], 'active'>, ErrorCode>;

/** As what somebody who may not act is refused. */
export function whyIdle(
  staff: Pick<Staff, 'state' | 'dutyWindows'>,
  now: Instant,
): (typeof idle)[keyof typeof idle] | 'OFF_DUTY' | undefined {
  if (staff.state !== 'active') return idle[staff.state];
  return isOnDuty(staff, now) ? undefined : 'OFF_DUTY';
}

/** @throws {@link DomainError} `STAFF_REVOKED`, `STAFF_PENDING`, `OFF_DUTY` */
export function assertMayAct(staff: Pick<Staff, 'state' | 'dutyWindows' | 'actorTag'>, now: Instant): void {
  const why = whyIdle(staff, now);
  if (why !== undefined) throw new DomainError(why, undefined, { actorTag: staff.actorTag });
}

/**
 * Holds whoever vouches for somebody else's patient to an entry that their own organisation has made: its administrator, or one of its staff
 * and a second one who has confirmed it. Each entry that the chaincode has written says so; one that says otherwise others have written, and
 * no hospital would believe it.
 * @throws {@link DomainError} `NOT_PERMITTED`
 */
export function assertMadeByOwn({ mspId, actorTag, origin: { actor: maker }, confirmedBy }: Staff): void {
  const isOwn = (by: ActorReference | undefined): boolean =>
    by !== undefined && (by.kind === 'administrator' || (by.kind === 'staff' && by.actorTag !== actorTag)) && by.mspId === mspId;
  const isBySecond = isOwn(confirmedBy) && canonicalJson(confirmedBy ?? null) !== canonicalJson(maker);
  if (!isOwn(maker) || (maker.kind !== 'administrator' && !isBySecond))
    throw new DomainError('NOT_PERMITTED', 'others than their own organisation have written the staff entry', { mspId, actorTag });
}

/** @throws {@link DomainError} `NOT_ACTIVE_ORGANISATION` — unknown or not active; both look the same. */
export function assertActiveOrganisation(organisation: Pick<Organisation, 'status'> | undefined): void {
  if (organisation?.status !== 'active') throw new DomainError('NOT_ACTIVE_ORGANISATION');
}
