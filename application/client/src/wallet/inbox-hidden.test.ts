import { type AccessEvent, type Pseudonym } from '@lianyi/domain';
import { type Inbox } from './inbox';
import { at, B, lineOf, type Member, MINUTE, SECOND } from './inbox-member.fixture';
import { eventsOf, InboxWorld, namedMembers } from './inbox-world.fixture';
import { type MemoryStore } from './ledger-of-one.fixture';
import { type RestToRead, walletContentSchema } from './wallet-content';

let world: InboxWorld;
let store: MemoryStore;
let atA: Pseudonym;
let inbox: Inbox;
beforeEach(async () => {
  world = await InboxWorld.make();
  ({ store, atA, inbox } = world);
});
const caseId = 'r'.repeat(43);
const others: AccessEvent['actor'] = { kind: 'staff', mspId: B, actorTag: 'other' } as AccessEvent['actor'];
const members = (): readonly [Member, Member] => {
  const [one, other] = world.members;
  if (other === undefined) throw new Error('two members were expected');
  return [one, other];
};
const everybody = (does: (member: Member) => void): void => {
  world.members.forEach(does);
};
const opened = (openedAt = at(-12 * MINUTE)): void => {
  everybody((member) => (member.recoveries = [{ openedAt, state: 'coolingOff', caseId }]));
};
/** A member that lists what it has in this order, whatever the lines say of the time. */
const listing = (member: Member, lines: readonly AccessEvent[]): void => {
  member.lie = ({ after }) => {
    const from = Number(after ?? 0);
    return { items: lines.slice(from, from + 100), ...(from + 100 < lines.length ? { next: String(from + 100) } : {}) };
  };
};

describe('what waits for an answer', () => {
  it.each<readonly [string, () => unknown]>([
    ['its line was erased', () => undefined],
    ['its line was erased at one member, and the other does not name the case', () => void (members()[0].recoveries = [])],
    [
      'it was held back past what was read',
      async () => {
        world.everybodyHas(lineOf(atA, 'AccessDenied', at(-MINUTE)));
        await inbox.markRead();
      },
    ],
    [
      'another event is in the place of its line',
      () => {
        world.everybodyHas(lineOf(atA, 'CardVerified', at(-12 * MINUTE)));
      },
    ],
  ])('is told if %s, and answered by the same name', async (_what, happens) => {
    opened();
    await happens();
    const waiting = (await inbox.list()).notes.filter(({ answers }) => answers.length > 0);
    expect(waiting).toMatchObject([{ line: { event: 'RecoveryOpened', at: at(-12 * MINUTE) }, answers: ['reject'], isUntold: true }]);
    await inbox.markRead();
    await inbox.answer(waiting[0]?.id.slice(0, 12) ?? '', 'reject');
    expect(world.members[0].submitted).toEqual([{ name: 'VetoRecovery', input: { pseudonym: atA, caseId } }]);
  });

  it('has one name, whether or not the audit tells of it', async () => {
    opened();
    const untold = (await inbox.list()).notes;
    world.everybodyHas(lineOf(atA, 'RecoveryOpened', at(-12 * MINUTE)));
    const told = (await inbox.list()).notes;
    expect(told).toMatchObject([{ id: untold[0]?.id, isUntold: false }]);
  });

  it('is a proposed relationship without a line, and a delegation that another has proposed', async () => {
    world.proposed();
    const delegation = { delegationId: 'd'.repeat(43), state: 'proposed', validUntil: at(MINUTE), createdAt: at(-MINUTE) };
    const own = { origin: { actor: { kind: 'patient', pseudonym: atA } } };
    everybody((member) => {
      member.delegations = [delegation, { ...delegation, ...own }, { ...delegation, validUntil: at(0) }, { ...delegation, state: 'ended' }];
    });
    const { notes } = await inbox.list();
    expect(notes.map(({ line, answers }) => [line.event, answers])).toEqual([
      ['DelegationProposed', ['reject']],
      ['RelationshipProposed', ['accept', 'reject']],
    ]);
    await inbox.answer(notes[0]?.id ?? '', 'reject');
    expect(world.members[0].submitted).toEqual([{ name: 'EndDelegation', input: { pseudonym: atA, delegationId: 'd'.repeat(43) } }]);
  });

  it('is vetoed by as many commands as members name different cases', async () => {
    const lie = 'x'.repeat(43);
    members()[0].recoveries = [{ openedAt: at(-MINUTE), state: 'opened', caseId: lie }];
    members()[1].recoveries = [{ openedAt: at(-MINUTE), state: 'opened', caseId }];
    const { notes } = await inbox.list();
    for (const { id } of notes) await inbox.answer(id, 'reject');
    expect(world.members[0].submitted.map(({ input }) => (input as { readonly caseId: string }).caseId).sort()).toEqual([caseId, lie]);
  });

  it.each(['ListRecoveries', 'ListDelegations', 'GetRelationship'])(
    'is said not to be whole if a member does not answer %s',
    async (name) => {
      opened();
      members()[1].silentOn = name;
      world.everybodyHas(lineOf(atA, 'RecordAnchored', at(-30 * MINUTE)));
      const { notes, unheard } = await inbox.markRead();
      expect(unheard).toMatchObject([{ code: 'LEDGER_UNAVAILABLE' }]);
      expect(eventsOf({ notes, unheard, unwitnessed: [] })).toContain('RecoveryOpened');
      expect(world.until()).toBeUndefined();
    },
  );
});

describe('what others say that the patient did', () => {
  it.each([
    'RecoveryOpened',
    'RecoveryApproved',
    'AccessPermitted',
    'KeyReleased',
    'RelationshipProposed',
    'DelegationConfirmed',
    'CardVerified',
    'DeathConfirmed',
    'RecordAnchored',
    'PatientRegistered',
  ] as const)('is told where no patient signs it: %s', async (event) => {
    world.everybodyHas(lineOf(atA, event, at(-MINUTE), { actor: { kind: 'patient', pseudonym: atA } }));
    expect(eventsOf(await inbox.list())).toEqual([event]);
  });
});

describe('a line that is out of order', () => {
  it.each([
    ['the future', at(9_000 * MINUTE)],
    ['the past', at(-9_000 * MINUTE)],
  ])('of %s takes nothing away of what else is told, and reading goes on', async (_what, when) => {
    const lines = [
      lineOf(atA, 'RecoveryOpened', at(-30 * MINUTE)),
      lineOf(atA, 'CardIssued', when),
      lineOf(atA, 'AccessPermitted', at(-40 * MINUTE)),
    ];
    everybody((member) => {
      listing(member, lines);
    });
    const view = await inbox.markRead();
    expect([...eventsOf(view)].sort()).toEqual(['AccessPermitted', 'CardIssued', 'RecoveryOpened']);
    expect(view.unheard).toEqual([]);
    expect(world.until()).toBeDefined();
  });
});

describe('a line that one of two members tells', () => {
  it('is contested once it is older than what may be on its way, and settles nothing that is not older', async () => {
    world.everybodyHas(lineOf(atA, 'RecordAnchored', at(-30 * MINUTE)));
    members()[1].lines.push(lineOf(atA, 'KeyReleased', at(-20 * MINUTE)), lineOf(atA, 'AccessPermitted', at(-SECOND)));
    const { notes, unheard } = await inbox.markRead();
    expect(notes.map(({ line, isContested }) => [line.event, isContested])).toEqual([
      ['RecordAnchored', false],
      ['KeyReleased', true],
      ['AccessPermitted', false],
    ]);
    expect(unheard).toMatchObject([{ code: 'ANSWER_DIFFERS' }]);
    expect(world.until()).toBe(at(-20 * MINUTE));
    expect(eventsOf(await inbox.list())).toEqual(['KeyReleased']);
  });

  it('is none where the other member does not answer', async () => {
    members()[1].lines.push(lineOf(atA, 'KeyReleased', at(-20 * MINUTE)));
    members()[0].silentOn = 'ListForPatient';
    expect((await inbox.list()).notes).toMatchObject([{ isContested: false }]);
  });
});

describe('more lines than are read at once', () => {
  it.each([
    ['a quarter of an hour', 100],
    ['less than is settled by time', 10],
  ])('hide none that is older, when they are of %s: each call goes on where the last has ended', async (_what, millis) => {
    const denial = (_none: unknown, n: number): AccessEvent =>
      lineOf(atA, 'AccessDenied', at(-59 * MINUTE + n * millis), { actor: others });
    const lines = [lineOf(atA, 'RelationshipProposed', at(-60 * MINUTE)), ...Array.from({ length: 10_001 }, denial)].reverse();
    everybody((member) => {
      listing(member, lines);
    });
    const first = await inbox.markRead();
    expect(first.notes).toMatchObject([{ line: { event: 'AccessDenied' }, count: 10_000 }]);
    expect(first.unheard).toMatchObject([{ code: 'LIMIT_REACHED' }]);
    expect(world.until()).toBeUndefined();
    expect(eventsOf(await inbox.markRead())).toEqual(['RelationshipProposed', 'AccessDenied']);
    expect(world.until()).toBeDefined();
    expect((await inbox.list()).notes).toEqual([]);
    expect(walletContentSchema.parse(store.content)).toEqual(store.content);
  });
});

describe('an inbox by one node and then another', () => {
  it('begins with the newest of whom it has not asked before', async () => {
    const one = members()[0];
    const of = world.inboxOf(world.wallet, () => Promise.resolve(namedMembers([one])), one.node);
    await world.wallet.inbox.markRead(atA, { read: [], rest: [restOf('another')] });
    one.lines.push(lineOf(atA, 'RecordAnchored', at(-40 * MINUTE)), lineOf(atA, 'RecordAmended', at(-25 * MINUTE)));
    expect(eventsOf(await of.list())).toEqual(['RecordAnchored', 'RecordAmended']);
    await world.wallet.inbox.markRead(atA, { read: [], rest: [restOf(one.name)] });
    expect(eventsOf(await of.list())).toEqual(['RecordAnchored']);
  });
  const restOf = (member: string): RestToRead => ({ member, until: at(-20 * MINUTE), from: at(-30 * MINUTE), after: '1' });
});
