import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  hkdfSync,
  type KeyObject,
  randomBytes as randomBuffer,
  sign,
  timingSafeEqual,
} from 'node:crypto';
import { TAG_BYTES } from './bytes';
import { type Mac, type Primitives } from './primitives';
import { PrivateKey } from './private-key';

// The form of `#crypto` for Node: OpenSSL.

const CURVE = 'prime256v1';
const SCALAR_BYTES = 32;

/** What OpenSSL makes of a key, made once a key. */
const imported = new WeakMap<PrivateKey, { readonly keyObject: KeyObject; readonly point: Uint8Array }>();

function importKey(privateKey: PrivateKey): { readonly keyObject: KeyObject; readonly point: Uint8Array } {
  const known = imported.get(privateKey);
  if (known !== undefined) return known;
  const scalar = Buffer.from(privateKey.scalar());
  const curve = createECDH(CURVE);
  curve.setPrivateKey(scalar);
  const point = curve.getPublicKey();
  const x = point.subarray(1, 1 + SCALAR_BYTES).toString('base64url');
  const y = point.subarray(1 + SCALAR_BYTES).toString('base64url');
  const jwk = { kty: 'EC', crv: 'P-256', d: scalar.toString('base64url'), x, y };
  const made = { keyObject: createPrivateKey({ key: jwk, format: 'jwk' }), point };
  imported.set(privateKey, made);
  return made;
}

/** The key as Node's own functions take it. */
export function keyObjectOf(privateKey: PrivateKey): KeyObject {
  return importKey(privateKey).keyObject;
}

/** A key of Node's as the client's; undefined unless it is a private key on P-256. */
export function privateKeyOf(keyObject: KeyObject): PrivateKey | undefined {
  if (keyObject.type !== 'private' || keyObject.asymmetricKeyDetails?.namedCurve !== CURVE) return undefined;
  const { d } = keyObject.export({ format: 'jwk' });
  return d === undefined ? undefined : new PrivateKey(Buffer.from(d, 'base64url'));
}

function newPrivateKey(): PrivateKey {
  const curve = createECDH(CURVE);
  curve.generateKeys();
  const digits = curve.getPrivateKey();
  // OpenSSL leaves leading zeros out
  return new PrivateKey(Buffer.concat([Buffer.alloc(SCALAR_BYTES - digits.length), digits]));
}

function hmac(hash: 'sha256' | 'sha512', key: Uint8Array): Mac {
  const state = createHmac(hash, key);
  const mac: Mac = {
    update: (bytes) => {
      state.update(bytes);
      return mac;
    },
    digest: () => state.digest(),
  };
  return mac;
}

function sealAesGcm(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function openAesGcm(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < TAG_BYTES) return undefined;
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(0, end));
  try {
    // nothing has been handed out yet: `plaintext` leaves this function only after the tag was found good
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return undefined;
  }
}

export const primitives: Primitives = {
  equalBytes: (left, right) => left.length === right.length && timingSafeEqual(left, right),
  randomBytes: (length) => randomBuffer(length),
  hmac,
  hkdfSha256: (inputKey, salt, info, length) => new Uint8Array(hkdfSync('sha256', inputKey, salt, info, length)),
  sealAesGcm,
  openAesGcm,
  newPrivateKey,
  publicPointOf: (privateKey) => importKey(privateKey).point,
  signP256: (privateKey, message) => sign('sha256', message, { key: keyObjectOf(privateKey), dsaEncoding: 'ieee-p1363' }),
};
