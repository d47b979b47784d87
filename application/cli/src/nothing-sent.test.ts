import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const as = (profile: string, ...argv: readonly string[]): Promise<Run> =>
  run([...argv, '--as', profile, '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });

const requestAccess = ['access', 'request', '--pseudonym', 'psn-1', '--records', 'rec-1,rec-2', '--purpose', 'TREAT'];

describe('a node that does not answer', () => {
  const moveAway = (nodeUrl: string): void => {
    const file = join(hospital.dataDir, 'profiles', 'clinician.json');
    const away = join(hospital.dataDir, 'profiles', 'away.json');
    const profile = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    writeFileSync(away, JSON.stringify({ ...profile, name: 'away', nodeUrl }));
  };

  it.each(['https://127.0.0.1:1', 'https://node.invalid:7443'])(
    'at %s took no command: exit code 1, and it may be sent again',
    async (url) => {
      moveAway(url);
      const { code, stdout, stderr } = await as('away', ...requestAccess, '--json');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: 'LEDGER_UNAVAILABLE', exitCode: 1, message: expect.stringContaining('nothing was sent') as unknown },
      });
    },
  );

  it('is exit code 1, with a code and a remedy', async () => {
    moveAway('https://127.0.0.1:1');
    expect((await as('away', 'org', 'list', '--json')).stderr).toContain('LEDGER_UNAVAILABLE');
    expect(await as('away', 'org', 'list')).toMatchObject({ code: 1, stdout: '' });
    expect(await as('away', 'node', 'status')).toMatchObject({ code: 1 });
  });
});

describe('a flag or value that would count for nothing', () => {
  const grant = ['consent', 'grant', '--to', 'organisation:HospitalBMSP', '--purposes', 'TREAT'];
  it.each([
    ['a level beside --deny', [...grant, '--deny', '--max-level', '3'], '--max-level'],
    ['uses beside --deny', [...grant, '--deny', '--uses', '3'], '--uses'],
    ['uses beside --provisions', ['consent', 'grant', '--to', 'organisation:B', '--provisions', '-', '--uses', '3'], '--uses'],
    ['no use at all', [...grant, '--until', '+1d', '--uses', '0'], '--uses'],
    ['more uses than there may be', [...grant, '--until', '+1d', '--uses', '1001'], '--uses'],
    ['a purpose beside --provisions', [...grant, '--provisions', '-'], '--purposes'],
    ['an end beside --provisions', ['consent', 'grant', '--to', 'organisation:B', '--provisions', '-', '--until', '+1d'], '--until'],
    ['--deny beside --provisions', ['consent', 'grant', '--to', 'organisation:B', '--provisions', '-', '--deny'], '--deny'],
    ['a date that does not exist', [...grant, '--until', '2027-02-30'], '2027-02-30'],
    ['a beginning that does not exist', [...grant, '--until', '+1d', '--from', '2027-04-31'], '2027-04-31'],
  ])('is refused before anything is sent: %s', async (_what, argv, place) => {
    const { code, stderr } = await as('patient', ...argv, '--pseudonym', 'pseudonym-1');
    expect(stderr).toContain(place);
    expect(code).toBe(2);
    expect(hospital.carried).toEqual([]);
  });

  it.each(['127.0.0.1:8443', 'node.a.example:443', 'https://node.a.example', '[::1]', 'node.a.example/path'])(
    'is refused as a host: %s',
    async (host) => {
      const set = ['--id', 'vault', '--kind', 'vault', '--host', host, '--port', '8443', '--tls-cert-file', 'nowhere.pem'];
      expect((await as('clinician', 'endpoint', 'set', ...set)).code).toBe(2);
      expect(hospital.carried).toEqual([]);
    },
  );
});
