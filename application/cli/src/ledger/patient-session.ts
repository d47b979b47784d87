import { type HeldPseudonym } from '@lianyi/client/wallet';
import { loadProfile, type NodeAddress, openPatient, type PatientSession, profileFile } from '@lianyi/client/node';
import { type MspId, type Pseudonym } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem, lacking } from '../cli-problem';
import { openOwnWallet } from './own-wallet';
import { type LedgerSession } from './session';
import { clockOf } from './staff-session';

/** A patient's session as commands have it. */
export type PatientLedgerSession = LedgerSession & PatientSession;

export interface PatientCallOptions {
  /** Which of the wallet's pseudonyms signs a request that names none itself. */
  readonly signer?: Pseudonym | undefined;
  /** The profile whose node carries and is asked, instead of those of the pseudonym's hospital. */
  readonly through?: string | undefined;
}

export async function openPatientSession(call: CommandCall, { signer, through }: PatientCallOptions = {}): Promise<PatientLedgerSession> {
  const { profile } = call.actorOf('patient');
  const wallet = await openOwnWallet(call);
  const session = openPatient(profile, wallet, {
    now: clockOf(call),
    signer: async () => signer ?? only(await wallet.relationships()),
    ...(through === undefined ? {} : { through: placeOf(call, through) }),
  });
  return {
    ...session,
    told: async (request) => (await session.carriageFor(request)).told,
    unsent: async (request) => ({ to: (await session.carriageFor(request)).url, request }),
  };
}

/** Runs with a patient's session, and closes it whatever happens. */
export async function withPatientSession<Result>(
  call: CommandCall,
  options: PatientCallOptions,
  run: (session: PatientLedgerSession) => Promise<Result>,
): Promise<Result> {
  const session = await openPatientSession(call, options);
  try {
    return await run(session);
  } finally {
    session.close();
  }
}

/** Where the node of another profile is. @throws CliProblem `PROFILE_KIND` — it is an administrator's, who has none. */
export function placeOf({ options }: CommandCall, name: string): NodeAddress & { readonly mspId: MspId } {
  const { profile } = loadProfile(profileFile(name, options.dataDir));
  if (profile.kind === 'administrator')
    throw new CliProblem('PROFILE_KIND', `--through ${profile.name} (${profile.kind}); patient | staff`);
  const { mspId, nodeUrl, tlsCaFile } = profile;
  return { mspId, nodeUrl, tlsCaFile };
}

/** The wallet's only own pseudonym that is not of the past: most patients have one. For somebody else it acts only when told for whom. */
export function only(held: readonly HeldPseudonym[]): Pseudonym {
  const [sole, ...others] = held.filter(({ past, delegationId }) => past === undefined && delegationId === undefined);
  if (sole === undefined || others.length > 0) throw lacking('--pseudonym <id>');
  return sole.pseudonym;
}
