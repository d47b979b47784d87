import { X509Certificate } from 'node:crypto';
import { createServer, connect, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { mspIdSchema } from '@lianyi/domain';
import { newAuthority, type TestAuthority } from '@lianyi/test/support/test-certificates';
import { certificatesOf, MemberCertificates } from './member-certificates';

const bundle = (...pems: readonly string[]): string => pems.join('\n');
const [A, B] = [mspIdSchema.parse('HospitalAMSP'), mspIdSchema.parse('HospitalBMSP')];

describe('the certificates of members', () => {
  let root: TestAuthority;
  let other: TestAuthority;
  let below: TestAuthority;
  let belowToo: TestAuthority;
  beforeAll(async () => {
    [root, other] = await Promise.all([newAuthority('root'), newAuthority('other')]);
    [below, belowToo] = await Promise.all([root.intermediate('below'), root.intermediate('below too')]);
  });

  /** Whom a server takes a caller for, who shows these certificates in a handshake. */
  const takenFor = async (members: MemberCertificates, shown: { cert: string; key: string }): Promise<string | undefined> => {
    const own = await root.issue('server');
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    const server = createServer({ ...own, ca: [...members.caPems], requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' });
    server.once('secureConnection', (socket: TLSSocket) => {
      resolve(members.ofSocket(socket)?.mspId);
      socket.end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo; // a TCP server's address is no string
    const client = connect({ port, host: '127.0.0.1', ...shown, ca: [root.pem], checkServerIdentity: () => undefined });
    client.on('error', () => undefined);
    try {
      return await promise;
    } finally {
      client.destroy();
      server.close();
    }
  };

  it('are those that a member’s authority has issued', async () => {
    const members = new MemberCertificates([
      { mspId: A, caPem: root.pem },
      { mspId: B, caPem: other.pem },
    ]);
    expect(await takenFor(members, await root.issue('node of A'))).toBe(A);
    expect(await takenFor(members, await other.issue('node of B'))).toBe(B);
    expect(await takenFor(members, await (await newAuthority('root')).issue('a namesake'))).toBeUndefined();
  });
  it('may stand below an intermediate that the member’s bundle names, and below no other', async () => {
    const { cert, key } = await below.issue('node of A');
    const shown = { cert: bundle(cert, below.pem), key };
    const named = [
      { mspId: A, caPem: bundle(root.pem, below.pem) },
      { mspId: B, caPem: other.pem },
    ];
    expect(await takenFor(new MemberCertificates(named), shown)).toBe(A);
    expect(await takenFor(new MemberCertificates(named), { cert, key })).toBe(A);
    const unnamed = [{ mspId: A, caPem: root.pem }];
    expect(await takenFor(new MemberCertificates(unnamed), shown)).toBeUndefined();
  });
  it('tell members apart whose authorities share a root, by their bundles', async () => {
    const members = new MemberCertificates([
      { mspId: A, caPem: below.pem + root.pem },
      { mspId: B, caPem: `# ours\n${root.pem}\n${belowToo.pem}` },
    ]);
    expect(await takenFor(members, await below.issue('node of A'))).toBe(A);
    expect(await takenFor(members, await belowToo.issue('node of B'))).toBe(B);
    expect(await takenFor(members, await root.issue('somebody of the root'))).toBeUndefined();
  });
  it('of a bundle count all, not the first alone', async () => {
    const members = new MemberCertificates([{ mspId: A, caPem: other.pem + root.pem }]);
    expect(await takenFor(members, await root.issue('node of A'))).toBe(A);
    expect(await takenFor(members, await other.issue('node of A, elsewhere'))).toBe(A);
  });
  it('are nobody’s where a certificate that may not issue has issued them', async () => {
    const members = new MemberCertificates([{ mspId: A, caPem: root.pem }]);
    const leaf = new X509Certificate((await root.issue('node of A')).cert);
    expect(members.of(leaf)?.mspId).toBe(A);
    expect(new MemberCertificates([{ mspId: A, caPem: leaf.toString() }]).of(leaf)).toBeUndefined();
  });
  it.each<readonly [string, () => [string, string]]>([
    ['the same authority', () => [root.pem, root.pem]],
    ['the same bundle in another order', () => [root.pem + other.pem, other.pem + root.pem]],
    ['an authority and a bundle around it', () => [root.pem, root.pem + other.pem]],
  ])('cannot tell two members apart that name %s, and those known before still count', (_what, pems) => {
    const members = new MemberCertificates([{ mspId: A, caPem: below.pem }]);
    const [ofA, ofB] = pems();
    const both = [
      { mspId: A, caPem: ofA },
      { mspId: B, caPem: ofB },
    ];
    expect(() => {
      members.replace(both);
    }).toThrow('two members name the same TLS authority');
    expect(members.caPems).toEqual([new X509Certificate(below.pem).toString()]);
  });
  it.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])('are not read from %j', (pem) => {
    expect(() => certificatesOf(pem)).toThrow();
  });
});
