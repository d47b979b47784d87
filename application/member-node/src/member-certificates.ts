import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { encodeBase64url, type MspId, type Sha256, sha256 } from '@lianyi/domain';
import { certificatesInPem } from '@lianyi/domain/errors';

export interface MemberAuthority {
  readonly mspId: MspId;
  /** One certificate or several, as a bundle: every one is an authority of the member. */
  readonly caPem: string;
}

/** A client certificate that one of the members' TLS authorities issued. */
export interface MemberCertificate {
  readonly mspId: MspId;
  /** SHA-256 of the certificate's DER, as the ledger's directory names an endpoint. */
  readonly tlsSha256: Sha256;
}

/** All certificates of a PEM file. @throws Error — there is none, or one cannot be read. */
export function certificatesOf(pem: string): readonly X509Certificate[] {
  const found = certificatesInPem(pem).map((text) => new X509Certificate(text));
  if (found.length === 0) throw new Error('there is no certificate in it');
  return found;
}

/**
 * Says which member a TLS client certificate belongs to: the one whose TLS authority issued it, and no other sign counts.
 *
 * An authority below a root stands in its member's bundle, with the root. So members whose authorities share a root are told apart: an
 * authority that several members name vouches in the handshake and is nobody's. What an authority that no bundle names has issued is
 * nobody's either, though its chain may be good.
 */
export class MemberCertificates {
  #named: readonly X509Certificate[] = [];
  #authorities: readonly { mspId: MspId; certificate: X509Certificate }[] = [];

  /** @throws as {@link replace} */
  constructor(authorities: readonly MemberAuthority[]) {
    this.replace(authorities);
  }

  /**
   * From now on these members count: one has joined or left.
   * @throws if a member names no authority that is not another's too: then nobody could tell them apart, and those known before still
   * count; or if a file holds no certificate.
   */
  replace(authorities: readonly MemberAuthority[]): void {
    const read = authorities.flatMap(({ mspId, caPem }) => certificatesOf(caPem).map((certificate) => ({ mspId, certificate })));
    const owners = new Map<string, Set<MspId>>();
    for (const { mspId, certificate } of read) owners.set(keyOf(certificate), (owners.get(keyOf(certificate)) ?? new Set()).add(mspId));
    const own = read.filter(({ certificate }) => owners.get(keyOf(certificate))?.size === 1);
    if (authorities.some(({ mspId }) => !own.some((each) => each.mspId === mspId)))
      throw new Error('two members name the same TLS authority');
    this.#named = read.map(({ certificate }) => certificate);
    this.#authorities = own;
  }

  /** Who the members are. */
  get mspIds(): readonly MspId[] {
    return [...new Set(this.#authorities.map(({ mspId }) => mspId))];
  }

  /** The authorities for the TLS handshake, PEM. */
  get caPems(): readonly string[] {
    return [...new Set(this.#named.map((certificate) => certificate.toString()))];
  }

  /** Undefined when the caller showed no certificate or one that OpenSSL did not verify against the members' authorities. */
  ofSocket(socket: TLSSocket): MemberCertificate | undefined {
    if (!socket.authorized) return undefined;
    const certificate = socket.getPeerX509Certificate();
    return certificate === undefined ? undefined : this.of(certificate);
  }

  of(certificate: X509Certificate): MemberCertificate | undefined {
    const authority = this.#authorities.find((each) => hasIssued(each.certificate, certificate));
    return authority === undefined ? undefined : { mspId: authority.mspId, tlsSha256: fingerprintOf(certificate) };
  }
}

function keyOf(certificate: X509Certificate): string {
  return encodeBase64url(certificate.publicKey.export({ type: 'spki', format: 'der' }));
}

/** Issuer name, right to issue, and signature decide; Node's checkIssued also wants matching key identifiers, which Fabric's CAs need not write. */
function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && issuer.subject === certificate.issuer && certificate.verify(issuer.publicKey);
}

/** SHA-256 of a certificate's DER, base64url: `tlsSha256` of an endpoint. */
export function fingerprintOf(certificate: X509Certificate): Sha256 {
  return sha256(certificate.raw);
}
