import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { DomainError } from '@lianyi/domain';
import { MemoryHospital, message, utf8 } from '../hl7.fixture';
import { Journal, type Entry } from '../journal/journal';
import { readMessage, senderOf } from '../message/header';
import { planOf } from '../message/plan';
import { carryOut } from './carry-out';

const conventions = { numbers: [{ authority: 'HOSP', type: 'MR', system: 'mrn' }], classes: {}, tellsCareMonths: true };
const order = (number: string, state: string): string => `OBR|1||${number}|X|||20260314${'|'.repeat(18)}${state}`;

describe('a corrected report', () => {
  let journal: Journal;
  let hospital: MemoryHospital;
  let ids = 0;
  beforeEach(() => {
    journal = new Journal(join(scratchDirectory(), 'journal.sqlite'));
    hospital = new MemoryHospital();
    hospital.linked.set('8', 'psn-8');
  });
  afterEach(() => {
    journal.close();
  });
  const keep = (body: readonly string[], { number = '7', sender = 'LIS' } = {}): Promise<Entry> => {
    const id = String((ids += 1));
    const bytes = utf8(message({ id, number, body }).replace('|LIS|', `|${sender}|`));
    return journal.keep({ sender: senderOf(sender, '协和医院'), controlId: id, bytes, origin: 'lab', asks: 'node' });
  };
  const act = (entry: Entry): Promise<void> =>
    carryOut(entry, planOf(readMessage(entry.bytes ?? utf8(''), 'ascii'), conventions), { journal, hospital });
  const published = async (...given: Parameters<typeof keep>): Promise<Entry> => {
    const entry = await keep(...given);
    await act(entry);
    return entry;
  };
  const recordOf = ({ id }: Entry): string | undefined => journal.entry(id)?.recordId;
  const amendsOf = ({ nonce }: Entry): object | undefined => hospital.published.get(nonce)?.amends;
  const codeOf = (acting: Promise<void>): Promise<string> =>
    acting.then(
      () => 'done',
      (error: unknown) => (error as DomainError).code,
    );

  it('is the next version of the record of the report before it, and so is the next', async () => {
    const first = await published([order('L-1', 'F')]);
    const second = await published([order('L-1', 'C')]);
    const third = await published([order('L-1', 'F'), `OBX|1|ST|||x${'|'.repeat(6)}C`]);
    expect([second, third].map(amendsOf)).toEqual([
      { recordId: recordOf(first), version: 2 },
      { recordId: recordOf(first), version: 3 },
    ]);
    expect([second, third].map(recordOf)).toEqual([recordOf(first), recordOf(first)]);
    expect(hospital.published.get(second.nonce)?.care).toEqual({ careMonths: { first: '2026-03', last: '2026-03' } });
  });

  it.each<readonly [string, Parameters<typeof keep>]>([
    ['of which no report has come', [[order('L-2', 'C')]]],
    ['about another patient', [[order('L-1', 'C')], { number: '8' }]],
    ['of another sender', [[order('L-1', 'C')], { sender: 'RIS' }]],
    ['that corrects nothing', [[order('L-1', 'F')]]],
    ['without a number of its filler', [[order('', 'C')]]],
    ['about one order more', [[order('L-1', 'C'), order('L-2', 'F')]]],
    ['about other orders of that name', [[order('L-1^RIS', 'C')]]],
  ])('is a record of its own %s', async (_what, given) => {
    const first = await published([order('L-1', 'F')]);
    const other = await published(...given);
    expect([amendsOf(other), recordOf(other) === recordOf(first)]).toEqual([undefined, false]);
  });

  it('about fewer orders is a record of its own: as a version it would take the others away', async () => {
    await published([order('L-1', 'F'), order('L-2', 'F')]);
    expect(amendsOf(await published([order('L-1', 'C')]))).toBeUndefined();
  });

  it('waits for the report before it, as long as that waits', async () => {
    hospital.linked.delete('7');
    const first = await keep([order('L-1', 'F')]);
    expect(await codeOf(act(first))).toBe('PATIENT_NOT_LINKED');
    hospital.linked.set('7', 'psn-1');
    const second = await keep([order('L-1', 'C')]);
    expect([await codeOf(act(second)), hospital.published.size]).toEqual(['PREPARATION_IN_USE', 0]);
    await act(first);
    await act(second);
    expect(amendsOf(second)).toEqual({ recordId: recordOf(first), version: 2 });
  });

  it('waits for no report that is refused', async () => {
    hospital.linked.delete('7');
    const first = await keep([order('L-1', 'F')]);
    await codeOf(act(first));
    await journal.write(() => {
      journal.failed(first.id, { code: 'NOT_PERMITTED', details: {} }, { state: 'refused' });
    });
    hospital.linked.set('7', 'psn-1');
    expect(amendsOf(await published([order('L-1', 'C')]))).toBeUndefined();
  });

  it('is one version, however often its answer is lost', async () => {
    await published([order('L-1', 'F')]);
    const second = await keep([order('L-1', 'C')]);
    const lost = jest.spyOn(journal, 'done').mockImplementationOnce(() => {
      throw new DomainError('OUTCOME_UNKNOWN');
    });
    expect(await codeOf(act(second))).toBe('OUTCOME_UNKNOWN');
    lost.mockRestore();
    await act(second);
    expect([...hospital.versions.values()]).toEqual([2]);
    expect(amendsOf(second)).toMatchObject({ version: 2 });
  });

  it('is the version after one that somebody else has written meanwhile', async () => {
    const first = await published([order('L-1', 'F')]);
    const recordId = recordOf(first) ?? '';
    hospital.before = () => {
      hospital.versions.set(recordId, 2);
      return Promise.resolve();
    };
    const second = await keep([order('L-1', 'C')]);
    expect([await codeOf(act(second)), amendsOf(second)]).toEqual(['LEDGER_CONFLICT', undefined]);
    await act(second);
    expect(amendsOf(second)).toEqual({ recordId, version: 3 });
  });

  it('finds the report before it after its message is forgotten', async () => {
    const first = await published([order('L-1', 'F')]);
    const recordId = recordOf(first);
    journal.forgetBefore(Date.now() + 1);
    expect(journal.entry(first.id)).toBeUndefined();
    expect(amendsOf(await published([order('L-1', 'C')]))).toEqual({ recordId, version: 2 });
  });
});
