import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { sha256 } from '@lianyi/domain';
import { run } from './terminal.fixture';

const place = ['--msp-id', 'HospitalBMSP', '--channel', 'emr', '--chaincode', 'emr', '--genesis', sha256('block 0')];
const node = ['--node-url', 'https://node.example:7443', '--tls-ca-file', 'ca.pem'];

describe('the files of a profile', () => {
  it('are where whoever types them is, and not where profiles are kept', async () => {
    const dataDir = scratchDirectory();
    const key = ['--key-file', 'keys/his.key', '--actor-tag', 'his-1', '--department', 'cardiology'];
    const added = await run(['profile', 'add', '--name', 'his', '--kind', 'staff', ...place, ...node, ...key, '--data-dir', dataDir]);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const kept = JSON.parse(readFileSync(join(dataDir, 'profiles', 'his.json'), 'utf8')) as object;
    // the terminal of tests is in /nowhere
    expect(kept).toMatchObject({ keyFile: '/nowhere/keys/his.key', tlsCaFile: '/nowhere/ca.pem' });
  });

  it('of another hospital are, too', async () => {
    const dataDir = scratchDirectory();
    const patient = ['--name', 'patient', '--kind', 'patient', ...place, ...node, '--wallet-file', '/wallets/patient.json'];
    await run(['profile', 'add', ...patient, '--data-dir', dataDir]);
    const other = ['--msp-id', 'HospitalAMSP', '--node-url', 'https://a.example:7443', '--tls-ca-file', 'a.pem'];
    expect(await run(['profile', 'add-hospital', 'patient', ...other, '--data-dir', dataDir])).toMatchObject({ code: 0 });
    const kept = JSON.parse(readFileSync(join(dataDir, 'profiles', 'patient.json'), 'utf8')) as object;
    expect(kept).toMatchObject({ walletFile: '/wallets/patient.json', hospitals: [{ tlsCaFile: '/nowhere/a.pem' }] });
  });
});
