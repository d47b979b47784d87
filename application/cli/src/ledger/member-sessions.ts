import { ActingLedger, type MemberNodeClient, type RequestSigner, staffProofs, WalletLedger } from '@lianyi/client';
import { connectMemberNode, loadCertificateFile, loadKeyFile } from '@lianyi/client/node';
import {
  actorTagSchema,
  type Instant,
  instantOf,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { type PatientProfile, type StaffProfile } from '../profiles/profile';
import { loadProfile, profileFile } from '../profiles/profile-file';
import { networkOf } from './network-identity';
import { openOwnWallet } from './own-wallet';
import { type LedgerSession } from './session';

/** A staff member signs each request; the own member node carries it and cannot change a byte. */
export interface StaffSession extends LedgerSession {
  /** For what the node does by itself: documents. */
  readonly node: MemberNodeClient;
  readonly sign: RequestSigner;
}

/** A patient signs each command with a one-time key of the wallet; any member node may carry it. */
export interface PatientSession extends LedgerSession {
  readonly ledger: WalletLedger;
  /** By whose word the ledger says what became of a command. */
  readonly witnessUrl: string;
}

export async function openStaffSession(call: CommandCall): Promise<StaffSession> {
  const { profile } = call.actorOf('staff');
  const node = await connect(profile);
  const signer = {
    network: networkOf(profile),
    mspId: mspIdSchema.parse(profile.mspId),
    actorTag: actorTagSchema.parse(profile.actorTag),
    privateKey: await loadKeyFile(profile.keyFile),
  };
  const sign = staffProofs(signer, clockOf(call));
  const ledger = new ActingLedger(node.ledger, sign);
  return { url: node.url, node, sign, ledger, unsent: (request) => ledger.signed(request), close: closing(node) };
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
  const node = await connect(through === undefined ? profile : placeOf(call, through));
  const witness = through === undefined ? await witnessOf(profile) : undefined;
  const signerOf = async (request: SignedRequest<TransactionEntry>): Promise<Pseudonym> =>
    pseudonymIn(request.input) ?? signer ?? only(await wallet.relationships());
  const ledger = new WalletLedger(node.ledger, wallet, {
    network: networkOf(profile),
    signerOf,
    now: clockOf(call),
    ...(witness === undefined ? {} : { witness: witness.ledger }),
  });
  const close = (): void => {
    node.close();
    witness?.close();
  };
  return { url: node.url, witnessUrl: (witness ?? node).url, ledger, unsent: (request) => Promise.resolve(request), close };
}

/** The node that is asked what the ledger has, besides the one that carries commands; undefined if the profile names none. */
export async function witnessOf({
  witnessUrl,
  witnessTlsCaFile,
}: Pick<StaffProfile | PatientProfile, 'witnessUrl' | 'witnessTlsCaFile'>): Promise<MemberNodeClient | undefined> {
  if (witnessUrl === undefined || witnessTlsCaFile === undefined) return undefined;
  return connect({ nodeUrl: witnessUrl, tlsCaFile: witnessTlsCaFile });
}

/** Where the node of another profile is. @throws CliProblem `PROFILE_KIND` — it is an administrator's, who has none. */
function placeOf({ options }: CommandCall, name: string): Pick<StaffProfile | PatientProfile, 'nodeUrl' | 'tlsCaFile'> {
  const { profile } = loadProfile(profileFile(name, options.dataDir));
  if (profile.kind === 'administrator')
    throw new CliProblem('PROFILE_KIND', `--through ${profile.name} (${profile.kind}); patient | staff`);
  return profile;
}

/** The member node of a profile. @throws DomainError `CERTIFICATE_UNUSABLE` — details: file, field, cause */
export async function connect({
  nodeUrl,
  tlsCaFile,
}: Pick<StaffProfile | PatientProfile, 'nodeUrl' | 'tlsCaFile'>): Promise<MemberNodeClient> {
  return connectMemberNode({ url: nodeUrl, tlsCa: await loadCertificateFile(tlsCaFile, 'tlsCaFile') });
}

/** A command about one relationship is signed by its pseudonym. */
function pseudonymIn(input: unknown): Pseudonym | undefined {
  const isNamed = typeof input === 'object' && input !== null && 'pseudonym' in input;
  return isNamed ? pseudonymSchema.safeParse(input.pseudonym).data : undefined;
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

function closing(node: MemberNodeClient): () => void {
  return () => {
    node.close();
  };
}
