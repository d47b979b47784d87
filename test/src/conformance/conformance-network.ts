import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Transaction } from '@hyperledger/fabric-gateway';
import { internals } from '@lianyi/network';
import { type Craftsman } from './craft';
import { type Papers, Party } from './party';
import { type StockClient, stockClients } from './stock-client';

export { type CallOptions, Party } from './party';

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

const names = { channel: 'emr', chaincode: 't' };

export const A = 'HospitalAMSP';
export const B = 'HospitalBMSP';
export const C = 'HospitalCMSP';

/** A running network, embedded or real, as the cases see it: connection profiles and certificates, nothing else. */
export class ConformanceNetwork {
  private readonly parties = new Map<string, Party>();
  private readonly guests: Party[] = [];
  private keys = 0;

  /** @param tooLongMillis longer than the network lets chaincode run. */
  constructor(
    private readonly profiles: Readonly<Record<string, string>>,
    readonly tooLongMillis = '7000',
    private readonly library: StockClient = stockClients['1.12'].library,
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

  /** Somebody with papers of their own, connected to the peer of an organisation. */
  guest(papers: Papers, peerMspId = papers.mspId): Party {
    const guest = Party.guest(papers, this.profileOf(peerMspId), peerMspId, names, this.library);
    this.guests.push(guest);
    return guest;
  }

  /** The organisation's first peer, to sign what it would not sign; its keys lie beside the profile. */
  peerOf(mspId: string): Craftsman {
    const peers = join(dirname(this.profileOf(mspId)), 'peers');
    const [first] = readdirSync(peers).sort();
    const signer = internals.loadSigner(join(peers, first ?? '', 'msp'), mspId);
    return { creator: signer.serializedIdentity, sign: (bytes) => signer.sign(bytes) };
  }

  /** The organisation's certificate authority, whose key lies beside its profile in every network this project starts. */
  authority(mspId: string): Promise<internals.CertificateAuthority> {
    const dir = join(dirname(this.profileOf(mspId)), 'ca');
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
    for (const party of [...this.parties.values(), ...this.guests]) party.close();
  }

  private open(peerMspId: string, mspId: string, user: string): Party {
    return Party.open({ mspId, user, peerMspId }, this.profileOf(mspId), names, this.library);
  }

  private profileOf(mspId: string): string {
    const profile = this.profiles[mspId];
    if (profile === undefined) throw new Error(`no connection profile of ${mspId} was given`);
    return profile;
  }
}
