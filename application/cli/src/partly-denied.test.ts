import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

let hospital: Hospital;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
});
afterAll(() => hospital.close());

const requestAccess = ['access', 'request', '--pseudonym', 'psn-1', '--records', 'rec-1,rec-2', '--purpose', 'TREAT'];
const requested = (): Promise<Run> =>
  run([...requestAccess, '--as', 'clinician', '--data-dir', hospital.dataDir], { env: { LIANYI_WALLET_PASSPHRASE: passphrase } });

it('a request of which one record is denied is told as that, and its key goes when what is permitted was read', async () => {
  hospital.answer = (name) => {
    if (name === 'GetRecord') return Promise.reject(new Refused('NOT_FOUND', 'no such record', {}));
    const { ticketId } = hospital.carried.at(-1)?.argument.input as { ticketId: string }; // the CLI's own request
    const opens = { decision: 'permit', ticketId, reasons: [], provisionIds: ['p1'], expiresAt: '2027-01-01T00:00:00.000Z', state: 'open' };
    const denied = [{ recordId: 'rec-2', reasons: ['USES_EXHAUSTED'] }];
    return Promise.resolve({ result: { ...opens, denied }, transactionId: 'ab12', blockNumber: 7n });
  };
  const { code, stdout, stderr } = await requested();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/rec-2 +USES_EXHAUSTED/);
  expect(stdout).toContain('USES_EXHAUSTED: All uses');
  const folder = join(hospital.dataDir, 'profiles', 'clinician.data', 'tickets');
  const asked = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(asked.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown)).toEqual([
    { pseudonym: 'psn-1', unread: ['rec-1'] },
  ]);
});
