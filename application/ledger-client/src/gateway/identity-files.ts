import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Identity, Signer } from '@hyperledger/fabric-gateway';
import { newLowSSignerFromPem } from './signer';

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

export async function loadSigningIdentity(files: IdentityFiles): Promise<SigningIdentity> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
  return signingIdentity(files.mspId, cert, key);
}

/** The same from what the files hold, PEM. */
export function signingIdentity(mspId: string, cert: string | Buffer, key: string | Buffer): SigningIdentity {
  return { identity: { mspId, credentials: Buffer.from(cert) }, signer: newLowSSignerFromPem(key) };
}

/** Finds certificate and key in an `msp` directory as Fabric's tools lay it out: one file in signcerts, one in keystore. */
export function identityInMspDirectory(mspId: string, mspDirectory: string): Promise<IdentityFiles> {
  return identityInDirectories(mspId, join(mspDirectory, 'signcerts'), join(mspDirectory, 'keystore'));
}

/** The same with the two directories named one by one. */
export async function identityInDirectories(mspId: string, certDirectory: string, keyDirectory: string): Promise<IdentityFiles> {
  const [certFile, keyFile] = await Promise.all([onlyFile(certDirectory), onlyFile(keyDirectory)]);
  return { mspId, certFile, keyFile };
}

async function onlyFile(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
  const [name] = names;
  if (name === undefined || names.length > 1) throw new Error(`expected exactly one file in ${directory}, found ${names.length}`);
  return join(directory, name);
}
