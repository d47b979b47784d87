import { blockHeaderBytes, common, curveOrder, derInteger, derSequence, parseEcdsaSignature } from '@lianyi/fabric-protocol';
import {
  BATCH,
  buildTransaction,
  CHANNEL,
  type Consortium,
  defineChaincode,
  definitionWrites,
  newConsortium,
  newLedger,
  newMember,
  newSigner,
  temporaryDir,
  type TransactionSpec,
} from '@lianyi/test/support/ledger-fixture';
import { openChannel } from '../channel';
import { LedgerDatabase } from '../ledger/database';
import { type OpenChannelOptions } from '../channel';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { BlockCutter } from './cutter';

describe('the block cutter', () => {
  const envelope = (sequence: number, size: number, isConfig = false): { sequence: number; bytes: Buffer; isConfig: boolean } => ({
    sequence,
    bytes: Buffer.alloc(size),
    isConfig,
  });
  const numbers = (batches: ReturnType<BlockCutter['cut']>): number[][] => batches.map((batch) => batch.map(({ sequence }) => sequence));
  let cutter: BlockCutter;
  beforeEach(() => {
    cutter = new BlockCutter({ maxMessageCount: 3, preferredMaxBytes: 100 });
  });

  it('waits for the count', () => {
    expect([cutter.order(envelope(1, 10)), cutter.order(envelope(2, 10))].flat()).toEqual([]);
    expect(numbers(cutter.order(envelope(3, 10)))).toEqual([[1, 2, 3]]);
    expect(cutter.isEmpty).toBe(true);
  });

  it('cuts before an envelope that would overflow the preferred size', () => {
    cutter.order(envelope(1, 60));
    expect(numbers(cutter.order(envelope(2, 60)))).toEqual([[1]]);
    expect(numbers(cutter.cut())).toEqual([[2]]);
    expect(cutter.cut()).toEqual([]);
  });

  it('gives an envelope beyond the preferred size a block of its own, after what waits', () => {
    cutter.order(envelope(1, 10));
    expect(numbers(cutter.order(envelope(2, 101)))).toEqual([[1], [2]]);
    expect(cutter.isEmpty).toBe(true);
  });

  it('takes exactly the preferred size into a batch', () => {
    cutter.order(envelope(1, 40));
    expect(cutter.order(envelope(2, 60))).toEqual([]);
  });

  it('isolates configuration', () => {
    cutter.order(envelope(1, 10));
    expect(numbers(cutter.order(envelope(2, 10, true)))).toEqual([[1], [2]]);
  });
});

describe('a channel', () => {
  let consortium: Consortium;
  let scratch: ReturnType<typeof temporaryDir>;
  let channel: EmbeddedChannel;

  const open = (change: Partial<OpenChannelOptions> = {}): Promise<EmbeddedChannel> =>
    openChannel({
      dir: scratch.dir,
      name: CHANNEL,
      genesisBlock: consortium.genesis,
      batch: BATCH,
      ordererSigner: consortium.a.orderer,
      ...change,
    });
  const nextBlock = (target = channel): Promise<{ number: number; codes: readonly number[] }> =>
    new Promise((resolve) => {
      const stop = target.onBlock((number, _, codes) => {
        stop();
        resolve({ number, codes });
      });
    });
  const transaction = (change: Partial<TransactionSpec> = {}): Buffer =>
    buildTransaction({
      creator: consortium.a.client,
      endorsers: [consortium.a.peer, consortium.b.peer],
      rwSet: { cc: { writes: { k: 'v' } } },
      ...change,
    }).envelope;
  const define = (): Buffer =>
    transaction({
      creator: consortium.a.admin,
      chaincode: '_lifecycle',
      version: 'syscc',
      rwSet: { _lifecycle: { writes: definitionWrites('cc', 1) } },
    });

  beforeAll(async () => {
    consortium = await newConsortium();
  });
  beforeEach(async () => {
    scratch = temporaryDir();
    channel = await open();
  });
  afterEach(async () => {
    await channel.close();
    scratch.remove();
  });

  it('orders, validates, commits and tells, in that order', async () => {
    const first = nextBlock();
    expect(await channel.broadcast(define())).toEqual({ status: 200, info: '' });
    expect(channel.state.height).toBe(1);
    expect(await first).toEqual({ number: 1, codes: [0] });
    const second = nextBlock();
    await channel.broadcast(transaction());
    expect(await second).toEqual({ number: 2, codes: [0] });
    expect(channel.state.getState('cc', 'k')?.version).toEqual({ blockNumber: 2, txIndex: 0 });
  });

  it('puts what arrives within the time-out into one block, and cuts at the count', async () => {
    const sizes: number[] = [];
    channel.onBlock((_, __, codes) => sizes.push(codes.length));
    await channel.broadcast(define());
    await Promise.all(Array.from({ length: 21 }, () => channel.broadcast(transaction())));
    await channel.close();
    expect(sizes).toEqual([10, 10, 2]);
  });

  it('signs blocks so that the channel policy BlockValidation holds', async () => {
    const committed = nextBlock();
    await channel.broadcast(define());
    await committed;
    const block = common.Block.deserializeBinary(channel.blocks.getBlock(1) ?? Buffer.alloc(0));
    const metadata = common.Metadata.deserializeBinary(block.getMetadata()?.getMetadataList_asU8()[0] ?? new Uint8Array());
    const [signature] = metadata.getSignaturesList();
    const headerBytes = signature?.getSignatureHeader_asU8() ?? new Uint8Array();
    const signed = {
      data: Buffer.concat([metadata.getValue_asU8(), headerBytes, blockHeaderBytes(block.getHeader() ?? new common.BlockHeader())]),
      identity: Buffer.from(common.SignatureHeader.deserializeBinary(headerBytes).getCreator_asU8()),
      signature: Buffer.from(signature?.getSignature_asU8() ?? new Uint8Array()),
    };
    expect(channel.policies.evaluate('/Channel/Orderer/BlockValidation', [signed])).toBeUndefined();
    expect(channel.policies.evaluate('/Channel/Orderer/BlockValidation', [{ ...signed, data: Buffer.from('x') }])).toBeDefined();
  });

  it('waits with a commit while a simulation reads', async () => {
    const release = await channel.acquireReadLock();
    const committed = nextBlock();
    await channel.broadcast(define());
    await new Promise((resolve) => setTimeout(resolve, 4 * BATCH.timeoutMillis));
    expect(channel.state.height).toBe(1);
    release();
    await committed;
    expect(channel.state.height).toBe(2);
  });

  const denied =
    "implicit policy evaluation failed - 0 sub-policies were satisfied, but this policy requires 1 of the 'Writers' sub-policies to be satisfied: permission denied";

  it.each<[string, (c: Consortium) => Partial<TransactionSpec>, number, string]>([
    ['for another channel', () => ({ channel: 'nochan' }), 400, 'channel does not exist'],
    ['of type CONFIG', () => ({ type: common.HeaderType.CONFIG }), 400, 'message is of type that cannot be processed directly'],
    ['of a retired type', () => ({ type: common.HeaderType.ORDERER_TRANSACTION }), 400, 'message is of type that is no longer supported'],
    ['with a signature of nothing', () => ({ tamper: () => Buffer.alloc(0) }), 403, denied],
    ['with a high-S signature', () => ({ tamper: highS }), 403, denied],
    ['by a peer', ({ a }) => ({ creator: a.peer }), 403, denied],
  ])('refuses an envelope %s', async (_, change, status, info) => {
    expect(await channel.broadcast(transaction(change(consortium)))).toEqual({ status, info });
  });

  it('refuses garbage and an envelope without header in the words of Fabric', async () => {
    const garbage = new common.Envelope();
    garbage.setPayload(Buffer.from('ffffff', 'hex'));
    expect(await channel.broadcast(Buffer.from(garbage.serializeBinary()))).toEqual({
      status: 400,
      info: 'could not determine channel ID: error unmarshalling Payload: proto: cannot parse invalid wire-format data',
    });
    expect(await channel.broadcast(Buffer.alloc(0))).toEqual({ status: 400, info: 'could not determine channel ID: header not set' });
  });

  it('refuses an envelope beyond the absolute size and takes one just below', async () => {
    const of = (size: number): Buffer => transaction({ rwSet: { cc: { writes: { k: Buffer.alloc(size) } } } });
    const refused = await channel.broadcast(of(BATCH.absoluteMaxBytes));
    expect(refused.status).toBe(400);
    expect(refused.info).toMatch(/^message payload is 10\d+ bytes and exceeds maximum allowed 1048576 bytes$/);
    expect((await channel.broadcast(of(BATCH.absoluteMaxBytes - 8192))).status).toBe(200);
  });

  it('refuses an expired certificate before it looks at the signature', async () => {
    const creator = await newSigner(consortium.a, ['client'], { notAfter: new Date(Date.now() - 1000) });
    expect(await channel.broadcast(transaction({ creator, tamper: () => Buffer.alloc(0) }))).toEqual({
      status: 400,
      info: 'broadcast client identity expired',
    });
  });

  it('refuses a stranger with the same MSP id', async () => {
    const stranger = await newMember('AMSP');
    expect(await channel.broadcast(transaction({ creator: stranger.client }))).toEqual({ status: 403, info: denied });
  });

  it('commits what it accepted before it closes, refuses afterwards, and continues after reopening', async () => {
    expect((await channel.broadcast(define())).status).toBe(200);
    await channel.close();
    expect(await channel.broadcast(transaction())).toMatchObject({ status: 503 });
    channel = await open();
    expect(channel.state.height).toBe(2);
    const committed = nextBlock();
    await channel.broadcast(transaction());
    expect(await committed).toEqual({ number: 2, codes: [0] });
  });

  it('keeps the bytes it accepted, whatever the caller does to its buffer', async () => {
    const envelope = define();
    const committed = nextBlock();
    await channel.broadcast(envelope);
    envelope.fill(0);
    expect((await committed).codes).toEqual([0]);
  });

  it('orders after a crash what it had accepted before', async () => {
    await channel.close();
    // as a killed process leaves it: the envelope is in the database and in no block
    const database = new LedgerDatabase(scratch.dir);
    database.prepare('INSERT INTO pending (envelope) VALUES (?)').run(define());
    database.close();
    channel = await open();
    expect(await nextBlock()).toEqual({ number: 1, codes: [0] });
    await channel.close();
    const reopened = newLedger(scratch.dir);
    expect(reopened.state.height).toBe(2);
    reopened.close();
    channel = await open();
  });

  it('takes back its place in the chain when blocks came by another way', async () => {
    await channel.close();
    const ledger = newLedger(scratch.dir);
    defineChaincode(consortium, ledger);
    ledger.close();
    channel = await open();
    const committed = nextBlock();
    await channel.broadcast(transaction());
    expect(await committed).toEqual({ number: 2, codes: [0] });
  });
});

function highS(signature: Buffer): Buffer {
  const order = curveOrder('prime256v1') ?? 0n;
  const { r, s } = parseEcdsaSignature(signature) ?? { r: 0n, s: 0n };
  return derSequence(derInteger(r), derInteger(order - s));
}
