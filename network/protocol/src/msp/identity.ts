import { type Certificate, isSignatureOf } from './certificate';
import { type ChannelIdentity } from './channel-identity';

/** An identity whose chain to one of its MSP's CAs is known. */
export interface MspIdentity extends ChannelIdentity {
  readonly certificate: Certificate;
  /** From the issuer to the root. */
  readonly issuers: readonly Certificate[];
  /** SHA-256 over the issuers' certificates: Fabric's certifiers identifier. */
  readonly certifiersId: Buffer;
}

export function newIdentity(
  mspId: string,
  serialized: Buffer,
  certificate: Certificate,
  chain: Pick<MspIdentity, 'issuers' | 'certifiersId'>,
): MspIdentity {
  return {
    ...chain,
    mspId,
    serialized,
    certificate,
    certificatePem: certificate.pem,
    expiresAtMillis: certificate.notAfterMillis,
    verify: (message, signature) => isSignatureOf(certificate, message, signature),
  };
}
