import { DomainError, type ErrorCode, Refused } from '@lianyi/domain';
import { MllpSender } from '@lianyi/test/support/mllp-sender';
import { MemoryHospital, message, startBefore, utf8 } from '../hl7.fixture';
import { stayingMessages, tryAgain } from '../journal/attended';
import { type Journal } from '../journal/journal';
import { type Hl7Interface, openJournal } from '../start-hl7';
import { faultOf } from './failure';

/** A condition, looked at again and again. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('what was acknowledged as kept, and can not be published yet', () => {
  let hospital: MemoryHospital;
  let running: Hl7Interface;
  let journal: Journal;
  let lis: MllpSender;
  const start = async (): Promise<void> => {
    hospital = new MemoryHospital();
    const started = await startBefore(hospital);
    running = started;
    journal = openJournal(started);
    lis = await MllpSender.to(running.port);
  };
  afterEach(async () => {
    lis.close();
    journal.close();
    await running.stop();
  });
  const refuse = (code: ErrorCode | undefined): void => {
    hospital.before = () => (code === undefined ? Promise.resolve() : Promise.reject(new DomainError(code, undefined, {})));
  };
  const stayed = (): readonly { readonly state: string; readonly code: string | null }[] => stayingMessages(journal, { limit: 10 });

  // every code stands in failure.test
  it.each<ErrorCode>([
    ...(['ILLEGAL_STATE', 'PATIENT_AMBIGUOUS', 'LEDGER_REJECTED', 'OFF_DUTY', 'STAFF_UNPROVEN', 'NOT_ACTIVE_ORGANISATION'] as const),
    'OUTCOME_UNKNOWN',
  ])('by %s is not refused, and keeps its content', async (code) => {
    await start();
    refuse(code);
    lis.send(utf8(message({ id: '1', modes: 'AL|' })));
    expect(await lis.heard(1)).toEqual(['CA 1']);
    await until(() => stayed()[0]?.code === code);
    const state = faultOf(code) === 'people' ? 'apart' : 'waiting';
    expect(stayed()).toMatchObject([{ state, code, hasContent: true }]);
    expect(hospital.published.size).toBe(0);
  });

  it('by what somebody has set right is published when it is asked for again', async () => {
    await start();
    refuse('ILLEGAL_STATE');
    lis.send(utf8(message({ id: '1', modes: 'AL|' })));
    await until(() => stayed()[0]?.code === 'ILLEGAL_STATE');
    refuse(undefined);
    expect(tryAgain(journal, { code: 'ILLEGAL_STATE' })).toBe(1);
    await until(() => stayed().length === 0);
    expect(hospital.published.size).toBe(1);
  });

  it('by a word that this release does not know waits apart, with that word, and keeps nobody else waiting', async () => {
    await start();
    let refusals = 0;
    hospital.before = () => ((refusals += 1) <= 20 ? Promise.reject(new Refused('NEW_RULE', 'no', {})) : Promise.resolve());
    for (let each = 0; each < 20; each += 1) lis.send(utf8(message({ id: `r${each}`, modes: 'NE|NE' })));
    await until(() => stayingMessages(journal, { limit: 100 }).filter(({ state }) => state === 'apart').length === 20);
    lis.send(utf8(message({ id: 'next', modes: 'AL|AL' })));
    expect(await lis.heard(2)).toEqual(['CA next', 'AA next']);
    expect(stayingMessages(journal, { limit: 1 })).toMatchObject([{ code: 'LEDGER_REJECTED', details: '{"unknownCode":"NEW_RULE"}' }]);
  });

  it('and fails slowly, however many there are, leaves places to what is new', async () => {
    await start();
    refuse('REPLICA_UNAVAILABLE');
    for (let each = 0; each < 3; each += 1) lis.send(utf8(message({ id: `old${each}`, modes: 'NE|NE' })));
    await until(() => stayed().filter(({ code }) => code === 'REPLICA_UNAVAILABLE').length === 3);
    const old = new Set(stayingMessages(journal, { limit: 10 }).map(({ message: id }) => journal.entry(id)?.nonce));
    const hanging: (() => void)[] = [];
    hospital.before = ({ nonce }) => (old.has(nonce) ? new Promise((go) => hanging.push(go)) : Promise.resolve());
    tryAgain(journal, { code: 'REPLICA_UNAVAILABLE' });
    await until(() => hanging.length === 2);
    for (let each = 0; each < 20; each += 1) lis.send(utf8(message({ id: `new${each}`, modes: 'AL|AL' })));
    expect((await lis.heard(40)).filter((answer) => answer.startsWith('AA'))).toHaveLength(20);
    expect(hanging).toHaveLength(2);
    for (const go of hanging) go();
    await until(() => {
      for (const go of hanging) go();
      return hospital.published.size === 23;
    });
  });

  it('by what stands in it is refused with its content, and others are published', async () => {
    await start();
    refuse('DOCUMENT_OTHER_FORMAT');
    lis.send(utf8(message({ id: '1', modes: 'AL|' })));
    await until(() => stayed()[0]?.state === 'refused');
    refuse(undefined);
    lis.send(utf8(message({ id: '2', modes: 'AL|AL' })));
    expect((await lis.heard(3)).slice(1)).toEqual(['CA 2', 'AA 2']);
    expect(stayed()).toMatchObject([{ state: 'refused', code: 'DOCUMENT_OTHER_FORMAT', hasContent: true }]);
  });

  it('keeps back nothing that asks nothing of the node: notes and merges are made while the publisher may not publish', async () => {
    await start();
    refuse('STAFF_REVOKED');
    for (let each = 0; each < 8; each += 1) lis.send(utf8(message({ id: `r${each}`, modes: 'NE|NE' })));
    await until(() => stayed().filter(({ code }) => code === 'STAFF_REVOKED').length >= 4);
    lis.send(utf8(message({ id: 'note', kind: 'ADT^A08' })));
    expect(await lis.heard(1)).toEqual(['AA note']);
    expect(hospital.published.size).toBe(0);
  });
});
