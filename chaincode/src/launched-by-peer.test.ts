import 'reflect-metadata';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import * as x509 from '@peculiar/x509';
import { canonicalJson } from '@lianyi/domain';
import { CCID, ChaincodeListener, freePort, newCertificate } from '@lianyi/test/support/stand-in-peer';
import { newKey, sha256Of } from './every-transaction/consortium.fixture';

const ROOT = join(__dirname, '../..');
const BUNDLE = join(ROOT, 'chaincode/dist/chaincode.cjs');
const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
const candidates = [process.execPath, join(ROOT, 'node_modules/.bin/node'), ...onPath].filter((node) => existsSync(node));
/** Fabric's build image brings its own Node, of 20 to 24: each version found here once. */
const nodes = [...new Map(candidates.map((node) => [execFileSync(node, ['--version']).toString().trim(), node]))];

const register = [
  'DirectoryContract:RegisterOrganisation',
  canonicalJson({
    input: { kinds: ['hospital'], genesis: sha256Of('block 0'), encapsulationKeys: [{ epoch: 1, publicKey: newKey().publicKey }] },
  }),
];

describe.each(nodes)('the bundle launched by a peer, on Node %s', (_version, node) => {
  const children: ChildProcess[] = [];
  const folders: string[] = [];
  const listeners: ChaincodeListener[] = [];
  afterEach(() => {
    for (const listener of listeners.splice(0)) listener.close();
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  function launch(args: readonly string[], env: NodeJS.ProcessEnv): { ended: Promise<number>; said: () => string } {
    const child = spawn(node, [BUNDLE, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    let said = '';
    for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return { ended: once(child, 'close').then(([code]) => Number(code)), said: () => said };
  }

  async function listen(credentials: ServerCredentials): Promise<{ listener: ChaincodeListener; port: number }> {
    const listening = await ChaincodeListener.listen(credentials);
    listeners.push(listening.listener);
    return listening;
  }

  /** A peer's server certificate, and the one that the peer gives to what it launches, as files. */
  async function tlsFiles(): Promise<{ cert: Buffer; key: Buffer; env: NodeJS.ProcessEnv }> {
    const folder = mkdtempSync(join(tmpdir(), 'launched-chaincode-'));
    folders.push(folder);
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=peer',
      keys,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }]),
        new x509.BasicConstraintsExtension(true),
      ],
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    });
    const cert = Buffer.from(certificate.toString('pem'));
    const key = Buffer.from(x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'));
    const file = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o600 });
      return path;
    };
    return {
      cert,
      key,
      env: {
        CORE_PEER_TLS_ENABLED: 'true',
        CORE_PEER_TLS_ROOTCERT_FILE: file('peer.crt', cert.toString()),
        // the peer encodes these two once more: fabric core/container/dockercontroller, Start
        CORE_TLS_CLIENT_KEY_PATH: file('client.key', key.toString('base64')),
        CORE_TLS_CLIENT_CERT_PATH: file('client.crt', cert.toString('base64')),
      },
    };
  }

  it('registers over mutual TLS, runs a transaction, and ends as failed when the peer is gone', async () => {
    const { cert, key, env } = await tlsFiles();
    const credentials = ServerCredentials.createSsl(cert, [{ cert_chain: cert, private_key: key }], true);
    const { listener, port } = await listen(credentials);
    const { ended } = launch(['--peer.address', `localhost:${port}`], { ...env, CORE_CHAINCODE_ID_NAME: CCID });
    const peer = await listener.chaincode();
    const { pem } = await newCertificate(['admin']);
    expect(await peer.invoke(register, 'AlphaMSP', pem)).toMatchObject({ status: 200, payload: '{"mspId":"AlphaMSP","status":"active"}' });
    listener.close();
    expect(await ended).toBe(1);
  });

  it('does the same without TLS', async () => {
    const { listener, port } = await listen(ServerCredentials.createInsecure());
    launch(['--peer.address', `localhost:${port}`], { CORE_CHAINCODE_ID_NAME: CCID });
    const peer = await listener.chaincode();
    expect((await peer.invoke(register, 'AlphaMSP', (await newCertificate(['client'])).pem)).status).toBe(500);
  });

  it('never speaks without TLS to a peer that has it', async () => {
    const { cert, key } = await tlsFiles();
    const { port } = await listen(ServerCredentials.createSsl(cert, [{ cert_chain: cert, private_key: key }], true));
    expect(await launch(['--peer.address', `localhost:${port}`], { CORE_CHAINCODE_ID_NAME: CCID }).ended).toBe(1);
  });

  it('ends as failed when nobody listens', async () => {
    const { ended, said } = launch(['--peer.address', `localhost:${await freePort()}`], { CORE_CHAINCODE_ID_NAME: CCID });
    expect(await ended).toBe(1);
    expect(said()).toContain('ECONNREFUSED');
  });

  it.each([
    ['the peer’s address', [], { CORE_CHAINCODE_ID_NAME: CCID }, 'Missing required argument peer.address'],
    ['its own id', ['--peer.address', 'localhost:1'], {}, 'Missing required argument chaincode-id-name'],
    [
      'the client certificate',
      ['--peer.address', 'localhost:1'],
      { CORE_CHAINCODE_ID_NAME: CCID, CORE_PEER_TLS_ENABLED: 'true', CORE_PEER_TLS_ROOTCERT_FILE: __filename },
      'The client key and cert are needed when TLS is enabled',
    ],
  ])('says so and exits when it was not told %s', async (_what, args, env, sentence) => {
    const { ended, said } = launch(args, env);
    expect(await ended).toBe(1);
    expect(said()).toContain(sentence);
  });
});
