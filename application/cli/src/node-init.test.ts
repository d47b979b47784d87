import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeyOf } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import { hashOfKey } from '@lianyi/domain';
import { loadNodeConfig } from '@lianyi/member-node';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { run, type Run } from './terminal.fixture';

/** A carrier's folder as Fabric's tools lay it out. */
async function userDirectory(root: string): Promise<string> {
  const user = join(root, 'users', 'node@hospital-a.example');
  const { cert, key } = await (await newAuthority('tlsca')).issue('node');
  const files = { 'msp/signcerts/cert.pem': cert, 'msp/keystore/priv_sk': key, 'tls/server.crt': cert, 'tls/server.key': key };
  for (const folder of ['msp/signcerts', 'msp/keystore', 'tls']) mkdirSync(join(user, folder), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(user, name), content, { mode: 0o600 });
  return user;
}

describe('node init', () => {
  let root: string;
  let made: Run;
  const initialise = (...more: readonly string[]): Promise<Run> =>
    run([
      ...['node', 'init', '--dir', join(root, 'node'), '--msp-id', 'HospitalAMSP', '--connection-profile', join(root, 'connection.json')],
      ...[
        '--user-dir',
        join(root, 'users', 'node@hospital-a.example'),
        '--members',
        `HospitalAMSP=${join(root, 'a.pem')},HospitalBMSP=${join(root, 'b.pem')}`,
      ],
      ...['--other-peer', 'HospitalBMSP', '--json', ...more],
    ]);

  beforeAll(async () => {
    root = scratchDirectory();
    await userDirectory(root);
    made = await initialise();
  });

  it('writes a configuration the node accepts, with its paths resolved', async () => {
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const config = await loadNodeConfig(join(root, 'node', 'node.json'));
    expect(config).toMatchObject({
      mspId: 'HospitalAMSP',
      connectionProfile: join(root, 'connection.json'),
      otherPeerMspIds: ['HospitalBMSP'],
    });
    expect(config.tls.members).toEqual([
      { mspId: 'HospitalAMSP', caFile: join(root, 'a.pem') },
      { mspId: 'HospitalBMSP', caFile: join(root, 'b.pem') },
    ]);
  });

  it('makes keys for their owner only, and prints their public halves', async () => {
    const printed = JSON.parse(made.stdout) as Record<string, string>;
    const publicKey = async (name: string): Promise<string> => publicKeyOf(await loadKeyFile(join(root, 'node', name)));
    expect(printed['encapsulationKey']).toBe(await publicKey('kem.pem'));
    expect(printed['receiptPublicKey']).toBe(await publicKey('receipt.pem'));
    expect(printed['keyServicePublicKeyHash']).toBe(hashOfKey(publicKeyOf(await loadKeyFile(join(root, 'node', 'key-service.pem')))));
    for (const name of readdirSync(join(root, 'node'))) expect(statSync(join(root, 'node', name)).mode & 0o077).toBe(0);
    expect(made.stdout).not.toContain('PRIVATE');
  });

  it('never writes over a node that is there', async () => {
    const before = readFileSync(join(root, 'node', 'kem.pem'), 'utf8');
    expect(await initialise()).toMatchObject({ code: 1, stdout: '' });
    expect(readFileSync(join(root, 'node', 'kem.pem'), 'utf8')).toBe(before);
  });

  it('refuses members without a certificate file', async () => {
    const { code, stderr } = await initialise('--members', 'HospitalAMSP');
    expect(code).toBe(2);
    expect(stderr).toContain('--members');
  });

  it.each([
    ['nobody', ''],
    ['a member and nobody', 'HospitalBMSP,'],
    ['what is no id', 'Hospital B'],
    ['another separator', 'HospitalBMSP;HospitalCMSP'],
  ])('refuses %s as the members whose peers confirm', async (_what, others) => {
    const { code, stderr } = await initialise('--other-peer', others, '--dir', join(root, 'other'));
    expect(code).toBe(2);
    expect(stderr).toContain('--other-peer');
  });

  it('takes several members whose peers confirm', async () => {
    expect(await initialise('--other-peer', 'HospitalBMSP, HospitalCMSP', '--dir', join(root, 'another'))).toMatchObject({ code: 0 });
    const config = await loadNodeConfig(join(root, 'another', 'node.json'));
    expect(config.otherPeerMspIds).toEqual(['HospitalBMSP', 'HospitalCMSP']);
  });
});
