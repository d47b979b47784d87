import { type Pseudonym } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type LedgerSession } from './session';

/**
 * The way to the ledger of whoever `--as` names; only what this actor needs is loaded.
 * @param signer - which of a patient's pseudonyms signs a request that names none itself
 */
export async function openSession(call: CommandCall, signer?: Pseudonym): Promise<LedgerSession> {
  const { profile } = call.actor;
  switch (profile.kind) {
    case 'administrator':
      return (await import('./administrator-session.js')).openAdministratorSession(profile);
    case 'staff':
      return (await import('./staff-session.js')).openStaffSession(call);
    case 'patient':
      return (await import('./patient-session.js')).openPatientSession(call, { signer });
  }
}
