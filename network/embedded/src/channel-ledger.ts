import {
  blockHeaderHash,
  bytesOf,
  type ChannelConfig,
  common,
  ConfiguredPolicies,
  envelopesOf,
  marshal,
  parseChannelConfig,
  readEnvelope,
  setCommitMetadata,
  tryDecode,
} from '@lianyi/fabric-protocol';
import { type PrivateWrite, type StagedPrivateData } from './ledger/block-store';
import { Code } from './validate/code';
import { validateBlock, type ValidatedBlock } from './validate/validate-block';
import { BlockCommitter } from './ledger/block-committer';
import { SqliteBlocks } from './ledger/block-reader';
import { commitHash } from './ledger/commit-hash';
import { blob, type LedgerDatabase } from './ledger/database';
import { LedgerDefinitions, LIFECYCLE } from './ledger/definitions';
import { Keepers } from './ledger/keepers';
import { PrivateData } from './ledger/private-data';
import { SqliteState } from './ledger/state-reader';
import { UpdateBatch } from './ledger/update-batch';

export interface CommittedBlock {
  readonly number: number;
  readonly bytes: Buffer;
  readonly codes: readonly number[];
  /** Empty for block 0. */
  readonly commitHash: Buffer;
}

/** The ledger of one channel: takes ordered blocks, validates and commits them, answers reads. */
export class ChannelLedger {
  readonly state: SqliteState;
  readonly blocks: SqliteBlocks;
  readonly policies: ConfiguredPolicies;
  readonly definitions: LedgerDefinitions;
  /** Peers that keep private data in this ledger. */
  readonly keepers: Keepers;
  readonly #privateData: PrivateData;
  readonly #committer: BlockCommitter;
  #currentConfig: ChannelConfig;
  #currentHeight: number;
  #lastCommitHash: Buffer;
  #configBlock: number;

  /** `genesisBlock` is needed when the database is empty and must be the same channel's when it is not. */
  constructor(
    private readonly database: LedgerDatabase,
    readonly name: string,
    genesisBlock?: Buffer,
  ) {
    this.blocks = new SqliteBlocks(database);
    this.#currentHeight = this.blocks.height;
    this.state = new SqliteState(database, () => this.#currentHeight);
    this.policies = new ConfiguredPolicies(() => this.#currentConfig);
    this.definitions = new LedgerDefinitions(this.state, this.policies, () => this.#currentConfig);
    this.keepers = new Keepers(this.definitions);
    this.#privateData = new PrivateData(database, this.keepers);
    this.#committer = new BlockCommitter(database, this.#privateData, this.definitions);
    const stored = this.#currentHeight > 0 ? this.#readConfig() : undefined;
    this.#currentConfig = parseChannelConfig(stored ?? genesisConfig(name, genesisBlock));
    this.#configBlock = Number((this.#readMeta('configBlock') ?? Buffer.from('0')).toString());
    this.#lastCommitHash = this.#readMeta('commitHash') ?? Buffer.alloc(0);
    if (!stored && genesisBlock) this.#commitGenesis(genesisBlock);
  }

  get config(): ChannelConfig {
    return this.#currentConfig;
  }

  get applicationMspIds(): readonly string[] {
    return [...this.#currentConfig.applicationOrganizations.values()].sort();
  }

  /** Number of the newest block that set the configuration. */
  get lastConfigBlock(): number {
    return this.#configBlock;
  }

  stagePrivateData(txId: string, holder: string, data: readonly StagedPrivateData[]): void {
    this.#privateData.stage(txId, holder, data, this.#currentHeight);
  }

  /** Gives every peer that is up what it missed and others who are up hold. */
  reconcile(): void {
    this.database.transaction(() => {
      for (const { holder } of this.keepers.running) this.#privateData.reconcile(holder);
    });
  }

  /** Keeps write sets of blocks committed earlier that a peer did not have then. */
  addMissed(holder: string, writes: readonly PrivateWrite[]): void {
    this.database.transaction(() => {
      for (const write of writes) this.#privateData.addMissed(holder, write.blockNumber, write.txIndex, write);
    });
  }

  /** Validates the next block and commits it; fills in the block's filter and commit hash. */
  commit(block: common.Block, pendingTaken: readonly number[] = []): CommittedBlock {
    const number = this.#requireNext(block);
    const envelopes = envelopesOf(block);
    const { config } = this;
    const validated = validateBlock(number, envelopes, {
      channel: this.name,
      msps: config.msps,
      state: this.state,
      policies: this.policies,
      definitions: this.definitions,
      isTransactionKnown: (txId) => this.blocks.hasTransaction(txId),
    });
    const hash = commitHash(validated.codes, validated.batch, this.#lastCommitHash);
    setCommitMetadata(block, validated.codes, hash);
    const newConfig = validated.config && parseChannelConfig(validated.config);
    const bytes = this.#write(block, validated, { hash, pendingTaken, ...(newConfig ? { config: newConfig.bytes } : {}) });
    this.#lastCommitHash = hash;
    if (newConfig) {
      this.#currentConfig = newConfig;
      this.#configBlock = number;
    }
    if (newConfig || validated.batch.public.has(LIFECYCLE)) this.definitions.forget();
    return { number, bytes, codes: validated.codes, commitHash: hash };
  }

  close(): void {
    this.database.close();
  }

  #write(
    block: common.Block,
    validated: Pick<ValidatedBlock, 'transactions' | 'batch'>,
    extra: { readonly hash: Buffer; readonly pendingTaken: readonly number[]; readonly config?: Buffer },
  ): Buffer {
    const header = block.getHeader() ?? new common.BlockHeader();
    const bytes = marshal(block);
    this.#committer.commit({
      number: header.getNumber(),
      hash: blockHeaderHash(header),
      bytes,
      batch: validated.batch,
      commitHash: extra.hash,
      pendingTaken: extra.pendingTaken,
      ...(extra.config ? { config: extra.config } : {}),
      transactions: validated.transactions.map(({ txId, txIndex, code, timestampMillis, transaction }) => ({
        txId,
        txIndex,
        code,
        timestampMillis,
        ...(transaction?.kind === 'endorser' ? { rwSet: transaction.rwSet } : {}),
      })),
    });
    this.#currentHeight = header.getNumber() + 1;
    return bytes;
  }

  /** Block 0 is trusted as given, as a joining peer trusts it. */
  #commitGenesis(genesisBlock: Buffer): void {
    const block = common.Block.deserializeBinary(genesisBlock);
    const reading = readEnvelope(envelopesOf(block)[0] ?? Buffer.alloc(0));
    const txId = reading.ok ? reading.envelope.channelHeader.getTxId() : '';
    const batch = new UpdateBatch();
    setCommitMetadata(block, [Code.VALID], undefined);
    const transactions = [{ txId, txIndex: 0, code: Code.VALID, timestampMillis: 0 }];
    this.#write(block, { transactions, batch }, { hash: Buffer.alloc(0), pendingTaken: [], config: this.#currentConfig.bytes });
  }

  #requireNext(block: common.Block): number {
    const header = block.getHeader() ?? new common.BlockHeader();
    const isNext = header.getNumber() === this.#currentHeight;
    const isChained = bytesOf(header.getPreviousHash_asU8()).equals(this.blocks.lastBlockHash);
    if (!isNext || !isChained)
      throw new Error(`block ${String(header.getNumber())} does not continue the chain at height ${String(this.#currentHeight)}`);
    return header.getNumber();
  }

  #readConfig(): common.Config | undefined {
    const stored = this.#readMeta('config');
    return stored && common.Config.deserializeBinary(stored);
  }

  #readMeta(name: string): Buffer | undefined {
    const row = this.database.prepare('SELECT value FROM meta WHERE name = ?').get(name);
    return row && blob(row, 'value');
  }
}

function genesisConfig(channel: string, genesisBlock: Buffer | undefined): common.Config {
  if (!genesisBlock) throw new Error(`channel ${channel} has no blocks yet and no genesis block was given`);
  const block = tryDecode(common.Block, genesisBlock);
  const reading = block && readEnvelope(envelopesOf(block)[0] ?? Buffer.alloc(0));
  if (!reading?.ok || reading.envelope.channelHeader.getChannelId() !== channel) {
    throw new Error(`the genesis block does not configure channel ${channel}`);
  }
  const config = tryDecode(common.ConfigEnvelope, reading.envelope.data)?.getConfig();
  if (!config) throw new Error('the genesis block holds no channel configuration');
  return config;
}
