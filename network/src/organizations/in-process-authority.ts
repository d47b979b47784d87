import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Organization } from '../consortium/consortium';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  issueIdentity,
  issueTls,
  type KeyAndCertificate,
  loadCertificateAuthority,
  renewCertificate,
  revokeSerialNumbers,
} from '../crypto/ca';
import { OperatorError } from '../machine/operator-error';
import { type AuthorityOf, type IdentityHolder, type OrganizationAuthority, type TlsHolder, type Withdrawn } from './authority';
import { organizationPaths } from './layout';

/** A CA and a TLS CA in this process, with their keys in the organisation's own folders. */
export class InProcessAuthority implements OrganizationAuthority {
  private constructor(
    private readonly organization: string,
    private readonly ca: CertificateAuthority,
    private readonly tlsCa: CertificateAuthority,
  ) {}

  static async create({ domain }: Organization): Promise<InProcessAuthority> {
    return new InProcessAuthority(
      domain,
      await createCertificateAuthority(`ca.${domain}`, domain),
      await createCertificateAuthority(`tlsca.${domain}`, domain),
    );
  }

  /** @throws {@link OperatorError} `CERTIFICATE_REFUSED` — a key was taken away, as it should be kept. */
  static async load(dataDir: string, organization: Organization): Promise<InProcessAuthority> {
    const { ca, tlsCa } = organizationPaths(dataDir, organization);
    const { domain } = organization;
    return new InProcessAuthority(
      domain,
      await loadCertificateAuthority(readPair(ca, `ca.${domain}`)),
      await loadCertificateAuthority(readPair(tlsCa, `tlsca.${domain}`)),
    );
  }

  get caPem(): string {
    return this.ca.certificatePem;
  }

  get tlsCaPem(): string {
    return this.tlsCa.certificatePem;
  }

  get keys(): { readonly caPem: string; readonly tlsCaPem: string } {
    return { caPem: this.ca.privateKeyPem, tlsCaPem: this.tlsCa.privateKeyPem };
  }

  issueIdentity({ role, ...holder }: IdentityHolder): Promise<KeyAndCertificate> {
    return issueIdentity(this.ca, { ...holder, organization: this.organization, organizationalUnits: [role] });
  }

  issueTls(holder: TlsHolder): Promise<KeyAndCertificate> {
    return issueTls(this.tlsCa, { ...holder, organization: this.organization });
  }

  renew(use: 'identity' | 'tls', { certificatePem }: KeyAndCertificate): Promise<string> {
    return renewCertificate(use === 'identity' ? this.ca : this.tlsCa, certificatePem);
  }

  revoke({ serialNumber, former }: Withdrawn): Promise<string> {
    return revokeSerialNumbers(this.ca, [...former, serialNumber]);
  }

  close(): void {
    // it holds no connection
  }
}

function readPair(folder: string, name: string): KeyAndCertificate {
  const keyFile = join(folder, 'priv_sk');
  if (!existsSync(keyFile))
    throw new OperatorError('CERTIFICATE_REFUSED', `the key of ${name} is not here, so it cannot issue; ask whoever keeps it`);
  return { certificatePem: readFileSync(join(folder, `${name}-cert.pem`), 'utf8'), privateKeyPem: readFileSync(keyFile, 'utf8') };
}

/** Opens each organisation's authorities in this process: those it has, or new ones. */
export const inProcessAuthorities =
  (dataDir: string): AuthorityOf =>
  (organization) =>
    existsSync(organizationPaths(dataDir, organization).root)
      ? InProcessAuthority.load(dataDir, organization)
      : InProcessAuthority.create(organization);
