import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identity, Signer } from '@hyperledger/fabric-gateway';
import { DomainError } from '@lianyi/domain';
import { type Cause, fileCauseOf, pemCauseOf } from '@lianyi/domain/errors';
import { newLowSSigner } from './signer';

/** A channel identity on disk: certificate and private key, PEM. */
export interface IdentityFiles {
  readonly mspId: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface SigningIdentity {
  readonly identity: Identity;
  readonly signer: Signer;
}

/** @throws {@link DomainError} `CERTIFICATE_UNUSABLE`, `KEY_FILE_UNUSABLE` — details: the file and the cause */
export async function loadSigningIdentity({ mspId, certFile, keyFile }: IdentityFiles): Promise<SigningIdentity> {
  const cert = await readText(certFile, 'CERTIFICATE_UNUSABLE');
  const key = await readText(keyFile, 'KEY_FILE_UNUSABLE');
  const certificate = certificateOf(cert, certFile);
  const privateKey = privateKeyIn(key, keyFile);
  if (!certificate.checkPrivateKey(privateKey)) throw unusable('KEY_FILE_UNUSABLE', keyFile, 'key-of-another-certificate');
  return identityOf(mspId, cert, privateKey);
}

/** The same from what the files hold, PEM, which whoever calls has checked. */
export function signingIdentity(mspId: string, cert: string | Buffer, key: string | Buffer): SigningIdentity {
  return identityOf(mspId, cert, createPrivateKey(key));
}

function identityOf(mspId: string, cert: string | Buffer, key: KeyObject): SigningIdentity {
  return { identity: { mspId, credentials: Buffer.from(cert) }, signer: newLowSSigner(key) };
}

/** Finds certificate and key in an `msp` directory as Fabric's tools lay it out: one file in signcerts, its key in keystore. */
export function identityInMspDirectory(mspId: string, mspDirectory: string): Promise<IdentityFiles> {
  return identityInDirectories(mspId, join(mspDirectory, 'signcerts'), join(mspDirectory, 'keystore'));
}

/**
 * The same with the two directories named one by one. Of several keys, as a renewal leaves them, it is the certificate's.
 * @throws {@link DomainError} `CERTIFICATE_UNUSABLE`, `KEY_FILE_UNUSABLE` — details: the folder or file, and the cause
 */
export async function identityInDirectories(mspId: string, certDirectory: string, keyDirectory: string): Promise<IdentityFiles> {
  const certFiles = await filesIn(certDirectory, 'CERTIFICATE_UNUSABLE');
  const [certFile] = certFiles;
  if (certFile === undefined || certFiles.length > 1) throw unusable('CERTIFICATE_UNUSABLE', certDirectory, 'several-certificates');
  const keyFiles = await filesIn(keyDirectory, 'KEY_FILE_UNUSABLE');
  const [sole] = keyFiles;
  if (sole !== undefined && keyFiles.length === 1) return { mspId, certFile, keyFile: sole };
  const certificate = certificateOf(await readText(certFile, 'CERTIFICATE_UNUSABLE'), certFile);
  for (const keyFile of keyFiles) {
    const key = await keyIn(keyFile);
    if (key !== undefined && certificate.checkPrivateKey(key)) return { mspId, certFile, keyFile };
  }
  throw unusable('KEY_FILE_UNUSABLE', keyDirectory, 'key-of-another-certificate');
}

/** A folder of keys may hold anything: what is no key is passed over. */
async function keyIn(file: string): Promise<KeyObject | undefined> {
  const pem = await readFile(file, 'utf8').catch(() => '');
  return unlessDamaged(() => createPrivateKey(pem));
}

type FileCode = 'CERTIFICATE_UNUSABLE' | 'KEY_FILE_UNUSABLE';

async function filesIn(directory: string, code: FileCode): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    throw unusable(code, directory, fileCauseOf(error), error);
  });
  const files = names.filter((name) => !name.startsWith('.')).sort();
  if (files.length === 0) throw unusable(code, directory, 'directory-empty');
  return files.map((name) => join(directory, name));
}

async function readText(file: string, code: FileCode): Promise<string> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    throw unusable(code, file, fileCauseOf(error), error);
  });
}

function certificateOf(pem: string, file: string): X509Certificate {
  const fault = pemCauseOf(pem, 'certificate');
  if (fault !== undefined) throw unusable('CERTIFICATE_UNUSABLE', file, fault.cause);
  const certificate = unlessDamaged(() => new X509Certificate(pem));
  if (certificate === undefined) throw unusable('CERTIFICATE_UNUSABLE', file, 'certificate-damaged');
  return certificate;
}

function privateKeyIn(pem: string, file: string): KeyObject {
  const fault = pemCauseOf(pem, 'private key');
  if (fault !== undefined) throw unusable('KEY_FILE_UNUSABLE', file, fault.cause);
  const key = unlessDamaged(() => createPrivateKey(pem));
  if (key === undefined) throw unusable('KEY_FILE_UNUSABLE', file, 'key-damaged');
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw unusable('KEY_FILE_UNUSABLE', file, 'key-other-kind');
  return key;
}

/** OpenSSL's message may quote the input, so it is not kept. */
function unlessDamaged<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function unusable(code: FileCode, file: string, cause: Cause, error?: unknown): DomainError {
  return new DomainError(code, undefined, { file, cause }, { cause: error });
}
