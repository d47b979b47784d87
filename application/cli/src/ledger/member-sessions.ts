import {
  type PatientSession as WalletSession,
  type PatientProfile,
  loadProfile,
  openPatient,
  openStaff,
  profileFile,
  type StaffProfile,
  type StaffSession as SigningSession,
} from '@lianyi/client/node';
import { type Instant, instantOf, type Pseudonym } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { openOwnWallet } from './own-wallet';
import { type LedgerSession } from './session';

/** A staff member's session as commands have it. */
export type StaffSession = LedgerSession & SigningSession;

/** A patient's session as commands have it. */
export type PatientSession = LedgerSession & WalletSession;

export async function openStaffSession(call: CommandCall): Promise<StaffSession> {
  const { profile } = call.actorOf('staff');
  const session = await openStaff(profile, clockOf(call));
  return { ...session, url: session.node.url, unsent: (request) => session.ledger.signed(request) };
}

export interface PatientSessionOptions {
  /** Which of the wallet's pseudonyms signs a request that names none itself. */
  readonly signer?: Pseudonym | undefined;
  /** The profile whose node carries and is asked, instead of those of `--as`. */
  readonly through?: string | undefined;
}

export async function openPatientSession(call: CommandCall, { signer, through }: PatientSessionOptions = {}): Promise<PatientSession> {
  const { profile } = call.actorOf('patient');
  const wallet = await openOwnWallet(call);
  const place = through === undefined ? {} : { through: placeOf(call, through) };
  const session = await openPatient(profile, wallet, {
    now: clockOf(call),
    signer: async () => signer ?? only(await wallet.relationships()),
    ...place,
  });
  return { ...session, url: session.node.url, unsent: (request) => Promise.resolve(request) };
}

/** Where the node of another profile is. @throws CliProblem `PROFILE_KIND` — it is an administrator's, who has none. */
function placeOf({ options }: CommandCall, name: string): Pick<StaffProfile | PatientProfile, 'nodeUrl' | 'tlsCaFile'> {
  const { profile } = loadProfile(profileFile(name, options.dataDir));
  if (profile.kind === 'administrator')
    throw new CliProblem('PROFILE_KIND', `--through ${profile.name} (${profile.kind}); patient | staff`);
  return profile;
}

/** A command about a card or a ticket is signed by the wallet's only pseudonym. */
function only(held: readonly { readonly pseudonym: Pseudonym }[]): Pseudonym {
  const [sole] = held;
  if (sole === undefined || held.length > 1) throw new CliProblem('USAGE', '--pseudonym <id>: required');
  return sole.pseudonym;
}

function clockOf({ terminal }: CommandCall): () => Instant {
  return () => instantOf(terminal.now().getTime());
}
