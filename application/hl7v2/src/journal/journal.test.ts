import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildProgram, startProgram } from '@lianyi/test/support/child-program';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type DomainError } from '@lianyi/domain';
import { carryOut } from '../work/carry-out';
import { type OwnHospital } from '../work/hospital';
import { staying } from './attended';
import { decideMerge, fileMerge, forgetMergesBefore, merges, openMerge } from './merges';
import { type Arrival, Journal } from './journal';

const arrival = (controlId: string, text = 'MSH', sender = 'LIS|H'): Arrival => ({
  ...{ sender, controlId, bytes: Buffer.from(text) },
  ...{ origin: 'address 10.0.0.7', asks: 'node' as const },
});
const codeOf = (error: unknown): string => (error as DomainError).code;
const refusalOf = (attempt: () => unknown): string => {
  try {
    return String(attempt());
  } catch (error) {
    return codeOf(error);
  }
};
const BUSY = { code: 'NODE_BUSY', details: {} } as const;
const REFUSED = { state: 'refused' } as const;
const later = (retryAfterMillis: number) => ({ state: 'waiting', retryAfterMillis }) as const;
const apart = (retryAfterMillis: number) => ({ state: 'apart', retryAfterMillis }) as const;

describe('a journal', () => {
  let file = '';
  let now = 1_000;
  let journal: Journal;
  beforeEach(() => {
    file = join(scratchDirectory(), 'journal.sqlite');
    now = 1_000;
    journal = new Journal(file, () => now);
  });
  afterEach(() => {
    journal.close();
  });
  const reopened = (): Journal => {
    journal.close();
    journal = new Journal(file, () => now);
    return journal;
  };

  it('is readable by its owner alone', async () => {
    await journal.keep(arrival('1'));
    for (const each of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(each).mode & 0o777).toBe(0o600);
  });

  it('keeps a message once, however often and at whichever moment it comes', async () => {
    const [first, second] = await Promise.all([journal.keep(arrival('1')), journal.keep(arrival('1'))]);
    const third = await reopened().keep(arrival('1'));
    expect([second.id, third.id]).toEqual([first.id, first.id]);
    expect(new Set([first.nonce, second.nonce, third.nonce]).size).toBe(1);
    expect(journal.due('node', 10, 'kept')).toHaveLength(1);
  });

  it('refuses other bytes under a control id, and keeps what came with them', async () => {
    const kept = await Promise.allSettled([journal.keep(arrival('1')), journal.keep(arrival('1', 'other')), journal.keep(arrival('2'))]);
    expect(kept.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(codeOf((kept[1] as PromiseRejectedResult).reason)).toBe('HL7_CONTROL_ID_REUSED');
    expect(await journal.keep(arrival('1', 'other', 'HIS|H'))).toMatchObject({ state: 'kept' });
  });

  it('has what is new in the order in which it came, then what is due again; what failed for now, later; what was refused, not until it is sent again', async () => {
    const ids = (await Promise.all(['1', '2', '3'].map((id) => journal.keep(arrival(id))))).map(({ id }) => id);
    const due = (): readonly string[] =>
      (['kept', 'waiting'] as const).flatMap((of) => journal.due('node', 10, of)).map(({ controlId }) => controlId);
    expect(due()).toEqual(['1', '2', '3']);
    journal.failed(ids[0] ?? 0, BUSY, later(500));
    journal.failed(ids[1] ?? 0, BUSY, REFUSED);
    expect(due()).toEqual(['3']);
    now += 500;
    expect(due()).toEqual(['3', '1']);
    expect(staying(journal)).toEqual({
      waiting: [
        { code: '', messages: 1, withContent: 1 },
        { code: 'NODE_BUSY', messages: 1, withContent: 1 },
      ],
      refused: [{ code: 'NODE_BUSY', messages: 1, withContent: 1 }],
    });
    expect(await journal.keep(arrival('2'))).toMatchObject({ state: 'kept' });
    expect(due()).toEqual(['3', '2', '1']);
    // and it keeps its place when it is sent once more
    now += 1;
    await journal.keep(arrival('3'));
    expect(due()).toEqual(['3', '2', '1']);
  });

  it('keeps the content of what is refused until it is forgotten: who was told that it is kept may send it no more', async () => {
    const { id } = await journal.keep(arrival('1', 'a report'));
    journal.failed(id, BUSY, REFUSED);
    expect(Buffer.from(journal.entry(id)?.bytes ?? []).toString()).toBe('a report');
    expect(await journal.keep(arrival('1', 'a report'))).toMatchObject({ id, state: 'kept' });
    now = 5_000;
    journal.failed(id, BUSY, REFUSED);
    // it came long before, and is told as refused from now on
    journal.forgetBefore(5_000);
    expect(Buffer.from(journal.entry(id)?.bytes ?? []).toString()).toBe('a report');
    journal.forgetBefore(5_001);
    expect(journal.entry(id)).toBeUndefined();
  });

  it('has of what nobody has linked each in its turn', async () => {
    const unlinked = { code: 'PATIENT_NOT_LINKED', details: {} } as const;
    for (let each = 0; each < 20; each += 1) journal.failed((await journal.keep(arrival(`u${each}`))).id, unlinked, apart(500 - each));
    await journal.keep(arrival('new'));
    now += 600;
    const due = (): readonly string[] => journal.due('node', 3, 'apart').map(({ controlId }) => controlId);
    expect(due()).toEqual(['u19', 'u18', 'u17']);
    for (const { id } of journal.due('node', 3, 'apart')) journal.failed(id, unlinked, apart(500));
    expect(due()).toEqual(['u16', 'u15', 'u14']);
  });

  it('has what asks nothing of the node apart from what does', async () => {
    await journal.keep(arrival('report'));
    await journal.keep({ ...arrival('note'), asks: 'nobody' });
    expect(
      [journal.due('node', 10, 'kept'), journal.due('nobody', 10, 'kept')].map((due) => due.map(({ controlId }) => controlId)),
    ).toEqual([['report'], ['note']]);
  });

  it('forgets the content of what is done, and in time its control id', async () => {
    const { id } = await journal.keep(arrival('1', 'a secret of the patient'));
    journal.done(id, 'rec-1');
    expect(journal.entry(id)).toMatchObject({ state: 'done', bytes: undefined, recordId: 'rec-1' });
    expect(await journal.keep(arrival('1', 'a secret of the patient'))).toMatchObject({ state: 'done' });
    journal.forgetBefore(now);
    expect(journal.entry(id)).toBeDefined();
    journal.forgetBefore(now + 1);
    expect(journal.entry(id)).toBeUndefined();
  });

  it('keeps nothing of a patient of whom a message told, nor what an earlier release has kept', async () => {
    journal.run('CREATE TABLE patient (pid TEXT)');
    journal.run('INSERT INTO patient VALUES (?)', 'PID|canary-of-then');
    const entry = await journal.keep(arrival('1', 'MSH|canary-of-now'));
    await carryOut(entry, { does: 'nothing' }, { journal, hospital: {} as OwnHospital });
    reopened().forgetBefore(0);
    journal.close();
    const bytes = readFileSync(file).toString('latin1');
    expect(bytes).not.toMatch(/canary/);
    journal = new Journal(file, () => now);
    expect(journal.entry(entry.id)).toMatchObject({ state: 'done', bytes: undefined });
  });

  it('forgets a merge that was decided long ago, and none that waits', () => {
    for (const id of [5, 6]) fileMerge(journal, id, { prior: { system: 'mrn', value: '8' }, survivor: { system: 'mrn', value: '7' } });
    const [decided, waiting] = merges(journal);
    decideMerge(journal, decided?.mergeId ?? '', { state: 'merged', by: 'registrar-1' });
    forgetMergesBefore(journal, Date.now() - 60_000);
    expect(merges(journal)).toHaveLength(2);
    forgetMergesBefore(journal, Date.now() + 60_000);
    expect(merges(journal)).toEqual([waiting]);
  });

  it('files a merge once, and lets it be decided once', () => {
    const said = { prior: { system: 'mrn', value: '8' }, survivor: { system: 'mrn', value: '7' } };
    fileMerge(journal, 5, said);
    fileMerge(journal, 5, said);
    const [merge] = merges(journal);
    expect(merges(journal)).toHaveLength(1);
    expect(merge).toMatchObject({ ...said, state: 'mergeProposed', decidedBy: null });
    decideMerge(journal, merge?.mergeId ?? '', { state: 'merged', by: 'registrar-1' });
    decideMerge(journal, merge?.mergeId ?? '', { state: 'dismissed', by: 'registrar-2' });
    expect(merges(journal)).toMatchObject([{ state: 'merged', decidedBy: 'registrar-1' }]);
    for (const [id, code] of [
      [merge?.mergeId ?? '', 'ILLEGAL_STATE'],
      ['none', 'NOT_FOUND'],
    ] as const) {
      expect(refusalOf(() => openMerge(journal, id))).toBe(code);
    }
  });

  it('has all of what it said was kept, after it was killed in the middle of it', async () => {
    const program = startProgram(buildProgram(join(__dirname, 'keep-until-killed.fixture.ts')), file);
    const said: string[] = [];
    while (said.length < 200) said.push(String((await program.lines.next()).value));
    program.child.kill('SIGKILL');
    expect(await program.ended).toBe('SIGKILL');
    for (let line = await program.lines.next(); line.done !== true; line = await program.lines.next()) said.push(line.value);
    now = Number.MAX_SAFE_INTEGER;
    const there = new Map(
      reopened()
        .due('node', 1_000_000, 'kept')
        .map((entry) => [`${entry.sender} ${entry.controlId}`, entry.bytes]),
    );
    expect(said.filter((line) => !there.has(line))).toEqual([]);
    for (const [key, bytes] of there)
      expect(
        Buffer.from(bytes ?? [])
          .toString()
          .startsWith(key.replace(' ', '-').slice(0, bytes?.length)),
      ).toBe(true);
  });
});
