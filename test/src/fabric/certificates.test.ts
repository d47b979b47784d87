import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  loadCertificateAuthority,
  revokeSerialNumbers,
} from '@lianyi/fabric-protocol';
import { Party } from '../conformance/party';
import { describeVerbs, fabric, FabricUp, smokeChaincode } from './fabric-command';
import { waitUntil } from '../wait-until';

const MSP_IDS = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'] as const;
const A = 'HospitalAMSP';
const AUTHORITY_KEY_ID = '2.5.29.35';

interface Entry {
  readonly holder: string;
  readonly use: string;
  readonly state: string;
  readonly daysLeft: number;
  readonly serialNumber: string;
  readonly file: string;
}

describeVerbs('lianyi-network fabric certs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-certs-'));
  const dir = join(folder, 'network');
  const ca = join(dir, 'organizations/peerOrganizations/hospital-a.example/ca');
  let network: FabricUp;
  const parties: Party[] = [];

  /** A user of hospital A at the peer of any hospital. */
  const at = (peerMspId: string, user: string, mspId = A): Party => {
    const profile = network.ready.profiles[mspId] ?? '';
    const party = Party.open({ mspId, user, peerMspId }, profile, { channel: 'emr', chaincode: 'emr' });
    parties.push(party);
    return party;
  };
  const certs = (...args: string[]): { status: number | null; stdout: string; stderr: string } => fabric(['certs', ...args, '--dir', dir]);
  const list = (): readonly Entry[] => (JSON.parse(certs('list', '--json').stdout) as { certificates: readonly Entry[] }).certificates;
  const configSequence = (): number => network.node('orderer0.hospital-a.example').height ?? 0;

  const authority = async (): Promise<CertificateAuthority> =>
    loadCertificateAuthority({
      certificatePem: readFileSync(join(ca, 'ca.hospital-a.example-cert.pem'), 'utf8'),
      privateKeyPem: readFileSync(join(ca, 'priv_sk'), 'utf8'),
    });
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  beforeAll(async () => {
    network = await FabricUp.start(dir);
  });

  afterAll(async () => {
    for (const party of parties) party.close();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists every certificate with its end, those that end first on top', () => {
    const entries = list();
    const held = (holder: string): string[] =>
      entries
        .filter((entry) => entry.holder === holder)
        .map(({ use }) => use)
        .sort();
    expect(held('peer0.hospital-a.example')).toEqual(['identity', 'tls']);
    expect(held('orderer0.health-authority.example')).toEqual(['identity', 'tls']);
    expect(held('User1@hospital-b.example')).toEqual(['identity', 'tls']);
    expect(held('emr.hospital-c.example')).toEqual(['tls']);
    expect(held('tlsca.hospital-c.example')).toEqual(['authority']);
    const days = entries.map(({ daysLeft }) => daysLeft);
    expect(days).toEqual([...days].sort((a, b) => a - b));
    expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(['valid']));
    expect(certs('list', '--expiring', '10').stdout).toBe('');
  });

  describe('refuses, before anything is sent,', () => {
    const refused = (crl: string, organization = A): string => {
      const before = configSequence();
      const { status, stdout } = certs('revoke', '--organization', organization, '--crl', crl, '--json');
      expect(status).toBe(1);
      expect(configSequence()).toBe(before);
      const { code, message } = JSON.parse(stdout) as { code: string; message: string };
      expect(code).toBe('CERTIFICATE_REFUSED');
      return message;
    };

    it('a list without AuthorityKeyIdentifier, which would lock the organisation out', async () => {
      const crl = await revokeSerialNumbers(await authority(), ['0a'], { without: AUTHORITY_KEY_ID });
      expect(refused(file('no-aki.pem', crl))).toMatch(
        /has no AuthorityKeyIdentifier; it would lock all of HospitalAMSP out; nothing was sent/,
      );
    });

    it('a list of a foreign CA, also of one that takes the name', async () => {
      const foreign = await createCertificateAuthority('ca.hospital-a.example', 'hospital-a.example');
      expect(refused(file('foreign.pem', await revokeSerialNumbers(foreign, ['0a'])))).toMatch(
        /not one of HospitalAMSP's own certificate authority/,
      );
      expect(refused(file('own.pem', await revokeSerialNumbers(await authority(), ['0a'])), 'HospitalBMSP')).toMatch(
        /not one of HospitalBMSP's/,
      );
    });

    it('a list with the label CRL, and what is no list', async () => {
      const crl = await revokeSerialNumbers(await authority(), ['0a']);
      expect(refused(file('label.pem', crl.replaceAll('X509 CRL', 'CRL')))).toMatch(/the label 'X509 CRL', not 'CRL'/);
      expect(refused(file('empty.pem', 'nothing'))).toMatch(/not something else/);
    });

    it('to revoke the administrator who signs, an unknown user, an unknown organisation', () => {
      expect(certs('revoke', '--organization', A, '--user', 'Admin').stderr).toMatch(/nobody of it could sign another/);
      expect(certs('revoke', '--organization', A, '--user', 'Nobody').stderr).toMatch(/has no user Nobody; there are Admin, User1, node/);
      expect(certs('revoke', '--organization', 'X', '--user', 'User1').stderr).toMatch(/there is no organisation X/);
    });
  });

  it('denies a revoked user at every peer; the others of the organisation work on', async () => {
    for (const mspId of MSP_IDS) await at(mspId, 'User1').submit('Put', [`before-${mspId}`, 'x']);
    const { status, stdout, stderr } = certs('revoke', '--organization', 'hospital-a', '--user', 'User1', '--json');
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ organization: A, result: 'revoked', update: { signed: [A] } });
    for (const mspId of MSP_IDS) {
      const denied = at(mspId, 'User1');
      await expect(denied.evaluate('Get', [`before-${mspId}`])).rejects.toThrow(
        /access denied: channel \[emr\] creator org \[HospitalAMSP\]/,
      );
      await expect(denied.submit('Put', [`after-${mspId}`, 'x'])).rejects.toThrow();
      await at(mspId, 'node').submit('Put', [`node-${mspId}`, 'x']);
      await at(mspId, 'User1', mspId === A ? 'HospitalBMSP' : mspId).submit('Put', [`other-${mspId}`, 'x']);
    }
  });

  it('shows who is revoked, and revoking again changes nothing', () => {
    expect(
      list()
        .filter(({ state }) => state === 'revoked')
        .map(({ holder }) => holder),
    ).toEqual(['User1@hospital-a.example']);
    expect(JSON.parse(certs('revoke', '--organization', A, '--user', 'User1', '--json').stdout)).toMatchObject({ result: 'unchanged' });
    expect(certs('renew', '--organization', A, '--holder', 'User1').stderr).toMatch(
      /revoked; a new certificate for the same key would give back/,
    );
  });

  it('a further revocation keeps the former, and a list that forgets it is refused', async () => {
    const forgetful = await revokeSerialNumbers(await authority(), ['0b']);
    expect(certs('revoke', '--organization', A, '--crl', file('forgetful.pem', forgetful)).stderr).toMatch(
      /leaves out serial number .* revoked already/,
    );
    expect(certs('revoke', '--organization', A, '--user', 'node').status).toBe(0);
    for (const user of ['User1', 'node']) await expect(at('HospitalBMSP', user).evaluate('Get', ['x'])).rejects.toThrow(/access denied/);
  });

  it('keeps them out of a channel that is made later', () => {
    const made = [
      ['createChannel', 'later', '--organizations', 'hospital-a,hospital-b'],
      ['deployCC', '--name', 'emr', '--version', '1.0', '--chaincode', smokeChaincode, '--channel', 'later'],
    ].map((args) => fabric([...args, '--dir', dir]));
    expect(made.map(({ status, stderr }) => (status === 0 ? '' : stderr))).toEqual(['', '']);
    const put = (organization: string, user: string): { status: number | null; stderr: string } =>
      fabric(['cc', 'invoke', 'emr', 'Put', 'k', 'v', '--as', organization, '--user', user, '--channel', 'later', '--dir', dir]);
    for (const user of ['User1', 'node'])
      expect(put('hospital-a', user).stderr).toContain('access denied: channel [later] creator org [HospitalAMSP]');
    expect(put('hospital-b', 'User1').status).toBe(0);
    expect(JSON.parse(certs('revoke', '--organization', A, '--user', 'User1', '--json').stdout)).toMatchObject({
      result: 'unchanged',
      channels: ['emr', 'later'],
    });
  });

  it('renews the certificates of a peer, an orderer and a user; all go on', async () => {
    const serial = (holder: string): string[] =>
      list()
        .filter((entry) => entry.holder === holder)
        .map(({ serialNumber }) => serialNumber);
    for (const holder of [
      'peer0.hospital-b.example',
      'orderer0.hospital-c.example',
      'emr.hospital-b.example',
      'User1@hospital-b.example',
      'Admin@hospital-b.example',
    ]) {
      const before = serial(holder);
      const { status, stderr } = certs(
        'renew',
        '--organization',
        holder.includes('hospital-c') ? 'hospital-c' : 'hospital-b',
        '--holder',
        holder,
      );
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(serial(holder)).toHaveLength(before.length);
      expect(serial(holder).filter((number) => before.includes(number))).toEqual([]);
    }
    const renewed = at('HospitalBMSP', 'User1', 'HospitalBMSP');
    await waitUntil('B endorses with its new certificates', () =>
      renewed.submit('Put', ['renewed', 'x']).then(
        () => true,
        () => false,
      ),
    );
    await expect(renewed.evaluate('Get', ['renewed'], { organizations: ['HospitalBMSP'] })).resolves.toBe('x');
    await waitUntil('the renewed orderer follows', () => {
      const heights = network.ordererHeights();
      return heights.length === 4 && new Set(heights).size === 1;
    });
  });

  it('denies a revoked user also with the certificate from before a renewal, on every channel', async () => {
    const user = 'hospital-c.example/users/User1@hospital-c.example';
    const current = join(dir, 'organizations/peerOrganizations', user, 'msp/signcerts/User1@hospital-c.example-cert.pem');
    const former = join(folder, 'former.pem');
    copyFileSync(current, former);
    expect(certs('renew', '--organization', 'hospital-c', '--holder', 'User1').status).toBe(0);
    const { stdout } = certs('revoke', '--organization', 'hospital-c', '--user', 'User1', '--json');
    const { serialNumbers } = JSON.parse(stdout) as { serialNumbers: string[] };
    expect(serialNumbers).toHaveLength(2);
    for (const file of [current, former]) {
      if (file !== current) copyFileSync(file, current);
      await expect(at('HospitalBMSP', 'User1', 'HospitalCMSP').evaluate('Get', ['x'])).rejects.toThrow(/access denied/);
    }
  });
});
