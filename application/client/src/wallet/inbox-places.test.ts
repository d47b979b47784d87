import { type AccessEvent, type Pseudonym } from '@lianyi/domain';
import { type Inbox } from './inbox';
import { at, B, lineOf, type Member, MINUTE, SECOND } from './inbox-member.fixture';
import { eventsOf, InboxWorld } from './inbox-world.fixture';

/** Where reading goes on with one member's list, no other member moves. */
describe('the places of two members in an inbox', () => {
  let world: InboxWorld;
  let atA: Pseudonym;
  let inbox: Inbox;
  let honest: Member;
  let liar: Member;
  beforeEach(async () => {
    world = await InboxWorld.make();
    ({ atA, inbox } = world);
    const [one, other] = world.members;
    if (other === undefined) throw new Error('two members were expected');
    [honest, liar] = [one, other];
  });
  const others = { kind: 'staff', mspId: B, actorTag: 'other' } as AccessEvent['actor'];
  /** More than are read at once, above one that is older than all of them. */
  const many = (): AccessEvent[] => [
    lineOf(atA, 'RecordAnchored', at(-60 * MINUTE)),
    ...Array.from({ length: 10_001 }, (_none, n) => lineOf(atA, 'AccessDenied', at(-59 * MINUTE + n * 100), { actor: others })),
  ];
  /** Pages without end, of lines that nobody else has. */
  const withoutEnd = (when: (page: number) => number): void => {
    liar.lie = () => ({ items: [lineOf(atA, 'CardVerified', at(when(liar.pages)))], next: String(liar.pages) });
  };
  const told = async (): Promise<readonly string[]> => eventsOf(await inbox.markRead());

  it.each<readonly [string, (page: number) => number]>([
    ['the future', (page) => 9_000_000 * MINUTE - page],
    ['the present', (page) => -page],
    ['the past', (page) => -page * MINUTE],
    ['ever later times', (page) => page * MINUTE],
  ])('are apart: what one member tells of %s without end hides nothing that the other one has later', async (_what, when) => {
    withoutEnd(when);
    honest.lines.push(lineOf(atA, 'RecordAnchored', at(-30 * MINUTE)));
    expect(await told()).toContain('RecordAnchored');
    honest.lines.push(lineOf(atA, 'RecoveryOpened', at(-MINUTE)));
    world.now = at(30 * MINUTE);
    expect(await told()).toContain('RecoveryOpened');
    expect(world.until()).toBeUndefined();
  });

  it.each<readonly [string, () => void]>([
    ['tells something else each time', () => (liar.lie = () => ({ items: [lineOf(atA, 'CardVerified', at(-30 * MINUTE))] }))],
    ['does not say which recoveries wait', () => (liar.silentOn = 'ListRecoveries')],
    [
      'has no end',
      () => {
        withoutEnd((page) => -page * SECOND);
      },
    ],
  ])('do not stop above what one member has where the other one %s', async (_what, lies) => {
    honest.lines.push(...many());
    lies();
    expect(await told()).not.toContain('RecordAnchored');
    expect(await told()).toContain('RecordAnchored');
  });

  it('settle nothing beyond what members tell differently, which is told again, and settle it when they agree', async () => {
    const lines = many();
    const truth = lineOf(atA, 'KeyReleased', at(-58 * MINUTE));
    honest.lines.push(...lines, truth);
    liar.lines.push(...lines, { ...truth, event: 'CardVerified' });
    const contested = async (): Promise<readonly string[]> =>
      (await inbox.markRead()).notes
        .filter(({ isContested }) => isContested)
        .map(({ line }) => line.event)
        .sort();
    expect(await contested()).toEqual(['CardVerified', 'KeyReleased']);
    expect(world.until()).toBeUndefined();
    await inbox.markRead();
    expect(world.until()).toBe(truth.at);
    expect(await contested()).toEqual(['CardVerified', 'KeyReleased']);
    expect(world.until()).toBe(truth.at);
    liar.lines = [...lines, truth];
    await inbox.markRead();
    expect((world.until() ?? '') > truth.at).toBe(true);
  });

  it('are kept in a wallet that can be read, and forgotten when all is read', async () => {
    const lines = many();
    honest.lines.push(...lines);
    liar.lines.push(...lines);
    await inbox.markRead();
    expect(world.store.content.relationships[0]?.inbox?.rest?.map(({ member }) => member)).toEqual([honest.name, liar.name]);
    await inbox.markRead();
    expect(world.store.content.relationships[0]?.inbox).not.toHaveProperty('rest');
  });
});
