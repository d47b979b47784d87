import { spawnSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import {
  canonicalJson,
  hashOfJson,
  hashOfKey,
  type Ledger,
  mspIdSchema,
  sha256,
  type SignedRequest,
  type TransactionEntry,
  verifySignature,
} from '@lianyi/domain';
import { PrivateKey, publicKeyOf } from '@lianyi/client';
import { createKeyFile } from '@lianyi/client/node';
import { describeUnless } from '@lianyi/test/describe-unless';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { MemberCertificates } from '../member-certificates';
import { abreast, admitEverybody, noNews } from '../testing';
import { addHealthRoutes } from './health-routes';
import { newLogger } from './log';
import { buildServer, type NodeServer } from './server';
import { addTransactionRoutes } from './transaction-routes';

const page = readFileSync(resolve(__dirname, '../../../../docs/signing-a-request.md'), 'utf8');

/** The one fenced block of a language. */
function blockOf(language: string): string {
  const [, block] = new RegExp('^```' + language + '\\n([\\s\\S]*?)^```$', 'm').exec(page) ?? [];
  if (block === undefined) throw new Error(`the page has no ${language}`);
  return block;
}

type Vector = {
  privateKey: string;
  nextPrivateKey?: string;
  input: string;
  requestHash: string;
  statement: string;
  publicKey: string;
  signature: string;
};
// as the page has it
const vectors = JSON.parse(blockOf('json')) as { staff: Vector; patient: Vector };

describe('the vectors of the page', () => {
  it.each(Object.entries(vectors))(
    'verify: %s',
    (_kind, { privateKey, nextPrivateKey, input, requestHash, statement, publicKey, signature }) => {
      const key = new PrivateKey(Buffer.from(privateKey, 'hex'));
      const stated = JSON.parse(statement) as Record<string, unknown>;
      expect(canonicalJson(JSON.parse(input))).toBe(input);
      expect(canonicalJson(stated)).toBe(statement);
      expect(hashOfJson(JSON.parse(input))).toBe(requestHash);
      expect(stated['requestHash']).toBe(requestHash);
      expect(publicKeyOf(key)).toBe(publicKey);
      expect(verifySignature(publicKey, statement, signature)).toBe(true);
      expect(verifySignature(publicKey, statement.replace('emr', 'rme'), signature)).toBe(false);
      if (nextPrivateKey === undefined) return;
      expect(stated['nextKeyHash']).toBe(hashOfKey(publicKeyOf(new PrivateKey(Buffer.from(nextPrivateKey, 'hex')))));
    },
  );
});

const runs = (program: string, ...args: readonly string[]): boolean => spawnSync(program, args).status === 0;
const missing =
  runs('curl', '--version') && runs('openssl', 'version') && runs('bash', '--version') ? undefined : 'curl, openssl or bash is not there';
const missingPython = runs('python3', '-c', 'import cryptography') ? undefined : 'Python with cryptography is not there';

const identity = { mspId: mspIdSchema.parse('HospitalAMSP'), channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const card = { cardId: 'card-1' };
const carried: SignedRequest<TransactionEntry>[] = [];
let server: NodeServer;
let env: Record<string, string>;

beforeAll(async () => {
  const authority = await newAuthority('tlsca.a');
  const pair = await authority.issue('node');
  server = await buildServer({
    tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
    members: new MemberCertificates([{ mspId: identity.mspId, caPem: authority.pem }]),
    requestsPerMinute: 1_000,
    logger: newLogger('silent', 'HospitalAMSP'),
  });
  const evaluate = (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
    carried.push(request);
    return Promise.resolve({ answered: true });
  };
  addTransactionRoutes(server, { identity, heights: abreast, news: noNews, admission: admitEverybody({ evaluate } as Ledger) }); // a read is all that is asked
  addHealthRoutes(server, {
    identity,
    index: {
      heights: () => Promise.resolve({}),
      alarms: () => Promise.resolve([]),
      unreadableBlock: () => Promise.resolve(undefined),
      ownNameTaken: () => Promise.resolve(undefined),
    },
    faults: () => [],
    warnings: () => [],
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  const folder = join(scratchDirectory(), 'signer');
  mkdirSync(folder);
  const [CA_FILE, KEY_FILE] = [join(folder, 'ca.pem'), join(folder, 'key.pem')];
  writeFileSync(CA_FILE, authority.pem);
  await createKeyFile(KEY_FILE);
  const { port } = server.server.address() as AddressInfo; // a TCP server's address is no string
  env = { NODE_URL: `https://127.0.0.1:${port}`, CA_FILE, KEY_FILE, ACTOR_TAG: 'registrar-1' };
});
afterAll(() => server.close());
beforeEach(() => {
  carried.length = 0;
});

/** Runs beside this process, which serves. */
async function follow(program: string, ...args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(program, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, stdout, stderr };
}

function expectCarried(result: { code: number | null; stdout: string; stderr: string }): void {
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toEqual({ result: { answered: true } });
  expect(carried).toMatchObject([
    { entry: { name: 'GetCard' }, input: card, proof: { kind: 'staff', statement: { actorTag: 'registrar-1' } } },
  ]);
}

describeUnless(missing, 'who follows the page with curl and openssl', () => {
  // a half of all signatures has to be made again: the loop is taken now and then
  it.each([1, 2, 3])('is carried, time %i', async () => {
    expectCarried(await follow('bash', '-c', blockOf('bash')));
  });
  it('and signs another input than is sent is refused', async () => {
    const { code, stdout } = await follow('bash', '-c', blockOf('bash').replace('"input":\'"$input"\'', '"input":{"cardId":"card-2"}'));
    expect(code).not.toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ code: 'PROOF_MISMATCH', details: { field: 'requestHash' } });
    expect(carried).toEqual([]);
  });
});

describeUnless(missingPython, 'who follows the page with Python', () => {
  it.each([1, 2, 3])('is carried, time %i', async () => {
    expectCarried(await follow('python3', '-c', blockOf('python')));
  });
});
