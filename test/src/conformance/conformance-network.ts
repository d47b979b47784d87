import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as grpc from '@grpc/grpc-js';
import { internals } from '@lianyi/network';
import { type Craftsman } from './craft';
import {
  connect,
  type Contract,
  type Gateway,
  hash,
  type Network,
  type Proposal,
  type ProposalOptions,
  signers,
  type Transaction,
} from '@hyperledger/fabric-gateway';

/** How to call: chaincode, pinned organisations, transient data. */
export interface CallOptions {
  readonly chaincode?: string;
  readonly organizations?: readonly string[];
  readonly transient?: Readonly<Record<string, string>>;
}

export interface CommitResult {
  readonly validationCode: number;
  readonly block: string;
}

interface Who {
  readonly mspId: string;
  readonly user: string;
  /** Organisation whose peer is the gateway. */
  readonly peerMspId: string;
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

/** One user of one organisation, connected to its organisation's peer with the stock client. */
export class Party {
  readonly mspId: string;
  readonly channel: Network;
  readonly client: grpc.Client;
  readonly certificatePem: string;
  /** For requests made by hand. */
  readonly craftsman: Craftsman;

  private constructor(
    signer: internals.Signer,
    private readonly gateway: Gateway,
    client: grpc.Client,
    private readonly names: { readonly channel: string; readonly chaincode: string },
  ) {
    this.mspId = signer.mspId;
    this.certificatePem = signer.certificatePem;
    this.craftsman = { creator: signer.serializedIdentity, sign: (bytes) => signer.sign(bytes) };
    this.client = client;
    this.channel = gateway.getNetwork(names.channel);
  }

  /** @param profilePath connection profile beside the organisation's `users/`. */
  static open(
    { mspId, user, peerMspId }: Who,
    profilePath: string,
    names: { readonly channel: string; readonly chaincode: string },
  ): Party {
    const root = dirname(profilePath);
    const domain = root.slice(root.lastIndexOf('/') + 1);
    const mspDir = join(root, 'users', `${user}@${domain}`, 'msp');
    const profile = JSON.parse(readFileSync(profilePath, 'utf8')) as Profile;
    const peerName = Object.values(profile.organizations).find((organization) => organization.mspid === peerMspId)?.peers[0] ?? '';
    const peer = profile.peers[peerName];
    if (peer === undefined) throw new Error(`${profilePath} names no peer of ${peerMspId}`);
    const tls = grpc.credentials.createSsl(Buffer.from(peer.tlsCACerts.pem));
    const options = {
      'grpc.ssl_target_name_override': peer.grpcOptions['ssl-target-name-override'] ?? '',
      'grpc.max_receive_message_length': -1,
    };
    const client = new grpc.Client(peer.url.replace('grpcs://', ''), tls, options);
    const gateway = connect({
      client,
      identity: { mspId, credentials: onlyFile(join(mspDir, 'signcerts')) },
      signer: signers.newPrivateKeySigner(createPrivateKey(onlyFile(join(mspDir, 'keystore')))),
      hash: hash.sha256,
    });
    return new Party(internals.loadSigner(mspDir, mspId), gateway, client, names);
  }

  /** A channel by name, also one that does not exist. */
  otherChannel(name: string): Network {
    return this.gateway.getNetwork(name);
  }

  /** A proposal made earlier, signed again. */
  newSignedProposal(bytes: Uint8Array): Proposal {
    const proposal = internals.proto.gateway.ProposedTransaction.deserializeBinary(bytes).getProposal();
    return this.gateway.newSignedProposal(bytes, this.craftsman.sign(Buffer.from(proposal?.getProposalBytes_asU8() ?? [])));
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
    this.gateway.close();
    this.client.close();
  }
}

export async function commit(transaction: Transaction): Promise<CommitResult> {
  const submitted = await transaction.submit();
  const status = await submitted.getStatus();
  return { validationCode: status.code, block: String(status.blockNumber) };
}

/**
 * Submits transactions so close together that one block takes them all; `make` is asked again until it happened.
 * Answers their codes in the order of `make`.
 */
export async function inOneBlock(make: () => Promise<readonly Transaction[]>): Promise<readonly CommitResult[]> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const results = await Promise.all((await make()).map(commit));
    if (new Set(results.map(({ block }) => block)).size === 1) return results;
  }
  throw new Error('the transactions never met in one block');
}

function proposalOptions(args: readonly string[], { organizations, transient }: CallOptions): ProposalOptions {
  return {
    arguments: [...args],
    ...(organizations === undefined ? {} : { endorsingOrganizations: [...organizations] }),
    ...(transient === undefined ? {} : { transientData: { ...transient } }),
  };
}

export const A = 'HospitalAMSP';
export const B = 'HospitalBMSP';
export const C = 'HospitalCMSP';

/** A running network, embedded or real, as the cases see it: connection profiles and certificates, nothing else. */
export class ConformanceNetwork {
  private readonly parties = new Map<string, Party>();
  private keys = 0;

  /** @param tooLongMillis longer than the network lets chaincode run. */
  constructor(
    private readonly profiles: Readonly<Record<string, string>>,
    readonly tooLongMillis = '7000',
  ) {}

  /** A user connected to the peer of its own organisation. */
  as(mspId: string, user = 'User1'): Party {
    return this.at(mspId, mspId, user);
  }

  /** A user connected to the peer of any organisation. */
  at(peerMspId: string, mspId: string, user = 'User1'): Party {
    const identity = `${user}@${mspId} at ${peerMspId}`;
    const found = this.parties.get(identity) ?? this.open(peerMspId, mspId, user);
    this.parties.set(identity, found);
    return found;
  }

  /** The organisation's certificate authority, whose key lies beside its profile in every network this project starts. */
  authority(mspId: string): Promise<internals.CertificateAuthority> {
    const dir = join(dirname(this.profiles[mspId] ?? ''), 'ca');
    const certificate = readdirSync(dir).find((name) => name.endsWith('-cert.pem')) ?? '';
    return internals.loadCertificateAuthority({
      certificatePem: readFileSync(join(dir, certificate), 'utf8'),
      privateKeyPem: readFileSync(join(dir, 'priv_sk'), 'utf8'),
    });
  }

  /** A key no other case uses. */
  key(prefix = 'k'): string {
    this.keys += 1;
    return `${prefix}-${process.pid}-${Date.now()}-${this.keys}`;
  }

  /** Adds one block. */
  async tick(): Promise<void> {
    await this.as(A).submit('put', [this.key('tick'), 'x']);
  }

  /** Number of blocks at A's peer. */
  async height(): Promise<number> {
    const bytes = await this.as(A).contract('qscc').evaluateTransaction('GetChainInfo', 'emr');
    return internals.proto.common.BlockchainInfo.deserializeBinary(bytes).getHeight();
  }

  /** Validation code of a transaction in the first block from `start` on that holds it. */
  async codeInBlocksFrom(start: number, txId: string): Promise<{ readonly validationCode: number }> {
    const blocks = await this.as(A).channel.getFilteredBlockEvents({ startBlock: BigInt(start) });
    for await (const block of blocks) {
      const found = block.getFilteredTransactionsList().find((transaction) => transaction.getTxid() === txId);
      if (found === undefined) continue;
      blocks.close();
      return { validationCode: found.getTxValidationCode() };
    }
    throw new Error('the stream ended');
  }

  close(): void {
    for (const party of this.parties.values()) party.close();
  }

  private open(peerMspId: string, mspId: string, user: string): Party {
    const profile = this.profiles[mspId];
    if (profile === undefined) throw new Error(`no connection profile of ${mspId} was given`);
    return Party.open({ mspId, user, peerMspId }, profile, { channel: 'emr', chaincode: 't' });
  }
}
