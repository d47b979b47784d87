import { DomainError } from '../domain-error';
import { type Instant, isWithin, type Period } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type Organisation, type Staff } from './entities';

export type StaffCommand = 'updateDuty' | 'revoke';

/** Revoked is for ever: a kill switch that could be switched back would not be one. */
export const staffTable: StateTable<Staff['state'], StaffCommand> = {
  active: { updateDuty: 'active', revoke: 'revoked' },
  revoked: {},
};

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

/** @throws {@link DomainError} `STAFF_REVOKED`, `OFF_DUTY` */
export function assertMayAct(staff: Pick<Staff, 'state' | 'dutyWindows' | 'actorTag'>, now: Instant): void {
  if (staff.state === 'revoked') throw new DomainError('STAFF_REVOKED', undefined, { actorTag: staff.actorTag });
  if (!isOnDuty(staff, now)) throw new DomainError('OFF_DUTY', undefined, { actorTag: staff.actorTag });
}

/** @throws {@link DomainError} `NOT_ACTIVE_ORGANISATION` — unknown or not active; both look the same. */
export function assertActiveOrganisation(organisation: Pick<Organisation, 'status'> | undefined): void {
  if (organisation?.status !== 'active') throw new DomainError('NOT_ACTIVE_ORGANISATION');
}
