import { join } from 'node:path';
import {
  BATCH,
  buildTransaction,
  CHANNEL,
  type Consortium,
  definitionWrites,
  newConsortium,
  temporaryDir,
} from '@lianyi/test/support/ledger-fixture';
import { privateWrites } from '@lianyi/test/support/rwset-fixture';
import { openChannel, type OrderedChannel } from './channel';
import { type EmbeddedChannel } from './ledger/embedded-channel';
import { waitUntil } from '@lianyi/test/wait-until';

describe('a peer that lags', () => {
  const lagMillis = 300;
  let consortium: Consortium;
  let scratch: ReturnType<typeof temporaryDir>;
  let leader: OrderedChannel;
  let view: EmbeddedChannel;
  let isRunning = true;

  beforeAll(async () => {
    consortium = await newConsortium();
  });
  beforeEach(async () => {
    scratch = temporaryDir();
    isRunning = true;
    leader = await open();
    view = follow();
    leader.peerStarted();
    await submit('_lifecycle', { writes: definitionWrites('cc', 1, [{ name: 'ab', members: ['AMSP', 'BMSP'] }]) });
    await waitUntil('the definition is everywhere', () => view.state.height === 2);
  });
  afterEach(async () => {
    await leader.close();
    scratch.remove();
  });

  const open = (): Promise<OrderedChannel> =>
    openChannel({
      dir: join(scratch.dir, 'leader'),
      name: CHANNEL,
      genesisBlock: consortium.genesis,
      batch: BATCH,
      ordererSigner: consortium.a.orderer,
    });
  const follow = (): EmbeddedChannel => {
    const peer = {
      mspId: 'BMSP',
      holder: 'BMSP',
      get isRunning() {
        return isRunning;
      },
    };
    return leader.join(peer, { dir: join(scratch.dir, 'follower'), lagMillis });
  };
  /** Orders a transaction and waits until the others have committed it. */
  async function submit(chaincode: string, sets: object, privateSide?: Buffer): Promise<void> {
    const version = chaincode === '_lifecycle' ? 'syscc' : '1.0';
    const endorsers = [consortium.a.peer, consortium.b.peer];
    const { txId, envelope } = buildTransaction({
      creator: consortium.a.admin,
      endorsers,
      chaincode,
      version,
      rwSet: { [chaincode]: sets },
    });
    if (privateSide !== undefined) leader.stagePrivateData(txId, 'AMSP', [{ namespace: 'cc', collection: 'ab', kvRwSet: privateSide }]);
    const height = leader.state.height;
    await leader.broadcast(envelope);
    await waitUntil('it is in a block', () => leader.state.height > height);
  }
  const put = (value: string): Promise<void> => submit('cc', { writes: { k: value } });
  const value = (channel: EmbeddedChannel): string | undefined => channel.state.getState('cc', 'k')?.value.toString();

  it('reads the past until its time has come, and tells of a block when it has it', async () => {
    const told: number[] = [];
    view.onBlock((number) => told.push(number));
    const from = Date.now();
    await put('new');
    expect([value(leader), value(view), view.state.height]).toEqual(['new', undefined, 2]);
    await waitUntil('it is told', () => told.length > 0);
    expect(Date.now() - from).toBeGreaterThanOrEqual(lagMillis);
    expect([value(view), told]).toEqual(['new', [2]]);
  });

  it('makes the same ledger of the same blocks', async () => {
    await put('1');
    await waitUntil('it has caught up', () => view.state.height === leader.state.height);
    expect(view.blocks.getBlock(2)).toEqual(leader.blocks.getBlock(2));
    expect(view.definitions.list()).toEqual(['cc']);
  });

  it('gets its private data with the block, also what it has to pull', async () => {
    const spec = { writes: { p: 'secret' } };
    await submit('cc', { collections: { ab: spec } }, privateWrites(spec));
    const held = (): string | undefined => view.state.getPrivate('BMSP', 'cc', 'ab', 'p')?.value.toString();
    expect(held()).toBeUndefined();
    await waitUntil('it has caught up', () => view.state.height === leader.state.height);
    expect(held()).toBe('secret');
  });

  it('stands still while it is down, then catches up', async () => {
    isRunning = false;
    leader.peerStopped('BMSP');
    await put('1');
    await put('2');
    await new Promise((resolve) => setTimeout(resolve, 2 * lagMillis));
    expect(view.state.height).toBe(2);
    isRunning = true;
    leader.peerStarted();
    await waitUntil('it has caught up', () => view.state.height === 4);
    expect(value(view)).toBe('2');
  });

  it('goes on where it stood after a restart of everything', async () => {
    await put('1');
    await leader.close();
    leader = await open();
    view = follow();
    expect(view.state.height).toBeLessThanOrEqual(3);
    leader.peerStarted();
    await waitUntil('it has caught up', () => view.state.height === 3);
    expect(value(view)).toBe('1');
  });
});
