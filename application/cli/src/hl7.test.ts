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
    const kept = await journal.keep({ sender: 'LIS|H', controlId: '1', bytes: Buffer.from('MSH') });
    journal.failed(kept.id, { code: 'PATIENT_NOT_LINKED', details: {} }, 60_000);
    const said = [JSON.stringify({ system: 'mrn', value: '8' }), JSON.stringify({ system: 'mrn', value: '7' })];
    journal.run(`INSERT INTO merge VALUES ('merge-1', 1, ?, ?, 'mergeProposed', 0, NULL, NULL)`, ...said);
    journal.close();
  });

  it('says how many messages wait, and what for', async () => {
    const { code, stdout } = await hl7('waiting', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ waiting: [{ code: 'PATIENT_NOT_LINKED', messages: 1 }] });
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
