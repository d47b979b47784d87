import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChannelCredentials } from '@grpc/grpc-js';
import * as x509 from '@peculiar/x509';
import { canonicalJson, decodeError, FABRIC_EVENT_NAME, idNonceSchema, mspIdSchema, pseudonymOf, sha256Schema } from '@lianyi/domain';
import { CCID, newCertificate, StandInPeer, startBundle } from '@lianyi/test/support/stand-in-peer';
import { newKey, sha256Of } from './every-transaction/consortium.fixture';
import { prefixOf } from './ledger/keys';

const ROOT = join(__dirname, '../..');
const BUNDLE = join(ROOT, 'chaincode/dist/chaincode.cjs');
/** The running Node and every other on the PATH, each version once: peers launch what their host has, from 20 on. */
const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
const candidates = [process.execPath, join(ROOT, 'node_modules/.bin/node'), ...onPath].filter((node) => existsSync(node));
const nodes = [...new Map(candidates.map((node) => [execFileSync(node, ['--version']).toString().trim(), node]))];

const registration = canonicalJson({
  input: { kinds: ['hospital'], genesis: sha256Of('block 0'), encapsulationKeys: [{ epoch: 1, publicKey: newKey().publicKey }] },
});
const register = ['DirectoryContract:RegisterOrganisation', registration];
const GET_STATE = 8;
const PUT_STATE = 9;
const WRITE_BATCH_STATE = 24;
const GET_STATE_MULTIPLE = 25;

describe.each(nodes)('the bundle as a service on Node %s', (_version, node) => {
  let service: Awaited<ReturnType<typeof startBundle>>;
  beforeAll(async () => {
    service = await startBundle(node, BUNDLE);
  });
  afterAll(() => {
    service.process.kill('SIGKILL');
  });

  async function withPeer<T>(batches: boolean, use: (peer: StandInPeer) => Promise<T>): Promise<T> {
    const peer = await StandInPeer.connect(service.address, batches);
    try {
      return await use(peer);
    } finally {
      peer.close();
    }
  }

  it('runs a transaction key by key with a peer that announces no batches', async () => {
    const { pem } = await newCertificate(['admin']);
    await withPeer(false, async (peer) => {
      const reply = await peer.invoke(register, 'AlphaMSP', pem);
      expect(reply).toMatchObject({ status: 200, event: FABRIC_EVENT_NAME, payload: '{"mspId":"AlphaMSP","status":"active"}' });
      expect(peer.asked).toEqual([GET_STATE, GET_STATE, GET_STATE, PUT_STATE, PUT_STATE, PUT_STATE]);
      expect([...peer.state.keys()].sort()).toEqual([
        prefixOf('organisation', ['AlphaMSP']),
        prefixOf('organisationList', ['all']),
        prefixOf('parameter', ['network']),
      ]);
    });
  });

  it('runs it in reads of as many keys as a peer announces, here two of three keys, and one write', async () => {
    const { pem } = await newCertificate(['admin']);
    await withPeer(true, async (peer) => {
      expect((await peer.invoke(register, 'AlphaMSP', pem)).status).toBe(200);
      expect(peer.asked).toEqual([GET_STATE_MULTIPLE, GET_STATE_MULTIPLE, WRITE_BATCH_STATE]);
      expect(peer.state.size).toBe(3);
    });
  });

  it('writes the same values either way', async () => {
    const { pem } = await newCertificate(['admin']);
    const time = Date.now();
    const state = async (batches: boolean): Promise<[string, string][]> =>
      withPeer(batches, async (peer) => {
        await peer.invoke(register, 'AlphaMSP', pem, time);
        return [...peer.state].map(([key, value]): [string, string] => [key, value.toString()]).sort();
      });
    expect(await state(true)).toEqual(await state(false));
  });

  it.each([
    ['a client', ['client']],
    ['a peer', ['peer']],
    ['an orderer', ['orderer']],
    ['a certificate of no kind', []],
    ['somebody whose unit only looks like it', ['admin2', 'Admin']],
  ])('lets %s register no organisation, and writes nothing', async (_who, units) => {
    const { pem } = await newCertificate(units);
    await withPeer(true, async (peer) => {
      const reply = await peer.invoke(register, 'AlphaMSP', pem);
      expect(decodeError(reply.message)?.code).toBe('NOT_PERMITTED');
      expect(reply.event).toBeUndefined();
      expect(peer.state.size).toBe(0);
    });
  });

  it('takes an administrator with further units for one', async () => {
    const { pem } = await newCertificate(['admin', 'department1']);
    await withPeer(true, async (peer) => {
      expect((await peer.invoke(register, 'AlphaMSP', pem)).status).toBe(200);
    });
  });

  it('takes staff from a certificate only if their entry names its key', async () => {
    const administrator = await newCertificate(['admin']);
    const registrar = await newCertificate(['client'], { 'lianyi.actorTag': 'tag-1' });
    const impostor = await newCertificate(['client'], { 'lianyi.actorTag': 'tag-1' });
    const prototype = await newCertificate(['client'], { constructor: 'tag-1', toString: 'tag-1' });
    const staff = {
      actorTag: 'tag-1',
      roles: ['registrar'],
      departments: [],
      publicKeyHash: sha256Base64url(registrar.spki),
      dutyWindows: [],
    };
    const mspId = mspIdSchema.parse('AlphaMSP');
    const firstKeyHash = sha256Schema.parse(newKey().hash);
    const nonce = idNonceSchema.parse('A'.repeat(22));
    const patient = [
      'RegistrarContract:RegisterPatient',
      canonicalJson({
        input: { pseudonym: pseudonymOf({ mspId, firstKeyHash, nonce }), nonce, suite: 'P256-SHA256', nextKeyHash: firstKeyHash },
      }),
    ];
    await withPeer(true, async (peer) => {
      expect((await peer.invoke(register, 'AlphaMSP', administrator.pem)).status).toBe(200);
      expect(
        (await peer.invoke(['DirectoryContract:RegisterStaff', canonicalJson({ input: staff })], 'AlphaMSP', administrator.pem)).status,
      ).toBe(200);
      for (const { pem } of [impostor, prototype]) {
        expect(decodeError((await peer.invoke(patient, 'AlphaMSP', pem)).message)?.code).toBe('NOT_PERMITTED');
      }
      expect(decodeError((await peer.invoke(patient, 'BetaMSP', registrar.pem)).message)?.code).toBe('NOT_PERMITTED');
      expect((await peer.invoke(patient, 'AlphaMSP', registrar.pem)).status).toBe(200);
    });
  });

  it.each([
    ['no argument at all', [], 'UNKNOWN_TRANSACTION'],
    ['an unknown transaction', ['DirectoryContract:DropEverything', '{}'], 'UNKNOWN_TRANSACTION'],
    ['a method of JavaScript', ['DirectoryContract:constructor', '{}'], 'UNKNOWN_TRANSACTION'],
    ['a method of the base class', ['DirectoryContract:createContext', '{}'], 'UNKNOWN_TRANSACTION'],
    ['a missing request', ['DirectoryContract:RegisterOrganisation'], 'INVALID_REQUEST'],
    ['a request too many', [...register, '{}'], 'INVALID_REQUEST'],
    ['bytes that are no UTF-8', ['DirectoryContract:RegisterOrganisation', Buffer.from([0x7b, 0xff, 0x7d])], 'INVALID_REQUEST'],
    ['a lone surrogate', ['DirectoryContract:RegisterOrganisation', '{"input":{"kinds":["\\ud800"]}}'], 'INVALID_REQUEST'],
    ['64 KiB and one byte', ['DirectoryContract:RegisterOrganisation', `{"input":"${'x'.repeat(65_536 - 11)}"}`], 'INVALID_REQUEST'],
  ])('refuses %s', async (_what, args, code) => {
    const { pem } = await newCertificate(['admin']);
    await withPeer(true, async (peer) => {
      const reply = await peer.invoke(args, 'AlphaMSP', pem);
      expect(reply.status).toBe(500);
      expect(decodeError(reply.message)?.code).toBe(code);
      expect(peer.asked).toEqual([]);
    });
  });

  it.each([-121_000, 121_000, -50 * 365 * 86_400_000, 50 * 365 * 86_400_000])(
    'refuses a proposal stamped %d ms off, and reads nothing',
    async (offset) => {
      const { pem } = await newCertificate(['admin']);
      await withPeer(true, async (peer) => {
        expect(decodeError((await peer.invoke(register, 'AlphaMSP', pem, Date.now() + offset)).message)?.code).toBe('TIME_SKEW');
        expect(peer.asked).toEqual([]);
      });
    },
  );

  it('answers GetMetadata, which tools ask', async () => {
    const { pem } = await newCertificate(['client']);
    await withPeer(true, async (peer) => {
      const reply = await peer.invoke(['org.hyperledger.fabric:GetMetadata'], 'AlphaMSP', pem);
      expect(Object.keys((JSON.parse(reply.payload) as { contracts: object }).contracts)).toContain('ConsentContract');
    });
  });
});

describe('the bundle with TLS', () => {
  it('listens with mutual TLS under the variables that Fabric sets, and only so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'chaincode-tls-'));
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=127.0.0.1',
      keys,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
        new x509.BasicConstraintsExtension(true),
      ],
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    });
    const keyPem = x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
    const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
    writeFileSync(files.key, keyPem, { mode: 0o600 });
    writeFileSync(files.cert, certificate.toString('pem'));
    const service = await startBundle(process.execPath, BUNDLE, {
      CORE_CHAINCODE_TLS_KEY_FILE: files.key,
      CORE_CHAINCODE_TLS_CERT_FILE: files.cert,
      CORE_CHAINCODE_TLS_CLIENT_CACERT_FILE: files.cert,
    });
    try {
      const pem = Buffer.from(certificate.toString('pem'));
      const peer = await StandInPeer.connect(service.address, true, ChannelCredentials.createSsl(pem, Buffer.from(keyPem), pem));
      expect((await peer.invoke(register, 'AlphaMSP', (await newCertificate(['admin'])).pem)).status).toBe(200);
      peer.close();
      await expect(StandInPeer.connect(service.address, true)).rejects.toThrow();
      await expect(StandInPeer.connect(service.address, true, ChannelCredentials.createSsl(pem))).rejects.toThrow();
    } finally {
      service.process.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  });

  it.each([['CORE_CHAINCODE_ID'], ['CORE_CHAINCODE_ADDRESS']])('says so and exits when %s is missing', async (name) => {
    await expect(startBundle(process.execPath, BUNDLE, { [name]: '' })).rejects.toThrow(`${name} is not set`);
  });
});

describe('the bundle’s log', () => {
  it.each([undefined, '', 'warn', 'WARNING'])('holds no line for a transaction at the level %p', async (level) => {
    const service = await startBundle(process.execPath, BUNDLE, level === undefined ? {} : { CORE_CHAINCODE_LOGGING_LEVEL: level });
    try {
      const peer = await StandInPeer.connect(service.address, true);
      expect((await peer.invoke(register, 'AlphaMSP', (await newCertificate(['admin'])).pem)).status).toBe(200);
      peer.close();
      expect(service.output()).toBe(`chaincode ${CCID} listens on ${service.address}\n`);
    } finally {
      service.process.kill('SIGKILL');
    }
  });
});

describe('the bundle’s log, where somebody wants to see more', () => {
  it('holds what the shim says of a transaction', async () => {
    const service = await startBundle(process.execPath, BUNDLE, { CORE_CHAINCODE_LOGGING_LEVEL: 'DEBUG' });
    try {
      const peer = await StandInPeer.connect(service.address, true);
      expect((await peer.invoke(register, 'AlphaMSP', (await newCertificate(['admin'])).pem)).status).toBe(200);
      peer.close();
      // what a process writes comes over a pipe of its own, beside its answer
      while (!service.output().includes('Sending COMPLETED message')) await sleep(20);
      expect(service.output()).toMatch(/debug.*Received chat message from peer[^]*info.*Sending COMPLETED message/);
    } finally {
      service.process.kill('SIGKILL');
    }
  });
});

describe('the files of ours in the bundle', () => {
  const text = readFileSync(BUNDLE, 'utf8');
  /** How esbuild begins each file, but the one that is run, which stands bare at the end. */
  const files = [...text.matchAll(/"(chaincode|domain)\/src\/([^"]+)\.ts"\([^)]*\)\{(?:"use strict";)?(.{0,80})/g)].map(
    ([, room, name, begin]) => ({ name: `${String(room)}/${String(name)}`, begin }),
  );
  const exempt = ['chaincode/determinism', 'chaincode/dispatch/process-clock'];

  it('each begin with the Date and Math that throw', () => {
    expect(files.length).toBeGreaterThan(60);
    const open = files.filter(({ begin }) => !/^(?:const|var)\{Date(?::\w+)?,Math(?::\w+)?\}=/.test(String(begin)));
    expect(open.map(({ name }) => name).sort()).toEqual(exempt);
  });
});

describe('the Date and Math of the bundle', () => {
  // the module that the bundle puts in their place
  const guard = createRequire(__filename)(join(ROOT, 'chaincode/src/determinism.ts')) as { Date: DateConstructor; Math: Math };

  it.each<readonly [string, () => unknown]>([
    ['Date.now()', () => guard.Date.now()],
    ['new Date()', () => new guard.Date()],
    ['Math.random()', () => guard.Math.random()],
  ])('throw at %s', (what, use) => {
    expect(use).toThrow(`${what} differs between endorsers`);
  });

  it('do everything else as ever', () => {
    expect(new guard.Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
    expect(guard.Date.parse('1970-01-01T00:00:01.000Z')).toBe(1_000);
    expect(guard.Math.floor(1.5)).toBe(1);
    expect(new guard.Date(0)).toBeInstanceOf(Date);
  });
});

function sha256Base64url(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
