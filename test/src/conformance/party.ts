import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import {
  type Commit,
  type Contract,
  type Gateway,
  type Network,
  type Proposal,
  type ProposalOptions,
  type Signer,
  type Transaction,
} from '@hyperledger/fabric-gateway';
import { gateway } from '@lianyi/fabric-protocol';
import { type Craftsman, craftsmanOf, type Papers } from './craft';
import { type StockClient, stockClients } from './stock-client';

/** How to call: chaincode, pinned organisations, transient data. */
export interface CallOptions {
  readonly chaincode?: string;
  readonly organizations?: readonly string[];
  readonly transient?: Readonly<Record<string, string>>;
}

interface Who {
  readonly mspId: string;
  readonly user: string;
  /** Organisation whose peer is the gateway. */
  readonly peerMspId: string;
  /** Which of its peers; the first if none is named. */
  readonly peer?: string;
}

interface Names {
  readonly channel: string;
  readonly chaincode: string;
}

interface Profile {
  readonly organizations: Readonly<Record<string, { readonly mspid: string; readonly peers: readonly string[] }>>;
  readonly peers: Readonly<
    Record<
      string,
      { readonly url: string; readonly tlsCACerts: { readonly pem: string }; readonly grpcOptions: Readonly<Record<string, string>> }
    >
  >;
}

function onlyFile(dir: string): Buffer {
  const [name] = readdirSync(dir);
  if (name === undefined) throw new Error(`${dir} is empty`);
  return readFileSync(join(dir, name));
}

function dial(profilePath: string, peerMspId: string, name?: string): grpc.Client {
  const profile = JSON.parse(readFileSync(profilePath, 'utf8')) as Profile;
  const peerName = name ?? Object.values(profile.organizations).find((organization) => organization.mspid === peerMspId)?.peers[0] ?? '';
  const peer = profile.peers[peerName];
  if (peer === undefined) throw new Error(`${profilePath} names no peer of ${peerMspId}`);
  const tls = grpc.credentials.createSsl(Buffer.from(peer.tlsCACerts.pem));
  const options = {
    'grpc.ssl_target_name_override': peer.grpcOptions['ssl-target-name-override'] ?? '',
    'grpc.max_receive_message_length': -1,
  };
  return new grpc.Client(peer.url.replace('grpcs://', ''), tls, options);
}

/** One identity, connected to one peer with the stock client. */
export class Party {
  readonly mspId: string;
  readonly channel: Network;
  readonly certificatePem: string;
  /** For requests made by hand. */
  readonly craftsman: Craftsman;
  readonly #gateway: Gateway;
  readonly #signer: Signer;

  private constructor(
    papers: Papers,
    readonly client: grpc.Client,
    private readonly names: Names,
    { connect, hash, signers }: StockClient,
  ) {
    const { mspId, certificatePem, privateKey } = papers;
    this.mspId = mspId;
    this.certificatePem = certificatePem;
    this.craftsman = craftsmanOf(papers);
    this.#signer = signers.newPrivateKeySigner(privateKey);
    this.#gateway = connect({
      client,
      identity: { mspId, credentials: Buffer.from(certificatePem) },
      signer: this.#signer,
      hash: hash.sha256,
    });
    this.channel = this.#gateway.getNetwork(names.channel);
  }

  /** @param profilePath connection profile beside the organisation's `users/`. */
  static open(
    { mspId, user, peerMspId, peer }: Who,
    profilePath: string,
    names: Names,
    library: StockClient = stockClients['1.12'].library,
  ): Party {
    const root = dirname(profilePath);
    const domain = root.slice(root.lastIndexOf('/') + 1);
    const mspDir = join(root, 'users', `${user}@${domain}`, 'msp');
    const papers = {
      mspId,
      certificatePem: onlyFile(join(mspDir, 'signcerts')).toString(),
      privateKey: createPrivateKey(onlyFile(join(mspDir, 'keystore'))),
    };
    return new Party(papers, dial(profilePath, peerMspId, peer), names, library);
  }

  /** Somebody with papers a test made up, at the peer of an organisation. */
  static guest(papers: Papers, profilePath: string, peerMspId: string, names: Names, library: StockClient): Party {
    return new Party(papers, dial(profilePath, peerMspId), names, library);
  }

  /** A channel by name, also one that does not exist. */
  otherChannel(name: string): Network {
    return this.#gateway.getNetwork(name);
  }

  /** A proposal made earlier, signed again. */
  newSignedProposal(bytes: Uint8Array): Proposal {
    const proposal = gateway.ProposedTransaction.deserializeBinary(bytes).getProposal();
    return this.#gateway.newSignedProposal(bytes, this.craftsman.sign(Buffer.from(proposal?.getProposalBytes_asU8() ?? [])));
  }

  signedTransaction(bytes: Uint8Array, signature: Uint8Array): Transaction {
    return this.#gateway.newSignedTransaction(bytes, signature);
  }

  signedCommit(bytes: Uint8Array, signature: Uint8Array): Commit {
    return this.#gateway.newSignedCommit(bytes, signature);
  }

  /** As somebody does who keeps the key elsewhere. */
  async signDigest(digest: Uint8Array): Promise<Uint8Array> {
    return this.#signer(digest);
  }

  contract(chaincode = this.names.chaincode): Contract {
    return this.channel.getContract(chaincode);
  }

  async evaluate(name: string, args: readonly string[] = [], options: CallOptions = {}): Promise<string> {
    return Buffer.from(await this.contract(options.chaincode).evaluate(name, proposalOptions(args, options))).toString();
  }

  /** Endorses, submits and waits; a transaction that is not valid is a CommitError. */
  async submit(name: string, args: readonly string[] = [], options: CallOptions = {}): Promise<string> {
    return Buffer.from(await this.contract(options.chaincode).submit(name, proposalOptions(args, options))).toString();
  }

  async endorse(name: string, args: readonly string[] = [], options: CallOptions = {}): Promise<Transaction> {
    return this.contract(options.chaincode).newProposal(name, proposalOptions(args, options)).endorse();
  }

  close(): void {
    this.#gateway.close();
    this.client.close();
  }
}

function proposalOptions(args: readonly string[], { organizations, transient }: CallOptions): ProposalOptions {
  return {
    arguments: [...args],
    ...(organizations === undefined ? {} : { endorsingOrganizations: [...organizations] }),
    ...(transient === undefined ? {} : { transientData: { ...transient } }),
  };
}
