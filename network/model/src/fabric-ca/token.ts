import { createPrivateKey, sign } from 'node:crypto';
import { curveOrder, type KeyAndCertificate, lowSForm } from '@lianyi/fabric-protocol';

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

/**
 * The authorization header of a request that its caller signs: certificate and signature over method, path with query, body
 * and certificate.
 * @remarks Source: fabric-ca util/util.go GenECDSAToken. Low-S, as its BCCSP signs and verifies.
 */
export function createToken({ certificatePem, privateKeyPem }: KeyAndCertificate, method: string, path: string, body: Buffer): string {
  const certificate = base64(certificatePem);
  const payload = [method, base64(path), base64(body), certificate].join('.');
  const key = createPrivateKey(privateKeyPem);
  const order = curveOrder(key.asymmetricKeyDetails?.namedCurve ?? '');
  if (order === undefined) throw new Error('the key of the caller is not ECDSA on P-256 or P-384');
  return `${certificate}.${base64(lowSForm(sign('sha256', Buffer.from(payload), key), order))}`;
}

/** The authorization header of a first enrolment. @remarks Source: RFC 7617. */
export function basicAuthorization(name: string, secret: string): string {
  return `Basic ${base64(`${name}:${secret}`)}`;
}
