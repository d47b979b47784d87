import { type AccessEvent, pseudonymSchema, type Pseudonym } from '@lianyi/domain';
import { type Inbox, type InboxView } from './inbox';
import { A, B, at, lineOf, Member, MINUTE, SECOND } from './inbox-member.fixture';
import { eventsOf, InboxWorld, namedMembers } from './inbox-world.fixture';
import { type MemoryStore } from './ledger-of-one.fixture';
import { type Wallet } from './wallet';

let world: InboxWorld;
let store: MemoryStore;
let wallet: Wallet;
let atA: Pseudonym;
let inbox: Inbox;
beforeEach(async () => {
  world = await InboxWorld.make();
  ({ store, wallet, atA, inbox } = world);
});

describe('an inbox before a member that lies', () => {
  let atB: Pseudonym;
  let liar: Member;
  beforeEach(async () => {
    ({ pseudonym: atB } = await wallet.addRelationship(B));
    [, liar] = [world.members[0], world.members[1] ?? world.members[0]];
  });
  const readAs = async (name: string, told: readonly Member[]): Promise<InboxView> => {
    const of = world.inboxOf(
      wallet,
      (pseudonym) => Promise.resolve(namedMembers(pseudonym === atA ? told : [new Member()])),
      world.members[0].node,
    );
    return name === 'read' ? of.markRead() : of.list();
  };

  it.each([
    ['a proposal for another pseudonym of the wallet', () => [lineOf(atA, 'RelationshipProposed', at(-MINUTE))]],
    ['a record of another pseudonym of the wallet', () => [lineOf(atA, 'RecordAnchored', at(-MINUTE))]],
    ['a proposal for a stranger', () => [lineOf(pseudonymSchema.parse('s'.repeat(43)), 'RelationshipProposed', at(-MINUTE))]],
    [
      'another pseudonym’s line between those that were asked for',
      () => [
        lineOf(atB, 'CardIssued', at(-MINUTE)),
        lineOf(atA, 'RelationshipProposed', at(-2 * MINUTE)),
        lineOf(atB, 'CardIssued', at(-3 * MINUTE)),
      ],
    ],
  ])('signs by no other pseudonym than that which it asks about, and believes nothing of an answer with %s', async (_what, lines) => {
    liar.lie = () => ({ items: lines() });
    liar.states.set(`${atA} ${A}`, 'proposed');
    const of = world.inboxOf(
      wallet,
      (pseudonym) => Promise.resolve(namedMembers([pseudonym === atA ? world.members[0] : liar])),
      world.members[0].node,
    );
    const view = await of.markRead();
    expect([...liar.signers]).toEqual([atB]);
    expect(view.notes).toEqual([]);
    expect(view.unheard).toEqual([{ pseudonym: atB, mspId: B, code: 'ANSWER_DIFFERS' }]);
  });

  it.each([
    ['RelationshipProposed', 'CardVerified'],
    ['AccessPermitted', 'CardVerified'],
    ['KeyReleased', 'AccessDenied'],
  ] as const)(
    'tells both where one member tells of %s and the other, at the same place, of %s; in whatever order they are asked',
    async (said, instead) => {
      const truth = lineOf(atA, said, at(-30 * MINUTE));
      if (said === 'RelationshipProposed') world.proposed();
      world.members[0].lines.push(truth);
      liar.lines.push({ ...truth, event: instead });
      liar.states.clear();
      const [one, other] = [await readAs('list', world.members), await readAs('list', world.members.toReversed())];
      expect(one).toEqual(other);
      expect([...eventsOf(one)].sort()).toEqual([said, instead].sort());
      expect(one.notes.every(({ isContested }) => isContested)).toBe(true);
      expect(one.unheard).toEqual([{ pseudonym: atA, mspId: A, code: 'ANSWER_DIFFERS' }]);
      expect(one.notes.find(({ line }) => line.event === said)?.answers.length).toBe(said === 'RelationshipProposed' ? 2 : 0);
    },
  );

  it.each([
    ['who acted', { actor: { kind: 'staff', mspId: B, actorTag: 'tag' } }],
    ['that it was the patient', { actor: { kind: 'patient' } }],
    ['when', { at: at(-29 * MINUTE) }],
    ['what was decided', { decision: 'permit' }],
  ] as const)('settles nothing where a member says differently %s', async (_what, changed) => {
    const truth = lineOf(atA, 'AccessDenied', at(-30 * MINUTE), { decision: 'deny' });
    world.members[0].lines.push(truth);
    liar.lines.push({ ...truth, ...changed } as AccessEvent);
    expect((await readAs('read', world.members)).notes).toHaveLength(2);
    expect(store.content.relationships[0]?.inbox).toEqual({ read: [] });
    liar.lines = [truth];
    expect(await readAs('list', world.members)).toMatchObject({ notes: [{ line: truth, isContested: false, isRead: false }], unheard: [] });
  });

  it('tells what happened although something else was read at its place before', async () => {
    const truth = lineOf(atA, 'RelationshipProposed', at(-MINUTE));
    liar.lines.push({ ...truth, event: 'CardVerified' });
    await readAs('read', world.members);
    world.members[0].lines.push(truth);
    liar.lines = [truth];
    expect(eventsOf(await readAs('list', world.members))).toEqual(['RelationshipProposed']);
  });

  it.each([
    ['a day from now', 24 * 60 * MINUTE, 0],
    ['just later than clocks may differ', 2 * MINUTE + SECOND, 0],
    ['as much later as clocks may differ', 2 * MINUTE, 1],
    ['now', 0, 1],
  ])('tells lines of %s, and remembers those alone which a ledger may have', async (_what, later, kept) => {
    const honest = lineOf(atA, 'AccessPermitted', at(-MINUTE));
    world.everybodyHas(honest);
    liar.lines.push(lineOf(atA, 'RecordAnchored', at(later)));
    for (let round = 0; round < 3; round += 1) {
      liar.lines.push(lineOf(atA, 'RecordAnchored', at(later)));
      expect(eventsOf(await readAs('read', world.members)).filter((event) => event === 'RecordAnchored').length).toBeGreaterThan(0);
    }
    const read = store.content.relationships.find(({ pseudonym }) => pseudonym === atA)?.inbox?.read ?? [];
    expect(read).toHaveLength(1 + 4 * kept);
    const again = new Set(eventsOf(await readAs('list', world.members)));
    expect([...again]).toEqual(kept === 0 ? ['RecordAnchored'] : []);
  });

  it.each([
    ['the same page again and again', (): readonly AccessEvent[] => [lineOf(atA, 'RecordAnchored', at(-MINUTE))], 'LIMIT_REACHED'],
    ['pages of nothing', (): readonly AccessEvent[] => [], 'LIMIT_REACHED'],
    [
      'ever younger lines, out of order',
      (page: number): readonly AccessEvent[] => [lineOf(atA, 'RecordAnchored', at(page * SECOND))],
      'ANSWER_DIFFERS',
    ],
  ])('comes to an end before a member that gives %s, and tells what the other one has', async (_what, items, code) => {
    world.members[0].lines.push(lineOf(atA, 'AccessPermitted', at(-2 * MINUTE)));
    liar.lie = () => ({ items: items(liar.pages), next: String(liar.pages) });
    const view = await readAs('read', world.members);
    expect(liar.pages).toBeLessThanOrEqual(100);
    expect(eventsOf(view)).toContain('AccessPermitted');
    expect(view.unheard).toEqual([{ pseudonym: atA, mspId: A, code }]);
    expect(world.until()).toBeUndefined();
  });

  it('says that lines of one member are none, tells the others and goes on from there', async () => {
    const line = lineOf(atA, 'AccessPermitted', at(-2 * MINUTE));
    liar.lie = () => ({ items: [line], unreadable: 1 });
    const view = await readAs('read', world.members);
    expect(eventsOf(view)).toContain('AccessPermitted');
    expect(view.unheard).toEqual([{ pseudonym: atA, mspId: A, code: 'CORRUPT_STATE' }]);
    expect(world.until()).toBeDefined();
  });

  it('takes the first 12 digits of a name, and no fewer, nor such as are of two notes that wait', async () => {
    world.proposed();
    world.everybodyHas(lineOf(atA, 'RelationshipProposed', at(-MINUTE)));
    const id = (await inbox.list()).notes[0]?.id ?? '';
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    await expect(inbox.answer(id.slice(0, 11), 'accept')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(inbox.answer('', 'accept')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await inbox.answer(id.slice(0, 12), 'accept');
    expect(world.members[0].submitted).toHaveLength(1);
  });

  describe('about what waits', () => {
    const delegationId = 'd'.repeat(43);
    const caseId = 'c'.repeat(43);
    const waits: readonly (readonly [string, (member: Member) => void, object])[] = [
      ['a relationship', (member) => member.states.set(`${atA} ${A}`, 'proposed'), { mspId: A }],
      [
        'a delegation',
        (member) => (member.delegations = [{ state: 'proposed', validUntil: at(60 * MINUTE), delegationId, createdAt: at(-MINUTE) }]),
        { delegationId },
      ],
      ['a recovery', (member) => (member.recoveries = [{ openedAt: at(-MINUTE), state: 'opened', caseId }]), { caseId }],
    ];

    it.each(waits)('says that members contradict each other where one of two that have told all has %s', async (_what, plant, about) => {
      plant(liar);
      const view = await readAs('list', world.members);
      expect(view.notes).toMatchObject([{ about, isContested: true }]);
      expect(view.unheard).toEqual([{ pseudonym: atA, mspId: A, code: 'ANSWER_DIFFERS' }]);
      plant(world.members[0]);
      expect(await readAs('list', world.members)).toMatchObject({ notes: [{ about, isContested: false }], unheard: [] });
    });

    it('holds nothing against a member that could not tell all', async () => {
      liar.silentOn = 'ListDelegations';
      world.members[0].states.set(`${atA} ${A}`, 'proposed');
      const view = await readAs('list', world.members);
      expect(view.notes).toMatchObject([{ about: { mspId: A }, isContested: false }]);
      expect(view.unheard).toHaveLength(1);
    });

    it.each([
      ['another hospital’s staff', { kind: 'staff', mspId: B, actorTag: 'tag' }],
      ['a patient', { kind: 'patient', pseudonym: 'p'.repeat(43) }],
    ])('lets nobody accept a relationship that %s is said to have proposed', async (_what, actor) => {
      for (const member of world.members) {
        member.states.set(`${atA} ${A}`, 'proposed');
        member.proposer = actor;
      }
      const view = await readAs('list', world.members);
      expect(view.notes).toEqual([]);
      expect(view.unheard).toEqual([{ pseudonym: atA, mspId: A, code: 'ANSWER_DIFFERS' }]);
    });
  });
});
