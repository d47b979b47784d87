import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { newP256Key } from './fake-gateway.fixture';
import { newLowSSigner } from './signer';

const HALF_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n / 2n;

describe('newLowSSigner', () => {
  it('signs so that OpenSSL verifies the DER, always with the lower S', async () => {
    const key = newP256Key();
    const sign = newLowSSigner(key);
    for (let round = 0; round < 200; round += 1) {
      const message = Buffer.from(`message ${round}`);
      const signature = Buffer.from(await sign(message));
      expect(verify('sha256', message, createPublicKey(key), signature)).toBe(true);
      const rLength = signature.readUInt8(3);
      expect(BigInt(`0x${signature.subarray(4 + rLength + 2).toString('hex')}`) <= HALF_ORDER).toBe(true);
    }
  });

  it('refuses a key of another curve or kind', () => {
    expect(() => newLowSSigner(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey)).toThrow(TypeError);
    expect(() => newLowSSigner(generateKeyPairSync('ed25519').privateKey)).toThrow(TypeError);
    expect(() => newLowSSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)).toThrow(TypeError);
  });
});
