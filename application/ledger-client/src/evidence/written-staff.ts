import { z } from 'zod';
import {
  type ActorTag,
  actorTagSchema,
  confirmStaff,
  directoryArea,
  membershipSchema,
  mspIdSchema,
  referenceTo,
  revokeStaff,
  type Staff,
  staffSchema,
  stateOfNewStaff,
  transactions,
  updateStaffDuty,
} from '@lianyi/domain';
import { confirmMembership, joinGroup, leaveGroup, assertMayGrantRoles } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type KnownMembers, type StaffFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt } from './strangers-json';
import { isWrittenAsSaid, madeBySchema } from './whole-entry';

const { objectType } = directoryArea.entities.staff;

/** Whether a key is one of a staff entry. */
export function isOfStaff(type: string | undefined): boolean {
  return type === objectType;
}

/** What the staff entry under a key of these parts says, held against what its own organisation has said up to now and says in this transaction. */
export async function staffFacts(
  { value }: BlockWrite,
  [msp, tag]: readonly string[],
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'staffOf' | 'isTold'>,
): Promise<readonly (StaffFact | AlarmFact)[]> {
  const [mspId, actorTag] = [mspIdSchema.safeParse(msp).data, actorTagSchema.safeParse(tag).data];
  if (mspId === undefined || actorTag === undefined) return [{ kind: 'alarm', alarm: 'staff-without-command' }];
  const before = (await known.staffOf(mspId, actorTag))?.said;
  const said = asked?.mspId === mspId ? attempt(() => entryAfter(asked, actorTag, before)) : undefined;
  const detail = `${mspId} ${actorTag}`;
  const isProven = said !== undefined && (await isWrittenAsSaid(value, said, comparing, { about: { detail }, known }));
  const fact: StaffFact = { kind: 'staff', mspId, actorTag, said: said ?? before, isProven };
  if (isProven) return [fact];
  const alarm = said === undefined ? 'staff-without-command' : 'staff-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, detail }];
}

/**
 * The entry as a command of its organisation leaves it, by the chaincode's own rules; undefined if the transaction has none about it. One
 * of the catalogue that writes a staff entry and is missing here raises an alarm.
 * @throws DomainError — the rules refuse it
 */
function entryAfter(
  { entry, input, actor, requestHash, at, mspId }: Asked,
  actorTag: ActorTag,
  before: Staff | undefined,
): Staff | undefined {
  if (transactions.RevokeStaff.request.pick({ actorTag: true }).loose().parse(input).actorTag !== actorTag) return undefined;
  if (entry.name === transactions.RegisterStaff.name) {
    if (before !== undefined) return undefined;
    const fields = transactions.RegisterStaff.request.parse(input);
    assertMayGrantRoles(actor, fields.roles);
    const made = { registeredAt: at, changedAt: at, origin: { requestHash, actor: referenceTo(actor) } };
    return { schemaVersion: 1, mspId, ...fields, state: stateOfNewStaff(actor), ...made };
  }
  if (before === undefined) return undefined;
  switch (entry.name) {
    case 'ConfirmStaff':
      return confirmStaff(before, referenceTo(actor), transactions.ConfirmStaff.request.parse(input), at);
    case 'UpdateStaffDuty':
      return updateStaffDuty(before, transactions.UpdateStaffDuty.request.parse(input).dutyWindows, at);
    case 'RevokeStaff':
      return revokeStaff(before, at);
    case 'JoinGroup':
      return joinGroup(before, transactions.JoinGroup.request.parse(input), actor, at);
    case 'ConfirmMembership':
      return confirmMembership(before, transactions.ConfirmMembership.request.parse(input), referenceTo(actor), at);
    case 'LeaveGroup':
      return leaveGroup(before, transactions.LeaveGroup.request.parse(input).group, at);
    default:
      return undefined;
  }
}

const whatCounts = {
  mspId: true,
  actorTag: true,
  roles: true,
  departments: true,
  publicKeyHash: true,
  dutyWindows: true,
  state: true,
} as const;
const countedOfMembership = membershipSchema.pick({ group: true, state: true, duty: true }).strip();
const wholeMembership = membershipSchema.omit({ changedAt: true }).strip();
const comparing = {
  counting: staffSchema
    .pick(whatCounts)
    .extend({ memberships: z.array(countedOfMembership).exactOptional() })
    .strip(),
  whole: staffSchema
    .omit({ schemaVersion: true, registeredAt: true, changedAt: true })
    .extend({ origin: madeBySchema, memberships: z.array(wholeMembership).exactOptional() })
    .strip(),
};
