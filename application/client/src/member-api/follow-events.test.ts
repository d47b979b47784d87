import { NoAnswer, Refused, type StaffProof, Unavailable } from '@lianyi/domain';
import { type EventCursor, eventCursorSchema, type ToldEvent } from './event-operations';
import { compareCursors, cursorBefore, followEvents, type FollowOptions } from './follow-events';
import { type MemberNodeClient } from './member-node-client';

const cursor = (text: string): EventCursor => eventCursorSchema.parse(text);
const event = (text: string): ToldEvent => ({ cursor: cursor(text) }) as ToldEvent; // nothing else is looked at
type Answer = readonly string[] | Error;

/** A node that answers so, one after another, and an application that begins behind a place and stops when `enough` were taken. */
async function follow(answers: readonly Answer[], begin: { readonly after?: string; readonly enough?: number } = {}) {
  const [asked, taken, pauses]: [unknown[], string[], number[]] = [[], [], []];
  const stop = new AbortController();
  const left = [...answers];
  const askSigned = (_operation: unknown, input: unknown): Promise<{ events: readonly ToldEvent[] }> => {
    asked.push(input);
    const next = left.shift();
    if (next === undefined) stop.abort();
    return next instanceof Error ? Promise.reject(next) : Promise.resolve({ events: (next ?? []).map(event) });
  };
  const store = {
    after: () => (begin.after === undefined ? undefined : cursor(begin.after)),
    take: ({ cursor: at }: ToldEvent) => {
      taken.push(at);
      if (taken.length === begin.enough) stop.abort();
    },
  };
  const options: FollowOptions = {
    signal: stop.signal,
    waitSeconds: 0,
    pauseMillis: 1,
    interrupted: (_error, pause) => pauses.push(pause),
  };
  const node = { askSigned } as unknown as MemberNodeClient; // asked for events, and for nothing else
  const sign = (): Promise<StaffProof> => Promise.reject(new Error('nobody signs here'));
  const end = await followEvents({ node, sign }, store, options).catch((error: unknown) => error);
  return { asked, taken, pauses, end };
}

describe('following events', () => {
  it('begins behind what the application has kept, and goes on behind what it has taken', async () => {
    const { asked, taken, end } = await follow([['3-0-0', '3-1-0'], [], ['10-0-0']], { after: '2-0-0' });
    expect(taken).toEqual(['3-0-0', '3-1-0', '10-0-0']);
    expect(asked.map((input) => (input as { after?: string }).after)).toEqual(['2-0-0', '3-1-0', '3-1-0', '10-0-0']);
    expect(end).toBeUndefined();
  });

  it('begins with the first event where nothing is kept', async () => {
    expect((await follow([['0-0-0']])).asked).toEqual([{ waitSeconds: 0 }, { waitSeconds: 0, after: '0-0-0' }]);
  });

  it('asks again, with growing pauses, while a node is away or busy', async () => {
    const failures = [
      new Unavailable('away'),
      new NoAnswer('silent'),
      new Refused('NODE_BUSY', 'busy', {}),
      new Refused('PEER_BEHIND', 'behind', {}),
    ];
    const { taken, pauses } = await follow([...failures, ['1-0-0'], new NoAnswer('silent'), ['2-0-0']]);
    expect(taken).toEqual(['1-0-0', '2-0-0']);
    expect(pauses).toEqual([1, 2, 4, 8, 1]);
  });

  it.each<readonly [string, Error]>([
    ['may not', new Refused('NOT_PERMITTED', 'no', {})],
    ['has a key that is none', new Refused('BAD_SIGNATURE', 'no', {})],
    ['is refused with a code that it does not know', new Refused('OF_A_LATER_NODE', 'no', {})],
    ['gets an answer that is none', new NoAnswer('no answer', ['events'])],
    ['meets a fault', new Error('a bug')],
  ])('ends for who %s', async (_who, failure) => {
    const { end, taken } = await follow([failure, ['1-0-0']]);
    expect(end).toBe(failure);
    expect(taken).toEqual([]);
  });

  it.each<readonly [string, readonly Answer[], readonly string[]]>([
    ['what it has taken', [['3-0-0'], ['3-0-0']], ['3-0-0']],
    ['what stands before what is kept', [['1-9-9']], []],
    ['two in the wrong order', [['3-0-1', '3-0-0']], ['3-0-1']],
    ['ten before nine', [['10-0-0', '9-0-0']], ['10-0-0']],
  ])('takes nothing of a node that tells %s again', async (_what, answers, kept) => {
    const { end, taken } = await follow(answers, { after: '2-0-0' });
    expect(end).toMatchObject({ code: 'ANSWER_DIFFERS' });
    expect(taken).toEqual(kept);
  });

  it('ends where the application stops it, between two events', async () => {
    const { end, taken } = await follow([['1-0-0', '1-0-1', '1-0-2']], { enough: 2 });
    expect(taken).toEqual(['1-0-0', '1-0-1']);
    expect(end).toBeUndefined();
  });

  it('is asked for nothing by who was stopped before', async () => {
    const nobody = (): Promise<never> => Promise.reject(new Error('nobody signs here'));
    const [node, sign] = [{ askSigned: nobody }, nobody];
    const store = { after: () => undefined, take: () => undefined };
    await expect(followEvents({ node, sign }, store, { signal: AbortSignal.abort() })).resolves.toBeUndefined();
  });
});

describe('places in the chain', () => {
  it('stand before a block and behind all that is in the one before', () => {
    expect(cursorBefore(0n)).toBeUndefined();
    const place = cursorBefore(8n);
    const around = ['7-99999999-64', '8-0-0'].map(cursor);
    expect(around.map((each) => Math.sign(compareCursors(each, place ?? cursor('0-0-0'))))).toEqual([-1, 1]);
  });

  it('are compared as numbers, block by block', () => {
    const sorted = ['0-0-0', '0-0-2', '0-0-10', '0-2-0', '0-10-0', '2-0-0', '10-0-0'].map(cursor);
    expect([...sorted].reverse().sort(compareCursors)).toEqual(sorted);
  });
});
