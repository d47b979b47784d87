import { type BlockCall } from '../gateway/block-call';
import { type FollowedMembers, MemberCommands } from './member-commands';
import { type KnownMembers, type MemberFact } from './member-facts';
import { PatientCommands } from './patient-commands';
import { type FollowedPatients } from './registration';
import { type KnownPatients, type PatientFact } from './patient-facts';
import { type CommitBounds, type Timeliness } from './timeliness';

/** Finds out what a transaction says. */
export interface Judge {
  /** @param call - of a transaction that the peer has as VALID; to be told in the order of the blocks */
  factsOf(call: BlockCall | 'unreadable', timeliness: Timeliness, bounds: CommitBounds): Promise<readonly (MemberFact | PatientFact)[]>;
}

/** Who finds out what patients and members have said. What one has found must be known before the next is asked. */
export function judgesOf(followed: FollowedMembers & FollowedPatients, known: KnownMembers & KnownPatients): readonly Judge[] {
  return [new PatientCommands(followed, known), new MemberCommands(followed, known)];
}
