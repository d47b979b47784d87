import { createHash } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { collectBytes, memberOperations, newPrivateKey, publicKeyOf } from '@lianyi/client';
import {
  DomainError,
  encodeBase64url,
  endpointIdSchema,
  instantSchema,
  mspIdSchema,
  type Sha256,
  sha256,
  sha256Schema,
  ticketIdSchema,
} from '@lianyi/domain';
import { type MemberTls } from '../member-tls';
import { signReceipt } from './receipt';
import { longestMillis, type RemoteVault, ReplicaClient } from './replica-client';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const identity = { mspId: mspIdSchema.parse('HospitalCMSP'), endpointId: endpointIdSchema.parse('vault-c') };
const receiptKey = newPrivateKey();
const content = Buffer.from('sealed bytes');
const versionHash = sha256('a version');
const stored = { sha256: sha256(content), sizeBytes: content.length, versionHash };
const toKeep = { objectSha256: stored.sha256, versionHash, bytes: [content] };
const storedAt = instantSchema.parse('2026-11-22T08:00:00.000Z');
const ticketId = ticketIdSchema.parse('ticket-1');

type Pair = { cert: string; key: string; der: Uint8Array };
type Authority = { certificate: x509.X509Certificate; keys: CryptoKeyPair };

async function newAuthority(name: string): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  return { certificate, keys };
}

async function newPair(authority: Authority, name: string): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    der: new Uint8Array(certificate.rawData),
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

describe('a replica client', () => {
  let server: Server;
  let tls: MemberTls;
  let vault: RemoteVault;
  let foreign: Pair;
  let handler: Handler;

  beforeAll(async () => {
    const authority = await newAuthority('TLS CA');
    const [own, client] = [await newPair(authority, 'vault.c'), await newPair(authority, 'node.a')];
    foreign = await newPair(await newAuthority('TLS CA'), 'node.x');
    const ca = [authority.certificate.toString('pem')];
    server = createServer({ key: own.key, cert: own.cert, ca, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      void collectBytes(request).then(
        (body) => {
          handler(request, response, Buffer.from(body));
        },
        () => undefined,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    tls = { key: client.key, cert: client.cert, ca };
    const tlsSha256 = sha256Schema.parse(encodeBase64url(createHash('sha256').update(own.der).digest()));
    vault = {
      ...identity,
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      tlsSha256,
      receiptPublicKey: publicKeyOf(receiptKey),
    };
  });
  afterAll(() => server.close());

  const answerJson =
    (status: number, value: unknown): Handler =>
    (_request, response) =>
      response.writeHead(status).end(JSON.stringify(value));

  it('stores an object and brings back the receipt', async () => {
    let seen: unknown;
    handler = (request, response, body) => {
      seen = [request.method, request.url, request.headers['lianyi-record-version'], body.toString()];
      response.writeHead(201).end(JSON.stringify(signReceipt(identity, receiptKey, stored, storedAt)));
    };
    const receipt = await new ReplicaClient(tls).put(vault, toKeep);
    expect(seen).toEqual(['PUT', `/v1/objects/${stored.sha256}`, versionHash, 'sealed bytes']);
    expect(receipt.statement).toEqual({
      t: 'lianyi/receipt/v1',
      objectSha256: stored.sha256,
      versionHash,
      sizeBytes: content.length,
      ...identity,
      storedAt,
    });
  });

  it.each<[string, () => unknown, string]>([
    ['for another object', () => signReceipt(identity, receiptKey, { ...stored, sha256: sha256('other') }, storedAt), 'HASH_MISMATCH'],
    ['for another size', () => signReceipt(identity, receiptKey, { ...stored, sizeBytes: 1 }, storedAt), 'HASH_MISMATCH'],
    [
      'for another version',
      () => signReceipt(identity, receiptKey, { ...stored, versionHash: sha256('other') }, storedAt),
      'HASH_MISMATCH',
    ],
    [
      'of another vault',
      () => signReceipt({ ...identity, endpointId: endpointIdSchema.parse('vault-b') }, receiptKey, stored, storedAt),
      'HASH_MISMATCH',
    ],
    [
      'of another member',
      () => signReceipt({ ...identity, mspId: mspIdSchema.parse('HospitalBMSP') }, receiptKey, stored, storedAt),
      'HASH_MISMATCH',
    ],
    ['signed with another key', () => signReceipt(identity, newPrivateKey(), stored, storedAt), 'BAD_SIGNATURE'],
    ['that is none', () => ({ ok: true }), 'REPLICA_UNAVAILABLE'],
    ['that is too long', () => ({ filler: 'x'.repeat(20_000) }), 'REPLICA_UNAVAILABLE'],
  ])('takes no receipt %s', async (_what, receipt, code) => {
    handler = answerJson(201, receipt());
    await expect(new ReplicaClient(tls).put(vault, toKeep)).rejects.toMatchObject({ code });
  });

  it('passes on a refusal it knows, without the other side’s words', async () => {
    handler = answerJson(507, { code: 'STORAGE_FULL', message: 'words of another member' });
    const error: unknown = await new ReplicaClient(tls).put(vault, toKeep).catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: 'STORAGE_FULL', details: { endpointId: 'vault-c' } });
    expect((error as Error).message).not.toContain('words');
  });

  it.each<[string, Handler]>([
    ['an unknown code', answerJson(500, { code: 'toString' })],
    ['a page', (_request, response) => response.writeHead(502).end('<html>')],
    ['nothing', (request) => request.socket.destroy()],
  ])('calls a vault that answers %s unavailable', async (_what, answer) => {
    handler = answer;
    await expect(new ReplicaClient(tls).put(vault, toKeep)).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE' });
  });

  it('passes on the fault of a source that breaks off, as unavailable and not as stored', async () => {
    handler = answerJson(201, signReceipt(identity, receiptKey, stored, storedAt));
    const source = function* (): Generator<Buffer> {
      yield content;
      throw new Error('disk gone');
    };
    await expect(new ReplicaClient(tls).put(vault, { ...toKeep, bytes: source() })).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE' });
  });

  it('reads an object under its ticket', async () => {
    let ticket: unknown;
    handler = (request, response) => {
      ticket = request.headers[memberOperations.GetObject.header.name];
      response.writeHead(200).end(content);
    };
    expect(
      content.equals(
        await new ReplicaClient(tls).get(vault, { objectSha256: stored.sha256, ticketId, maxBytes: content.length }, collectBytes),
      ),
    ).toBe(true);
    expect(ticket).toBe('ticket-1');
  });

  it.each<[string, Handler, string]>([
    ['changed', (_request, response) => response.writeHead(200).end('sealed bytez'), 'HASH_MISMATCH'],
    [
      'cut, with a length',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 12 });
        response.write('sealed');
        setTimeout(() => response.destroy(), 20);
      },
      'REPLICA_UNAVAILABLE',
    ],
    ['cut, without a length', (_request, response) => response.writeHead(200).end('sealed'), 'HASH_MISMATCH'],
  ])('tells an object that was %s', async (_what, answer, code) => {
    handler = answer;
    const reading = new ReplicaClient(tls).get(vault, { objectSha256: stored.sha256, ticketId, maxBytes: 1_000 }, collectBytes);
    await expect(reading).rejects.toMatchObject({ code });
  });

  it('stops reading from a vault that sends more than the object can be', async () => {
    let sent = 0;
    const ended = new Promise<void>((resolve) => {
      handler = (_request, response) => {
        response.writeHead(200);
        const more = (): void => {
          // bounded, so that a client that reads everything fails this test and not the machine
          if (sent >= 64 * 1024 * 1024) {
            response.end();
            return;
          }
          sent += 65_536;
          if (response.write(Buffer.alloc(65_536))) setImmediate(more);
        };
        response.on('drain', more);
        response.on('close', resolve);
        more();
      };
    });
    const reading = new ReplicaClient(tls).get(vault, { objectSha256: stored.sha256, ticketId, maxBytes: content.length }, collectBytes);
    await expect(reading).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
    await ended;
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it('gives up a vault that answers a byte now and then, when it is told to', async () => {
    const dripping = new Promise<void>((resolve) => {
      handler = (_request, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(' '), 5);
        response.on('close', () => {
          clearInterval(drip);
          resolve();
        });
      };
    });
    const wanted = { objectSha256: stored.sha256, ticketId, maxBytes: 16_384 };
    const reading = new ReplicaClient(tls).get(vault, wanted, collectBytes, AbortSignal.timeout(100));
    await expect(reading).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE' });
    await dripping;
  });

  it.each([
    [0, 10_000],
    [512 * 1024, 11_000],
    [32 * 1024 * 1024, 74_000],
  ])('gives a vault for %i bytes %i ms in all, however many bytes come in between', (bytes, millis) => {
    expect(longestMillis(bytes)).toBe(millis);
  });

  it('throws on what its own side says of the bytes, such as that the disk is full', async () => {
    handler = (_request, response) => response.writeHead(200).end(content);
    const full = (): Promise<never> => Promise.reject(new DomainError('STORAGE_FULL'));
    const wanted = { objectSha256: stored.sha256, ticketId, maxBytes: 100 };
    await expect(new ReplicaClient(tls).get(vault, wanted, full)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  });

  it('tells a missing object and a closed ticket', async () => {
    handler = answerJson(404, { code: 'NOT_FOUND' });
    await expect(
      new ReplicaClient(tls).get(vault, { objectSha256: stored.sha256, ticketId, maxBytes: 1_000 }, collectBytes),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    handler = answerJson(403, { code: 'TICKET_CLOSED' });
    await expect(
      new ReplicaClient(tls).get(vault, { objectSha256: stored.sha256, ticketId, maxBytes: 1_000 }, collectBytes),
    ).rejects.toMatchObject({ code: 'TICKET_CLOSED' });
  });

  it('sends nothing to a server whose certificate the ledger does not name', async () => {
    let asked = false;
    handler = () => {
      asked = true;
    };
    const impostor = { ...vault, tlsSha256: sha256(foreign.der) };
    await expect(new ReplicaClient(tls).put(impostor, toKeep)).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE' });
    expect(asked).toBe(false);
  });

  it('talks to a server with the present or the announced certificate of its entry, and to no other', async () => {
    handler = (_request, response) => response.writeHead(201).end(JSON.stringify(signReceipt(identity, receiptKey, stored, storedAt)));
    const { tlsSha256: shown, ...place } = vault;
    const [former, next] = [sha256(foreign.der), sha256('a certificate of next year')];
    const at = (tlsSha256: Sha256, nextTlsSha256?: Sha256): Promise<boolean> =>
      new ReplicaClient(tls).put({ ...place, tlsSha256, ...(nextTlsSha256 && { nextTlsSha256 }) }, toKeep).then(
        () => true,
        () => false,
      );
    expect(await Promise.all([at(shown), at(shown, next), at(former, shown)])).toEqual([true, true, true]);
    expect(await Promise.all([at(next), at(former, next), at(next, former)])).toEqual([false, false, false]);
  });

  it.each(['999.999.999.999', '1.2.3.4.5', ':::'])('passes over a vault whose host in the directory is %s', async (host) => {
    const nowhere = { ...vault, host };
    await expect(new ReplicaClient(tls).put(nowhere, toKeep)).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE' });
    const reading = new ReplicaClient(tls).get(nowhere, { objectSha256: stored.sha256, ticketId, maxBytes: content.length }, collectBytes);
    await expect(reading).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE' });
  });

  it('is not answered with a certificate of another authority', async () => {
    const stranger = new ReplicaClient({ ...tls, key: foreign.key, cert: foreign.cert });
    await expect(stranger.put(vault, toKeep)).rejects.toMatchObject({ code: 'REPLICA_UNAVAILABLE' });
  });
});
