import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '@lianyi/hl7v2';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { run, type Run } from './terminal.fixture';

describe('the interface for HL7 v2', () => {
  const directory = scratchDirectory();
  const config = join(directory, 'hl7.json');
  const numbers = [{ type: 'MR', system: 'mrn' }];
  const write = (said: object): void => {
    writeFileSync(
      config,
      JSON.stringify({ registrarProfile: 'r.json', publisherProfile: 'p.json', directory: 'journal', numbers, ...said }),
    );
  };
  const hl7 = (...argv: readonly string[]): Promise<Run> => run(['hl7', ...argv, '--config', config]);
  beforeAll(async () => {
    write({});
    const journal = openJournal({ directory: join(directory, 'journal') });
    const kept = await journal.keep({ sender: 'LIS|H', controlId: '1', bytes: Buffer.from('MSH'), origin: 'lab', asks: 'node' });
    journal.failed(kept.id, { code: 'PATIENT_NOT_LINKED', details: {} }, { state: 'apart', retryAfterMillis: 60_000 });
    const refused = await journal.keep({ sender: 'LIS|H', controlId: '2', bytes: Buffer.from('secret'), origin: 'lab', asks: 'node' });
    journal.failed(refused.id, { code: 'DOCUMENT_EMPTY', details: {} }, { state: 'refused' });
    const said = [JSON.stringify({ system: 'mrn', value: '8' }), JSON.stringify({ system: 'mrn', value: '7' })];
    journal.run(`INSERT INTO merge VALUES ('merge-1', 1, ?, ?, 'mergeProposed', 0, NULL, NULL)`, ...said);
    journal.close();
  });

  it('says how many messages wait, and what for', async () => {
    const { code, stdout } = await hl7('waiting', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      waiting: [{ code: 'PATIENT_NOT_LINKED', messages: 1, withContent: 1 }],
      refused: [{ code: 'DOCUMENT_EMPTY', messages: 1, withContent: 1 }],
    });
  });

  it('lists them without what stands in them, has them tried again, and drops them', async () => {
    const listed = await hl7('messages', '--code', 'DOCUMENT_EMPTY');
    expect(listed.stdout).toMatch(/2 +refused +DOCUMENT_EMPTY/);
    expect(listed.stdout).not.toContain('secret');
    expect(JSON.parse((await hl7('try-again', '2', '--json')).stdout)).toEqual({ messages: 1 });
    expect(JSON.parse((await hl7('drop', '2', '--json')).stdout)).toEqual({ messages: 1 });
    const [dropped] = (JSON.parse((await hl7('messages', '--after', '1', '--json')).stdout) as { messages: object[] }).messages;
    expect(dropped).toMatchObject({ message: 2, state: 'refused', hasContent: false });
  });

  it.each<readonly [string, readonly string[], number, string]>([
    ['that is not there', ['try-again', '99'], 3, 'NOT_FOUND'],
    ['whose content is gone', ['drop', '--code', 'STAFF_REVOKED'], 3, 'NOT_FOUND'],
    ['neither by number nor by reason', ['drop'], 2, 'USAGE'],
    ['by both', ['try-again', '1', '--code', 'DOCUMENT_EMPTY'], 2, 'USAGE'],
    ['by no number', ['drop', 'all'], 2, 'USAGE'],
    ['by what is no code', ['drop', '--code', 'x y'], 2, 'USAGE'],
  ])('refuses messages %s', async (_what, argv, exit, code) => {
    const { code: ended, stderr } = await hl7(...argv);
    expect([ended, stderr.includes(code)]).toEqual([exit, true]);
  });

  it('shows merges without the numbers, unless they are asked for', async () => {
    const { stdout } = await hl7('merges', '--json');
    const shown = { mergeId: 'merge-1', state: 'mergeProposed', proposedAt: '1970-01-01T00:00:00.000Z', decidedBy: null };
    expect(JSON.parse(stdout)).toEqual({ merges: [shown] });
    expect((await hl7('merges', '--numbers')).stdout).toMatch(/merge-1 +merge proposed +.* 8 +7/);
  });

  it.each<readonly [string, object]>([
    ['numbers', { numbers: [] }],
    ['tls', { listen: { host: '0.0.0.0' } }],
    ['patience', { patience: 3 }],
  ])('names what is wrong in its configuration: %s', async (field, said) => {
    write(said);
    const { code, stderr } = await hl7('waiting');
    write({});
    expect(code).toBe(2);
    expect(stderr).toContain(`CONFIG_INVALID`);
    expect(stderr).toContain(field);
  });
});
