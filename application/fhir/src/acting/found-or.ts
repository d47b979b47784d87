import { DomainError, Refused } from '@lianyi/domain';

/** What the ledger has; undefined where it says that there is no such thing. */
export async function foundOr<Found>(find: () => Promise<Found>): Promise<Found | undefined> {
  try {
    return await find();
  } catch (error) {
    if ((error instanceof Refused || error instanceof DomainError) && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
