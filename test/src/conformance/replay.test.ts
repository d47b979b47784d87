import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { internals } from '@lianyi/network';

const { ChannelLedger, LedgerDatabase, blockHeaderBytes, blockHeaderHash } = internals;
const { bytesOf, common } = internals.proto;
type Block = InstanceType<typeof common.Block>;

/** A chain of a real Fabric v3.1.5 network; beside the repository, since it is too large to live in it. */
const RECORDED = resolve(__dirname, '../../../../shared/data/fabric-blocks.jsonl');

interface RecordedBlock {
  readonly number: number;
  readonly block: string;
  readonly flags: readonly number[];
  readonly commitHash: string;
}

function readRecorded(): readonly RecordedBlock[] {
  const lines = readFileSync(RECORDED, 'utf8').trim().split('\n');
  return lines.map((line): RecordedBlock => JSON.parse(line) as RecordedBlock /* our own recording, its form is in its README */);
}

function decoded(recorded: RecordedBlock): Block {
  return common.Block.deserializeBinary(Buffer.from(recorded.block, 'base64'));
}

if (!existsSync(RECORDED)) process.stderr.write(`replay skipped: no recorded chain at ${RECORDED}\n`);
const describeRecorded = existsSync(RECORDED) ? describe : describe.skip;

describeRecorded('replay of a chain recorded from real Fabric', () => {
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

  it('gives every transaction the same code and every block the same commit hash, across restarts', () => {
    const [genesis, ...blocks] = readRecorded();
    if (!genesis) throw new Error('the recording is empty');
    let ledger = new ChannelLedger(new LedgerDatabase(dir), 'emr', Buffer.from(genesis.block, 'base64'));
    const mismatches: string[] = [];
    let transactions = genesis.flags.length;
    for (const recorded of blocks) {
      if (recorded.number % 50 === 0) {
        ledger.close();
        ledger = new ChannelLedger(new LedgerDatabase(dir), 'emr');
      }
      const committed = ledger.commit(stripped(recorded));
      transactions += recorded.flags.length;
      if (committed.codes.join() !== recorded.flags.join()) {
        mismatches.push(`block ${String(recorded.number)}: Fabric ${recorded.flags.join()}, here ${committed.codes.join()}`);
      }
      if (committed.commitHash.toString('hex') !== recorded.commitHash) mismatches.push(`block ${String(recorded.number)}: commit hash`);
    }
    ledger.close();
    expect(mismatches).toEqual([]);
    expect({ blocks: blocks.length + 1, transactions }).toEqual({ blocks: 215, transactions: 233 });
  });

  it('refuses a block that does not continue the chain and keeps the height', () => {
    const [genesis, , second] = readRecorded();
    if (!genesis || !second) throw new Error('the recording is too short');
    const ledger = new ChannelLedger(new LedgerDatabase(dir), 'emr', Buffer.from(genesis.block, 'base64'));
    expect(() => ledger.commit(stripped(second))).toThrow('does not continue the chain at height 1');
    expect(ledger.state.height).toBe(1);
    ledger.close();
  });

  it('computes the header bytes real orderers signed and the hashes real headers name', () => {
    const [genesis, ...blocks] = readRecorded();
    if (!genesis) throw new Error('the recording is empty');
    const ledger = new ChannelLedger(new LedgerDatabase(dir), 'emr', Buffer.from(genesis.block, 'base64'));
    let previous = decoded(genesis);
    for (const recorded of blocks.slice(0, 60)) {
      const block = decoded(recorded);
      const header = block.getHeader() ?? new common.BlockHeader();
      expect(blockHeaderHash(previous.getHeader() ?? new common.BlockHeader()).toString('hex')).toBe(
        bytesOf(header.getPreviousHash_asU8()).toString('hex'),
      );
      const signatures = common.Metadata.deserializeBinary(block.getMetadata()?.getMetadataList_asU8()[0] ?? new Uint8Array());
      const signed = signatures.getSignaturesList().map((signature) => ({
        data: Buffer.concat([signatures.getValue_asU8(), signature.getSignatureHeader_asU8(), blockHeaderBytes(header)]),
        identity: bytesOf(common.SignatureHeader.deserializeBinary(signature.getSignatureHeader_asU8()).getCreator_asU8()),
        signature: bytesOf(signature.getSignature_asU8()),
      }));
      expect(ledger.policies.evaluate('/Channel/Orderer/BlockValidation', signed)).toBeUndefined();
      previous = block;
    }
    ledger.close();
  });
});
