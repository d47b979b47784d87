import { createPrivateKey, type KeyObject } from 'node:crypto';
import { open } from 'node:fs/promises';
import { DomainError } from '@lianyi/domain';
import { fileCauseOf, pemCauseOf } from '@lianyi/domain/errors';
import { keyObjectOf, privateKeyOf } from '../crypto/node';
import { type PrivateKey } from '../crypto/private-key';
import { newPrivateKey } from '../signing/p256';
import { createDurably } from './durable-write';

/**
 * Makes a P-256 key and stores it as PKCS #8 PEM with mode 0600.
 *
 * @throws {@link DomainError} `ALREADY_EXISTS` — a key file is never overwritten: what it opened would be lost.
 */
export async function createKeyFile(path: string): Promise<PrivateKey> {
  const privateKey = newPrivateKey();
  await createDurably(path, keyObjectOf(privateKey).export({ format: 'pem', type: 'pkcs8' }));
  return privateKey;
}

/**
 * Loads a P-256 private key from a PEM file.
 *
 * @throws {@link DomainError} `KEY_FILE_UNUSABLE` — missing, readable by others, or not a P-256 private key; the message
 * never holds the file's content.
 */
export async function loadKeyFile(path: string): Promise<PrivateKey> {
  const pem = await readOwnerOnly(path);
  const fault = pemCauseOf(pem, 'private key');
  if (fault !== undefined) throw new DomainError('KEY_FILE_UNUSABLE', undefined, { path, ...fault });
  const keyObject = parsed(pem);
  if (keyObject === undefined) throw new DomainError('KEY_FILE_UNUSABLE', undefined, { path, cause: 'key-damaged' });
  const privateKey = privateKeyOf(keyObject);
  if (privateKey !== undefined) return privateKey;
  const seen = keyObject.asymmetricKeyDetails?.namedCurve ?? keyObject.asymmetricKeyType ?? 'unknown';
  throw new DomainError('KEY_FILE_UNUSABLE', undefined, { path, cause: 'key-other-kind', seen });
}

/** Reads a file that holds a secret; refuses one that others may read, because then it holds none. */
export async function readOwnerOnly(path: string): Promise<string> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new DomainError('KEY_FILE_UNUSABLE', undefined, { path, cause: fileCauseOf(error) }, { cause: error });
  });
  try {
    // the mode of the opened file, not of the path: nothing can be swapped in between. Windows has no such modes.
    const { mode } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new DomainError('KEY_FILE_UNUSABLE', 'the file is readable by others; set its mode to 0600', { path });
    }
    return await file.readFile('utf8');
  } catch (error) {
    throw error instanceof DomainError
      ? error
      : new DomainError('KEY_FILE_UNUSABLE', undefined, { path, cause: fileCauseOf(error) }, { cause: error });
  } finally {
    await file.close();
  }
}

function parsed(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // OpenSSL's message may quote the input, so it is not kept as a cause
    return undefined;
  }
}
