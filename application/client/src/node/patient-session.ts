import {
  DomainError,
  type Instant,
  instantOf,
  type Ledger,
  type MspId,
  type Pseudonym,
  pseudonymSchema,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { PseudonymEnd } from '../wallet/pseudonym-end';
import { type Wallet } from '../wallet/wallet';
import { WalletLedger } from '../wallet/wallet-ledger';
import { connectNode, connectWitness, networkOf, type NodeAddress, type WitnessAddress } from './member-connection';
import { type PatientProfile } from './profiles/profile';

/** How the commands of one pseudonym go: through whose node, and by whose word it is told what became of them. */
export interface Carriage {
  readonly ledger: WalletLedger;
  readonly url: string;
  readonly witnessUrl: string;
  /** Whether the pseudonym is of the past, by the word of the node that carries and of the witness. */
  readonly end: PseudonymEnd;
}

/** A patient's way in: each command is signed with a one-time key of the wallet; a member node carries it and can change nothing. */
export interface PatientSession {
  /** Each request goes as its pseudonym's requests go. */
  readonly ledger: Ledger;
  /**
   * How the commands of a pseudonym go.
   * @throws {@link DomainError} `HOSPITAL_NODE_UNNAMED` · `NOT_FOUND` — the wallet does not hold it · `CERTIFICATE_UNUSABLE`
   */
  carriageOf(pseudonym: Pseudonym): Promise<Carriage>;
  /** How a request would go. @throws as {@link carriageOf}; what {@link PatientSessionOptions.signer} throws */
  carriageFor(request: SignedRequest<TransactionEntry>): Promise<Carriage>;
  close(): void;
}

export interface PatientSessionOptions {
  readonly now?: () => Instant;
  /** Which of the wallet's pseudonyms signs a request that names none itself; left out, the only one that is not of the past. */
  readonly signer?: () => Promise<Pseudonym>;
  /** The node that carries and is asked for all pseudonyms, instead of those of their hospitals and the witness. */
  readonly through?: NodeAddress;
}

/** A patient's session by their profile and wallet. Nothing is connected before the first request. */
export function openPatient(profile: PatientProfile, wallet: Wallet, options: PatientSessionOptions = {}): PatientSession {
  const { now = () => instantOf(Date.now()), signer = () => solePseudonym(wallet), through } = options;
  const carriages = new Carriages(profile, wallet, now, through);
  const carriageFor: PatientSession['carriageFor'] = async ({ input }) => carriages.of(pseudonymIn(input) ?? (await signer()));
  return {
    carriageOf: (pseudonym) => carriages.of(pseudonym),
    carriageFor,
    ledger: {
      evaluate: async (request) => (await carriageFor(request)).ledger.evaluate(request),
      submit: async (request) => (await carriageFor(request)).ledger.submit(request),
    },
    close: () => {
      carriages.close();
    },
  };
}

type Place = NodeAddress & WitnessAddress;

/** The ways to the ledger, one for each pseudonym that is used. */
class Carriages {
  readonly #open = new Map<Pseudonym, Promise<Carriage>>();
  readonly #closers: (() => void)[] = [];

  /** @param through carries and is asked for all pseudonyms, if it is given */
  constructor(
    private readonly profile: PatientProfile,
    private readonly wallet: Wallet,
    private readonly now: () => Instant,
    private readonly through: NodeAddress | undefined,
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
    const { profile, wallet, now } = this;
    const place: Place = this.through ?? nodeOfHospital(profile, await this.#hospitalOf(pseudonym));
    const [node, witness] = await Promise.all([connectNode(place), connectWitness(place)]);
    this.#closers.push(() => {
      node.close();
      witness?.close();
    });
    const network = networkOf(profile);
    const signerOf = (): Promise<Pseudonym> => Promise.resolve(pseudonym);
    const ledger = new WalletLedger(node.ledger, wallet, {
      ...{ network, now, signerOf },
      ...(witness === undefined ? {} : { witness: witness.ledger }),
    });
    const others = witness === undefined ? [] : [witness.ledger];
    const end = new PseudonymEnd(wallet, [node.ledger, ...others], { network, now });
    return { ledger, end, url: node.url, witnessUrl: (witness ?? node).url };
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
 * @throws {@link DomainError} `HOSPITAL_NODE_UNNAMED` — details: mspId
 */
function nodeOfHospital(profile: PatientProfile, mspId: MspId): Place {
  if (profile.mspId === mspId) return profile;
  const named = profile.hospitals?.find((node) => node.mspId === mspId);
  if (named === undefined) throw new DomainError('HOSPITAL_NODE_UNNAMED', undefined, { mspId });
  const { witnessUrl, witnessTlsCaFile } = profile;
  // who carries is no witness of itself
  const isOther = witnessUrl !== undefined && witnessUrl !== named.nodeUrl;
  return { ...(isOther ? { witnessUrl, witnessTlsCaFile } : {}), ...named };
}

/** A command about one relationship is signed by its pseudonym. */
function pseudonymIn(input: unknown): Pseudonym | undefined {
  const isNamed = typeof input === 'object' && input !== null && 'pseudonym' in input;
  return isNamed ? pseudonymSchema.safeParse(input.pseudonym).data : undefined;
}

/** A command about a card or a ticket is signed by the wallet's only pseudonym that is not of the past. */
async function solePseudonym(wallet: Wallet): Promise<Pseudonym> {
  const [sole, ...others] = (await wallet.relationships()).filter(({ past }) => past === undefined);
  if (sole === undefined || others.length > 0)
    throw new DomainError('INVALID_REQUEST', 'which pseudonym is to sign', { path: 'pseudonym' });
  return sole.pseudonym;
}
