import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  issueIdentity,
  issueTls,
  type KeyAndCertificate,
  loadCertificateAuthority,
  renewCertificate,
  revokeSerialNumbers,
  UnusableAuthority,
} from '@lianyi/fabric-protocol';
import { type Organization } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { type Sentence } from '../machine/sentence';
import { type AuthorityOf, type IdentityHolder, type OrganizationAuthority, type TlsHolder, type Withdrawn } from './authority';
import { organizationPaths } from './layout';

/** One of the two; where only its certificate is at hand, it is of use to nobody who wants something issued. */
interface Signing {
  readonly certificatePem: string;
  /** @throws {@link OperatorError} `CERTIFICATE_REFUSED` — the key was taken away, as it should be kept. */
  readonly load: () => Promise<CertificateAuthority>;
}

/** A CA and a TLS CA in this process, with their keys in the organisation's own folders. */
export class InProcessAuthority implements OrganizationAuthority {
  private constructor(
    private readonly organization: string,
    private readonly ca: Signing,
    private readonly tlsCa: Signing,
    /** Of new ones, to be written. */
    readonly keys?: { readonly caPem: string; readonly tlsCaPem: string },
  ) {}

  static async create({ domain }: Organization): Promise<InProcessAuthority> {
    const [ca, tlsCa] = await Promise.all([
      createCertificateAuthority(`ca.${domain}`, domain),
      createCertificateAuthority(`tlsca.${domain}`, domain),
    ]);
    const keys = { caPem: ca.privateKeyPem, tlsCaPem: tlsCa.privateKeyPem };
    return new InProcessAuthority(domain, signingOf(ca), signingOf(tlsCa), keys);
  }

  static load(dataDir: string, organization: Organization): InProcessAuthority {
    const { ca, tlsCa } = organizationPaths(dataDir, organization);
    const { domain } = organization;
    return new InProcessAuthority(domain, signingIn(ca, `ca.${domain}`), signingIn(tlsCa, `tlsca.${domain}`));
  }

  get caPem(): string {
    return this.ca.certificatePem;
  }

  get tlsCaPem(): string {
    return this.tlsCa.certificatePem;
  }

  async issueIdentity({ role, ...holder }: IdentityHolder): Promise<KeyAndCertificate> {
    return issueIdentity(await this.ca.load(), { ...holder, organization: this.organization, organizationalUnits: [role] });
  }

  async issueTls(holder: TlsHolder): Promise<KeyAndCertificate> {
    return issueTls(await this.tlsCa.load(), { ...holder, organization: this.organization });
  }

  async renew(use: 'identity' | 'tls', certificatePem: string): Promise<string> {
    return renewCertificate(await (use === 'identity' ? this.ca : this.tlsCa).load(), certificatePem);
  }

  async revoke({ serialNumbers, former }: Withdrawn): Promise<string> {
    return revokeSerialNumbers(await this.ca.load(), [...new Set([...former, ...serialNumbers])]);
  }

  close(): void {
    // it holds no connection
  }
}

function signingOf(authority: CertificateAuthority): Signing {
  return { certificatePem: authority.certificatePem, load: () => Promise.resolve(authority) };
}

const unusable: Readonly<Record<UnusableAuthority['why'], Sentence>> = {
  'no-certificate': { en: 'its certificate is none that peers read', zh: '其证书无法被 peer 节点读取' },
  'no-authority': { en: 'its certificate is not that of an authority', zh: '其证书不是 CA 证书' },
  'no-key': { en: 'its key cannot be read', zh: '其密钥无法读取' },
  'other-key': { en: 'its key is not that of its certificate', zh: '其密钥与证书不匹配' },
  'other-kind': { en: 'its key is not ECDSA on P-256', zh: '其密钥不是 P-256 上的 ECDSA 密钥' },
};

function refusalOf(name: string, error: UnusableAuthority): OperatorError {
  const { en, zh } = unusable[error.why];
  return new OperatorError('CERTIFICATE_REFUSED', { en: `${name} cannot issue: ${en}`, zh: `${name} 无法签发：${zh}` }, { cause: error });
}

function signingIn(folder: string, name: string): Signing {
  const certificatePem = readFileSync(join(folder, `${name}-cert.pem`), 'utf8');
  let loaded: Promise<CertificateAuthority> | undefined;
  const load = async (): Promise<CertificateAuthority> => {
    const keyFile = join(folder, 'priv_sk');
    if (!existsSync(keyFile))
      throw new OperatorError('CERTIFICATE_REFUSED', {
        en: `the key of ${name} is not here, so it cannot issue; ask whoever keeps it`,
        zh: `${name} 的密钥不在此处，无法签发；请向保管者索取`,
      });
    return loadCertificateAuthority({ certificatePem, privateKeyPem: readFileSync(keyFile, 'utf8') }).catch((error: unknown) => {
      throw error instanceof UnusableAuthority ? refusalOf(name, error) : error;
    });
  };
  return { certificatePem, load: () => (loaded ??= load()) };
}

/** Opens each organisation's authorities in this process: those it has, or new ones. */
export const inProcessAuthorities =
  (dataDir: string): AuthorityOf =>
  async (organization) =>
    existsSync(organizationPaths(dataDir, organization).root)
      ? InProcessAuthority.load(dataDir, organization)
      : InProcessAuthority.create(organization);
