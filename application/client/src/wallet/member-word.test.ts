import { addMilliseconds, NoAnswer, OutcomeUnknown, type PatientProof, Refused, sha256, Unavailable } from '@lianyi/domain';
import { NotSent } from '../member-api/transport';
import { type LedgerWord } from './reconcile';
import { NOW } from './ledger-of-one.fixture';
import { WalletLedger } from './wallet-ledger';
import { namesOf, network, WalletWorld, wordOf } from './wallet-world.fixture';

let world: WalletWorld;
beforeEach(async () => {
  world = await WalletWorld.make();
});

describe('a carrier that keeps a command and says it was refused', () => {
  let held: PatientProof;
  beforeEach(async () => {
    await expect(world.accept(world.failing(new Refused('LEDGER_UNAVAILABLE', 'no peer', {})))).rejects.toThrow();
    held = world.lastSent;
  });

  it('cannot make the wallet sign the opposite with the same key', async () => {
    await expect(world.terminate(world.failing(new Refused('LEDGER_UNAVAILABLE', 'no peer', {})))).rejects.toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
    });
    expect(namesOf(world.sent)).toEqual(['AcceptRelationship', 'RotateKey']);
  });

  it('is found out by the next look when it commits it', async () => {
    await world.ledger.commit(held);
    await expect(world.terminate(world.honest())).rejects.toMatchObject({
      code: 'OTHER_COMMAND_COMMITTED',
      details: { transaction: 'RelationshipContract:AcceptRelationship' },
    });
    expect(namesOf(world.ledger.committed)).toEqual(['AcceptRelationship']);
    await world.terminate(world.honest());
    expect(namesOf(world.ledger.committed)).toEqual(['AcceptRelationship', 'TerminateRelationship']);
  });

  it.each([
    ['says nothing', () => Promise.reject(new OutcomeUnknown(undefined))],
    ['says that it is refused', () => Promise.reject(new Refused('STALE_KEY', 'stale', {}))],
    ['says that it is committed', () => Promise.resolve({ result: {}, transactionId: 'lie' })],
  ])('is found out when it commits it instead of the rotation and %s', async (_what, answer) => {
    const late = world.through(world.ledger.node(async () => (await world.ledger.commit(held), answer())));
    await expect(world.terminate(late)).rejects.toMatchObject({ code: 'OTHER_COMMAND_COMMITTED' });
    expect(namesOf(world.ledger.committed)).toEqual(['AcceptRelationship']);
    expect(await world.open()).toEqual([]);
  });

  it('is found out through another member even when it lied of the rotation too', async () => {
    const liar = world.lying();
    await world.terminate(liar);
    expect(namesOf(world.sent)).toEqual(['AcceptRelationship', 'RotateKey', 'TerminateRelationship']);
    await world.ledger.commit(held);
    const { commands } = await world.through(world.ledger.node()).synchronise(world.pseudonym);
    expect(commands.map(({ transaction, state }) => [transaction.name, state])).toEqual([
      ['AcceptRelationship', 'committed'],
      ['RotateKey', 'superseded'],
      // the rotation alone announces the key that has signed it, and the rotation is nothing any more
      ['TerminateRelationship', 'sent'],
    ]);
    await world.through(world.ledger.node()).giveUp(world.pseudonym);
    expect(await world.open()).toEqual([]);
    for (const proof of world.sent.slice(1)) await expect(world.ledger.commit(proof)).rejects.toMatchObject({ code: 'STALE_KEY' });
  });
});

describe('of several commands of one key', () => {
  const refused = new Refused('LEDGER_UNAVAILABLE', 'no peer', {});
  const statesOf = async (word: LedgerWord): Promise<readonly (readonly [string, string])[]> => {
    const { commands } = await world.through(world.ledger.node(undefined, () => word)).synchronise(world.pseudonym);
    return commands.map(({ transaction, state }) => [transaction.name, state]);
  };
  let [command, rotation]: PatientProof[] = [];
  beforeEach(async () => {
    await expect(world.accept(world.failing(refused))).rejects.toThrow();
    await expect(world.failing(new OutcomeUnknown(undefined)).giveUp(world.pseudonym)).rejects.toThrow();
    [command, rotation] = world.sent;
  });
  const told = (which: PatientProof | undefined): LedgerWord => {
    if (which === undefined) throw new Error('nothing was sent');
    return wordOf(which);
  };

  it('each announces a key of its own', async () => {
    await expect(world.failing(refused).giveUp(world.pseudonym)).rejects.toThrow();
    world.now = addMilliseconds(world.now, 2 * 3_600_000);
    await expect(world.failing(refused).giveUp(world.pseudonym)).rejects.toThrow();
    const announced = new Set(world.sent.map(({ statement }) => statement.nextKeyHash));
    const signedWith = new Set(world.sent.map(({ statement }) => statement.publicKey));
    expect([announced.size, signedWith.size]).toEqual([3, 1]);
  });

  it('none is committed that the ledger names beside a key which another one announces', async () => {
    const { lastCommand } = told(command);
    expect(await statesOf({ ...told(rotation), ...(lastCommand && { lastCommand }) })).toEqual([
      ['AcceptRelationship', 'superseded'],
      ['RotateKey', 'superseded'],
    ]);
  });

  it.each([
    ['the first', () => told(command), ['committed', 'superseded']],
    ['the second', () => told(rotation), ['superseded', 'committed']],
  ])('%s is committed when the ledger names it beside its own key', async (_which, word, states) => {
    expect((await statesOf(word())).map(([, state]) => state)).toEqual(states);
  });
});

describe('a command that never left', () => {
  it('announces nothing, however often', async () => {
    const down = new Unavailable('down', { cause: new NotSent('refused') });
    for (let times = 0; times < 3; times += 1) await expect(world.accept(world.failing(down))).rejects.toThrow();
    const announced = new Set(world.sent.map(({ statement }) => statement.nextKeyHash));
    expect(announced.size).toBe(1);
    await world.accept(world.honest());
    expect(world.ledger.entry.nextKeyHash).toBe([...announced][0]);
  });
});

describe('a member’s "committed"', () => {
  const claim = (): Promise<{ result: object; transactionId: string }> => Promise.resolve({ result: {}, transactionId: 'claimed' });

  it('is none as long as the ledger does not say so', async () => {
    await expect(world.accept(world.through(world.ledger.node(claim)))).rejects.toMatchObject({
      kind: 'outcome-unknown',
      transactionId: 'claimed',
    });
    expect(await world.open()).toEqual([['AcceptRelationship', 'sent']]);
  });

  it('is none when the ledger cannot be asked', async () => {
    const silent = world.ledger.node(claim, () => Promise.reject(new NoAnswer('silent')));
    await expect(world.accept(world.through(silent))).rejects.toMatchObject({ kind: 'outcome-unknown', transactionId: 'claimed' });
    expect(await world.open()).toEqual([['AcceptRelationship', 'sent']]);
  });

  it('is none when the witness does not say so, though the carrier says so twice', async () => {
    let told: LedgerWord = world.ledger.entry;
    const liar = world.ledger.node(
      (proof) => {
        told = wordOf(proof);
        return claim();
      },
      () => told,
    );
    await expect(world.accept(world.through(liar, world.ledger.node()))).rejects.toMatchObject({ kind: 'outcome-unknown' });
    expect(await world.open()).toEqual([['AcceptRelationship', 'sent']]);
  });

  it('is waited for when the witness’s peer is behind', async () => {
    let looks = 0;
    const behind = { ...world.ledger.entry };
    const witness = world.ledger.node(undefined, () => ((looks += 1) < 3 ? behind : world.ledger.entry));
    const patient = new WalletLedger(world.ledger.node(), world.wallet, {
      network,
      signerOf: () => Promise.resolve(world.pseudonym),
      now: () => world.now,
      witness,
    });
    await world.accept(patient);
    expect(await world.open()).toEqual([]);
  });

  it.each([1, 17, 40])('that was a lie %d times locks no wallet out', async (times) => {
    const liar = world.lying();
    for (let lie = 0; lie < times; lie += 1) await world.accept(liar);
    expect(await world.open()).toEqual([]);
    const early = [...world.sent];
    await world.honest().giveUp(world.pseudonym);
    expect(await world.open()).toEqual([]);
    await world.terminate(world.honest());
    expect(namesOf(world.ledger.committed)).toEqual(['RotateKey', 'TerminateRelationship']);
    // none of what was signed too early became valid by the rotation
    for (const proof of early) await expect(world.ledger.commit(proof)).rejects.toMatchObject({ code: 'STALE_KEY' });
  });

  it('that was a lie three times is made true by a look through an honest member, in order', async () => {
    const liar = world.lying();
    await world.accept(liar);
    await world.terminate(liar);
    await world.accept(liar);
    const { commands } = await world.honest().synchronise(world.pseudonym);
    expect(commands.map(({ state }) => state)).toEqual(['committed', 'committed', 'committed']);
    expect(world.ledger.committed).toEqual(world.sent.slice(0, 3));
  });
});

describe('a command of which the patient was told that it would not be committed', () => {
  const ofAnother = { statementHash: sha256('another command'), at: NOW };
  /** Words that are false as long as the command is not committed: which key is next, and what used up the one before. */
  const passed = (): LedgerWord => ({ nextKeyHash: world.lastSent.statement.nextKeyHash });
  const superseded = (): LedgerWord => ({ ...passed(), lastCommand: ofAnother });
  const committed = (): LedgerWord => wordOf(world.lastSent);
  const look = async (word: LedgerWord): Promise<void> => {
    await world.through(world.ledger.node(undefined, () => word)).synchronise(world.pseudonym);
  };
  const refused = new Refused('LEDGER_UNAVAILABLE', 'no peer', {});

  it.each<readonly [string, Error, readonly (() => LedgerWord)[]]>([
    ['refused, then used up by it is not known what', refused, [passed]],
    ['superseded', new OutcomeUnknown(undefined), [superseded]],
    ['refused, then superseded', refused, [superseded]],
    ['superseded, then used up by it is not known what', new OutcomeUnknown(undefined), [superseded, passed]],
    ['refused, then committed', refused, [committed]],
    ['superseded, then committed, then superseded again', new OutcomeUnknown(undefined), [superseded, committed, superseded]],
  ])('is never sent again, only its key used up: %s', async (_what, answer, makeWords) => {
    await expect(world.accept(world.failing(answer))).rejects.toThrow();
    for (const word of makeWords.map((make) => make())) await look(word);
    await world.honest().synchronise(world.pseudonym);
    expect(await world.open()).toEqual([['AcceptRelationship', 'refused']]);
    await world.terminate(world.honest());
    expect(namesOf(world.ledger.committed)).toEqual(['RotateKey', 'TerminateRelationship']);
  });

  it.each<readonly [string, Error, readonly (() => LedgerWord)[]]>([
    ['refused, then used up by it is not known what', refused, [passed]],
    ['superseded, then used up by it is not known what', new OutcomeUnknown(undefined), [superseded, passed]],
    ['superseded, then open again', new OutcomeUnknown(undefined), [superseded, () => world.ledger.entry]],
  ])('is told when it is committed all the same: %s', async (_what, answer, makeWords) => {
    await expect(world.accept(world.failing(answer))).rejects.toThrow();
    const held = world.lastSent;
    for (const word of makeWords.map((make) => make())) await look(word);
    await world.ledger.commit(held);
    // a key that was said to be used up signs nothing before the ledger is asked
    const report = await world.through(world.ledger.node()).synchronise(world.pseudonym);
    expect(report.commands).toMatchObject([{ state: 'committed', wasToldDead: true }]);
  });

  it('stops the next command when it is committed after it was told refused, then used up, then open', async () => {
    await expect(world.accept(world.failing(refused))).rejects.toThrow();
    const held = world.lastSent;
    await look(passed());
    await look(world.ledger.entry);
    await world.ledger.commit(held);
    await expect(world.terminate(world.honest())).rejects.toMatchObject({ code: 'OTHER_COMMAND_COMMITTED' });
    expect(namesOf(world.ledger.committed)).toEqual(['AcceptRelationship']);
  });

  it('may be a rotation, which surprises nobody when it is committed', async () => {
    await expect(world.accept(world.failing(refused))).rejects.toThrow();
    await expect(world.failing(new OutcomeUnknown(undefined)).giveUp(world.pseudonym)).rejects.toThrow();
    const rotation = world.lastSent;
    await look(superseded());
    await look(world.ledger.entry);
    await world.ledger.commit(rotation);
    await world.terminate(world.honest());
    expect(namesOf(world.ledger.committed)).toEqual(['RotateKey', 'TerminateRelationship']);
  });
});
