import { type Amendments, type Organization } from '@lianyi/network-model';
import { knownTo } from '../channel-update/membership-change';
import { type AdminSession } from '../session/admin-session';

/** Whether any channel knows the organisation, as a member or as one that runs an orderer. */
export async function isKnown(session: AdminSession, organization: Organization): Promise<boolean> {
  for (const channel of session.channels) {
    if (knownTo(await channel.config(), [organization]).length > 0) return true;
  }
  return false;
}

/** The amendments with an organisation that joined. */
export function withJoined(recorded: Amendments, organization: Organization): Amendments {
  return {
    ...recorded,
    joined: [...recorded.joined.filter(({ mspId }) => mspId !== organization.mspId), organization],
    left: recorded.left.filter((mspId) => mspId !== organization.mspId),
  };
}

/** The amendments without an organisation that no channel took in; one that had left before has left. */
export function withoutJoined(recorded: Amendments, mspId: string, hadLeft: boolean): Amendments {
  return {
    ...recorded,
    joined: recorded.joined.filter((joined) => joined.mspId !== mspId),
    left: [...recorded.left, ...(hadLeft ? [mspId] : [])],
  };
}

/** The amendments with an organisation that left. */
export function withLeft(recorded: Amendments, mspId: string): Amendments {
  return {
    ...recorded,
    joined: recorded.joined.filter((joined) => joined.mspId !== mspId),
    left: [...recorded.left.filter((id) => id !== mspId), mspId],
  };
}
