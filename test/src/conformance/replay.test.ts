import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ChannelLedger, LedgerDatabase } from '@lianyi/embedded-network/testing';
import { BlockAuthority, blockHeaderHash, bytesOf, common } from '@lianyi/fabric-protocol';
import { codesOfReplay, readChain, readContext, type RecordedBlock, recordedChains } from './recording/recorded-chain';

type Block = InstanceType<typeof common.Block>;

interface Chain {
  readonly name: string;
  readonly ordering: string;
  read(): readonly RecordedBlock[];
  readonly blocks: number;
  readonly transactions: number;
}

/** The chains that `npm run record:chain` wrote. */
const chains = recordedChains().map((file): Chain => ({ name: basename(file), read: () => readChain(file), ...readContext(file) }));

function genesisOf(blocks: readonly RecordedBlock[]): RecordedBlock {
  const [genesis] = blocks;
  if (!genesis) throw new Error('the recording is empty');
  return genesis;
}

function decoded(recorded: RecordedBlock): Block {
  return common.Block.deserializeBinary(Buffer.from(recorded.block, 'base64'));
}

describe('replay of chains recorded from real Fabric', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'replay-'));
  });
  afterEach(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  /** What real peers added is taken away, so that nothing of it can be copied. */
  function stripped(recorded: RecordedBlock): Block {
    const block = decoded(recorded);
    const metadata = block.getMetadata();
    const entries = metadata?.getMetadataList_asU8() ?? [];
    entries[common.BlockMetadataIndex.TRANSACTIONS_FILTER] = new Uint8Array();
    entries[common.BlockMetadataIndex.COMMIT_HASH] = new Uint8Array();
    metadata?.setMetadataList(entries);
    return block;
  }

  it.each(chains)('gives every transaction of $name the same code and every block the same commit hash, across restarts', (chain) => {
    const all = chain.read();
    const [genesis, blocks] = [genesisOf(all), all.slice(1)];
    let ledger = new ChannelLedger(new LedgerDatabase(dir), 'emr', Buffer.from(genesis.block, 'base64'));
    const mismatches: string[] = [];
    const codes = [...genesis.flags];
    for (const recorded of blocks) {
      if (recorded.number % 50 === 0) {
        ledger.close();
        ledger = new ChannelLedger(new LedgerDatabase(dir), 'emr');
      }
      const committed = ledger.commit(stripped(recorded));
      codes.push(...committed.codes);
      if (committed.codes.join() !== recorded.flags.join()) {
        mismatches.push(`block ${String(recorded.number)}: Fabric ${recorded.flags.join()}, here ${committed.codes.join()}`);
      }
      if (committed.commitHash.toString('hex') !== recorded.commitHash) mismatches.push(`block ${String(recorded.number)}: commit hash`);
    }
    ledger.close();
    expect(mismatches).toEqual([]);
    expect({ blocks: blocks.length + 1, transactions: codes.length }).toEqual({ blocks: chain.blocks, transactions: chain.transactions });
    expect(codesOfReplay.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('refuses a block that does not continue the chain and keeps the height', () => {
    const [genesis, , second] = chains[0]?.read() ?? [];
    if (!genesis || !second) throw new Error('the recording is too short');
    const ledger = new ChannelLedger(new LedgerDatabase(dir), 'emr', Buffer.from(genesis.block, 'base64'));
    expect(() => ledger.commit(stripped(second))).toThrow('does not continue the chain at height 1');
    expect(ledger.state.height).toBe(1);
    ledger.close();
  });

  it.each(chains)('computes the hashes the headers of $name name', (chain) => {
    let previous: Block | undefined;
    for (const recorded of chain.read()) {
      const block = decoded(recorded);
      const named = bytesOf(block.getHeader()?.getPreviousHash_asU8() ?? new Uint8Array()).toString('hex');
      if (previous) expect(named).toBe(blockHeaderHash(previous.getHeader() ?? new common.BlockHeader()).toString('hex'));
      previous = block;
    }
  });

  it.each(chains)('finds every block of $name signed as the channel asks, and none that was changed', (chain) => {
    const [genesis, ...blocks] = chain.read().map(decoded);
    const authority = BlockAuthority.ofGenesis(genesis ?? new common.Block());
    for (const block of blocks) {
      expect(authority.refusalOf(block)).toBeUndefined();
      const changed = common.Block.deserializeBinary(block.serializeBinary());
      changed.getHeader()?.setDataHash(Buffer.alloc(32, 1));
      expect(authority.refusalOf(changed)).toBeDefined();
      authority.follow(block);
    }
  });
});
