import { randomBytes, X509Certificate } from 'node:crypto';
import { newPrivateKey, publicKeyOf, signStaffRequest } from '@lianyi/client';
import {
  type ActorReference,
  type ActorTag,
  actorTagSchema,
  auditArea,
  canonicalJson,
  encodeArgument,
  hashOfKey,
  type Instant,
  instantOf,
  type MspId,
  mspIdSchema,
  type PatientProof,
  type Proof,
  type Pseudonym,
  pseudonymSchema,
  qualifiedName,
  type RecoveryCaseId,
  type Role,
  type Sha256,
  sha256,
  sha256Schema,
  staffSchema,
  statementHashOf,
  type Transaction,
  transactions,
} from '@lianyi/domain';
import { BlockAuthority, common, computeTxId, marshal, peer, type Signer } from '@lianyi/fabric-protocol';
import { parseBlock } from '@lianyi/ledger-client';
import { LedgerIndex } from '@lianyi/member-node/testing';
import { type NetworkName, Patient } from '../scenario/patient';
import { newId } from '../scenario/scenario';
import { type Member } from '../support/ledger-fixture';
import { channelHeaderBytes, statedMillis } from '../support/channel-header';
import { buildRwSet } from '../support/rwset-fixture';
import { transactionPayload } from '../support/transaction-payload';
import { ChainInMemory } from './chain-in-memory';
import { proposalOf } from './forged-creator';
import { type Asked, ledgerKey } from './forged-transaction';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
type Writes = Readonly<Record<string, string>>;
/** Stands in writes for the id of the transaction, which follows from a nonce that is drawn when its block is made. */
const ITS_ID = 'id-of-this-transaction';

/** A transaction as it stands in a block: whose client made it, what was asked, and what enough endorsers have written for it. */
export interface Call {
  readonly creator: Signer;
  readonly asked: Asked;
  readonly writes: Writes;
  readonly atMillis: number;
}

/** Somebody whom the administrator of a member has registered, and how they sign. */
export interface Hired {
  readonly reference: { readonly kind: 'staff'; readonly mspId: MspId; readonly actorTag: ActorTag };
  readonly sign: (transaction: Transaction, input: unknown) => Proof;
}

/**
 * The index of hospital A in memory, on blocks that are signed as those of a channel, with a clock that goes as a script says: weeks pass in
 * no time. Peers are played: whatever a transaction writes, enough of them have endorsed.
 */
export class HospitalInMemory {
  /** What every clock shows. */
  now = Date.now();
  readonly network: NetworkName;
  readonly patient: Patient;
  readonly pseudonym: Pseudonym;
  /** What A's index finds untrue. */
  readonly alarms: string[] = [];
  /** What A's node knows of the blocks. */
  readonly index: LedgerIndex;
  readonly #blocks: common.Block[] = [];
  #standing: { readonly nextKeyHash: Sha256; readonly lastCommand?: { readonly statementHash: Sha256; readonly at: Instant } };

  private constructor(private readonly chain: ChainInMemory) {
    Date.now = () => this.now; // of this process, which runs one attack
    const genesis = sha256Schema.parse(parseBlock(chain.genesis).headerHash.toString('base64url'));
    this.network = { channel: 'emr', chaincode: 'emr', genesis };
    this.patient = new Patient(this.network, chain.consortium.a.mspId);
    this.pseudonym = pseudonymSchema.parse(this.patient.pseudonym);
    this.#standing = { nextKeyHash: this.patient.firstKeyHash };
    this.index = this.#newIndex(this.alarms);
  }

  /** With a patient whom a registrar of A has registered, where the members have agreed on so many minutes for the old key of a recovery. */
  static async start(leastCoolingOffMinutes = 1): Promise<HospitalInMemory> {
    const made = new HospitalInMemory(await ChainInMemory.make());
    await made.#take(made.index, made.chain.genesis, true);
    made.#blocks.push(made.chain.genesis);
    for (const of of ['a', 'b', 'c'] as const) await made.#registerHospital(of, leastCoolingOffMinutes);
    const registrar = await made.hire('a', 'registrar');
    const { RegisterPatient } = transactions;
    const input = RegisterPatient.request.parse(made.patient.registration);
    await made.add(made.byStaff(registrar, RegisterPatient, input, made.pseudonymEntry()));
    return made;
  }

  async close(): Promise<void> {
    await this.index.close();
  }

  member(of: 'a' | 'b' | 'c'): Member {
    return this.chain.consortium[of];
  }

  /** A block of its own for these. */
  async add(...calls: readonly Call[]): Promise<void> {
    const last = this.#blocks.at(-1) ?? this.chain.genesis;
    const envelopes = calls.map((call) => envelopeOf(this.network, call));
    const block = this.chain.after(last, envelopes, true);
    await this.#take(this.index, block, true);
    this.#blocks.push(block);
  }

  /** How A's index has followed a recovery of the patient. */
  followedRecovery(caseId: RecoveryCaseId): ReturnType<LedgerIndex['followedRecovery']> {
    return this.index.followedRecovery({ pseudonym: this.pseudonym, caseId });
  }

  /** What the index of a new machine of A, or of a later version, finds untrue in the same blocks. */
  async alarmsAnew(): Promise<readonly string[]> {
    const alarms: string[] = [];
    const index = this.#newIndex(alarms);
    for (const block of this.#blocks) await this.#take(index, block, false);
    await index.close();
    return alarms;
  }

  /** The alarms that come of what is done meanwhile. */
  async alarmsOf(deed: () => Promise<void>): Promise<readonly string[]> {
    const before = this.alarms.length;
    await deed();
    return this.alarms.slice(before);
  }

  hire(at: 'a' | 'b' | 'c', ...roles: readonly Role[]): Promise<Hired> {
    return this.hireHeldBack(at, 0, ...roles);
  }

  /** As {@link hire}, in a transaction that the member keeps back for so many minutes. */
  async hireHeldBack(at: 'a' | 'b' | 'c', minutes: number, ...roles: readonly Role[]): Promise<Hired> {
    const mspId = mspIdSchema.parse(this.member(at).mspId);
    const [actorTag, privateKey] = [actorTagSchema.parse(newId()), newPrivateKey()];
    const input = { actorTag, roles: [...roles], departments: [], publicKeyHash: hashOfKey(publicKeyOf(privateKey)), dutyWindows: [] };
    const origin = { requestHash: sha256('a request'), actor: this.administratorOf(at) };
    const [registeredAt, state] = [this.at(), 'active'];
    const entry = staffSchema.parse({ schemaVersion: 1, mspId, ...input, state, registeredAt, changedAt: registeredAt, origin });
    const writes = { [ledgerKey('staff', mspId, actorTag)]: canonicalJson(entry) };
    const call = this.call(transactions.RegisterStaff, input, writes, { creator: this.member(at).admin });
    this.now += minutes * MINUTE;
    await this.add(call);
    const signer = { network: this.network, mspId, actorTag, privateKey };
    const sign: Hired['sign'] = (transaction, asked) => signStaffRequest(signer, { transaction, input: asked }, this.at());
    return { reference: { kind: 'staff', mspId, actorTag }, sign };
  }

  /** That a member is a hospital, as its own administrator says. */
  async #registerHospital(of: 'a' | 'b' | 'c', leastCoolingOffMinutes: number): Promise<void> {
    const { mspId, admin: creator } = this.member(of);
    const encapsulationKeys = [{ epoch: 1, publicKey: publicKeyOf(newPrivateKey()) }];
    const input = { kinds: ['hospital'], genesis: this.network.genesis, encapsulationKeys, leastCoolingOffMinutes };
    const writes = {
      [ledgerKey('organisation', mspId)]: canonicalJson({ mspId, status: 'active', kinds: input.kinds, encapsulationKeys }),
    };
    await this.add(this.call(transactions.RegisterOrganisation, input, writes, { creator }));
  }

  /** As the chaincode names whoever has a member's administrator's certificate. */
  administratorOf(of: 'a' | 'b' | 'c'): ActorReference {
    const { mspId, admin } = this.member(of);
    const spki = new X509Certificate(admin.certificatePem).publicKey.export({ type: 'spki', format: 'der' });
    return { kind: 'administrator', mspId: mspIdSchema.parse(mspId), keyHash: sha256(spki) };
  }

  at(): Instant {
    return instantOf(this.now);
  }

  byStaff({ reference: { mspId }, sign }: Hired, transaction: Transaction, input: unknown, writes: Writes): Call {
    const members = [this.member('a'), this.member('b'), this.member('c')];
    const creator = members.find((member) => member.mspId === mspId)?.client ?? this.member('a').client;
    return this.call(transaction, input, writes, { proof: sign(transaction, input), creator });
  }

  /** A command of the patient with their next key, which is used up by it. */
  command(transaction: Transaction, input: unknown, writes: Writes = {}, creator?: Signer): Call {
    const proof = this.patient.signFor(this.pseudonym, transaction, input);
    this.patient.roll();
    return this.commandBy(proof, transaction, input, writes, creator);
  }

  /** A command that somebody has signed for the patient's pseudonym, and what enough endorsers write for it. */
  commandBy(proof: PatientProof, transaction: Transaction, input: unknown, writes: Writes = {}, creator?: Signer): Call {
    const { statement } = proof;
    this.#standing = { nextKeyHash: statement.nextKeyHash, lastCommand: { statementHash: statementHashOf(statement), at: this.at() } };
    return this.call(transaction, input, { ...this.pseudonymEntry(), ...writes }, { proof, ...(creator === undefined ? {} : { creator }) });
  }

  call(transaction: Transaction, input: unknown, writes: Writes, by: { readonly proof?: Proof; readonly creator?: Signer } = {}): Call {
    const { proof, creator = this.member('a').client } = by;
    const argument = encodeArgument({ input, ...(proof === undefined ? {} : { proof }) });
    return { creator, asked: { name: qualifiedName(transaction), argument }, writes, atMillis: this.now };
  }

  /** The pseudonym's entry as it is, but for what is said. */
  pseudonymEntry(changes: object = {}): Writes {
    const entry = { mspId: this.member('a').mspId, state: 'active', ...this.#standing, ...changes };
    return { [ledgerKey('pseudonym', this.pseudonym)]: canonicalJson(entry) };
  }

  /** A line of the patient's audit, of the transaction that writes it. */
  auditLine(event: string, actor: ActorReference): Writes {
    const { objectType, key } = auditArea.entities.accessEvents;
    const at = this.at();
    const line = { schemaVersion: 1, pseudonym: this.pseudonym, at, txId: ITS_ID, n: 0, event, actor };
    return { [ledgerKey(objectType, this.pseudonym, key[1].spell(at), ITS_ID, '000')]: canonicalJson(line) };
  }

  #newIndex(alarms: string[]): LedgerIndex {
    return new LedgerIndex(':memory:', this.network.chaincode, this.member('a').mspId, ({ name }) => alarms.push(name));
  }

  async #take(index: LedgerIndex, block: common.Block, isNew: boolean): Promise<void> {
    const isFirst = block === this.chain.genesis;
    const configuration = isFirst ? BlockAuthority.ofGenesis(block).configuration : undefined;
    await index.sinkOf(this.member('a').mspId).apply({ ...parseBlock(block), configuration }, isNew);
  }
}

function named(writes: Writes, transactionId: string): Writes {
  const inWhole = (text: string): string => text.replaceAll(ITS_ID, transactionId);
  return Object.fromEntries(Object.entries(writes).map(([key, value]) => [inWhole(key), inWhole(value)]));
}

function envelopeOf(network: NetworkName, { creator, asked, writes, atMillis }: Call): Buffer {
  const nonce = randomBytes(24);
  const signature = new common.SignatureHeader();
  signature.setCreator(creator.serializedIdentity);
  signature.setNonce(nonce);
  const transactionId = computeTxId(nonce, creator.serializedIdentity);
  const id = new peer.ChaincodeID();
  id.setName(network.chaincode);
  const executed = new peer.ChaincodeAction();
  executed.setChaincodeId(id);
  executed.setResults(buildRwSet({ [network.chaincode]: { writes: named(writes, transactionId) } }));
  const response = new peer.ProposalResponsePayload();
  response.setExtension$(marshal(executed));
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(marshal(response));
  const content = new peer.ChaincodeActionPayload();
  content.setChaincodeProposalPayload(proposalOf(network.chaincode, asked));
  content.setAction(endorsed);
  const channelHeader = channelHeaderBytes({ ...network, transactionId }, statedMillis(atMillis));
  const headers = { channelHeader, signatureHeader: marshal(signature) };
  const payload = transactionPayload(headers, content);
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(creator.sign(payload));
  return marshal(envelope);
}
