import {
  addMilliseconds,
  DomainError,
  hashOfKey,
  newRequest,
  NoAnswer,
  OutcomeUnknown,
  Refused,
  Rejected,
  sha256,
  transactions,
  Unavailable,
} from '@lianyi/domain';
import { NotSent } from '../member-api/transport';
import { NOW } from './ledger-of-one.fixture';
import { Wallet } from './wallet';
import { WalletLedger } from './wallet-ledger';
import { namesOf, network, WalletWorld } from './wallet-world.fixture';

const { RotateKey, TerminateRelationship } = transactions;
let world: WalletWorld;
beforeEach(async () => {
  world = await WalletWorld.make();
});

describe('a command that was sent', () => {
  it.each([
    ['has an unknown outcome', new OutcomeUnknown('tx'), 'sent'],
    ['got no answer from the member node', new OutcomeUnknown(undefined), 'sent'],
    ['got an answer that is none', new NoAnswer('nothing'), 'sent'],
    ['has an unknown outcome by the member node’s words', new Refused('OUTCOME_UNKNOWN', 'sent', {}), 'sent'],
    ['is refused with a code of a newer version', new Refused('FROM_THE_FUTURE', 'new', {}), 'sent'],
    ['fails in no way a ledger fails', new TypeError('a fault'), 'sent'],
    ['is refused', new Refused('ALREADY_EXISTS', 'taken', {}), 'refused'],
    ['is refused for its key', new Refused('STALE_KEY', 'stale', {}), 'refused'],
    ['is refused for its time', new Refused('TIME_SKEW', 'late', {}), 'refused'],
    ['is refused for the carrier', new Refused('NOT_ACTIVE_ORGANISATION', 'inactive', {}), 'refused'],
    ['meets too many others', new Refused('RATE_LIMITED', 'wait', {}), 'refused'],
    ['was not sent to ordering by the member node’s words', new Refused('LEDGER_UNAVAILABLE', 'no peer', {}), 'refused'],
    ['did not reach ordering', new Unavailable('no peer'), 'refused'],
    ['is turned down by the network', new Rejected('no rights', 'tx', undefined), 'refused'],
  ] as const)('and %s keeps its key to itself', async (_what, failure, state) => {
    await expect(world.accept(world.failing(failure))).rejects.toBe(failure);
    expect(await world.open()).toEqual([['AcceptRelationship', state]]);
    await expect(world.wallet.isKeyUnused(world.pseudonym)).resolves.toBe(false);
    const signing = world.wallet.signCommand(network, world.pseudonym, { transaction: TerminateRelationship, input: {} }, world.now);
    await expect(signing).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
  });

  it('keeps its key to itself when its time is over, however long', async () => {
    await expect(world.accept(world.failing(new OutcomeUnknown(undefined)))).rejects.toThrow();
    world.now = addMilliseconds(NOW, 365 * 86_400_000);
    await expect(world.terminate(world.honest())).rejects.toMatchObject({ code: 'COMMAND_PENDING' });
    expect(namesOf(world.sent)).toEqual(['AcceptRelationship']);
    expect(await world.honest().synchronise(world.pseudonym)).toMatchObject({ commands: [{ state: 'sent' }] });
    expect(namesOf(world.sent)).toEqual(['AcceptRelationship']);
  });

  it.each([
    ['there was no connection', new Unavailable('no member node answers', { cause: new NotSent(new Error('ECONNREFUSED')) })],
    ['it was turned down on this side', new DomainError('INVALID_REQUEST')],
  ])('is none if %s: its key is free for another', async (_what, failure) => {
    await expect(world.accept(world.failing(failure))).rejects.toBe(failure);
    expect(await world.open()).toEqual([]);
    await world.terminate(world.honest());
    expect(namesOf(world.ledger.committed)).toEqual(['TerminateRelationship']);
    expect(world.sent).toHaveLength(2);
    expect(new Set(world.sent.map(({ statement }) => statement.publicKey)).size).toBe(1);
  });

  it.each([
    ['does not leave this machine', new Unavailable('none', { cause: new NotSent(new Error('ECONNREFUSED')) })],
    ['is not sent to ordering by the member node’s words', new Refused('LEDGER_UNAVAILABLE', 'no peer', {})],
    ['is refused', new Refused('STALE_KEY', 'stale', {})],
    ['is turned down by the network', new Rejected('no rights', 'tx', undefined)],
    ['is turned down on this side', new DomainError('RATE_LIMITED')],
  ])('stays open with an unknown outcome when its second sending %s', async (_what, failure) => {
    await expect(world.accept(world.failing(new OutcomeUnknown(undefined)))).rejects.toMatchObject({ kind: 'outcome-unknown' });
    await expect(world.failing(failure).synchronise(world.pseudonym)).rejects.toBe(failure);
    expect(await world.open()).toEqual([['AcceptRelationship', 'sent']]);
    // the next command does not sign with the key either: the first is sent again, the very same
    await expect(world.terminate(world.failing(failure))).rejects.toBe(failure);
    expect(new Set(world.sent.map(({ signature }) => signature)).size).toBe(1);
  });

  it('is used up when the second sending is committed', async () => {
    await expect(world.accept(world.failing(new OutcomeUnknown(undefined)))).rejects.toMatchObject({ kind: 'outcome-unknown' });
    const { commands, sentAgain } = await world.honest().synchronise(world.pseudonym);
    expect(commands).toMatchObject([{ state: 'committed', was: 'sent' }]);
    expect(sentAgain).toMatchObject({ transactionId: 'tx1' });
    await world.terminate(world.honest());
    expect(hashOfKey(world.lastSent.statement.publicKey)).toBe(world.sent[0]?.statement.nextKeyHash);
  });

  it('that was refused has its key used up before another one is signed', async () => {
    await expect(world.accept(world.failing(new Refused('ALREADY_EXISTS', 'taken', {})))).rejects.toThrow();
    await world.terminate(world.honest());
    expect(namesOf(world.ledger.committed)).toEqual(['RotateKey', 'TerminateRelationship']);
    await expect(world.ledger.commit(world.lastSent)).rejects.toMatchObject({ code: 'STALE_KEY' });
    expect(await world.open()).toEqual([]);
  });
});

describe('giving up', () => {
  const refuse = (): Promise<unknown> => expect(world.accept(world.failing(new Refused('ALREADY_EXISTS', 'taken', {})))).rejects.toThrow();

  it('leaves nothing that can be committed, and says so', async () => {
    await refuse();
    const { commands } = await world.honest().giveUp(world.pseudonym);
    expect(commands).toMatchObject([
      { transaction: { name: 'AcceptRelationship' }, state: 'superseded', by: { transaction: { name: 'RotateKey' } } },
      { transaction: { name: 'RotateKey' }, state: 'committed' },
    ]);
    await expect(world.ledger.commit(world.lastSent)).rejects.toMatchObject({ code: 'STALE_KEY' });
    await expect(world.ledger.commit(world.sent[0] ?? world.lastSent)).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('says that the command was committed, when it was faster', async () => {
    await refuse();
    const proof = world.lastSent;
    const late = world.through(
      world.ledger.node(async (rotation) => {
        await world.ledger.commit(proof);
        return world.ledger.commit(rotation);
      }),
    );
    const { commands } = await late.giveUp(world.pseudonym);
    expect(commands.map(({ transaction, state }) => [transaction.name, state])).toEqual([
      ['AcceptRelationship', 'committed'],
      ['RotateKey', 'superseded'],
    ]);
  });

  it('fails with the carrier’s words when the carrier does not carry it, and goes through another member', async () => {
    await refuse();
    await expect(world.failing(new Refused('RATE_LIMITED', 'wait', {})).giveUp(world.pseudonym)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    expect(await world.open()).toEqual([
      ['AcceptRelationship', 'refused'],
      ['RotateKey', 'sent'],
    ]);
    await world.honest().giveUp(world.pseudonym);
    expect(namesOf(world.ledger.committed)).toEqual(['RotateKey']);
    // the very rotation that was signed first
    expect(
      new Set(world.sent.filter(({ statement }) => statement.transaction.endsWith('RotateKey')).map(({ signature }) => signature)).size,
    ).toBe(1);
  });

  it('signs a new rotation when the time of the first is over', async () => {
    await refuse();
    await expect(world.failing(new OutcomeUnknown(undefined)).giveUp(world.pseudonym)).rejects.toThrow();
    world.now = addMilliseconds(NOW, 3_600_000);
    await world.honest().giveUp(world.pseudonym);
    expect(new Set(world.sent.map(({ signature }) => signature)).size).toBe(3);
    expect(await world.open()).toEqual([]);
  });

  it('commits nothing when nothing is open', async () => {
    expect(await world.honest().giveUp(world.pseudonym)).toEqual({ pseudonym: world.pseudonym, commands: [] });
    await world.accept(world.honest());
    expect(await world.honest().giveUp(world.pseudonym)).toEqual({ pseudonym: world.pseudonym, commands: [] });
    expect(namesOf(world.ledger.committed)).toEqual(['AcceptRelationship']);
  });

  it('can be asked for as a command of its own', async () => {
    await world.honest().submit(newRequest(RotateKey, { pseudonym: world.pseudonym }));
    expect(namesOf(world.ledger.committed)).toEqual(['RotateKey']);
  });
});

describe('commands of one wallet', () => {
  it('given three at once are signed one after another, and leave the wallet in step', async () => {
    const [one, other] = [world.honest(), new Wallet(world.store)];
    const second = new WalletLedger(
      world.ledger.node((proof) => world.ledger.commit(proof)),
      other,
      { network, signerOf: () => Promise.resolve(world.pseudonym), now: () => world.now },
    );
    await Promise.all([world.accept(one), world.terminate(second), world.accept(one)]);
    expect(world.ledger.committed).toHaveLength(3);
    expect(await one.synchronise(world.pseudonym)).toEqual({ pseudonym: world.pseudonym, commands: [] });
  });

  it('of a wallet restored from an old backup go on with the key that the ledger announces', async () => {
    const backup = world.store.content;
    for (let index = 0; index < 20; index += 1) await world.accept(world.honest());
    world.store.content = backup;
    await expect(world.accept(world.honest())).rejects.toMatchObject({ code: 'STALE_KEY' });
    await world.accept(world.honest());
    expect(world.ledger.committed).toHaveLength(21);
  });

  it('say that the key is none of the wallet’s when it is another’s', async () => {
    const stranger = world.through(world.ledger.node(undefined, () => ({ nextKeyHash: sha256('another key') })));
    await expect(stranger.synchronise(world.pseudonym)).rejects.toMatchObject({ code: 'STALE_KEY' });
  });
});
