import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { marshal, msp } from './proto';
import { curveOrder, lowSForm } from '../crypto/der';

/** An identity that can sign. */
export interface Signer {
  readonly mspId: string;
  readonly certificatePem: string;
  /** Marshalled msp.SerializedIdentity. */
  readonly serializedIdentity: Buffer;
  /** DER, low-S, over SHA-256 of `bytes`. */
  sign(bytes: Buffer): Buffer;
}

/** msp.SerializedIdentity of a certificate, as every creator and endorser field carries it. */
export function serializeIdentity(mspId: string, certificatePem: string | Uint8Array): Buffer {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certificatePem));
  return marshal(identity);
}

export function createSigner(mspId: string, certificatePem: string, privateKeyPem: string): Signer {
  const key: KeyObject = createPrivateKey(privateKeyPem);
  const order = curveOrder(key.asymmetricKeyDetails?.namedCurve ?? '');
  if (order === undefined) throw new Error(`${mspId}: the signing key is not ECDSA on P-256 or P-384`);
  return {
    mspId,
    certificatePem,
    serializedIdentity: serializeIdentity(mspId, certificatePem),
    sign: (bytes) => lowSForm(sign('sha256', bytes, key), order),
  };
}
