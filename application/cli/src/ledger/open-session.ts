import { type Call } from '../call';
import { openAdministratorSession } from './administrator-session';
import { NodeCarrier } from './carrier';
import { networkOf } from './network-identity';
import { openOwnWallet } from './own-wallet';
import { PatientSession } from './patient-session';
import { type LedgerSession } from './session';
import { StaffSession } from './staff-session';

/** The way to the ledger of whoever `--as` names. */
export async function openSession(call: Call): Promise<LedgerSession> {
  const { profile } = call.actor;
  switch (profile.kind) {
    case 'administrator':
      return openAdministratorSession(profile);
    case 'staff':
      return openStaffSession(call);
    case 'patient':
      return openPatientSession(call);
  }
}

export async function openStaffSession(call: Call): Promise<StaffSession> {
  const { profile } = call.actorOf('staff');
  return StaffSession.open(profile, await NodeCarrier.connect(profile), () => call.terminal.now());
}

export async function openPatientSession(call: Call): Promise<PatientSession> {
  const { profile } = call.actorOf('patient');
  const wallet = await openOwnWallet(call);
  return new PatientSession(wallet, networkOf(profile), await NodeCarrier.connect(profile), () => call.terminal.now());
}
