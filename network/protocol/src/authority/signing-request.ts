import 'reflect-metadata';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { alternativeNames, exportPkcs8Pem, KEY_ALGORITHM, newKeyPair, SIGNING_ALGORITHM } from './ca';

interface SigningRequest {
  /** PKCS#10 (RFC 2986). */
  readonly requestPem: string;
  /** PKCS#8 PEM; it leaves this machine never. */
  readonly privateKeyPem: string;
}
export interface RequestedSubject {
  readonly commonName: string;
  readonly organization: string;
  /** DNS names of a TLS certificate; absent for one that only signs. */
  readonly hosts?: readonly string[];
}

async function keyPairOf(privateKeyPem: string): Promise<CryptoKeyPair> {
  const key = createPrivateKey(privateKeyPem);
  const [pkcs8, spki] = [key.export({ type: 'pkcs8', format: 'der' }), createPublicKey(key).export({ type: 'spki', format: 'der' })];
  const [privateKey, publicKey] = await Promise.all([
    crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), KEY_ALGORITHM, true, ['sign']),
    crypto.subtle.importKey('spki', new Uint8Array(spki), KEY_ALGORITHM, true, ['verify']),
  ]);
  return { privateKey, publicKey };
}

/** Asks for a certificate in the holder's name, for a new key or for the one it has. */
export async function createSigningRequest(
  { commonName, organization, hosts }: RequestedSubject,
  privateKeyPem?: string,
): Promise<SigningRequest> {
  const keys = await (privateKeyPem === undefined ? newKeyPair() : keyPairOf(privateKeyPem));
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: new x509.Name([{ O: [organization] }, { CN: [commonName] }]).toString(),
    keys,
    signingAlgorithm: SIGNING_ALGORITHM,
    // an empty list would still be an attribute, which cfssl cannot read
    ...(hosts && { extensions: [alternativeNames(hosts)] }),
  });
  return { requestPem: `${request.toString('pem')}\n`, privateKeyPem: privateKeyPem ?? `${await exportPkcs8Pem(keys.privateKey)}\n` };
}

/** DNS names a TLS certificate is good for. */
export function hostsOf(certificatePem: string): readonly string[] {
  const names = new x509.X509Certificate(certificatePem).getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.filter(({ type }) => type === 'dns').map(({ value }) => value);
}
