import { gcm } from '@noble/ciphers/aes.js';
import { p256 } from '@noble/curves/nist.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac as newHmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { type Mac, type Primitives } from './primitives';
import { PrivateKey } from './private-key';

// The form of `#crypto` for browsers: audited JavaScript, and the browser's own source of randomness.

const hashes = { sha256, sha512 } as const;

function hmac(hash: 'sha256' | 'sha512', key: Uint8Array): Mac {
  const state = newHmac.create(hashes[hash], key);
  const mac: Mac = {
    update: (bytes) => {
      state.update(bytes);
      return mac;
    },
    digest: () => state.digest(),
  };
  return mac;
}

function openAesGcm(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  try {
    return gcm(key, nonce).decrypt(sealed);
  } catch {
    return undefined;
  }
}

function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
  return difference === 0;
}

export const primitives: Primitives = {
  equalBytes,
  randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  hmac,
  hkdfSha256: (inputKey, salt, info, length) => hkdf(sha256, inputKey, salt, info, length),
  sealAesGcm: (key, nonce, plaintext) => gcm(key, nonce).encrypt(plaintext),
  openAesGcm,
  newPrivateKey: () => new PrivateKey(p256.utils.randomSecretKey()),
  publicPointOf: (privateKey) => p256.getPublicKey(privateKey.scalar(), false),
  signP256: (privateKey, message) => p256.sign(message, privateKey.scalar()),
};
