import { type HeldPseudonym, PseudonymEnd, type Wallet, WalletLedger, WitnessLedger } from '@lianyi/client';
import {
  DomainError,
  type MspId,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { type PatientProfile } from '../profiles/profile';
import { loadProfile, profileFile } from '../profiles/profile-file';
import { clockOf, connect, type NodeAddress, witnessOf, type WitnessAddress } from './member-sessions';
import { networkOf } from './network-identity';
import { openOwnWallet } from './own-wallet';
import { type LedgerSession, type Told } from './session';

/** How the commands of one pseudonym go: through whose node, and by whose word it is told what became of them. */
export interface Carriage {
  readonly ledger: WalletLedger;
  readonly url: string;
  /** By whose word it is told what became of them. */
  readonly told: Told;
  /** Refuses a witness that is of the member that carries. @throws DomainError `WITNESS_UNAVAILABLE` */
  assertWitness(): Promise<void>;
  /** Whether the pseudonym is of the past, by the word of the node that carries and of the witness. */
  readonly end: PseudonymEnd;
}

/** A patient signs each command with a one-time key of the wallet; a member node carries it and can change nothing. */
export interface PatientSession extends LedgerSession {
  /** How the commands of a pseudonym go. @throws CliProblem `HOSPITAL_NODE_UNNAMED` */
  carriageOf(pseudonym: Pseudonym): Promise<Carriage>;
}

export interface PatientSessionOptions {
  /** Which of the wallet's pseudonyms signs a request that names none itself. */
  readonly signer?: Pseudonym | undefined;
  /** The profile whose node carries and is asked, instead of those of the pseudonym's hospital. */
  readonly through?: string | undefined;
}

export async function openPatientSession(call: CommandCall, { signer, through }: PatientSessionOptions = {}): Promise<PatientSession> {
  const wallet = await openOwnWallet(call);
  const carriages = new Carriages(call, wallet, through === undefined ? undefined : placeOf(call, through));
  const carriageOf = (pseudonym: Pseudonym): Promise<Carriage> => carriages.of(pseudonym);
  const carriageFor = async ({ input }: SignedRequest<TransactionEntry>): Promise<Carriage> =>
    carriageOf(pseudonymIn(input) ?? signer ?? only(await wallet.relationships()));
  return {
    carriageOf,
    ledger: {
      evaluate: async (request) => (await carriageFor(request)).ledger.evaluate(request),
      submit: async (request) => {
        const carriage = await carriageFor(request);
        await carriage.assertWitness();
        return carriage.ledger.submit(request);
      },
    },
    told: async (request) => (await carriageFor(request)).told,
    unsent: async (request) => ({ to: (await carriageFor(request)).url, request }),
    close: () => {
      carriages.close();
    },
  };
}

/** Whose node carries, where it is, and where its witness is. */
type Place = NodeAddress & WitnessAddress & { readonly mspId: MspId };

/** The ways to the ledger, one for each pseudonym that is used. */
class Carriages {
  readonly #open = new Map<Pseudonym, Promise<Carriage>>();
  readonly #closers: (() => void)[] = [];

  /** @param through carries and is asked for all pseudonyms, if it is given */
  constructor(
    private readonly call: CommandCall,
    private readonly wallet: Wallet,
    private readonly through: Place | undefined,
  ) {}

  of(pseudonym: Pseudonym): Promise<Carriage> {
    const carriage = this.#open.get(pseudonym) ?? this.#carriage(pseudonym);
    this.#open.set(pseudonym, carriage);
    return carriage;
  }

  close(): void {
    for (const close of this.#closers.splice(0)) close();
  }

  async #carriage(pseudonym: Pseudonym): Promise<Carriage> {
    const { profile } = this.call.actorOf('patient');
    const place = this.through ?? nodeOfHospital(profile, await this.#hospitalOf(pseudonym));
    const [node, named] = await Promise.all([connect(place), witnessOf(place)]);
    this.#closers.push(() => {
      node.close();
      named?.close();
    });
    const network = networkOf(profile);
    const witness = named === undefined ? undefined : new WitnessLedger(named, { mspId: place.mspId, network });
    const now = clockOf(this.call);
    const signerOf = (): Promise<Pseudonym> => Promise.resolve(pseudonym);
    const ledger = new WalletLedger(node.ledger, this.wallet, {
      ...{ network, now, signerOf },
      ...(witness === undefined ? {} : { witness }),
    });
    const end = new PseudonymEnd(this.wallet, [node.ledger, ...(witness === undefined ? [] : [witness])], { network, now });
    const told = { toldBy: (named ?? node).url, isWitnessed: named !== undefined };
    const assertWitness = async (): Promise<void> => witness?.assertNotCarriers();
    return { ledger, end, url: node.url, told, assertWitness };
  }

  async #hospitalOf(pseudonym: Pseudonym): Promise<MspId> {
    const held = (await this.wallet.relationships()).find((each) => each.pseudonym === pseudonym);
    if (held === undefined) throw new DomainError('NOT_FOUND', 'the wallet does not hold this pseudonym', { pseudonym });
    return held.mspId;
  }
}

/**
 * The node that carries a pseudonym's commands: its own hospital's, which knows the pseudonym anyway. The certificate of who carried a
 * command stands in the block: a node that carried those of several hospitals' pseudonyms would show every member that they are one
 * patient's.
 * @throws CliProblem `HOSPITAL_NODE_UNNAMED`
 */
function nodeOfHospital(profile: PatientProfile, mspId: MspId): Place {
  const carrier = profile.mspId === mspId ? profile : profile.hospitals?.find((node) => node.mspId === mspId);
  if (carrier === undefined) throw new CliProblem('HOSPITAL_NODE_UNNAMED', mspId);
  const { nodeUrl, tlsCaFile } = carrier;
  return { mspId, nodeUrl, tlsCaFile, ...witnessBeside(carrier, profile) };
}

/**
 * Who says what the ledger has: the witness named for the hospital, or else the profile's. Who carries is no witness of itself: where the
 * profile's witness carries, the profile's own node is asked. That shows a pseudonym to the patient's own hospital, as the profile's
 * witness sees those of both; a profile without any witness shows it to nobody.
 */
function witnessBeside(carrier: NodeAddress & WitnessAddress, profile: PatientProfile): WitnessAddress {
  const own = { witnessUrl: profile.nodeUrl, witnessTlsCaFile: profile.tlsCaFile };
  const named = [carrier, profile].filter(({ witnessUrl }) => witnessUrl !== undefined);
  const candidates = named.length === 0 ? [] : [...named, own];
  const { witnessUrl, witnessTlsCaFile } = candidates.find((each) => !isSamePlace(each.witnessUrl, carrier.nodeUrl)) ?? {};
  return { witnessUrl, witnessTlsCaFile };
}

/** Whether two addresses are of one node, however they are written. */
function isSamePlace(one: string | undefined, other: string): boolean {
  return one !== undefined && new URL(one).origin === new URL(other).origin;
}

/** Where the node of another profile is. @throws CliProblem `PROFILE_KIND` — it is an administrator's, who has none. */
function placeOf({ options }: CommandCall, name: string): Place {
  const { profile } = loadProfile(profileFile(name, options.dataDir));
  if (profile.kind === 'administrator')
    throw new CliProblem('PROFILE_KIND', `--through ${profile.name} (${profile.kind}); patient | staff`);
  const { mspId, nodeUrl, tlsCaFile } = profile;
  return { mspId: mspIdSchema.parse(mspId), nodeUrl, tlsCaFile };
}

/** A command about one relationship is signed by its pseudonym. */
function pseudonymIn(input: unknown): Pseudonym | undefined {
  const isNamed = typeof input === 'object' && input !== null && 'pseudonym' in input;
  return isNamed ? pseudonymSchema.safeParse(input.pseudonym).data : undefined;
}

/** The wallet's only pseudonym that is not of the past: most patients have one. */
export function only(held: readonly HeldPseudonym[]): Pseudonym {
  const [sole, ...others] = held.filter(({ past }) => past === undefined);
  if (sole === undefined || others.length > 0) throw new CliProblem('USAGE', '--pseudonym <id>: required');
  return sole.pseudonym;
}
