import { memberOperations, newPrivateKey, publicKeyOf, signedAs, signStaffRequest, type ToldEvent, toldEventSchema } from '@lianyi/client';
import { actorTagSchema, hashOfKey, instantOf, type Ledger, mspIdSchema, sha256, type Staff } from '@lianyi/domain';
import { StaffGate } from '../check-caller';
import { EventFeed } from '../services/event-feed';
import { admitEverybody } from '../testing';
import { addEventRoutes } from './event-routes';
import { type NodeServer } from './server';
import { newServerOf } from './server.fixture';

const A = mspIdSchema.parse('HospitalAMSP');
const identity = { mspId: A, channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const privateKey = newPrivateKey();
const actorTag = actorTagSchema.parse('integration');
const recordAdmin = {
  ...{ mspId: A, actorTag, roles: ['recordAdmin'], state: 'active', dutyWindows: [] },
  publicKeyHash: hashOfKey(publicKeyOf(privateKey)),
} as unknown as Staff; // the gate reads no more of it

const told = (cursor: string): ToldEvent =>
  toldEventSchema.parse({
    ...{ cursor, transactionId: 'tx', at: '2026-01-01T08:00:00.000Z', event: { name: 'RecordRetracted', recordId: 'r' } },
    actor: { kind: 'staff', mspId: A, actorTag },
  });

describe('what the hospital’s own applications follow', () => {
  let server: NodeServer;
  let staff = recordAdmin;
  let events: readonly ToldEvent[] = [];
  /** What the index was asked for. */
  const asked: unknown[] = [];
  /** As the index waits: looks again when a block comes. */
  let block = (): void => undefined;
  const index = {
    told: (...question: readonly unknown[]) => {
      asked.push(question);
      return Promise.resolve(events);
    },
    height: () => Promise.resolve(7n),
    waitFor: async <Found>(look: () => Promise<Found | undefined>, millis: number): Promise<Found | undefined> => {
      for (;;) {
        const found = await look();
        if (found !== undefined || millis === 0) return found;
        await new Promise<void>((resolve) => (block = resolve));
      }
    },
  };

  beforeEach(async () => {
    [staff, events, asked.length] = [recordAdmin, [told('3-0-0')], 0];
    const ledger = { evaluate: () => Promise.resolve(staff) } as unknown as Ledger; // asked for staff, and for nothing else
    const gate = new StaffGate(identity, ledger, admitEverybody(ledger), { entryOfNow: () => Promise.resolve(staff) });
    server = await newServerOf(A, 10_000);
    addEventRoutes(server, { staff: gate, feed: new EventFeed(index) });
  });
  afterEach(() => server.close());

  const signed = (input: object, mspId = A): object => {
    const signer = { network: identity, mspId, actorTag, privateKey };
    return {
      input,
      proof: signStaffRequest(signer, { transaction: signedAs(memberOperations.FollowEvents), input }, instantOf(Date.now())),
    };
  };
  const ask = async (payload: object): Promise<Record<string, unknown>> => {
    const answer = await server.inject({ method: 'POST', url: '/v1/events:follow', payload });
    return answer.json();
  };

  it('are the events behind a place, and how far the node is', async () => {
    expect(await ask(signed({ after: '2-0-1', limit: 5 }))).toEqual({ events, height: '7' });
    expect(asked).toEqual([['2-0-1', 5]]);
  });

  it('are waited for until one comes, and no longer than is asked for', async () => {
    events = [];
    expect(await ask(signed({}))).toEqual({ events: [], height: '7' });
    const answer = ask(signed({ waitSeconds: 25 }));
    while (asked.length < 2) await new Promise((resolve) => setImmediate(resolve));
    events = [told('8-0-0')];
    block();
    expect(await answer).toEqual({ events, height: '7' });
  });

  it('are waited for by nobody when the node stops', async () => {
    events = [];
    const answer = ask(signed({ waitSeconds: 25 }));
    while (asked.length < 1) await new Promise((resolve) => setImmediate(resolve));
    const asks = asked.length;
    const closed = server.close();
    // as the index does, which looks again each second
    const looks = setInterval(() => {
      block();
    }, 5);
    expect(await answer).toMatchObject({ events: [] });
    clearInterval(looks);
    await closed;
    expect(asked.length).toBeGreaterThan(asks);
  });

  it('are waited for no longer for who has gone', async () => {
    events = [];
    expect(await new EventFeed(index).next({ waitSeconds: 25 }, 'app', () => true)).toEqual({ events: [], height: 7n });
  });

  it('are waited for by an application four times at most', async () => {
    events = [];
    const blocks: (() => void)[] = [];
    const answers = [];
    for (const before of [0, 1, 2, 3]) {
      answers.push(ask(signed({ waitSeconds: 25 })));
      while (asked.length <= before) await new Promise((resolve) => setImmediate(resolve));
      blocks.push(block);
    }
    expect(await ask(signed({ waitSeconds: 25 }))).toMatchObject({ code: 'RATE_LIMITED' });
    events = [told('8-0-0')];
    blocks.forEach((wake) => {
      wake();
    });
    expect(await Promise.all(answers)).toHaveLength(4);
  });

  it.each(['registrar', 'clinician', 'nurse', 'lab', 'orgAdmin', 'keyService'])('are told no %s', async (role) => {
    staff = { ...recordAdmin, roles: [role] } as Staff;
    expect(await ask(signed({}))).toMatchObject({ code: 'NOT_PERMITTED' });
    expect(asked).toEqual([]);
  });

  it.each<readonly [what: string, code: string, body: () => object]>([
    ['who has not signed', 'INVALID_REQUEST', () => ({ input: {} })],
    ['another hospital’s staff', 'PROOF_MISMATCH', () => signed({}, mspIdSchema.parse('HospitalBMSP'))],
    ['who has signed for another place', 'PROOF_MISMATCH', () => ({ ...signed({}), input: { after: '1-0-0' } })],
    ['a place that is none', 'INVALID_REQUEST', () => signed({ after: '3' })],
    ['a place spelled otherwise', 'INVALID_REQUEST', () => signed({ after: '03-0-0' })],
    ['who wants too many at once', 'INVALID_REQUEST', () => signed({ limit: 101 })],
    ['who wants to wait too long', 'INVALID_REQUEST', () => signed({ waitSeconds: 26 })],
  ])('are not for %s', async (_what, code, body) => {
    expect(await ask(body())).toMatchObject({ code });
    expect(asked).toEqual([]);
  });
});
