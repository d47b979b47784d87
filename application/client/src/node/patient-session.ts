import {
  DomainError,
  type Instant,
  instantOf,
  type Ledger,
  type MspId,
  mspIdSchema,
  type Pseudonym,
  pseudonymSchema,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { type SlotCarriage, SummaryKeeper, type SummaryReport } from '../wallet/summary-keeper';
import { Inbox, type InboxMember } from '../wallet/inbox';
import { PseudonymEnd } from '../wallet/pseudonym-end';
import { type Wallet } from '../wallet/wallet';
import { WalletLedger } from '../wallet/wallet-ledger';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { WitnessLedger, witnessUnavailable } from '../member-api/witness';
import { type OwnRecords, openOwnRecords, type OwnWay } from '../own-records';
import { newsOf, type PatientNews } from './patient-news';
import { connectNode, connectWitness, networkOf, type NodeAddress, type WitnessAddress } from './member-connection';
import { type PatientProfile } from './profiles/profile';

/** By whose word it is told what the ledger has. */
export interface Told {
  /** The address of the node that was asked. */
  readonly toldBy: string;
  /** Whether that is another member's than the one that carried. */
  readonly isWitnessed: boolean;
}

/** A member that is asked, under the address of its node. */
export interface AskedMember extends InboxMember {
  /** For what is no question about the state. */
  readonly node: MemberNodeClient;
}

/** A member as far as signed questions about a pseudonym go, under the address of its node. */
export type AskedLedger = Pick<Ledger, 'evaluate'> & Pick<AskedMember, 'name'>;

/** How the commands of one pseudonym go: through whose node, and by whose word it is told what became of them. */
export interface Carriage {
  readonly ledger: WalletLedger;
  readonly url: string;
  /** By whose word it is told what became of them. */
  readonly told: Told;
  /** Refuses a witness that is of the member that carries. @throws {@link DomainError} `WITNESS_UNAVAILABLE` */
  assertWitness(): Promise<void>;
  /** Whether the pseudonym is of the past, by the word of the node that carries and of the witness. */
  readonly end: PseudonymEnd;
  /** Who is asked: the member whose node carries, and the witness if there is one. */
  readonly asked: readonly [AskedMember, ...AskedMember[]];
  /** How the summary slot of the pseudonym goes. */
  readonly summary: SlotCarriage;
  /** How its own records are opened; undefined as a witness: none is named. */
  readonly own: Omit<OwnWay, 'ledger' | 'witness'> & { readonly witness: MemberNodeClient | undefined };
}

/**
 * A patient's way in: each command is signed with a one-time key of the wallet; a member node carries it and can change nothing. After each
 * command the wallet's summary is brought up to date.
 */
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
  /**
   * Asks for own records of a pseudonym, to be opened one after another.
   * @param options - `isUnwitnessed`: the word of the node that carries is enough
   * @throws {@link DomainError} `WITNESS_UNAVAILABLE` — none is named; as {@link openOwnRecords}
   */
  openOwnRecords(
    asked: Parameters<typeof openOwnRecords>[1] & { readonly pseudonym: Pseudonym },
    options?: { readonly isUnwitnessed: boolean },
  ): Promise<OwnRecords>;
  /**
   * Whom a question about a pseudonym may be put to: the member whose node carries, and the witness if there is one; each question is signed anew.
   * @throws as {@link carriageOf}; a witness's questions throw `WITNESS_UNAVAILABLE` where it is silent or of the carrier's member
   */
  askedAbout(pseudonym: Pseudonym): Promise<readonly AskedLedger[]>;
  /** What others have done to the patient, and what waits for an answer. */
  readonly inbox: Inbox;
  /** News of a pseudonym of the wallet, also of somebody for whom it acts. @throws as {@link carriageOf} */
  newsOf(pseudonym: Pseudonym): Promise<readonly PatientNews[]>;
  /** Writes the summary slots that are due. What fails is in the report, and due again. */
  keepSummary(): Promise<SummaryReport>;
  /** What {@link keepSummary} came to after the last command; undefined before the first. */
  summaryReport(): SummaryReport | undefined;
  close(): void;
}

export interface PatientSessionOptions {
  readonly now?: () => Instant;
  /** Which of the wallet's pseudonyms signs a request that names none itself; left out, the only one that is not of the past. */
  readonly signer?: () => Promise<Pseudonym>;
  /** The node that carries and is asked for all pseudonyms, instead of those of their hospitals and the witness. */
  readonly through?: NodeAddress & { readonly mspId: MspId };
}

/** A patient's session by their profile and wallet. Nothing is connected before the first request. */
export function openPatient(profile: PatientProfile, wallet: Wallet, options: PatientSessionOptions = {}): PatientSession {
  const { now = () => instantOf(Date.now()), signer = () => solePseudonym(wallet), through } = options;
  const carriages = new Carriages(profile, wallet, now, through);
  const network = networkOf(profile);
  const carriageFor: PatientSession['carriageFor'] = async ({ input }) => carriages.of(pseudonymIn(input) ?? (await signer()));
  const carriageOf = async (pseudonym: Pseudonym): Promise<SlotCarriage> => (await carriages.of(pseudonym)).summary;
  const keeper = new SummaryKeeper(wallet, { network, now, carriageOf });
  let report: SummaryReport | undefined;
  const ledger: Ledger = {
    evaluate: async (request) => (await carriageFor(request)).ledger.evaluate(request),
    submit: async (request) => {
      const carriage = await carriageFor(request);
      await carriage.assertWitness();
      const outcome = await carriage.ledger.submit(request);
      report = await keeper.catchUp();
      return outcome;
    },
  };
  const membersOf = async (pseudonym: Pseudonym): Promise<Carriage['asked']> => (await carriages.of(pseudonym)).asked;
  return {
    openOwnRecords: async (asked, { isUnwitnessed = false } = { isUnwitnessed: false }) => {
      const { witness: named, ...own } = (await carriages.of(asked.pseudonym)).own;
      const witness = isUnwitnessed ? 'none' : named;
      if (witness === undefined) throw witnessUnavailable('none-named');
      return openOwnRecords({ ...own, ledger, witness }, asked);
    },
    askedAbout: async (pseudonym) => (await membersOf(pseudonym)).map((member) => askedAs(member, { wallet, network, pseudonym, now })),
    carriageOf: (pseudonym) => carriages.of(pseudonym),
    carriageFor,
    keepSummary: async () => (report = await keeper.catchUp()),
    summaryReport: () => report,
    ledger,
    inbox: new Inbox(wallet, { network, now, membersOf, ledger }),
    newsOf: async (pseudonym) => newsOf(pseudonym, { wallet, network, now, asked: await membersOf(pseudonym) }),
    close: () => {
      carriages.close();
    },
  };
}

interface Signing {
  readonly wallet: Wallet;
  readonly network: ReturnType<typeof networkOf>;
  readonly pseudonym: Pseudonym;
  readonly now: () => Instant;
}

function askedAs({ name, ledger }: AskedMember, { wallet, network, pseudonym, now }: Signing): AskedLedger {
  return {
    name,
    evaluate: async (request) => {
      const { entry, input } = request;
      const proof = await wallet.signQuery(network, pseudonym, { transaction: entry, input }, now());
      return ledger.evaluate({ ...request, proof });
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
    private readonly profile: PatientProfile,
    private readonly wallet: Wallet,
    private readonly now: () => Instant,
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
    const { profile, wallet, now } = this;
    const place = this.through ?? nodeOfHospital(profile, await this.#hospitalOf(pseudonym));
    const [node, named] = await Promise.all([connectNode(place), connectWitness(place)]);
    this.#closers.push(() => {
      node.close();
      named?.close();
    });
    const network = networkOf(profile);
    const witness = named === undefined ? undefined : new WitnessLedger(named, { mspId: place.mspId, network });
    const signerOf = (): Promise<Pseudonym> => Promise.resolve(pseudonym);
    const ledger = new WalletLedger(node.ledger, wallet, {
      ...{ network, now, signerOf },
      ...(witness === undefined ? {} : { witness }),
    });
    const beside = named === undefined || witness === undefined ? [] : [{ name: named.url, ledger: witness, node: named }];
    const asked = [{ name: node.url, ledger: node.ledger, node }, ...beside] as const;
    const end = new PseudonymEnd(wallet, [node.ledger, ...beside.map(({ ledger }) => ledger)], { network, now });
    const told = { toldBy: (named ?? node).url, isWitnessed: named !== undefined };
    const assertWitness = async (): Promise<void> => witness?.assertNotCarriers();
    const summary = { carrier: node.ledger, witness: witness ?? node.ledger };
    const sign: OwnWay['sign'] = (transaction, input) => wallet.signQuery(network, pseudonym, { transaction, input }, this.now());
    const own = { node, mspId: mspIdSchema.parse(place.mspId), network, sign, witness: named };
    return { ledger, end, asked, url: node.url, told, assertWitness, summary, own };
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
  const carrier = profile.mspId === mspId ? profile : profile.hospitals?.find((node) => node.mspId === mspId);
  if (carrier === undefined) throw new DomainError('HOSPITAL_NODE_UNNAMED', undefined, { mspId });
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

/** Who is asked for a wallet that is lost: one member's node, which carries too, and the profile's witness. */
export interface WalletAsked {
  readonly node: MemberNodeClient;
  /** Another member's; undefined if none is named. It refuses to be of the same one (`WITNESS_UNAVAILABLE`). */
  readonly witness: Ledger | undefined;
  readonly told: Told;
  close(): void;
}

/**
 * Connects to those who are asked for a wallet that is lost.
 * @param through - whose node, instead of the profile's own
 * @throws {@link DomainError} `CERTIFICATE_UNUSABLE`
 */
export async function askForWallet(
  profile: PatientProfile,
  through: (NodeAddress & { readonly mspId: MspId }) | undefined,
): Promise<WalletAsked> {
  const { mspId, nodeUrl, tlsCaFile } = through ?? profile;
  const [node, named] = await Promise.all([
    connectNode({ nodeUrl, tlsCaFile }),
    connectWitness(witnessBeside({ nodeUrl, tlsCaFile }, profile)),
  ]);
  return {
    node,
    witness: named && new WitnessLedger(named, { mspId, network: networkOf(profile) }),
    told: { toldBy: (named ?? node).url, isWitnessed: named !== undefined },
    close: () => {
      node.close();
      named?.close();
    },
  };
}

/** Whether two addresses are of one node, however they are written. */
function isSamePlace(one: string | undefined, other: string): boolean {
  return one !== undefined && new URL(one).origin === new URL(other).origin;
}

/** A command about one relationship is signed by its pseudonym. */
function pseudonymIn(input: unknown): Pseudonym | undefined {
  const isNamed = typeof input === 'object' && input !== null && 'pseudonym' in input;
  return isNamed ? pseudonymSchema.safeParse(input.pseudonym).data : undefined;
}

/** A command about a card or a ticket is signed by the wallet's only own pseudonym that is not of the past; for others it acts only when told so. */
async function solePseudonym(wallet: Wallet): Promise<Pseudonym> {
  const [sole, ...others] = (await wallet.relationships()).filter(
    ({ past, delegationId }) => past === undefined && delegationId === undefined,
  );
  if (sole === undefined || others.length > 0)
    throw new DomainError('INVALID_REQUEST', 'which pseudonym is to sign', { path: 'pseudonym' });
  return sole.pseudonym;
}
