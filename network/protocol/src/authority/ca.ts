import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { parseCertificate } from '../msp/certificate';
import { attributesExtension } from './attributes';
import { curveOrder, isLowS, parseEcdsaSignature } from '../crypto/der';

export const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
export const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };
const YEAR_MILLIS = 365 * 24 * 3_600_000;
/** Certificates start a little in the past so that a client whose clock lags is not refused. */
const BACKDATE_MILLIS = 5 * 60_000;

export interface KeyAndCertificate {
  readonly certificatePem: string;
  /** PKCS#8 PEM. */
  readonly privateKeyPem: string;
}

export interface CertificateAuthority extends KeyAndCertificate {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: CryptoKey;
}

interface IdentityRequest {
  readonly commonName: string;
  readonly organization: string;
  /** NodeOU: client, peer, admin or orderer; several or none only in tests. */
  readonly organizationalUnits: readonly string[];
  /** Fabric CA attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

interface TlsRequest {
  readonly commonName: string;
  readonly organization: string;
  /** DNS names; `localhost` and 127.0.0.1 are always added. */
  readonly hosts: readonly string[];
}

export async function newKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

export async function exportPkcs8Pem(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/** SubjectKeyIdentifier as cryptogen computes it: SHA-256 of the uncompressed point (internal/cryptogen/ca/ca.go). */
async function subjectKeyId(publicKey: CryptoKey): Promise<string> {
  const point = Buffer.from(await crypto.subtle.exportKey('raw', publicKey));
  return createHash('sha256').update(point).digest('hex');
}

function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40; // positive and of constant length
  return bytes.toString('hex');
}

/** Repeats the signing until s is low: Fabric would otherwise rewrite the certificate (msp/cert.go sanitizeECDSASignedCert). */
async function lowS(create: () => Promise<x509.X509Certificate>): Promise<x509.X509Certificate> {
  const order = curveOrder('prime256v1') ?? 0n;
  for (;;) {
    const certificate = await create();
    const signature = parseEcdsaSignature(Buffer.from(certificate.signature));
    if (!signature) throw new Error('the certificate library wrote a signature that is not DER');
    if (isLowS(signature, order)) return certificate;
  }
}

/** A self-signed root. One is made for signing identities and one for TLS, as Fabric's operators do. */
export async function createCertificateAuthority(commonName: string, organization: string): Promise<CertificateAuthority> {
  const keys = await newKeyPair();
  const keyId = await subjectKeyId(keys.publicKey);
  const notBefore = new Date(Date.now() - BACKDATE_MILLIS);
  const parameters = {
    serialNumber: newSerialNumber(),
    name: new x509.Name([{ C: ['CN'] }, { O: [organization] }, { CN: [commonName] }]).toString(),
    notBefore,
    notAfter: new Date(notBefore.getTime() + 10 * YEAR_MILLIS),
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature |
          x509.KeyUsageFlags.keyEncipherment |
          x509.KeyUsageFlags.keyCertSign |
          x509.KeyUsageFlags.cRLSign,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectKeyIdentifierExtension(keyId),
    ],
  };
  const certificate = await lowS(() => x509.X509CertificateGenerator.createSelfSigned(parameters));
  return {
    certificate,
    certificatePem: `${certificate.toString('pem')}\n`,
    privateKey: keys.privateKey,
    privateKeyPem: `${await exportPkcs8Pem(keys.privateKey)}\n`,
  };
}

/** Why an authority, perhaps made elsewhere, can issue nothing that peers take. */
export class UnusableAuthority extends Error {
  override readonly name = 'UnusableAuthority';

  constructor(readonly why: 'no-certificate' | 'no-authority' | 'no-key' | 'other-key' | 'other-kind') {
    super(`the authority can issue nothing: ${why}`);
  }
}

/**
 * Restores a CA from its files.
 * @throws {@link UnusableAuthority}
 */
export async function loadCertificateAuthority(pair: KeyAndCertificate): Promise<CertificateAuthority> {
  const certificate = parseCertificate(pair.certificatePem);
  if (certificate === undefined) throw new UnusableAuthority('no-certificate');
  if (!certificate.isCa) throw new UnusableAuthority('no-authority');
  const key = privateKeyIn(pair.privateKeyPem);
  if (!createPublicKey(key).equals(certificate.publicKey)) throw new UnusableAuthority('other-key');
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new UnusableAuthority('other-kind');
  const pkcs8 = key.export({ format: 'der', type: 'pkcs8' });
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, KEY_ALGORITHM, true, ['sign']);
  return { ...pair, certificate: new x509.X509Certificate(new Uint8Array(certificate.raw)), privateKey };
}

/** In PKCS#8 or, as OpenSSL makes keys of curves, in SEC 1. What OpenSSL says of what is none may quote it. */
function privateKeyIn(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new UnusableAuthority('no-key');
  }
}

interface LeafRequest {
  readonly subject: x509.Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly x509.Extension[];
}

async function issue(ca: CertificateAuthority, request: LeafRequest): Promise<KeyAndCertificate> {
  const keys = await newKeyPair();
  const issuerKeyId = ca.certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const parameters = {
    serialNumber: newSerialNumber(),
    subject: request.subject.toString(),
    issuer: ca.certificate.subjectName, // its very bytes: another string type of the same text is another name to Fabric
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: keys.publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.SubjectKeyIdentifierExtension(await subjectKeyId(keys.publicKey)),
      ...(issuerKeyId === undefined ? [] : [new x509.AuthorityKeyIdentifierExtension(issuerKeyId)]),
      ...request.extensions,
    ],
  };
  const certificate = await lowS(() => x509.X509CertificateGenerator.create(parameters));
  return { certificatePem: `${certificate.toString('pem')}\n`, privateKeyPem: `${await exportPkcs8Pem(keys.privateKey)}\n` };
}

function validity(notBefore = new Date(Date.now() - BACKDATE_MILLIS), notAfter?: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore, notAfter: notAfter ?? new Date(notBefore.getTime() + YEAR_MILLIS) };
}

/** Issues a signing certificate whose OU is its role in the MSP. */
export async function issueIdentity(ca: CertificateAuthority, request: IdentityRequest): Promise<KeyAndCertificate> {
  const units = request.organizationalUnits.map((unit) => ({ OU: [unit] }));
  const attributes = request.attributes;
  return issue(ca, {
    subject: new x509.Name([{ O: [request.organization] }, ...units, { CN: [request.commonName] }]),
    // a certificate that starts before its CA has no valid chain (msp/mspimpl.go getValidityOptsForCert)
    ...validity(request.notBefore ?? ca.certificate.notBefore, request.notAfter),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ...(attributes ? [attributesExtension(attributes)] : []),
    ],
  });
}

/** Issues a TLS pair usable as server and as client. */
export async function issueTls(ca: CertificateAuthority, request: TlsRequest): Promise<KeyAndCertificate> {
  return issue(ca, {
    subject: new x509.Name([{ O: [request.organization] }, { CN: [request.commonName] }]),
    ...validity(ca.certificate.notBefore),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      alternativeNames(request.hosts),
    ],
  });
}

/** DNS names of a TLS certificate; `localhost` and 127.0.0.1 are always added. */
export function alternativeNames(hosts: readonly string[]): x509.Extension {
  return new x509.SubjectAlternativeNameExtension([
    ...[...new Set([...hosts, 'localhost'])].map((value) => ({ type: 'dns' as const, value })),
    { type: 'ip' as const, value: '127.0.0.1' },
  ]);
}

/**
 * A certificate revocation list. It must carry the AuthorityKeyIdentifier: Fabric refuses every identity of an MSP that
 * has a list without one (msp/mspimplvalidate.go).
 */
export async function createRevocationList(ca: CertificateAuthority, revokedCertificatePems: readonly string[]): Promise<string> {
  return revokeSerialNumbers(
    ca,
    revokedCertificatePems.map((pem) => new x509.X509Certificate(pem).serialNumber),
  );
}

/** The same by serial numbers, in hexadecimal. `without` an extension only in tests of its refusal. */
export async function revokeSerialNumbers(
  ca: CertificateAuthority,
  serialNumbers: readonly string[],
  { without }: { readonly without?: string } = {},
): Promise<string> {
  const issuerKeyId = ca.certificate.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  if (issuerKeyId === undefined) throw new Error('the certificate authority has no SubjectKeyIdentifier');
  const thisUpdate = new Date();
  const list = await x509.X509CrlGenerator.create({
    issuer: ca.certificate.subjectName, // its very bytes: another string type of the same text is another name to Fabric
    thisUpdate,
    nextUpdate: new Date(thisUpdate.getTime() + YEAR_MILLIS),
    entries: serialNumbers.map((serialNumber) => ({
      serialNumber,
      revocationDate: thisUpdate,
      reason: x509.X509CrlReason.unspecified,
    })),
    extensions: [new x509.AuthorityKeyIdentifierExtension(issuerKeyId), ...crlNumber()].filter(({ type }) => type !== without),
    signingAlgorithm: SIGNING_ALGORITHM,
    signingKey: ca.privateKey,
  });
  // Fabric wants the label `X509 CRL`; the library writes `CRL`
  return `${x509.PemConverter.encode(list.rawData, 'X509 CRL')}\n`;
}

/**
 * Issues the certificate anew: same subject, same key, same extensions, a new serial number and another year, though not
 * beyond the end of its CA. The key stays, so nobody who knows the holder by it (an orderer its fellow orderers) has to be told.
 */
export async function renewCertificate(ca: CertificateAuthority, certificatePem: string): Promise<string> {
  const former = new x509.X509Certificate(certificatePem);
  const notBefore = new Date(Math.max(Date.now() - BACKDATE_MILLIS, ca.certificate.notBefore.getTime()));
  const notAfter = new Date(Math.min(notBefore.getTime() + YEAR_MILLIS, ca.certificate.notAfter.getTime()));
  const parameters = {
    serialNumber: newSerialNumber(),
    subject: former.subjectName,
    issuer: ca.certificate.subjectName, // its very bytes: another string type of the same text is another name to Fabric
    notBefore,
    notAfter,
    publicKey: await former.publicKey.export(KEY_ALGORITHM, ['verify']),
    signingKey: ca.privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: former.extensions,
  };
  return `${(await lowS(() => x509.X509CertificateGenerator.create(parameters))).toString('pem')}\n`;
}

function crlNumber(): x509.Extension[] {
  return [new x509.Extension('2.5.29.20', false, Buffer.from([0x02, 0x01, 0x01]))];
}
