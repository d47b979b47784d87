import { type EventTable } from '../catalogue/area';
import { actorTagSchema, endpointIdSchema, mspIdSchema } from '../ids';

const staffMember = { mspId: mspIdSchema, actorTag: actorTagSchema };
/** What may happen in the area. */
export const directoryEvents = {
  OrganisationRegistered: { mspId: mspIdSchema },
  EndpointUpdated: { mspId: mspIdSchema, endpointId: endpointIdSchema },
  StaffRegistered: staffMember,
  StaffDutyUpdated: staffMember,
  StaffRevoked: staffMember,
} as const satisfies EventTable;
