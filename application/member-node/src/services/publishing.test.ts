import { newPrivateKey } from '@lianyi/client';
import { instantOf, type Outcome, OutcomeUnknown, Refused, type transactions, Unavailable } from '@lianyi/domain';
import { PreparationSeal } from './preparation-seal';
import { Preparations } from './preparations';
import { RecordService, type RecordServices, type StaffRequest } from './record-service';
import { anchorOf, place, preparedAs } from './record-service.fixture';

const [mine, another] = [preparedAs('mine'), preparedAs('another')];
const MINUTE = 60_000;

interface Carried {
  readonly commit: () => void;
  readonly fail: (failure: Error) => void;
}

describe('a preparation that is published several times at once', () => {
  let time: number;
  let preparations: Preparations;
  let service: RecordService;
  /** Anchors on their way; the test says how each ends. */
  let carried: Carried[];
  let keysPut: number;

  beforeEach(async () => {
    [time, carried, keysPut] = [0, [], 0];
    preparations = new Preparations(':memory:', new PreparationSeal(newPrivateKey()), () => time);
    const ledger = {
      evaluate: () => Promise.reject(new Refused('NOT_FOUND', 'none', {})),
      submit: () => {
        const { promise, resolve, reject } = Promise.withResolvers<Outcome<unknown>>();
        carried.push({
          commit: () => {
            resolve({ result: {}, transactionId: 'tx', blockNumber: 9n });
          },
          fail: reject,
        });
        return promise;
      },
    };
    const keyService = {
      submit: () => {
        keysPut += 1;
        return Promise.resolve({});
      },
    };
    const replication = { learn: () => undefined };
    // publishing uses exactly these of its ports
    service = new RecordService({ preparations, ledger, keyService, replication } as unknown as RecordServices);
    await preparations.keep(place, mine);
  });
  afterEach(() => preparations.close());

  const signed = (): StaffRequest<typeof transactions.AnchorRecord> => anchorOf(mine.input, instantOf(time + 10 * MINUTE));
  /** Sends it, and waits until the ledger has it. */
  const begin = async (request = signed()): Promise<{ readonly carried: Carried; readonly ended: Promise<unknown> }> => {
    const before = carried.length;
    const ended = service.publish(request).then(
      () => 'committed',
      (error: unknown) => error,
    );
    for (let turn = 0; turn < 20_000 && carried.length === before; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const sent = carried[before];
    if (sent === undefined) throw new Error('the ledger was sent nothing');
    return { carried: sent, ended };
  };
  const isInUse = async (): Promise<boolean> => !(await preparations.keep(place, another));

  it('stays in its place while one is under way, when another that began before it was refused', async () => {
    const first = await begin();
    const second = await begin();
    first.carried.fail(new Refused('NOT_PERMITTED', 'no', {}));
    await first.ended;
    expect(await isInUse()).toBe(true);
    second.carried.commit();
    expect(await second.ended).toBe('committed');
    expect(await preparations.all()).toEqual([]);
  });

  it('stays in its place while one is under way, when another that began after it was refused', async () => {
    const first = await begin();
    const second = await begin();
    second.carried.fail(new Refused('NOT_PERMITTED', 'no', {}));
    await second.ended;
    expect(await isInUse()).toBe(true);
    first.carried.fail(new OutcomeUnknown('tx'));
    await first.ended;
    expect(await isInUse()).toBe(true);
  });

  it('gives way at once when each that overlapped another was refused', async () => {
    // a stream: each begins before the one before it has ended
    let last = await begin();
    for (let turn = 0; turn < 5; turn += 1) {
      const next = await begin();
      last.carried.fail(turn % 2 === 0 ? new Refused('NOT_PERMITTED', 'no', {}) : new Unavailable('down'));
      await last.ended;
      last = next;
    }
    expect(await isInUse()).toBe(true);
    last.carried.fail(new Refused('NOT_PERMITTED', 'no', {}));
    await last.ended;
    expect(await isInUse()).toBe(false);
  });

  it('is held no longer by what is sent again than by what was signed', async () => {
    const request = signed();
    for (let minute = 0; minute < 10; minute += 3) {
      time = minute * MINUTE;
      const { carried: sent, ended } = await begin(request);
      sent.fail(new OutcomeUnknown('tx'));
      await ended;
    }
    time = 15 * MINUTE - 1;
    expect(await isInUse()).toBe(true);
    time = 15 * MINUTE;
    expect(await isInUse()).toBe(false);
  });

  it('is held by what was signed anew as long as that may be committed', async () => {
    for (const minute of [0, 9]) {
      time = minute * MINUTE;
      const { carried: sent, ended } = await begin();
      sent.fail(new OutcomeUnknown('tx'));
      await ended;
    }
    time = 24 * MINUTE - 1;
    expect(await isInUse()).toBe(true);
    time = 24 * MINUTE;
    expect(await isInUse()).toBe(false);
  });

  it('is not swept away, though it is a day old, when it begins while old ones are swept', async () => {
    time += 25 * 60 * MINUTE;
    const listed = await preparations.all();
    expect(listed).toMatchObject([{ hasEnded: true }]);
    const { ended, carried: sent } = await begin();
    jest.spyOn(preparations, 'all').mockResolvedValueOnce(listed);
    await service.sweep();
    expect(await preparations.find(place)).toMatchObject({ isInUse: true });
    sent.commit();
    expect(await ended).toBe('committed');
  });

  it('is carried no more once another stands in its place', async () => {
    await preparations.keep(place, another);
    await expect(service.publish(signed())).rejects.toMatchObject({ code: 'PROOF_MISMATCH' });
    expect([carried.length, keysPut]).toEqual([0, 0]);
  });
});
