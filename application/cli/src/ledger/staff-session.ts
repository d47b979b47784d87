import { openStaff, type StaffSession } from '@lianyi/client/node';
import { type Instant, instantOf } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type LedgerSession } from './session';

/** A staff member's session as commands have it. */
export type StaffLedgerSession = LedgerSession & StaffSession;

export async function openStaffSession(call: CommandCall): Promise<StaffLedgerSession> {
  const session = await openStaff(call.actorOf('staff').profile, clockOf(call));
  return {
    ...session,
    unsent: (request) => Promise.resolve({ to: session.node.url, request, statement: session.statementOf(request.entry, request.input) }),
  };
}

/** The time as the terminal has it. */
export function clockOf({ terminal }: CommandCall): () => Instant {
  return () => instantOf(terminal.now().getTime());
}
