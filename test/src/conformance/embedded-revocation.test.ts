import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startEmbeddedNetwork } from '@lianyi/embedded-network';
import { runNetworkCli } from '@lianyi/network-cli';
import { loadConsortium, type RunningNetwork, serveControl } from '@lianyi/network-model';

const [A, B, D, E] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalDMSP', 'HospitalEMSP'] as const;
const root = resolve(__dirname, '../../..');
const chaincode = join(root, 'test/fixtures/chaincode-fabric-smoke');

interface Answer {
  readonly exitCode: number;
  /** The JSON line. */
  readonly result: Readonly<Record<string, unknown>>;
  readonly sentence: string;
}

describe('who is revoked, or left, has no way back on the embedded network', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-revocation-'));
  const dir = join(folder, 'n');
  let network: RunningNetwork;
  let control: Server;

  const verb = async (...args: readonly string[]): Promise<Answer> => {
    const [out, err]: [string[], string[]] = [[], []];
    const argv = ['node', 'lianyi-network', 'embedded', ...args, '--dir', dir, '--json'];
    const exitCode = await runNetworkCli(argv, { out: (line) => out.push(line), err: (line) => err.push(line) });
    return { exitCode, result: JSON.parse(out.at(-1) ?? '{}') as Record<string, unknown>, sentence: err.at(-1) ?? '' };
  };
  const succeeds = async (...args: readonly string[]): Promise<Answer['result']> => {
    const { exitCode, result, sentence } = await verb(...args);
    expect({ exitCode, sentence: exitCode === 0 ? '' : sentence }).toEqual({ exitCode: 0, sentence: '' });
    return result;
  };
  const revoke = (organization: string, user: string): Promise<Answer['result']> =>
    succeeds('certs', 'revoke', '--organization', organization, '--user', user);
  const put = (channel: string, organization: string, user: string): Promise<Answer> =>
    verb('cc', 'invoke', 'emr', 'Put', 'k', 'v', '--as', organization, '--user', user, '--channel', channel);
  const isDenied = async (channel: string, organization: string, user: string): Promise<void> => {
    const { exitCode, sentence } = await put(channel, organization, user);
    expect(exitCode).toBe(1);
    expect(sentence).toContain(`access denied: channel [${channel}] creator org [${organization}]`);
  };
  const isServed = async (channel: string, organization: string, user: string): Promise<void> => {
    expect(await put(channel, organization, user)).toMatchObject({ exitCode: 0 });
  };
  const newChannel = async (name: string): Promise<void> => {
    await succeeds('createChannel', name, '--organizations', `${A},${B}`);
    await succeeds('deployCC', '--name', 'emr', '--version', '1.0', '--chaincode', chaincode, '--channel', name);
  };
  const organizationOf = (domain: string): string => join(dir, 'organizations/peerOrganizations', domain);
  const certificateOf = (domain: string, user: string): string =>
    join(organizationOf(domain), `users/${user}@${domain}/msp/signcerts/${user}@${domain}-cert.pem`);
  const stateOf = async (holder: string): Promise<string[]> => {
    const { certificates } = (await succeeds('certs', 'list')) as { certificates: { holder: string; use: string; state: string }[] };
    return certificates.filter((entry) => entry.holder === holder && entry.use === 'identity').map(({ state }) => state);
  };

  beforeAll(async () => {
    const consortium = loadConsortium(join(root, 'consortium.yaml'));
    network = await startEmbeddedNetwork({ consortium, chaincodes: new Map([['emr', chaincode]]), dir });
    control = await serveControl(network);
    await newChannel('joint');
  });
  afterAll(async () => {
    control.close();
    control.closeAllConnections();
    await network.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('revokes a user on every channel, and on those made later', async () => {
    for (const channel of ['emr', 'joint']) await isServed(channel, A, 'User1');
    expect(await revoke(A, 'User1')).toMatchObject({ result: 'revoked', channels: ['emr', 'joint'] });
    await newChannel('later');
    for (const channel of ['emr', 'joint', 'later']) {
      await isDenied(channel, A, 'User1');
      await isServed(channel, A, 'node');
      await isServed(channel, B, 'User1');
    }
    expect(await stateOf('User1@hospital-a.example')).toEqual(['revoked']);
    expect(await revoke(A, 'User1')).toMatchObject({ result: 'unchanged', channels: ['emr', 'joint', 'later'] });
  });

  it('says of a user that one channel still lets in that the revocation is not whole, and a second call completes it', async () => {
    const kept = join(organizationOf('hospital-a.example'), 'msp/crls');
    const aside = join(folder, 'crls');
    renameSync(kept, aside);
    await newChannel('apart');
    renameSync(aside, kept);
    await isServed('apart', A, 'User1');
    expect(await stateOf('User1@hospital-a.example')).toEqual(['partly-revoked']);
    expect((await verb('certs', 'renew', '--organization', A, '--holder', 'User1')).sentence).toMatch(/is revoked/);
    expect(await revoke(A, 'User1')).toMatchObject({ result: 'revoked' });
    await isDenied('apart', A, 'User1');
    expect(await stateOf('User1@hospital-a.example')).toEqual(['revoked']);
    expect(await revoke(A, 'User1')).toMatchObject({ result: 'unchanged' });
  });

  it('revokes what a renewal replaced, too', async () => {
    const file = certificateOf('hospital-b.example', 'User1');
    const former = join(folder, 'former.pem');
    copyFileSync(file, former);
    await succeeds('certs', 'renew', '--organization', B, '--holder', 'User1');
    expect(readFileSync(file, 'utf8')).not.toBe(readFileSync(former, 'utf8'));
    await isServed('emr', B, 'User1');
    expect((await revoke(B, 'User1'))['serialNumbers']).toHaveLength(2);
    await isDenied('emr', B, 'User1');
    copyFileSync(former, file);
    await isDenied('emr', B, 'User1');
    await isDenied('joint', B, 'User1');
    expect(await stateOf('User1@hospital-b.example')).toEqual(['revoked']);
    const { sentence } = await verb('certs', 'renew', '--organization', B, '--holder', 'User1');
    expect(sentence).toMatch(/is revoked; a new certificate for the same key would give back/);
  });

  it('keeps a user revoked when its organisation comes back; nobody else comes under its domain', async () => {
    const domain = 'hospital-d.example';
    const newcomer = (mspId: string): Promise<Answer> => verb('addOrg', '--msp-id', mspId, '--name', 'hospital-d', '--domain', domain);
    expect(await newcomer(D)).toMatchObject({ exitCode: 0 });
    await isServed('emr', D, 'User1');
    await revoke(D, 'User1');
    await isDenied('emr', D, 'User1');
    await succeeds('removeOrg', '--organization', D);
    expect(await stateOf(`User1@${domain}`)).toEqual(['revoked']);
    const file = certificateOf(domain, 'node');
    const before = readFileSync(file, 'utf8');
    const refused = await newcomer(E);
    expect(refused).toMatchObject({ exitCode: 1, result: { code: 'STATE_MISMATCH' } });
    expect(refused.sentence).toMatch(/holds the certificates and keys of HospitalDMSP; run 'prune' first/);
    expect(readFileSync(file, 'utf8')).toBe(before);
    const unsigned = await verb('addOrg', '--msp-id', D, '--name', 'hospital-d', '--domain', domain, '--signed-by', A);
    expect(unsigned).toMatchObject({ exitCode: 1, result: { code: 'NOT_SIGNED' } });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(await newcomer(D)).toMatchObject({ exitCode: 0 });
    await isDenied('emr', D, 'User1');
    await isServed('emr', D, 'node');
    await succeeds('removeOrg', '--organization', D);
    rmSync(organizationOf(domain), { recursive: true });
    expect(await newcomer(E)).toMatchObject({ exitCode: 0 });
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toBe(before);
    await isServed('emr', E, 'User1');
  });
});
