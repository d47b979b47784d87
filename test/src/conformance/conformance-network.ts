import { loadSigner } from '@lianyi/network-model';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Transaction } from '@hyperledger/fabric-gateway';
import { type CertificateAuthority, common, loadCertificateAuthority } from '@lianyi/fabric-protocol';
import { type Craftsman, type Papers } from './craft';
import { Party } from './party';
import { type StockClient, stockClients } from './stock-client';
import { waitUntil } from '../wait-until';

export { type CallOptions } from './party';

export interface NetworkOptions {
  readonly tooLongMillis?: number;
  readonly gossipMillis?: number;
  readonly library?: StockClient;
}

/** Makes something at most once on each network. */
export function oncePerNetwork<T>(make: (network: ConformanceNetwork) => Promise<T>): (network: ConformanceNetwork) => Promise<T> {
  const made = new WeakMap<ConformanceNetwork, Promise<T>>();
  return (network) => {
    const found = made.get(network) ?? make(network);
    made.set(network, found);
    return found;
  };
}

export interface CommitResult {
  readonly validationCode: number;
  readonly block: string;
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

/** Longer than any network takes for a block. */
const BLOCK_PATIENCE_MILLIS = 8_000;

const names = { channel: 'emr', chaincode: 't' };

export const A = 'HospitalAMSP';
export const B = 'HospitalBMSP';
export const C = 'HospitalCMSP';
/** A and B have it between them. */
export const SIDE_CHANNEL = 'side';

function codesOf(block: common.Block, txId: string): readonly number[] {
  const flags = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER] ?? new Uint8Array();
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  return envelopes.flatMap((bytes, index) => (txIdOf(common.Envelope.deserializeBinary(bytes)) === txId ? [flags[index] ?? -1] : []));
}

/** The id an envelope says its transaction has. */
export function txIdOf(envelope: common.Envelope): string {
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  return common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array()).getTxId();
}

/** A running network, embedded or real, as the cases see it: connection profiles and certificates, nothing else. */
export class ConformanceNetwork {
  readonly #parties = new Map<string, Party>();
  readonly #guests: Party[] = [];
  #keys = 0;

  constructor(
    private readonly profiles: Readonly<Record<string, string>>,
    private readonly options: NetworkOptions = {},
  ) {}

  /** Longer than the network lets chaincode run. */
  get tooLongMillis(): string {
    return String(this.options.tooLongMillis ?? 7_000);
  }

  /** Waits until peers have told one another what chaincode they can run. */
  async gossip(): Promise<void> {
    await new Promise((done) => setTimeout(done, this.options.gossipMillis ?? 0));
  }

  /** A user connected to the peer of its own organisation. */
  as(mspId: string, user = 'User1'): Party {
    return this.at(mspId, mspId, user);
  }

  /** A user connected to the peer of any organisation. */
  at(peerMspId: string, mspId: string, user = 'User1'): Party {
    const identity = `${user}@${mspId} at ${peerMspId}`;
    const found = this.#parties.get(identity) ?? this.#open(peerMspId, mspId, user);
    this.#parties.set(identity, found);
    return found;
  }

  /** Somebody with papers of their own, connected to the peer of an organisation. */
  guest(papers: Papers, peerMspId = papers.mspId): Party {
    const guest = Party.guest(papers, this.#profileOf(peerMspId), peerMspId, names, this.#library());
    this.#guests.push(guest);
    return guest;
  }

  /** The organisation's first peer, to sign what it would not sign; its keys lie beside the profile. */
  peerOf(mspId: string): Craftsman {
    const peers = join(dirname(this.#profileOf(mspId)), 'peers');
    const [first] = readdirSync(peers).sort();
    const signer = loadSigner(join(peers, first ?? '', 'msp'), mspId);
    return { creator: signer.serializedIdentity, sign: (bytes) => signer.sign(bytes) };
  }

  /** The organisation's certificate authority, whose key lies beside its profile in every network this project starts. */
  authority(mspId: string): Promise<CertificateAuthority> {
    const dir = join(dirname(this.#profileOf(mspId)), 'ca');
    const certificate = readdirSync(dir).find((name) => name.endsWith('-cert.pem')) ?? '';
    return loadCertificateAuthority({
      certificatePem: readFileSync(join(dir, certificate), 'utf8'),
      privateKeyPem: readFileSync(join(dir, 'priv_sk'), 'utf8'),
    });
  }

  /** A key no other case uses. */
  key(prefix = 'k'): string {
    this.#keys += 1;
    return `${prefix}-${process.pid}-${Date.now()}-${this.#keys}`;
  }

  /** A name no other chaincode has; in outcomes only its beginning is left. */
  chaincodeName(beginning: string): string {
    return this.key(`${beginning}-fresh`);
  }

  /** Adds one block. */
  async tick(): Promise<void> {
    await this.as(A).submit('put', [this.key('tick'), 'x']);
  }

  /** Waits until the peers of the organisations have the same blocks. */
  async level(mspIds: readonly string[]): Promise<void> {
    const heights = () => Promise.all(mspIds.map((mspId) => this.height('emr', mspId)));
    await waitUntil(`the peers of ${mspIds.join(', ')} have the same blocks`, async () => new Set(await heights()).size === 1);
  }

  /** Number of blocks at the peer of an organisation. */
  async height(channel = 'emr', mspId: string = A): Promise<number> {
    const bytes = await this.as(mspId).contract('qscc').evaluateTransaction('GetChainInfo', channel);
    return common.BlockchainInfo.deserializeBinary(bytes).getHeight();
  }

  /** Validation code of a transaction in the first block from `start` on that holds it. */
  async codeInBlocksFrom(start: number, txId: string): Promise<{ readonly validationCode: number }> {
    const [validationCode = 0] = await this.codesInBlocksFrom(start, txId, 1);
    return { validationCode };
  }

  /** Validation codes of the first `count` transactions with this id from block `start` on. */
  async codesInBlocksFrom(start: number, txId: string, count: number): Promise<readonly number[]> {
    // whole blocks: they hold every envelope, whatever became of it
    const blocks = await this.as(A).channel.getBlockEvents({ startBlock: BigInt(start) });
    const patience = setTimeout(() => {
      blocks.close();
    }, BLOCK_PATIENCE_MILLIS);
    const codes: number[] = [];
    try {
      for await (const block of blocks) {
        codes.push(...codesOf(block, txId));
        if (codes.length >= count) return codes;
      }
    } catch (error) {
      throw new Error(`only ${codes.length} of ${count} seen in blocks within ${BLOCK_PATIENCE_MILLIS} ms`, { cause: error });
    } finally {
      clearTimeout(patience);
      blocks.close();
    }
    throw new Error('the stream ended');
  }

  close(): void {
    for (const party of [...this.#parties.values(), ...this.#guests]) party.close();
  }

  #open(peerMspId: string, mspId: string, user: string): Party {
    return Party.open({ mspId, user, peerMspId }, this.#profileOf(mspId), names, this.#library());
  }

  #library(): StockClient {
    return this.options.library ?? stockClients['1.12'].library;
  }

  #profileOf(mspId: string): string {
    const profile = this.profiles[mspId];
    if (profile === undefined) throw new Error(`no connection profile of ${mspId} was given`);
    return profile;
  }
}
