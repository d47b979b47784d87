import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { administrator, member, staff, type TransactionEntry } from '../catalogue/entry';
import { pageFields, pageOf, sha256Schema } from '../encoding/values';
import { actorTagSchema, endpointIdSchema, groupSchema, mspIdSchema } from '../ids';
import { coolingOffMinutesSchema } from '../recovery/entities';
import {
  dutyWindowsSchema,
  encapsulationKeysSchema,
  endpointFields,
  endpointSchema,
  groupEntrySchema,
  groupKindSchema,
  membershipSchema,
  organisationKindsSchema,
  organisationSchema,
  staffFields,
  staffSchema,
  directoryEntities,
  weeklyDutySchema,
} from './entities';

const contract = 'DirectoryContract';
const staffAnswer = z.strictObject({ actorTag: actorTagSchema, state: staffSchema.shape.state });
const ownStaff = [administrator, staff('hrAdmin'), staff('orgAdmin'), staff('privacyOfficer')] as const;

const membershipFields = { actorTag: actorTagSchema, group: groupSchema, duty: weeklyDutySchema.exactOptional() };
const membershipAnswer = z.strictObject({ actorTag: actorTagSchema, group: groupSchema, state: membershipSchema.shape.state });

const directoryTransactions = {
  RegisterOrganisation: {
    contract,
    name: 'RegisterOrganisation',
    kind: 'submit',
    summary:
      'Registers the caller’s organisation; the first fixes the genesis hash and for how long the old key may veto a recovery at least (left out: a week), every further one must assert the same.',
    request: z.strictObject({
      kinds: organisationKindsSchema,
      genesis: sha256Schema,
      encapsulationKeys: encapsulationKeysSchema,
      leastCoolingOffMinutes: coolingOffMinutesSchema.exactOptional(),
    }),
    response: z.strictObject({ mspId: mspIdSchema, status: organisationSchema.shape.status }),
    callers: [administrator],
    refusals: ['ALREADY_EXISTS', 'COOLING_OFF_DIFFERS', 'GENESIS_MISMATCH'],
    endorsement: 'channel',
  },
  UpdateEndpoint: {
    contract,
    name: 'UpdateEndpoint',
    kind: 'submit',
    summary: 'Writes an endpoint of the caller’s organisation: where it is, its TLS fingerprint, its receipt key.',
    request: z.strictObject(endpointFields),
    response: z.strictObject({ endpointId: endpointIdSchema, state: endpointFields.state }),
    callers: [administrator, staff('orgAdmin')],
    refusals: ['LIMIT_REACHED'],
    endorsement: 'channel',
  },
  RegisterStaff: {
    contract,
    name: 'RegisterStaff',
    kind: 'submit',
    summary:
      'Registers a staff member of the caller’s organisation with roles its kind may assert and a key that had no entry before; one made by staff is pending until a second person confirms it.',
    request: z.strictObject(staffFields),
    response: staffAnswer,
    callers: [administrator, staff('hrAdmin')],
    refusals: ['ALREADY_EXISTS', 'ROLE_NOT_ASSERTABLE', 'STAFF_KEY_TAKEN'],
    endorsement: 'channel',
  },
  ConfirmStaff: {
    contract,
    name: 'ConfirmStaff',
    kind: 'submit',
    summary: 'Confirms a pending staff entry, as somebody else than who made it, by saying once more what it says.',
    request: z.strictObject({
      actorTag: actorTagSchema,
      roles: staffFields.roles,
      departments: staffFields.departments,
      publicKeyHash: staffFields.publicKeyHash,
    }),
    response: staffAnswer,
    callers: [administrator, staff('hrAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'STAFF_ENTRY_DIFFERS'],
    endorsement: 'channel',
  },
  UpdateStaffDuty: {
    contract,
    name: 'UpdateStaffDuty',
    kind: 'submit',
    summary: 'Replaces the duty windows of a staff member of the caller’s organisation.',
    request: z.strictObject({ actorTag: actorTagSchema, dutyWindows: dutyWindowsSchema }),
    response: staffAnswer,
    callers: [administrator, staff('hrAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  RevokeStaff: {
    contract,
    name: 'RevokeStaff',
    kind: 'submit',
    summary:
      'Revokes a staff member of the caller’s organisation for ever; their next request is refused. Why is the organisation’s own matter.',
    request: z.strictObject({ actorTag: actorTagSchema }),
    response: staffAnswer,
    callers: [administrator, staff('hrAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  FoundGroup: {
    contract,
    name: 'FoundGroup',
    kind: 'submit',
    summary: 'Names a group of the caller’s organisation; nobody belongs to it yet.',
    request: z.strictObject({ group: groupSchema, kind: groupKindSchema }),
    response: z.strictObject({ group: groupSchema, kind: groupKindSchema }),
    callers: [administrator, staff('hrAdmin')],
    refusals: ['ALREADY_EXISTS'],
    endorsement: 'channel',
  },
  JoinGroup: {
    contract,
    name: 'JoinGroup',
    kind: 'submit',
    summary:
      'Says that a staff member belongs to a group of the caller’s organisation and when they are on duty there; said by staff, it counts when a second person has confirmed it.',
    request: z.strictObject(membershipFields),
    response: membershipAnswer,
    callers: [administrator, staff('hrAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'LIMIT_REACHED'],
    endorsement: 'channel',
  },
  ConfirmMembership: {
    contract,
    name: 'ConfirmMembership',
    kind: 'submit',
    summary: 'Confirms a pending membership, as somebody else than who said it and than the member, by saying it once more.',
    request: z.strictObject(membershipFields),
    response: membershipAnswer,
    callers: [administrator, staff('hrAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'MEMBERSHIP_DIFFERS'],
    endorsement: 'channel',
  },
  LeaveGroup: {
    contract,
    name: 'LeaveGroup',
    kind: 'submit',
    summary:
      'Ends a staff member’s membership at once: what the group may read is theirs no more; what is forbidden to it stays forbidden to them.',
    request: z.strictObject({ actorTag: actorTagSchema, group: groupSchema }),
    response: membershipAnswer,
    callers: [administrator, staff('hrAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ListGroups: {
    contract,
    name: 'ListGroups',
    kind: 'evaluate',
    summary: 'Lists the groups of an organisation.',
    request: z.strictObject({ mspId: mspIdSchema, ...pageFields }),
    response: pageOf(groupEntrySchema),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
  GetOrganisation: {
    contract,
    name: 'GetOrganisation',
    kind: 'evaluate',
    summary: 'Reads an organisation.',
    request: z.strictObject({ mspId: mspIdSchema }),
    response: organisationSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListOrganisations: {
    contract,
    name: 'ListOrganisations',
    kind: 'evaluate',
    summary: 'Lists the organisations.',
    request: z.strictObject(pageFields),
    response: pageOf(organisationSchema),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
  ListEndpoints: {
    contract,
    name: 'ListEndpoints',
    kind: 'evaluate',
    summary: 'Lists the endpoints of an organisation.',
    request: z.strictObject({ mspId: mspIdSchema, ...pageFields }),
    response: pageOf(endpointSchema),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
  GetStaff: {
    contract,
    name: 'GetStaff',
    kind: 'evaluate',
    summary: 'Reads a staff entry: roles, departments, state.',
    request: z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema }),
    response: staffSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListStaff: {
    contract,
    name: 'ListStaff',
    kind: 'evaluate',
    summary: 'Lists the staff of the caller’s own organisation.',
    request: z.strictObject(pageFields),
    response: pageOf(staffSchema),
    callers: ownStaff,
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const staffMember = { mspId: mspIdSchema, actorTag: actorTagSchema };
const membership = { ...staffMember, group: groupSchema };
/** What may happen in the area. */
const directoryEvents = {
  OrganisationRegistered: { mspId: mspIdSchema },
  EndpointUpdated: { mspId: mspIdSchema, endpointId: endpointIdSchema },
  StaffRegistered: staffMember,
  StaffConfirmed: staffMember,
  StaffDutyUpdated: staffMember,
  StaffRevoked: staffMember,
  GroupFounded: { mspId: mspIdSchema, group: groupSchema },
  GroupJoined: membership,
  MembershipConfirmed: membership,
  MembershipEnded: membership,
} as const satisfies EventTable;

/** Organisations, their endpoints and their staff, with the kill switch. */
export const directoryArea = defineArea({ entities: directoryEntities, events: directoryEvents, transactions: directoryTransactions });
