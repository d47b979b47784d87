import {
  DomainError,
  type Instant,
  instantOf,
  type NetworkIdentity,
  type Pseudonym,
  pseudonymSchema,
  type Sha256,
  type SignedRequest,
  type TransactionEntry,
} from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { ActingLedger, type RequestSigner, staffProofs } from '../signing/acting-ledger';
import { type Wallet } from '../wallet/wallet';
import { WalletLedger } from '../wallet/wallet-ledger';
import { loadCertificateFile } from './certificate-file';
import { connectMemberNode } from './https-transport';
import { loadKeyFile } from './key-file';
import { type PatientProfile, type StaffProfile } from './profiles/profile';

type Place = Pick<StaffProfile | PatientProfile, 'nodeUrl' | 'tlsCaFile'>;
type WitnessPlace = Pick<StaffProfile | PatientProfile, 'witnessUrl' | 'witnessTlsCaFile'>;

/** A staff member's way in: each request is signed, the own member node carries it and cannot change a byte. */
export interface StaffSession {
  /** For what the node does by itself: documents. */
  readonly node: MemberNodeClient;
  readonly sign: RequestSigner;
  readonly ledger: ActingLedger;
  close(): void;
}

/** A patient's way in: each command is signed with a one-time key of the wallet; any member node may carry it. */
export interface PatientSession {
  readonly node: MemberNodeClient;
  readonly ledger: WalletLedger;
  /** By whose word the ledger says what became of a command. */
  readonly witnessUrl: string;
  close(): void;
}

/** Which ledger a profile's statements are for. */
export function networkOf({
  channel,
  chaincode,
  genesis,
}: {
  readonly channel: string;
  readonly chaincode: string;
  readonly genesis: Sha256;
}): NetworkIdentity {
  return { channel, chaincode, genesis };
}

/** The member node of a profile; no connection is made yet. @throws {@link DomainError} `CERTIFICATE_UNUSABLE` — details: file, field, cause */
export async function connectNode({ nodeUrl, tlsCaFile }: Place): Promise<MemberNodeClient> {
  return connectMemberNode({ url: nodeUrl, tlsCa: await loadCertificateFile(tlsCaFile, 'tlsCaFile') });
}

/** Another member's node, which is asked what the ledger has; undefined if the profile names none. @throws as {@link connectNode} */
export async function connectWitness({ witnessUrl, witnessTlsCaFile }: WitnessPlace): Promise<MemberNodeClient | undefined> {
  if (witnessUrl === undefined || witnessTlsCaFile === undefined) return undefined;
  return connectMemberNode({ url: witnessUrl, tlsCa: await loadCertificateFile(witnessTlsCaFile, 'witnessTlsCaFile') });
}

/** Opens a staff member's session by their profile. @throws {@link DomainError} `KEY_FILE_UNUSABLE`; as {@link connectNode} */
export async function openStaff(profile: StaffProfile, now: () => Instant = currentTime): Promise<StaffSession> {
  const node = await connectNode(profile);
  const { mspId, actorTag } = profile;
  const sign = staffProofs({ network: networkOf(profile), mspId, actorTag, privateKey: await loadKeyFile(profile.keyFile) }, now);
  return {
    node,
    sign,
    ledger: new ActingLedger(node.ledger, sign),
    close: () => {
      node.close();
    },
  };
}

export interface PatientSessionOptions {
  readonly now?: () => Instant;
  /** Which of the wallet's pseudonyms signs a request that names none itself; left out, the only one. */
  readonly signer?: () => Promise<Pseudonym>;
  /** The node that carries and is asked, instead of the profile's and its witness. */
  readonly through?: Place;
}

/** Opens a patient's session by their profile and wallet. @throws as {@link connectNode} */
export async function openPatient(profile: PatientProfile, wallet: Wallet, options: PatientSessionOptions = {}): Promise<PatientSession> {
  const { now = currentTime, signer = () => solePseudonym(wallet), through } = options;
  const node = await connectNode(through ?? profile);
  const witness = through === undefined ? await connectWitness(profile) : undefined;
  const ledger = new WalletLedger(node.ledger, wallet, {
    network: networkOf(profile),
    signerOf: async (request: SignedRequest<TransactionEntry>) => pseudonymIn(request.input) ?? signer(),
    now,
    ...(witness === undefined ? {} : { witness: witness.ledger }),
  });
  const close = (): void => {
    node.close();
    witness?.close();
  };
  return { node, ledger, witnessUrl: (witness ?? node).url, close };
}

/** A command about one relationship is signed by its pseudonym. */
function pseudonymIn(input: unknown): Pseudonym | undefined {
  const isNamed = typeof input === 'object' && input !== null && 'pseudonym' in input;
  return isNamed ? pseudonymSchema.safeParse(input.pseudonym).data : undefined;
}

/** A command about a card or a ticket is signed by the wallet's only pseudonym. */
async function solePseudonym(wallet: Wallet): Promise<Pseudonym> {
  const [sole, other] = await wallet.relationships();
  if (sole === undefined || other !== undefined)
    throw new DomainError('INVALID_REQUEST', 'which pseudonym is to sign', { path: 'pseudonym' });
  return sole.pseudonym;
}

function currentTime(): Instant {
  return instantOf(Date.now());
}
