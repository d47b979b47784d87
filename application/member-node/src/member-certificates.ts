import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { encodeBase64url, type MspId, type Sha256, sha256 } from '@lianyi/domain';

export interface MemberAuthority {
  readonly mspId: MspId;
  readonly caPem: string;
}

/** A client certificate that one of the members' TLS authorities issued. */
export interface MemberCertificate {
  readonly mspId: MspId;
  /** SHA-256 of the certificate's DER, as the ledger's directory names an endpoint. */
  readonly tlsSha256: Sha256;
}

/** Says which member a TLS client certificate belongs to: the one whose TLS authority issued it, and no other sign counts. */
export class MemberCertificates {
  #authorities: readonly { mspId: MspId; certificate: X509Certificate }[] = [];

  /** @throws as {@link replace} */
  constructor(authorities: readonly MemberAuthority[]) {
    this.replace(authorities);
  }

  /**
   * From now on these members count: one has joined or left.
   * @throws if two members name the same authority: then nobody could tell them apart, and those known before still count.
   */
  replace(authorities: readonly MemberAuthority[]): void {
    const read = authorities.map(({ mspId, caPem }) => ({ mspId, certificate: new X509Certificate(caPem) }));
    const keys = read.map(({ certificate }) => encodeBase64url(certificate.publicKey.export({ type: 'spki', format: 'der' })));
    if (new Set(keys).size !== keys.length) throw new Error('two members name the same TLS authority');
    this.#authorities = read;
  }

  /** The authorities for the TLS handshake, PEM. */
  get caPems(): readonly string[] {
    return this.#authorities.map(({ certificate }) => certificate.toString());
  }

  /** Undefined when the caller showed no certificate or one that OpenSSL did not verify against the members' authorities. */
  ofSocket(socket: TLSSocket): MemberCertificate | undefined {
    if (!socket.authorized) return undefined;
    const certificate = socket.getPeerX509Certificate();
    return certificate === undefined ? undefined : this.of(certificate);
  }

  of(certificate: X509Certificate): MemberCertificate | undefined {
    // issuer name and signature decide; Node's checkIssued also wants matching key identifiers, which Fabric's CAs need not write
    const issuer = this.#authorities.find(
      (authority) => authority.certificate.subject === certificate.issuer && certificate.verify(authority.certificate.publicKey),
    );
    return issuer === undefined ? undefined : { mspId: issuer.mspId, tlsSha256: fingerprintOf(certificate) };
  }
}

/** SHA-256 of a certificate's DER, base64url: `tlsSha256` of an endpoint. */
export function fingerprintOf(certificate: X509Certificate): Sha256 {
  return sha256(certificate.raw);
}
