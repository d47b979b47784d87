import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { createSigningRequest } from '@lianyi/fabric-protocol';
import { CaClient, loadConsortium, Registrar } from '@lianyi/network-model';
import { Party } from '../conformance/party';
import { consortiumFile, fabric, fabricAsync, FabricUp, isRunning, smokeChaincode } from './fabric-command';
import { describeOnFabricCa, submits } from './on-fabric-ca';
import { waitUntil } from '../wait-until';

const [A, B, C, D] = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP', 'HospitalDMSP'] as const;
const MSP_IDS = [A, B, C] as const;
const DOMAINS = ['hospital-a.example', 'hospital-b.example', 'hospital-c.example', 'health-authority.example'] as const;

interface Entry {
  readonly holder: string;
  readonly use: string;
  readonly state: string;
  readonly serialNumber: string;
  readonly file: string;
}

describeOnFabricCa('lianyi-network fabric up --certificates fabric-ca', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lianyi-ca-'));
  const dir = join(folder, 'network');
  let network: FabricUp;
  const parties: Party[] = [];

  const rootOf = (domain: string): string => join(dir, 'organizations', 'peerOrganizations', domain);
  const profileOf = (mspId: string): string =>
    network.ready.profiles[mspId] ?? join(rootOf('hospital-d.example'), 'connection-hospital-d.json');
  const at = (mspId: string, user = 'User1', peerMspId = mspId): Party => {
    const party = Party.open({ mspId, user, peerMspId }, profileOf(mspId), { channel: 'emr', chaincode: 'emr' });
    parties.push(party);
    return party;
  };
  const certs = (...args: string[]): { status: number | null; stdout: string; stderr: string } => fabric(['certs', ...args, '--dir', dir]);
  const list = (): readonly Entry[] => (JSON.parse(certs('list', '--json').stdout) as { certificates: readonly Entry[] }).certificates;
  const identityOf = (domain: string, holder: string): Entry => {
    const found = list().find((entry) => entry.holder === `${holder}@${domain}` && entry.use === 'identity');
    if (found === undefined) throw new Error(`no certificate of ${holder}`);
    return found;
  };
  const accessOf = (domain: string): { port: number; registrar: { name: string; secret: string } } =>
    JSON.parse(readFileSync(join(dir, 'fabric/nodes', `ca.${domain}`, 'access.json'), 'utf8')) as ReturnType<typeof accessOf>;
  const caOf = (domain: string): X509Certificate => new X509Certificate(readFileSync(join(rootOf(domain), 'ca', `ca.${domain}-cert.pem`)));
  const listenerOf = (domain: string): string => join(dir, 'fabric/nodes', `ca.${domain}`, 'data/listener-cert.pem');
  const clientOf = (domain: string): CaClient =>
    new CaClient({
      server: `ca.${domain}`,
      name: `ca.${domain}`,
      port: accessOf(domain).port,
      tlsCaPem: readFileSync(join(rootOf(domain), 'tlsca', `tlsca.${domain}-cert.pem`), 'utf8'),
      listenerCertificate: listenerOf(domain),
    });
  const endParties = (): void => {
    for (const party of parties.splice(0)) party.close();
  };

  beforeAll(async () => {
    network = await FabricUp.start(dir, ['--chaincode', smokeChaincode, '--certificates', 'fabric-ca']);
    process.stderr.write(`up with certificates by fabric-ca:\n${network.progress.join('')}  in all: ${network.ready.elapsedMillis} ms\n`);
  });

  afterAll(async () => {
    endParties();
    await network.end();
    fabric(['down', '--yes', '--dir', dir]);
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs one server per organisation, whose two CAs issued everything', () => {
    const servers = network.nodes().filter(({ kind }) => kind === 'authority');
    expect(servers.map(({ name }) => name).sort()).toEqual(DOMAINS.map((domain) => `ca.${domain}`).sort());
    for (const domain of DOMAINS) {
      const tlsCa = new X509Certificate(readFileSync(join(rootOf(domain), 'tlsca', `tlsca.${domain}-cert.pem`)));
      const issued = list().filter(({ file, use }) => file.includes(domain) && use !== 'authority');
      expect(issued.length).toBeGreaterThan(7);
      for (const { file, use } of issued)
        expect(new X509Certificate(readFileSync(file)).verify((use === 'tls' ? tlsCa : caOf(domain)).publicKey)).toBe(true);
      // the server keeps the keys; nothing else signs
      expect(readdirSync(join(rootOf(domain), 'ca'))).toEqual([`ca.${domain}-cert.pem`, 'issued']);
    }
  });

  it('names each CA in the connection profiles, where a client finds it behind TLS', async () => {
    const profile = JSON.parse(readFileSync(profileOf(B), 'utf8')) as {
      organizations: Record<string, { certificateAuthorities: string[] }>;
      certificateAuthorities: Record<string, { url: string; caName: string; tlsCACerts: { pem: string[] } }>;
    };
    expect(profile.organizations['hospital-a']?.certificateAuthorities).toEqual(['ca.hospital-a.example']);
    for (const domain of DOMAINS) {
      const named = profile.certificateAuthorities[`ca.${domain}`];
      const client = new CaClient({
        server: domain,
        name: named?.caName ?? '',
        port: Number(new URL(named?.url ?? '').port),
        tlsCaPem: named?.tlsCACerts.pem[0] ?? '',
        listenerCertificate: listenerOf(domain),
      });
      const { chainPem } = await client.info();
      expect(new X509Certificate(chainPem).fingerprint256).toBe(caOf(domain).fingerprint256);
    }
  });

  it('shows the chaincode who carries requests, by an attribute only the member node has', async () => {
    await at(A, 'node').submit('Put', ['carried', 'by the node']);
    await expect(at(A, 'node').evaluate('Attribute', ['lianyi.carrier'])).resolves.toBe('true');
    await expect(at(A, 'User1').evaluate('Attribute', ['lianyi.carrier'])).resolves.toBe('');
    await expect(at(A, 'node').evaluate('Attribute', ['hf.EnrollmentID'])).resolves.toBe('');
  });

  it('leaves no secret in logs, arguments, environments, state or certificates, only in files of its owner', () => {
    const secrets = DOMAINS.map((domain) => accessOf(domain).registrar.secret);
    expect(new Set(secrets).size).toBe(DOMAINS.length);
    const holds = (text: Buffer | string): boolean => secrets.some((secret) => text.includes(secret));
    const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => join(dir, name));
    const holding = files.filter((file) => statSync(file).isFile() && holds(readFileSync(file)));
    const expected = DOMAINS.flatMap((domain) =>
      ['access.json', 'data/ca/fabric-ca-server-config.yaml', 'data/tlsca/fabric-ca-server-config.yaml'].map((name) =>
        join('fabric/nodes', `ca.${domain}`, name),
      ),
    );
    expect(holding.map((file) => relative(dir, file)).sort()).toEqual(expected.sort());
    for (const file of holding) expect(statSync(file).mode & 0o077).toBe(0);
    for (const pid of [network.pid, ...network.nodes().flatMap(({ pid: own }) => (own === undefined ? [] : [own]))]) {
      for (const name of ['cmdline', 'environ']) expect(holds(readFileSync(`/proc/${pid}/${name}`))).toBe(false);
    }
    expect(holds(network.progress.join(''))).toBe(false);
    const keys = files.filter((file) => /_sk$|\.key$/.test(file));
    expect(keys.length).toBeGreaterThan(40);
    for (const file of keys) expect(statSync(file).mode & 0o077).toBe(0);
  });

  it('gives the secret of an enrolment to nobody twice', async () => {
    const { requestPem } = await createSigningRequest({ commonName: 'node@hospital-a.example', organization: 'x' });
    await expect(clientOf('hospital-a.example').enroll('node@hospital-a.example', 'guess', { requestPem })).rejects.toThrow(
      /Authentication failure/,
    );
  });

  it('renews all of an organisation for the keys they have, and restarts its nodes one by one', async () => {
    const before = list().filter(({ file }) => file.includes('hospital-b.example'));
    const key = (file: string): string =>
      new X509Certificate(readFileSync(file)).publicKey.export({ format: 'pem', type: 'spki' }).toString();
    const keys = new Map(before.map(({ file }) => [file, key(file)]));
    const { status, stdout, stderr } = certs('renew', '--organization', 'hospital-b', '--json');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const { restarted } = JSON.parse(stdout) as { restarted: string[] };
    expect(restarted.sort()).toEqual(['ca', 'emr', 'orderer0', 'peer0'].map((name) => `${name}.hospital-b.example`));
    for (const { file, use, serialNumber } of before) {
      const now = new X509Certificate(readFileSync(file));
      const isAuthority = use === 'authority';
      expect(now.serialNumber.toLowerCase() === serialNumber).toBe(isAuthority);
      // the server makes its listener a new key, too
      if (!file.endsWith('listener-cert.pem')) expect(key(file)).toBe(keys.get(file));
    }
    const renewed = at(B, 'node');
    await submits(renewed, ['renewed', 'x']);
    await expect(renewed.evaluate('Attribute', ['lianyi.carrier'], { organizations: [B] })).resolves.toBe('true');
    await waitUntil('the renewed orderer follows', () => {
      const heights = network.ordererHeights();
      return heights.length === 4 && new Set(heights).size === 1;
    });
  });

  it('refuses the list of another CA before anything is sent', async () => {
    const domain = 'hospital-c.example';
    const registrar = new Registrar(clientOf(domain), domain, accessOf(domain).registrar);
    const file = join(folder, 'of-c.pem');
    writeFileSync(file, await registrar.revocationList());
    const { status, stdout } = certs('revoke', '--organization', A, '--crl', file, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'CERTIFICATE_REFUSED',
      message: expect.stringMatching(/not one of HospitalAMSP's own/) as string,
    });
  });

  it('denies a revoked user at every peer, with every certificate it ever had, and the CA gives it no other', async () => {
    const { file, serialNumber: first } = identityOf('hospital-a.example', 'User1');
    expect(certs('renew', '--organization', A, '--holder', 'User1').status).toBe(0);
    const { serialNumber: second } = identityOf('hospital-a.example', 'User1');
    expect(second).not.toBe(first);
    await at(A).submit('Put', ['before', 'x']);
    const { status, stdout, stderr } = certs('revoke', '--organization', 'hospital-a', '--user', 'User1', '--json');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    const revocation = JSON.parse(stdout) as { serialNumbers: string[] };
    expect(revocation).toMatchObject({ organization: A, result: 'revoked', update: { signed: [A] } });
    expect([...revocation.serialNumbers].sort()).toEqual([first, second].sort());
    for (const mspId of MSP_IDS) {
      await expect(at(A, 'User1', mspId).evaluate('Get', ['before'])).rejects.toThrow(
        /access denied: channel \[emr\] creator org \[HospitalAMSP\]/,
      );
      await expect(at(A, 'User1', mspId).submit('Put', ['after', 'x'])).rejects.toThrow();
      await at(A, 'node', mspId).submit('Put', [`still-${mspId}`, 'x']);
    }
    expect(identityOf('hospital-a.example', 'User1').state).toBe('revoked');
    const pair = {
      certificatePem: readFileSync(file, 'utf8'),
      privateKeyPem: readFileSync(join(file, '../../keystore/priv_sk'), 'utf8'),
    };
    const { requestPem } = await createSigningRequest({ commonName: 'User1@hospital-a.example', organization: 'x' }, pair.privateKeyPem);
    await expect(clientOf('hospital-a.example').reenroll(pair, { requestPem })).rejects.toMatchObject({ code: 'CERTIFICATE_REFUSED' });
    expect(JSON.parse(certs('revoke', '--organization', A, '--user', 'User1', '--json').stdout)).toMatchObject({ result: 'unchanged' });
  });

  it('takes in a hospital with a CA of its own', async () => {
    const args = ['--msp-id', D, '--name', 'hospital-d', '--domain', 'hospital-d.example', '--dir', dir, '--json'];
    const { status, stdout, stderr } = await fabricAsync(['addOrg', ...args]);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ organization: D, result: 'joined' });
    expect(network.node('ca.hospital-d.example').pid).toBeDefined();
    const admin = new X509Certificate(readFileSync(identityOf('hospital-d.example', 'Admin').file));
    expect(admin.verify(caOf('hospital-d.example').publicKey)).toBe(true);
    await submits(at(D, 'node'), ['by D', 'x']);
    await expect(at(D, 'node').evaluate('Attribute', ['lianyi.carrier'], { organizations: [D] })).resolves.toBe('true');
  });

  it('works on while a CA is stopped; only its certificates cannot be renewed meanwhile, and nothing is half renewed', async () => {
    const name = 'ca.hospital-c.example';
    expect(fabric(['node', 'stop', name, '--dir', dir]).status).toBe(0);
    await at(C).submit('Put', ['without its CA', 'x']);
    const before = identityOf('hospital-c.example', 'User1').serialNumber;
    const { status, stdout } = certs('renew', '--organization', C, '--holder', 'User1', '--json');
    expect(status).toBe(1);
    expect(stdout).toMatch(/ca.hospital-c.example does not answer on port \d+ .*without it no certificate can be issued/);
    expect(identityOf('hospital-c.example', 'User1').serialNumber).toBe(before);
    expect(fabric(['node', 'start', name, '--dir', dir]).status).toBe(0);
    expect(certs('renew', '--organization', C, '--holder', 'User1').status).toBe(0);
    expect(identityOf('hospital-c.example', 'User1').serialNumber).not.toBe(before);
    await at(C).submit('Put', ['with its CA', 'x']);
  });

  it('continues with the same CAs, and registers a user the definition names since', async () => {
    const before = DOMAINS.map((domain) => caOf(domain).fingerprint256);
    const pids = network.nodes().flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    endParties();
    await network.end();
    expect(pids.filter(isRunning)).toEqual([]);
    const consortium = loadConsortium(consortiumFile);
    const file = join(folder, 'consortium.yaml');
    const organizations = consortium.organizations.map((member) => (member.mspId === A ? { ...member, users: ['nurse'] } : member));
    writeFileSync(file, stringify({ ...consortium, organizations }));
    // who issues is as it was; the definition need not say it
    network = await FabricUp.start(dir, ['--chaincode', smokeChaincode], file);
    expect(DOMAINS.map((domain) => caOf(domain).fingerprint256)).toEqual(before);
    expect(network.nodes().filter(({ kind, pid }) => kind === 'authority' && pid !== undefined)).toHaveLength(5);
    const nurse = new X509Certificate(readFileSync(identityOf('hospital-a.example', 'nurse').file));
    expect(nurse.verify(caOf('hospital-a.example').publicKey)).toBe(true);
    await at(A, 'nurse').submit('Put', ['by the nurse', 'x']);
    await at(D, 'node').submit('Put', ['by D again', 'x']);
    await expect(at(A, 'User1').evaluate('Get', ['before'])).rejects.toThrow(/access denied/);
  });

  it('starts without a CA that is down when all certificates are there, and says so', async () => {
    const { port } = accessOf('hospital-a.example');
    endParties();
    await network.end();
    const intruder = createServer((socket) => socket.destroy());
    await new Promise<void>((done) => intruder.listen(port, '127.0.0.1', done));
    try {
      network = await FabricUp.start(dir, ['--chaincode', smokeChaincode], join(folder, 'consortium.yaml'));
      expect(network.progress.join('')).toMatch(/ca\.hospital-a\.example is not there \(.*\); the network works without it until/);
      await at(A, 'node').submit('Put', ['without any CA', 'x']);
      expect(network.node('ca.hospital-b.example').pid).toBeDefined();
    } finally {
      await new Promise((done) => intruder.close(done));
    }
    await waitUntil('the CA comes back by itself', () => network.node('ca.hospital-a.example').pid !== undefined);
    await waitUntil('and answers', () =>
      clientOf('hospital-a.example')
        .info()
        .then(
          () => true,
          () => false,
        ),
    );
  });

  it('does not start a CA whose keys are gone: another in its name would issue what no peer believes', async () => {
    endParties();
    await network.end();
    const data = join(dir, 'fabric/nodes/ca.hospital-b.example/data');
    rmSync(data, { recursive: true });
    network = await FabricUp.start(dir, ['--chaincode', smokeChaincode], join(folder, 'consortium.yaml'));
    expect(network.progress.join('')).toMatch(
      /ca\.hospital-b\.example is not there \(.* what it keeps in .* is gone; put the folder back\)/,
    );
    expect(existsSync(join(data, 'ca/ca-cert.pem'))).toBe(false);
    const { stdout } = certs('renew', '--organization', B, '--holder', 'User1', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ code: 'STATE_INCOMPLETE' });
  });

  it('refuses to go on with certificates by somebody else, and down removes everything', async () => {
    endParties();
    await network.end();
    const { status, stderr } = fabric([
      'up',
      '--dir',
      dir,
      '--consortium',
      consortiumFile,
      '--chaincode',
      smokeChaincode,
      '--certificates',
      'in-process',
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/made with certificates fabric-ca, the consortium file now says in-process/);
    expect(fabric(['down', '--yes', '--dir', dir]).status).toBe(0);
    expect(existsSync(dir)).toBe(false);
  });
});
