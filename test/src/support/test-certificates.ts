import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

type Validity = { notBefore: Date; notAfter: Date };

export interface TestAuthority {
  readonly pem: string;
  issue(commonName: string, validity?: Validity): Promise<{ cert: string; key: string }>;
  /** An authority below this one. */
  intermediate(commonName: string): Promise<TestAuthority>;
}

const hour = 3_600_000;
const always = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - hour),
  notAfter: new Date(Date.now() + hour),
});

const mayIssue = (): x509.Extension[] => [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
];
const newKeys = async (): Promise<CryptoKeyPair> =>
  (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;

/** A TLS authority for tests; `issue` makes pairs for server and client use on loopback. */
export async function newAuthority(commonName: string): Promise<TestAuthority> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const keys = await newKeys();
  const signingAlgorithm = algorithm;
  const name = `CN=${commonName}`;
  const ca = await x509.X509CertificateGenerator.createSelfSigned({ name, ...always(), keys, signingAlgorithm, extensions: mayIssue() });
  return authorityOf(ca, keys);
}

function authorityOf(ca: x509.X509Certificate, { privateKey }: CryptoKeyPair): TestAuthority {
  const make = async (
    subject: string,
    publicKey: CryptoKey,
    validity: Validity,
    extensions: x509.Extension[],
  ): Promise<x509.X509Certificate> =>
    x509.X509CertificateGenerator.create({
      subject: `CN=${subject}`,
      issuer: ca.subject,
      ...validity,
      publicKey,
      signingKey: privateKey,
      signingAlgorithm: algorithm,
      extensions,
    });
  return {
    pem: ca.toString('pem'),
    issue: async (subject, validity = always()) => {
      const pair = await newKeys();
      const certificate = await make(subject, pair.publicKey, validity, [
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
      ]);
      const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', pair.privateKey)).toString('base64');
      return { cert: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n` };
    },
    intermediate: async (subject) => {
      const pair = await newKeys();
      return authorityOf(await make(subject, pair.publicKey, always(), mayIssue()), pair);
    },
  };
}
