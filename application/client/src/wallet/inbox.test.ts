import { type AccessEvent, hashOfKey, pseudonymSchema, type Pseudonym, Unavailable } from '@lianyi/domain';
import { publicKeyOf } from '../signing/p256';
import { oneTimeKey } from './derived-keys';
import { type Inbox } from './inbox';
import { A, B, at, lineOf, MINUTE, SECOND } from './inbox-member.fixture';
import { eventsOf, InboxWorld, namedMembers } from './inbox-world.fixture';
import { MemoryStore, NOW } from './ledger-of-one.fixture';
import { recoverWallet } from './recover-wallet';
import { SummaryKeeper } from './summary-keeper';
import { SummaryLedger } from './summary-ledger.fixture';
import { Wallet } from './wallet';
import { walletContentSchema } from './wallet-content';
import { network } from './wallet-world.fixture';

let world: InboxWorld;
let store: MemoryStore;
let wallet: Wallet;
let atA: Pseudonym;
let inbox: Inbox;
beforeEach(async () => {
  world = await InboxWorld.make();
  ({ store, wallet, atA, inbox } = world);
});

describe('an inbox', () => {
  it('tells what others did, oldest first, and not what the patient did', async () => {
    world.everybodyHas(
      lineOf(atA, 'RecordAnchored', at(-MINUTE)),
      lineOf(atA, 'PatientRegistered', at(-60 * MINUTE)),
      lineOf(atA, 'KeyRotated', at(-2 * MINUTE), { actor: { kind: 'patient', pseudonym: atA } }),
      lineOf(atA, 'AccessDenied', at(-SECOND), { decision: 'deny' }),
    );
    const view = await inbox.list();
    expect(eventsOf(view)).toEqual(['PatientRegistered', 'RecordAnchored', 'AccessDenied']);
    expect(view).toMatchObject({ unheard: [], unwitnessed: [] });
    expect(new Set(view.notes.map(({ id }) => id)).size).toBe(3);
  });

  it('tells everything of every event that there is or will be, whoever it is that acted for the patient', async () => {
    const actors = [
      { kind: 'delegate', pseudonym: atA, delegationId: 'd' },
      { kind: 'assisted', pseudonym: atA, mspId: A, actorTags: ['a', 'b'] },
      { kind: 'administrator', mspId: A, keyHash: 'h' },
    ] as AccessEvent['actor'][];
    world.everybodyHas(...actors.map((actor, n) => lineOf(atA, 'PolicyGranted', at(-n * SECOND), { actor })));
    expect((await inbox.list()).notes).toHaveLength(3);
  });

  it('tells a note that one member tells and the other keeps back', async () => {
    world.members[0].lines.push(lineOf(atA, 'AccessPermitted', at(-MINUTE)));
    expect(eventsOf(await inbox.list())).toEqual(['AccessPermitted']);
    world.members[0].lines = [];
    world.members[1]?.lines.push(lineOf(atA, 'RecordAmended', at(-MINUTE)));
    expect(eventsOf(await inbox.list())).toEqual(['RecordAmended']);
  });

  it('says so when one member is all there is', async () => {
    world.members = [world.members[0]];
    expect((await inbox.list()).unwitnessed).toEqual([atA]);
  });

  it('reads every page once, and then none that is settled', async () => {
    world.everybodyHas(...Array.from({ length: 250 }, (_none, n) => lineOf(atA, 'RecordAnchored', at(-(n + 20) * MINUTE))));
    // all alike, they are one note with a number
    expect((await inbox.markRead()).notes).toMatchObject([{ count: 250, line: { at: at(-20 * MINUTE) } }]);
    world.members[0].pages = 0;
    expect((await inbox.list()).notes).toEqual([]);
    expect(world.members[0].pages).toBe(1);
    expect((await inbox.list({ all: true })).notes).toHaveLength(250);
  });

  it('knows nothing of somebody else’s pseudonym nor of one that was discarded, and goes on with one of the past', async () => {
    const others = await wallet.addDelegation(pseudonymSchema.parse('p'.repeat(43)), B);
    const { pseudonym: atB } = await wallet.addRelationship(B);
    await wallet.leave(atB, 'discarded');
    await wallet.leave(atA, 'ended');
    world.everybodyHas(
      lineOf(others.pseudonym, 'RecordAnchored', at(-3)),
      lineOf(atB, 'RecordAnchored', at(-2)),
      lineOf(atA, 'AccessPermitted', at(-1)),
    );
    expect(eventsOf(await inbox.list())).toEqual(['AccessPermitted']);
  });
});

describe('reading an inbox', () => {
  it('leaves only what comes after', async () => {
    world.everybodyHas(lineOf(atA, 'RecordAnchored', at(-30 * MINUTE)), lineOf(atA, 'RecordAmended', at(-MINUTE)));
    expect(eventsOf(await inbox.markRead())).toEqual(['RecordAnchored', 'RecordAmended']);
    expect((await inbox.list()).notes).toEqual([]);
    world.everybodyHas(lineOf(atA, 'RecordRetracted', at(0)));
    expect(eventsOf(await inbox.list())).toEqual(['RecordRetracted']);
    expect(walletContentSchema.parse(store.content)).toEqual(store.content);
  });

  it('does not lose what was proposed before what was read, and came into its block after it', async () => {
    world.everybodyHas(lineOf(atA, 'RecordAnchored', at(-30 * MINUTE)), lineOf(atA, 'RecordAnchored', at(-SECOND)));
    await inbox.markRead();
    for (const delay of [2 * SECOND, 2 * MINUTE, 7 * MINUTE]) {
      world.everybodyHas(lineOf(atA, 'AccessPermitted', at(-SECOND - delay)));
      expect(eventsOf(await inbox.list())).toEqual(['AccessPermitted']);
      await inbox.markRead();
    }
  });

  it('settles nothing by its age while a member asked is silent, and says which', async () => {
    world.everybodyHas(lineOf(atA, 'RecordAnchored', at(-30 * MINUTE)));
    const silent = world.members[1];
    if (silent === undefined) throw new Error('two members were expected');
    silent.failure = new Unavailable('down');
    silent.lines.push(lineOf(atA, 'AccessPermitted', at(-40 * MINUTE)));
    const view = await inbox.markRead();
    expect(view.unheard).toEqual([{ pseudonym: atA, mspId: A, code: 'LEDGER_UNAVAILABLE' }]);
    expect(world.until()).toBeUndefined();
    silent.failure = undefined;
    expect(eventsOf(await inbox.list())).toEqual(['AccessPermitted']);
  });

  it.each([
    ['a line from the future', 365 * 24 * 60 * MINUTE, 0],
    ['a clock of the device that is ahead', 0, 365 * 24 * 60 * MINUTE],
  ])('is not led beyond the present by %s', async (_what, ahead, clock) => {
    world.now = at(clock);
    world.everybodyHas(lineOf(atA, 'RecordAnchored', at(ahead)));
    await inbox.markRead();
    expect(world.until()).toBe(at(-10 * MINUTE));
    world.everybodyHas(lineOf(atA, 'AccessPermitted', at(SECOND)));
    expect(eventsOf(await inbox.list())).toEqual(ahead === 0 ? ['AccessPermitted'] : ['AccessPermitted', 'RecordAnchored']);
  });

  it('never goes back, also when another program with the wallet has read further', async () => {
    await wallet.inbox.markRead(atA, { until: at(-MINUTE), read: [{ id: 'a'.repeat(24), at: at(0) }] });
    await wallet.inbox.markRead(atA, { until: at(-30 * MINUTE), read: [{ id: 'b'.repeat(24), at: at(-2 * MINUTE) }] });
    await wallet.inbox.markRead(atA, { read: [] });
    expect(store.content.relationships[0]?.inbox).toEqual({ until: at(-MINUTE), read: [{ id: 'a'.repeat(24), at: at(0) }] });
  });
});

describe('a proposal in an inbox', () => {
  it('waits until it is answered, however often it is read', async () => {
    world.proposed();
    world.everybodyHas(lineOf(atA, 'RelationshipProposed', at(-60 * MINUTE)), lineOf(atA, 'RecordAnchored', at(-MINUTE)));
    for (let times = 0; times < 3; times += 1) {
      const { notes } = await inbox.markRead();
      expect(notes.filter(({ answers }) => answers.length > 0).map(({ line }) => line.event)).toEqual(['RelationshipProposed']);
    }
    world.proposed('active');
    expect((await inbox.list()).notes).toEqual([]);
  });

  it.each(['accept', 'reject'] as const)('is answered with %s by the pseudonym that it is about', async (answer) => {
    world.proposed();
    world.everybodyHas(lineOf(atA, 'RelationshipProposed', at(-MINUTE)));
    const [note] = (await inbox.list()).notes;
    await inbox.answer(note?.id ?? '', answer);
    const name = answer === 'accept' ? 'AcceptRelationship' : 'RejectRelationship';
    expect(world.members[0].submitted).toEqual([{ name, input: { pseudonym: atA, mspId: A } }]);
  });

  it('waits when one member says that it does: the other may lie', async () => {
    world.proposed('active');
    world.members[1]?.states.set(`${atA} ${A}`, 'proposed');
    world.everybodyHas(lineOf(atA, 'RelationshipProposed', at(-MINUTE)));
    expect((await inbox.list()).notes[0]?.answers).toEqual(['accept', 'reject']);
  });

  it.each(['active', 'rejected', 'suspended', 'terminated', undefined])(
    'is told and waits no more when the relationship is %s',
    async (state) => {
      if (state !== undefined) world.proposed(state);
      world.everybodyHas(lineOf(atA, 'RelationshipProposed', at(-MINUTE)));
      const [note] = (await inbox.list()).notes;
      expect(note?.answers).toEqual([]);
      await expect(inbox.answer(note?.id ?? '', 'accept')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(world.members[0].submitted).toEqual([]);
    },
  );

  it.each(['RecordAnchored', 'AccessPermitted', 'CardIssued', 'PatientRegistered'] as const)(
    'is no %s, which asks nothing',
    async (event) => {
      world.proposed();
      world.everybodyHas(lineOf(atA, event, at(-MINUTE)));
      const [note] = (await inbox.list()).notes;
      await expect(inbox.answer(note?.id ?? '', 'reject')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(inbox.answer('0'.repeat(12), 'accept')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    },
  );
});

describe('a recovery in an inbox', () => {
  const caseId = 'r'.repeat(43);
  const opened = (state: string, openedAt = at(-MINUTE)): void => {
    for (const member of world.members) member.recoveries = [{ openedAt, state, caseId }];
    world.everybodyHas(lineOf(atA, 'RecoveryOpened', at(-MINUTE)));
  };

  it.each(['opened', 'coolingOff'])('that is %s is vetoed with the old key, and not accepted with it', async (state) => {
    opened(state);
    const [note] = (await inbox.list()).notes;
    expect(note?.answers).toEqual(['reject']);
    await expect(inbox.answer(note?.id ?? '', 'accept')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await inbox.answer(note?.id ?? '', 'reject');
    expect(world.members[0].submitted).toEqual([{ name: 'VetoRecovery', input: { pseudonym: atA, caseId } }]);
  });

  it.each(['completed', 'vetoed', 'expired', 'superseded'])('that is %s is told, and nothing can be said to it', async (state) => {
    opened(state);
    expect((await inbox.list()).notes[0]?.answers).toEqual([]);
  });

  it('is told beside a line of another one, which nothing can be said to', async () => {
    opened('opened', at(-2 * MINUTE));
    expect((await inbox.list()).notes).toMatchObject([
      { answers: ['reject'], isUntold: true, line: { at: at(-2 * MINUTE) } },
      { answers: [], isUntold: false, line: { at: at(-MINUTE) } },
    ]);
  });
});

describe('the place in an inbox', () => {
  it('comes back with the recovery phrase, with what waits, but for the last minutes', async () => {
    const ledger = new SummaryLedger();
    await wallet.summary.makeRecoverable();
    const keep = () => {
      const carriageOf = () => Promise.resolve({ carrier: ledger.node, witness: ledger.node });
      return new SummaryKeeper(wallet, { network, now: () => NOW, carriageOf, patienceMillis: 0 }).catchUp();
    };
    await keep();
    world.everybodyHas(lineOf(atA, 'PatientRegistered', at(-60 * MINUTE)), lineOf(atA, 'RecordAnchored', at(-SECOND)));
    await inbox.markRead();
    expect((await keep()).written).toEqual([atA]);
    const [held] = store.content.relationships;
    if (held === undefined) throw new Error('a relationship was expected');
    ledger.register(atA, hashOfKey(publicKeyOf(oneTimeKey(await wallet.summary.seed(), held.nonce, 0))), 'active');
    world.proposed();
    world.everybodyHas(lineOf(atA, 'RelationshipProposed', at(MINUTE)));
    const { content } = await recoverWallet(await wallet.summary.seed(), { network, ledger: ledger.node, now: () => NOW });
    const back = new MemoryStore();
    back.content = content;
    const again = world.inboxOf(new Wallet(back), () => Promise.resolve(namedMembers([world.members[0]])), world.members[0].node);
    const { notes } = await again.list();
    expect(notes.map(({ line, answers }) => [line.event, answers.length > 0])).toEqual([
      ['RecordAnchored', false],
      ['RelationshipProposed', true],
    ]);
  });

  it('costs a wallet whose notes were never read nothing, and its slot the same bytes as before', async () => {
    await wallet.summary.makeRecoverable();
    await inbox.list();
    expect(store.content.relationships[0]).not.toHaveProperty('inbox');
  });
});
