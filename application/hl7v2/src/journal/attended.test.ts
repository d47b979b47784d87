import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type DomainError, type ErrorCode } from '@lianyi/domain';
import { drop, stayingMessages, tryAgain } from './attended';
import { Journal, type Left } from './journal';

const refusalOf = (attempt: () => unknown): string => {
  try {
    return String(attempt());
  } catch (error) {
    return (error as DomainError).code;
  }
};

describe('a message that stays', () => {
  let journal: Journal;
  beforeEach(() => {
    journal = new Journal(join(scratchDirectory(), 'journal.sqlite'));
  });
  afterEach(() => {
    journal.close();
  });
  const stay = async (controlId: string, code: ErrorCode, state: Left['state']): Promise<number> => {
    const { id } = await journal.keep({ sender: 'LIS|H', controlId, bytes: Buffer.from(controlId), origin: 'lab', asks: 'node' });
    journal.failed(id, { code, details: { segment: 'PID' } }, state === 'refused' ? { state } : { state, retryAfterMillis: 600_000 });
    return id;
  };
  const due = (): readonly string[] =>
    (['kept', 'waiting', 'apart'] as const).flatMap((of) => journal.due('node', 10, of)).map(({ controlId }) => controlId);

  it('is listed by its reason, without its content; what is done is not', async () => {
    const ids = [await stay('1', 'ILLEGAL_STATE', 'apart'), await stay('2', 'DOCUMENT_EMPTY', 'refused')];
    journal.done(await stay('3', 'NODE_BUSY', 'waiting'), 'rec');
    const listed = stayingMessages(journal, { limit: 10 });
    expect(listed.map(({ message }) => message)).toEqual(ids);
    expect(listed[0]).toEqual({
      ...{ message: ids[0], sender: 'LIS|H', controlId: '1', state: 'apart', code: 'ILLEGAL_STATE', details: '{"segment":"PID"}' },
      ...{ receivedAt: listed[0]?.receivedAt, tries: 1, hasContent: true },
    });
    expect(stayingMessages(journal, { code: 'DOCUMENT_EMPTY', limit: 10 }).map(({ controlId }) => controlId)).toEqual(['2']);
    expect(stayingMessages(journal, { after: ids[0], limit: 10 }).map(({ controlId }) => controlId)).toEqual(['2']);
    expect(stayingMessages(journal, { limit: 1 })).toHaveLength(1);
  });

  it('is tried again by its number or by its reason, refused or not, and no other is', async () => {
    const first = await stay('1', 'DOCUMENT_EMPTY', 'refused');
    await stay('2', 'ILLEGAL_STATE', 'apart');
    await stay('3', 'PATIENT_AMBIGUOUS', 'apart');
    expect(due()).toEqual([]);
    expect(tryAgain(journal, { message: first })).toBe(1);
    expect(due()).toEqual(['1']);
    expect(tryAgain(journal, { code: 'ILLEGAL_STATE' })).toBe(1);
    expect(due()).toEqual(['1', '2']);
    expect(journal.entry(first)).toMatchObject({ state: 'kept' });
  });

  it('that is dropped has no content any more and is not tried, until it is sent again', async () => {
    const id = await stay('1', 'PATIENT_AMBIGUOUS', 'apart');
    expect(drop(journal, { code: 'PATIENT_AMBIGUOUS' })).toBe(1);
    expect(journal.entry(id)).toMatchObject({ state: 'refused', bytes: undefined });
    expect(refusalOf(() => tryAgain(journal, { message: id }))).toBe('NOT_FOUND');
    expect(due()).toEqual([]);
    await journal.keep({ sender: 'LIS|H', controlId: '1', bytes: Buffer.from('1'), origin: 'lab', asks: 'node' });
    expect(due()).toEqual(['1']);
  });

  it.each([
    ['is not there', (): object => ({ message: 99 })],
    ['has no such reason', (): object => ({ code: 'NODE_BUSY' })],
  ])('is neither tried again nor dropped where it %s', async (_what, meant) => {
    await stay('1', 'ILLEGAL_STATE', 'apart');
    for (const change of [tryAgain, drop]) expect(refusalOf(() => change(journal, meant() as never))).toBe('NOT_FOUND');
    expect(stayingMessages(journal, { limit: 10 })).toMatchObject([{ state: 'apart', hasContent: true }]);
  });

  it('is not what is done: that is neither tried again nor refused', async () => {
    const id = await stay('1', 'NODE_BUSY', 'waiting');
    journal.done(id, 'rec');
    for (const change of [tryAgain, drop]) expect(refusalOf(() => change(journal, { message: id }))).toBe('NOT_FOUND');
    expect(journal.entry(id)).toMatchObject({ state: 'done', recordId: 'rec' });
  });
});
