import 'reflect-metadata';
import { type KeyObject, X509Certificate, verify } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { curveOrder, isLowS, parseEcdsaSignature, readDer, toP1363 } from '../crypto/der';
import { decodePem } from './pem';
import { missingFieldOf } from './revocation-list-fields';

/** What an MSP asks of an X.509 certificate, parsed once. */
export interface Certificate {
  readonly pem: string;
  readonly raw: Buffer;
  /** Hex, upper or lower case as the library gives it; compare only with its own kind. */
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuer: string;
  readonly organizationalUnits: readonly string[];
  readonly subjectKeyId?: string;
  readonly isCa: boolean;
  readonly notBeforeMillis: number;
  readonly notAfterMillis: number;
  readonly publicKey: KeyObject;
  /** Order of the key's curve; `undefined` for anything but P-256 and P-384, which cannot sign here. */
  readonly curveOrder?: bigint;
  isSignedBy(issuer: Certificate): boolean;
}

/** Certificates kept parsed, by their text; beyond that the oldest is forgotten. */
const MOST_KEPT = 500;
const kept = new Map<string, Certificate>();

/**
 * Parses the first certificate of a PEM text; `undefined` if there is none.
 *
 * The same text gives the same object: a channel's configuration names each authority several times, and is read anew for every stream.
 */
export function parseCertificate(pem: string): Certificate | undefined {
  const known = kept.get(pem);
  if (known) return known;
  const raw = decodePem(pem)?.content;
  if (!raw) return undefined;
  try {
    return keep(describe(pem, raw));
  } catch {
    return undefined; // both libraries throw on bytes that are not a certificate; the caller refuses the identity
  }
}

function keep(certificate: Certificate): Certificate {
  const oldest = kept.size >= MOST_KEPT ? kept.keys().next().value : undefined;
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(certificate.pem, certificate);
  return certificate;
}

function describe(pem: string, raw: Buffer<ArrayBuffer>): Certificate {
  const node = new X509Certificate(raw);
  const parsed = new x509.X509Certificate(raw);
  const subjectKeyId = parsed.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  const order = curveOrder(node.publicKey.asymmetricKeyDetails?.namedCurve ?? '');
  return {
    pem,
    raw,
    serialNumber: parsed.serialNumber.toLowerCase(),
    subject: Buffer.from(parsed.subjectName.toArrayBuffer()).toString('hex'),
    issuer: Buffer.from(parsed.issuerName.toArrayBuffer()).toString('hex'),
    organizationalUnits: parsed.subjectName.getField('OU'),
    ...(subjectKeyId === undefined ? {} : { subjectKeyId: subjectKeyId.toLowerCase() }),
    isCa: node.ca,
    notBeforeMillis: parsed.notBefore.getTime(),
    notAfterMillis: parsed.notAfter.getTime(),
    publicKey: node.publicKey,
    ...(order === undefined ? {} : { curveOrder: order }),
    // Node's checkIssued refuses an AuthorityKeyIdentifier that is not the CA's SKI; Go does not: name and signature decide
    isSignedBy: (issuer) => node.verify(issuer.publicKey),
  };
}

/** bccsp/sw/ecdsa.go verifyECDSA over SHA-256: DER, low-S. */
export function isSignatureOf(certificate: Certificate, message: Buffer, signature: Buffer): boolean {
  const order = certificate.curveOrder;
  const parsed = parseEcdsaSignature(signature);
  if (order === undefined || !parsed || !isLowS(parsed, order)) return false;
  const raw = toP1363(parsed, order);
  return raw !== undefined && verify('sha256', message, { key: certificate.publicKey, dsaEncoding: 'ieee-p1363' }, raw);
}

export interface RevocationList {
  /** Absent in a malformed list, which then locks out the whole MSP. */
  readonly authorityKeyId?: string;
  readonly revokedSerialNumbers: ReadonlySet<string>;
  /** Name of the first field that it lacks of those RFC 5280 demands; absent: it has all. */
  readonly missingField?: string;
  isSignedBy(issuer: Certificate): boolean;
}

/** The label that Go looks for, and only at the very beginning (crypto/x509/x509.go pemCRLPrefix, pemType). */
const REVOCATION_LIST = 'X509 CRL';

/**
 * Parses a CRL of an MSP configuration, in DER or PEM; of a string each letter is a byte.
 * @throws Error — it is none (Fabric refuses such a configuration).
 * @remarks Source: Go crypto/x509/x509.go ParseCRL, which fabric msp/mspimplsetup.go setupCRLs calls.
 */
export function parseRevocationList(list: Uint8Array | string): RevocationList {
  const raw = derOfRevocationList(typeof list === 'string' ? Buffer.from(list, 'latin1') : Buffer.from(list));
  if (readDer(raw)?.end !== raw.length) throw new Error('could not parse RevocationList: neither DER nor PEM labelled X509 CRL');
  return describeRevocationList(raw);
}

function derOfRevocationList(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  const text = bytes.toString('latin1');
  const block = text.startsWith(`-----BEGIN ${REVOCATION_LIST}`) ? decodePem(text) : undefined;
  return block?.label === REVOCATION_LIST ? block.content : bytes;
}

function describeRevocationList(raw: Buffer<ArrayBuffer>): RevocationList {
  const list = new x509.X509Crl(raw);
  const authorityKeyId = list.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId;
  const signed = signedPart(raw);
  const missingField = missingFieldOf(raw);
  return {
    ...(missingField === undefined ? {} : { missingField }),
    ...(authorityKeyId === undefined ? {} : { authorityKeyId: authorityKeyId.toLowerCase() }),
    revokedSerialNumbers: new Set(list.entries.map((entry) => entry.serialNumber.toLowerCase())),
    isSignedBy: (issuer) => verify('sha256', signed.toBeSigned, issuer.publicKey, signed.signature),
  };
}

/** CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signature BIT STRING } (RFC 5280 §5.1). */
function signedPart(raw: Buffer): { toBeSigned: Buffer; signature: Buffer } {
  const content = readDer(raw)?.content;
  const toBeSigned = content && readDer(content);
  const algorithm = toBeSigned && readDer(content, toBeSigned.end);
  const signature = algorithm && readDer(content, algorithm.end);
  if (!signature) throw new Error('could not parse RevocationList: not a CertificateList');
  return { toBeSigned: content.subarray(0, toBeSigned.end), signature: signature.content.subarray(1) };
}
