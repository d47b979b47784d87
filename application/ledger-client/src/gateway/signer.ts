import { sign, type KeyObject } from 'node:crypto';
import type { Signer } from '@hyperledger/fabric-gateway';
import { toLowS } from '@lianyi/domain';

const FIELD_BYTES = 32;

/**
 * Builds a signer over whole messages for `hash.none`: OpenSSL hashes and signs in one call.
 *
 * Fabric refuses the upper of the two S values (bccsp/utils/ecdsa.go), and OpenSSL returns either, so S is folded here.
 * The stock signer, in JavaScript, takes about twice the CPU.
 */
export function newLowSSigner(privateKey: KeyObject): Signer {
  if (privateKey.type !== 'private' || privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new TypeError('the signing key must be a P-256 private key');
  }
  return (message) => Promise.resolve(signLowS(privateKey, message));
}

function signLowS(privateKey: KeyObject, message: Uint8Array): Uint8Array {
  const signature = Buffer.from(toLowS(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })));
  return encodeSignature(signature.subarray(0, FIELD_BYTES), signature.subarray(FIELD_BYTES));
}

/** ECDSA-Sig-Value (RFC 3279 §2.2.3): SEQUENCE of two INTEGERs, always shorter than 128 bytes on this curve. */
function encodeSignature(r: Buffer, s: Buffer): Buffer {
  const body = Buffer.concat([encodeInteger(r), encodeInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

function encodeInteger(unsigned: Buffer): Buffer {
  let start = 0;
  while (start < unsigned.length - 1 && unsigned[start] === 0) start += 1;
  const digits = unsigned.subarray(start);
  const needsSignByte = digits.readUInt8(0) >= 0x80;
  const value = needsSignByte ? Buffer.concat([Buffer.of(0), digits]) : digits;
  return Buffer.concat([Buffer.from([0x02, value.length]), value]);
}
