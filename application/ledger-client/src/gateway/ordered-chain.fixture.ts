import type { CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import {
  buildGenesisBlock,
  type CertificateAuthority,
  createCertificateAuthority,
  createSigner,
  issueIdentity,
  newBlock,
  type Signer,
  setCommitMetadata,
  signBlock,
} from '@lianyi/fabric-protocol';
import { parseBlock } from './block';
import { type BlockSink, type FollowedBlock } from './block-follower';
import { type BlockSource } from './block-source';

/** An organisation with an orderer, and somebody of it who is none. */
export interface Orderers {
  readonly mspId: string;
  readonly ca: CertificateAuthority;
  readonly orderer: Signer;
  readonly client: Signer;
}

export async function newOrderers(mspId: string): Promise<Orderers> {
  const ca = await createCertificateAuthority(`ca.${mspId}`, mspId);
  const signerOf = async (unit: string): Promise<Signer> => {
    const pair = await issueIdentity(ca, { commonName: `${unit}0`, organization: mspId, organizationalUnits: [unit] });
    return createSigner(mspId, pair.certificatePem, pair.privateKeyPem);
  };
  return { mspId, ca, orderer: await signerOf('orderer'), client: await signerOf('client') };
}

/** Block 0 of a channel whose blocks any of the given organisations' orderers may sign. */
export function genesisOf(...organizations: readonly Orderers[]): common.Block {
  const bytes = buildGenesisBlock({
    channel: 'emr',
    batch: { timeoutMillis: 5, maxMessageCount: 10, preferredMaxBytes: 1024, absoluteMaxBytes: 2048 },
    organizations: organizations.map(({ mspId, ca }) => ({
      mspId,
      caPem: ca.certificatePem,
      tlsCaPem: ca.certificatePem,
      hasPeer: true,
      hasOrderer: true,
      isApplication: true,
    })),
  });
  const block = common.Block.deserializeBinary(bytes);
  setCommitMetadata(block, [0], undefined);
  return block;
}

/** The block after another one; not signed without `signer`. */
export function nextBlock(
  previous: common.Block,
  signer: Signer | undefined,
  envelopes: readonly Uint8Array[],
  codes: readonly number[] = envelopes.map(() => 0),
): common.Block {
  const { blockNumber, headerHash } = parseBlock(previous);
  const block = newBlock(
    Number(blockNumber) + 1,
    headerHash,
    envelopes.map((envelope) => Buffer.from(envelope)),
  );
  if (signer !== undefined) signBlock(block, signer, 0);
  setCommitMetadata(block, codes, undefined);
  return block;
}

/** A peer's blocks as it delivers them: the stream stays open when there is nothing newer, and fails when it is closed. */
export class FakeBlocks implements BlockSource {
  opened: bigint[] = [];
  connectionsGivenUp = 0;
  /** A stream delivers this many blocks and then ends. */
  longestStream = Infinity;
  /** The connection is dead: nothing comes, nothing is answered, nothing closes. */
  isSilent = false;
  /** What the peer says its newest block is, if not the last. */
  claimed: bigint | undefined;

  constructor(readonly blocks: common.Block[]) {}

  open(startBlock: bigint): Promise<CloseableAsyncIterable<common.Block>> {
    this.opened.push(startBlock);
    const { promise: closed, resolve } = Promise.withResolvers<undefined>();
    const close = (): void => {
      resolve(undefined);
    };
    const rest = this.isSilent ? [] : this.blocks.slice(Number(startBlock));
    const delivered = rest.slice(0, this.longestStream);
    const endsEarly = delivered.length < rest.length;
    async function* stream(): AsyncGenerator<common.Block> {
      yield* delivered;
      if (endsEarly) return;
      await closed;
      throw new Error('1 CANCELLED: Cancelled on client');
    }
    const iterator = stream();
    return Promise.resolve({ [Symbol.asyncIterator]: () => iterator, close, [Symbol.dispose]: close });
  }

  newest(withinMillis: number): Promise<bigint> {
    if (!this.isSilent) return Promise.resolve(this.claimed ?? BigInt(this.blocks.length - 1));
    return new Promise((_, reject) => {
      setTimeout(() => {
        reject(new Error('4 DEADLINE_EXCEEDED'));
      }, withinMillis);
    });
  }

  giveUpConnection(): void {
    this.connectionsGivenUp += 1;
    this.isSilent = false;
  }
}

/** Keeps what it is given, and stops when it has so many blocks. */
export function sinkOf(upTo: number, stop: AbortController): BlockSink & { readonly applied: FollowedBlock[] } {
  const applied: FollowedBlock[] = [];
  return {
    applied,
    checkpoint: () =>
      Promise.resolve({
        nextBlock: BigInt(applied.length),
        previousHash: applied.at(-1)?.headerHash,
        configuration: applied.findLast(({ configuration }) => configuration !== undefined)?.configuration,
      }),
    apply: (block) => {
      applied.push(block);
      if (applied.length >= upTo) stop.abort();
      return Promise.resolve();
    },
  };
}
