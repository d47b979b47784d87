import 'reflect-metadata';
import { createVerify, verify, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import {
  attributesOf,
  createCertificateAuthority,
  createSigningRequest,
  curveOrder,
  hostsOf,
  isLowS,
  issueIdentity,
  issueTls,
  parseCertificate,
  parseEcdsaSignature,
} from '@lianyi/fabric-protocol';
import { checkRevocationList } from '@lianyi/network-administration';
import { caInfo, enrolled, parseAnswer, revocationList } from './answers';
import { find, pemOf, recorded, resultOf } from './recorded-ca.fixture';
import { basicAuthorization, createToken } from './token';

describe('the token of a signed request', () => {
  const signed = recorded.filter(({ authorization = 'Basic' }) => !authorization.startsWith('Basic'));

  it.each(signed.map((request) => [`${request.method} ${request.path}`, request] as const))(
    'is over what Fabric own client signed for %s',
    (_, { method, path, body, authorization = '' }) => {
      const [certificate = '', signature = ''] = authorization.split('.');
      const base64 = (text: string): string => Buffer.from(text).toString('base64');
      const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
      const verifier = createVerify('sha256').update([method, base64(path), base64(body), certificate].join('.'));
      expect(verifier.verify(publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    },
  );

  it('verifies over method, path, body and certificate with a low s, and over nothing else', async () => {
    const ca = await createCertificateAuthority('ca.a.example', 'a.example');
    const caller = await issueIdentity(ca, { commonName: 'r', organization: 'a.example', organizationalUnits: ['registrar'] });
    const body = Buffer.from('{"id":"é"}');
    const [certificate = '', signature = ''] = createToken(caller, 'POST', '/api/v1/register', body).split('.');
    expect(Buffer.from(certificate, 'base64').toString()).toBe(caller.certificatePem);
    const { publicKey } = new X509Certificate(caller.certificatePem);
    const bytes = Buffer.from(signature, 'base64');
    const over = (method: string, path: string, content: Buffer): boolean => {
      const payload = [method, Buffer.from(path).toString('base64'), content.toString('base64'), certificate].join('.');
      return verify('sha256', Buffer.from(payload), publicKey, bytes);
    };
    expect(over('POST', '/api/v1/register', body)).toBe(true);
    expect(over('PUT', '/api/v1/register', body)).toBe(false);
    expect(over('POST', '/api/v1/revoke', body)).toBe(false);
    expect(over('POST', '/api/v1/register', Buffer.from('{}'))).toBe(false);
    const parsed = parseEcdsaSignature(bytes);
    expect(parsed && isLowS(parsed, curveOrder('prime256v1') ?? 0n)).toBe(true);
  });

  it('gives name and secret of a first enrolment as RFC 7617 does', () => {
    expect(basicAuthorization('node@a.example', 's3cret')).toBe(recorded[3]?.authorization);
  });
});

describe('an answer of a Fabric CA', () => {
  it('holds the enrolled certificate, with the role and the attributes it was asked for', () => {
    const certificate = new x509.X509Certificate(pemOf('/enroll'));
    expect(certificate.subjectName.getField('OU')).toEqual(['registrar']);
    expect(attributesOf(pemOf('/enroll'))).toEqual({});
    const node = recorded.filter(({ path, status }) => path === '/enroll' && status === 201)[1];
    const answer = parseAnswer(node?.answer ?? '');
    const pem = enrolled.parse(answer && 'result' in answer ? answer.result : undefined);
    expect(new x509.X509Certificate(pem).subjectName.getField('CN')).toEqual(['node@a.example']);
    expect(attributesOf(pem)).toEqual({ 'lianyi.carrier': 'true' });
  });

  it('holds the revocation list, which a channel would take: its label, its AuthorityKeyIdentifier, its CA', () => {
    const info = caInfo.parse(resultOf('/cainfo', 200));
    const authority = parseCertificate(info.chainPem);
    const list = revocationList.parse(resultOf('/gencrl', 200));
    const checked = checkRevocationList(list, 'AMSP', authority ? [authority] : []);
    const revoked = (resultOf('/revoke', 200) as { RevokedCerts: { Serial: string }[] }).RevokedCerts.map(({ Serial }) => Serial);
    expect([...checked.revokedSerialNumbers].sort()).toEqual([...revoked].sort());
    expect(revoked).toHaveLength(2);
    expect(() => checkRevocationList(list, 'AMSP', [])).toThrow(/not one of AMSP's own/);
  });

  it.each([
    ['an identity that is known', '/register', 409, 74, /already registered/],
    ['a wrong secret', '/enroll', 401, 20, /Authentication failure/],
    ['an identity nobody knows', '/revoke', 404, 10, /was not found/],
  ] as const)('says why it refused: %s', (_, path, status, code, message) => {
    const answer = parseAnswer(find(path, status).answer);
    expect(answer).toEqual({ refusal: { code, message: expect.stringMatching(message) as string } });
  });

  it.each(['', '<html>', '[]', '{"success":true', '{"result":{}}'])('is not %j', (text) => {
    expect(parseAnswer(text)).toBeUndefined();
  });

  it('without a certificate is no enrolment', () => {
    for (const result of [undefined, {}, { Cert: 7 }, { Cert: 'not base64!' }]) expect(enrolled.safeParse(result).success).toBe(false);
  });
});

describe('a request for a certificate', () => {
  it('names holder and organisation, is signed by its own key, and the key is not in it', async () => {
    const { requestPem, privateKeyPem } = await createSigningRequest({ commonName: 'node@a.example', organization: 'a.example' });
    const request = new x509.Pkcs10CertificateRequest(requestPem);
    expect(requestPem).toMatch(/^-----BEGIN CERTIFICATE REQUEST-----/);
    expect(request.subject).toBe('O=a.example, CN=node@a.example');
    expect(request.attributes).toEqual([]);
    await expect(request.verify()).resolves.toBe(true);
    expect(requestPem).not.toContain(privateKeyPem.split('\n')[1]);
  });

  it('for TLS names hosts and loopback, which are read back from the certificate', async () => {
    const hosts = ['peer0.a.example', 'peer0'];
    const { requestPem } = await createSigningRequest({ commonName: 'peer0.a.example', organization: 'a.example', hosts });
    const [extension] = new x509.Pkcs10CertificateRequest(requestPem).extensions;
    const names = new x509.SubjectAlternativeNameExtension(extension?.rawData ?? new Uint8Array()).names.items;
    expect(names.map(({ value }) => value)).toEqual([...hosts, 'localhost', '127.0.0.1']);
    const ca = await createCertificateAuthority('tlsca.a.example', 'a.example');
    const issued = await issueTls(ca, { commonName: 'peer0.a.example', organization: 'a.example', hosts });
    expect(hostsOf(issued.certificatePem)).toEqual([...hosts, 'localhost']);
  });

  it('for the key a holder has keeps that key', async () => {
    const first = await createSigningRequest({ commonName: 'a', organization: 'a.example' });
    const again = await createSigningRequest({ commonName: 'a', organization: 'a.example' }, first.privateKeyPem);
    const keyOf = ({ requestPem }: { requestPem: string }): Buffer =>
      Buffer.from(new x509.Pkcs10CertificateRequest(requestPem).publicKey.rawData);
    expect(keyOf(again)).toEqual(keyOf(first));
    expect(again.privateKeyPem).toBe(first.privateKeyPem);
  });
});

describe('attributes of a certificate', () => {
  const certify = async (value: string): Promise<string> => {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const extensions = [new x509.Extension('1.2.3.4.5.6.7.8.1', false, Buffer.from(value))];
    const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
    return (await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=a', keys, signingAlgorithm, extensions })).toString('pem');
  };

  it('are those of the extension, also none', async () => {
    expect(attributesOf(await certify('{"attrs":{"role":"a","x":""}}'))).toEqual({ role: 'a', x: '' });
    expect(attributesOf(await certify('{"attrs":{}}'))).toEqual({});
  });

  it.each(['', 'true', '{"attrs":{"role":true}}', '{"attrs":[]}', '{}'])('are not read from %j', async (value) => {
    const pem = await certify(value);
    expect(() => attributesOf(pem)).toThrow();
  });
});
