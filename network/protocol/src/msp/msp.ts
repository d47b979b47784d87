import { createHash } from 'node:crypto';
import { bytesOf, type msp } from '../wire/proto';
import { type Certificate, parseCertificate, parseRevocationList, type RevocationList } from './certificate';
import { type NodeRole } from './channel-identity';
import { type MspIdentity, newIdentity } from './identity';

interface OuIdentifier {
  readonly unit: string;
  /** Empty: any certification path is fine. */
  readonly certifiersId: Buffer;
}

/** One organisation's X.509 membership service (msp/mspimpl.go, MSP version 1.4.3). */
export class Msp {
  readonly id: string;
  readonly tlsRootCertificates: readonly string[];
  readonly #roots: readonly Certificate[];
  readonly #intermediates: readonly Certificate[];
  readonly #admins: readonly Certificate[];
  readonly #revocationLists: readonly RevocationList[];
  readonly #requiredUnits: readonly OuIdentifier[];
  /** `undefined`: NodeOUs are off and roles cannot be told apart. */
  readonly #nodeUnits: ReadonlyMap<NodeRole, OuIdentifier> | undefined;

  constructor(config: msp.FabricMSPConfig) {
    this.id = config.getName();
    this.#roots = config.getRootCertsList_asU8().map((pem) => this.#authority(pem));
    this.#intermediates = config.getIntermediateCertsList_asU8().map((pem) => this.#authority(pem));
    this.#admins = config.getAdminsList_asU8().map((pem) => this.#certificate(pem));
    this.#revocationLists = config.getRevocationListList_asU8().map((list) => parseRevocationList(list));
    this.#requiredUnits = config.getOrganizationalUnitIdentifiersList().map((unit) => this.#ouIdentifier(unit));
    this.#nodeUnits = this.#readNodeUnits(config.getFabricNodeOus());
    this.tlsRootCertificates = config.getTlsRootCertsList_asU8().map((pem) => bytesOf(pem).toString());
  }

  /** Finds the chain; `undefined` when the bytes are no certificate of this MSP (msp/mspimpl.go sanitizeCert). */
  deserialize(serialized: Buffer, pem: string): MspIdentity | undefined {
    const certificate = parseCertificate(pem);
    if (!certificate) return undefined;
    const issuers = this.#issuersOf(certificate);
    return issuers && newIdentity(this.id, serialized, certificate, { issuers, certifiersId: certifiersId(issuers) });
  }

  /** msp/mspimplvalidate.go validateIdentity. Expiry is deliberately not looked at. */
  invalidReason(identity: MspIdentity): string | undefined {
    if (identity.certificate.isCa) {
      return 'could not obtain certification chain: An X509 certificate with Basic Constraint: Certificate Authority equals true cannot be used as an identity';
    }
    const revoked = this.#revocationReason(identity);
    if (revoked !== undefined) return `could not validate identity against certification chain: ${revoked}`;
    const units = this.#unitsReason(identity);
    return units === undefined ? undefined : `could not validate identity's OUs: ${units}`;
  }

  isAdminCertificate(identity: MspIdentity): boolean {
    return this.#admins.some((admin) => admin.raw.equals(identity.certificate.raw));
  }

  /** Whether NodeOUs are on and the identity carries the role's OU. Validity is the caller's business. */
  hasRole(identity: MspIdentity, role: NodeRole): boolean {
    const unit = this.#nodeUnits?.get(role);
    return unit !== undefined && identity.certificate.organizationalUnits.includes(unit.unit);
  }

  #certificate(pem: Uint8Array): Certificate {
    const certificate = parseCertificate(bytesOf(pem).toString());
    if (!certificate) throw new Error(`MSP ${this.id}: the configuration holds something that is not a certificate`);
    return certificate;
  }

  #authority(pem: Uint8Array): Certificate {
    const certificate = this.#certificate(pem);
    if (!certificate.isCa) throw new Error(`MSP ${this.id}: a certificate without CA=true is configured as a certificate authority`);
    return certificate;
  }

  #ouIdentifier(unit: msp.FabricOUIdentifier): OuIdentifier {
    const pem = unit.getCertificate_asU8();
    if (pem.length === 0) return { unit: unit.getOrganizationalUnitIdentifier(), certifiersId: Buffer.alloc(0) };
    const authority = this.#certificate(pem);
    const issuers = this.#roots.some((root) => root.raw.equals(authority.raw)) ? [] : (this.#issuersOf(authority) ?? []);
    return { unit: unit.getOrganizationalUnitIdentifier(), certifiersId: certifiersId([authority, ...issuers]) };
  }

  #readNodeUnits(config: msp.FabricNodeOUs | undefined): ReadonlyMap<NodeRole, OuIdentifier> | undefined {
    if (!config?.getEnable()) return undefined;
    const units = [
      ['client', config.getClientOuIdentifier()],
      ['peer', config.getPeerOuIdentifier()],
      ['admin', config.getAdminOuIdentifier()],
      ['orderer', config.getOrdererOuIdentifier()],
    ] as const;
    return new Map(units.flatMap(([role, unit]) => (unit ? [[role, this.#ouIdentifier(unit)] as const] : [])));
  }

  /**
   * The chain at one second after the certificate's start (msp/mspimpl.go getValidityOptsForCert): a certificate that
   * starts before its CA has none, an expired one has. A CA above an intermediate may not issue identities.
   */
  #issuersOf(certificate: Certificate): readonly Certificate[] | undefined {
    const at = certificate.notBeforeMillis + 1000;
    const chain: Certificate[] = [];
    let current = certificate;
    for (let depth = 0; depth < 10; depth++) {
      const issuer = [...this.#intermediates, ...this.#roots].find(
        (candidate) => candidate.subject === current.issuer && current.isSignedBy(candidate),
      );
      if (!issuer || at < issuer.notBeforeMillis || at > issuer.notAfterMillis) return undefined;
      chain.push(issuer);
      if (this.#roots.includes(issuer)) return this.#hasInternalParent(chain) ? undefined : chain;
      current = issuer;
    }
    return undefined;
  }

  #hasInternalParent([parent]: readonly Certificate[]): boolean {
    return this.#intermediates.some((intermediate) => intermediate.issuer === parent?.subject);
  }

  #revocationReason({ certificate, issuers: [issuer] }: MspIdentity): string | undefined {
    if (issuer?.subjectKeyId === undefined) {
      return 'could not obtain Subject Key Identifier for signer cert: subjectKeyIdentifier not found in certificate';
    }
    for (const list of this.#revocationLists) {
      if (list.authorityKeyId === undefined) {
        return 'could not obtain Authority Key Identifier for crl: authorityKeyIdentifier not found in certificate';
      }
      const isRevoked = list.authorityKeyId === issuer.subjectKeyId && list.revokedSerialNumbers.has(certificate.serialNumber);
      if (isRevoked && list.isSignedBy(issuer)) return 'The certificate has been revoked';
    }
    return undefined;
  }

  /** msp/mspimplvalidate.go validateIdentityOUsV142. */
  #unitsReason({ certificate: { organizationalUnits }, certifiersId }: MspIdentity): string | undefined {
    const required = this.#requiredUnits;
    if (
      required.length > 0 &&
      !required.some(({ unit, certifiersId: id }) => organizationalUnits.includes(unit) && id.equals(certifiersId))
    ) {
      return organizationalUnits.length === 0
        ? 'the identity certificate does not contain an Organizational Unit (OU)'
        : `none of the identity's organizational units ${printUnits(organizationalUnits)} are in MSP ${this.id}`;
    }
    if (!this.#nodeUnits) return undefined;
    const special = [...this.#nodeUnits.values()];
    const matched = organizationalUnits.flatMap((unit) => special.find((candidate) => candidate.unit === unit) ?? []);
    const suffix = `OUs: ${printUnits(organizationalUnits)}, MSP: [${this.id}]`;
    if (matched.some(({ certifiersId: id }) => id.length > 0 && !id.equals(certifiersId))) {
      return `certifiersIdentifier does not match: ${printUnits(organizationalUnits)}, MSP: [${this.id}]`;
    }
    if (matched.length === 0) return `the identity does not have an OU that resolves to client, peer, orderer, or admin role. ${suffix}`;
    if (matched.length > 1) {
      return `the identity must have a client, a peer, an orderer, or an admin OU role to be valid, not a combination of them. ${suffix}`;
    }
    return undefined;
  }

  /** Certifiers ids an OU principal may name. */
  hasUnit(identity: MspIdentity, unit: string, certifiers: Buffer): boolean {
    return identity.certificate.organizationalUnits.includes(unit) && identity.certifiersId.equals(certifiers);
  }
}

function printUnits(units: readonly string[]): string {
  return `[${units.join(' ')}]`;
}

function certifiersId(certificates: readonly Certificate[]): Buffer {
  const hash = createHash('sha256');
  for (const { raw } of certificates) hash.update(raw);
  return hash.digest();
}
