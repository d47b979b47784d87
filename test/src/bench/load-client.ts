import { randomBytes } from 'node:crypto';
import { type Contract } from '@hyperledger/fabric-gateway';
import { newIdNonce, newPrivateKey, publicKeyOf, signStaffRequest, type StaffSigner } from '@lianyi/client';
import {
  actorTagSchema,
  encodeArgument,
  newRequest,
  hashOfKey,
  instantOf,
  mspIdSchema,
  type Proof,
  pseudonymOf,
  qualifiedName,
  type Request,
  sha256Schema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { identityInMspDirectory, loadConnectionProfile, loadSigningIdentity, openPeerSession } from '@lianyi/ledger-client';
import { type ConnectRequest } from './load-protocol';

/** 22 characters of 128 random bits; a command line is not involved, so any will do. */
const randomId = (): string => randomBytes(16).toString('base64url');
const randomHash = (): string => randomBytes(32).toString('base64url');

/** One member's software: the stock gateway client on one connection, an administrator, and a registrar who signs requests. */
export class LoadClient {
  private constructor(
    private readonly contract: Contract,
    /** The member node's connection: only it carries what others have signed. */
    private readonly carrying: Contract,
    private readonly mspId: string,
    private readonly registrar: StaffSigner,
  ) {}

  /** Connects and commits the consortium's first transaction: the organisation registers itself. */
  static async connect(request: ConnectRequest): Promise<LoadClient> {
    const { mspId, profile, administratorMsp, nodeMsp, channel, chaincode } = request;
    const peer = (await loadConnectionProfile(profile)).find((candidate) => candidate.mspId === mspId);
    if (peer === undefined) throw new Error(`the connection profile names no peer of ${mspId}`);
    const contractOf = async (msp: string): Promise<Contract> => {
      const session = openPeerSession(peer, await loadSigningIdentity(await identityInMspDirectory(mspId, msp)));
      return session.gateway.getNetwork(channel).getContract(chaincode);
    };
    const genesis = sha256Schema.parse(randomHash());
    const registrar: StaffSigner = {
      network: { channel, chaincode, genesis },
      mspId: mspIdSchema.parse(mspId),
      actorTag: actorTagSchema.parse(randomId()),
      privateKey: newPrivateKey(),
    };
    const client = new LoadClient(await contractOf(administratorMsp), await contractOf(nodeMsp), mspId, registrar);
    const encapsulationKeys = [{ epoch: 1, publicKey: publicKeyOf(newPrivateKey()) }];
    await client.#commit(transactions.RegisterOrganisation, { kinds: ['hospital'], genesis, encapsulationKeys });
    return client;
  }

  /** What {@link submit} needs on the ledger. */
  async prepare(): Promise<void> {
    const { actorTag, privateKey } = this.registrar;
    const publicKeyHash = hashOfKey(publicKeyOf(privateKey));
    await this.#commit(transactions.RegisterStaff, { actorTag, roles: ['registrar'], departments: [], publicKeyHash, dutyWindows: [] });
  }

  /** Reads an organisation from the own peer. */
  async evaluate(): Promise<void> {
    const argument = encodeArgument(newRequest(transactions.GetOrganisation, { mspId: this.mspId }));
    await this.contract.evaluateTransaction(qualifiedName(transactions.GetOrganisation), argument);
  }

  /** Registers a new patient: signed by the registrar, endorsed by the majority, until the peer reports it valid. */
  async submit(): Promise<void> {
    const nonce = newIdNonce();
    const nextKeyHash = sha256Schema.parse(randomHash());
    const pseudonym = pseudonymOf({ mspId: this.registrar.mspId, firstKeyHash: nextKeyHash, nonce });
    const input = { pseudonym, nonce, suite: 'P256-SHA256' as const, nextKeyHash };
    const proof = signStaffRequest(this.registrar, { transaction: transactions.RegisterPatient, input }, instantOf(Date.now()));
    await this.#commit(transactions.RegisterPatient, input, proof);
  }

  async #commit<Entry extends TransactionEntry>(entry: Entry, input: Request<Entry>, proof?: Proof): Promise<void> {
    const submitted = await (proof === undefined ? this.contract : this.carrying).submitAsync(qualifiedName(entry), {
      arguments: [encodeArgument(newRequest(entry, input, proof === undefined ? {} : { proof }))],
    });
    const status = await submitted.getStatus();
    if (!status.successful) throw new Error(`${entry.name} was committed as invalid: ${status.code}`);
  }
}
