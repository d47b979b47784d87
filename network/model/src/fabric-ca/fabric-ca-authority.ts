import 'reflect-metadata';
import { Agent } from 'node:https';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { attributesOf, createSigningRequest, hostsOf, type KeyAndCertificate } from '@lianyi/fabric-protocol';
import { type Organization } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { type IdentityHolder, type OrganizationAuthority, type TlsHolder, type Withdrawn } from '../organizations/authority';
import { authorityName } from '../organizations/layout';
import { CaClient } from './ca-client';
import { type Holder, Registrar } from './registrar';
import { TLS_PROFILE } from './server-config';
import { authorityPaths, readAccess, readCaCertificates } from './server-files';

interface Client {
  readonly ca: CaClient;
  readonly certificatePem: string;
  readonly registrar: Registrar;
}

/** Connections to one server at a time: a TLS handshake costs as much as an enrolment. */
const CONNECTIONS = 4;
/** What a TLS certificate says of its holder's role is looked at by nobody. */
const TLS_TYPE = 'client';

/** An organisation's CA and TLS CA, both hosted by its fabric-ca-server on this machine. */
export class FabricCaAuthority implements OrganizationAuthority {
  private constructor(
    private readonly organization: string,
    private readonly identities: Client,
    private readonly tls: Client,
    private readonly agent: Agent,
  ) {}

  /** `undefined`: the organisation's certificates do not come from a CA server of this network. */
  static open(dataDir: string, organization: Organization): FabricCaAuthority | undefined {
    const paths = authorityPaths(dataDir, organization);
    const access = readAccess(paths);
    if (!access) return undefined;
    const server = authorityName(organization);
    const certificates = readCaCertificates(paths);
    if (!certificates)
      throw new OperatorError('STATE_INCOMPLETE', {
        en: `${server} has no certificates of its own in ${paths.data}; put the folder back`,
        zh: `${server} 在 ${paths.data} 中没有自己的证书；请把该目录放回`,
      });
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const { domain } = organization;
    const { caPem, tlsCaPem } = certificates;
    const client = (name: string, certificatePem: string): Client => {
      const ca = new CaClient({ server, name, port: access.port, tlsCaPem, listenerCertificate: paths.listenerCertificate, agent });
      return { ca, certificatePem, registrar: new Registrar(ca, domain, access.registrar) };
    };
    return new FabricCaAuthority(domain, client(`ca.${domain}`, caPem), client(`tlsca.${domain}`, tlsCaPem), agent);
  }

  get caPem(): string {
    return this.identities.certificatePem;
  }

  get tlsCaPem(): string {
    return this.tls.certificatePem;
  }

  issueIdentity({ commonName, role, attributes = {} }: IdentityHolder): Promise<KeyAndCertificate> {
    return this.identities.registrar.certify({ commonName, organization: this.organization, type: role, attributes });
  }

  issueTls({ commonName, hosts }: TlsHolder): Promise<KeyAndCertificate> {
    return this.tls.registrar.certify(this.#tlsHolder(commonName, hosts));
  }

  /** Signed by the certificate itself while it is good; an ended one is enrolled anew by the registrar. */
  async renew(use: 'identity' | 'tls', certificatePem: string, readPrivateKey: () => string): Promise<string> {
    const pair = { certificatePem, privateKeyPem: readPrivateKey() };
    const holder = use === 'identity' ? this.#identityHolder(certificatePem) : this.#tlsHolderOf(certificatePem);
    const { ca, registrar } = use === 'identity' ? this.identities : this.tls;
    if (Date.parse(new X509Certificate(certificatePem).validTo) <= Date.now())
      return (await registrar.certify(holder, pair.privateKeyPem)).certificatePem;
    const { requestPem } = await createSigningRequest(holder, pair.privateKeyPem);
    return ca.reenroll(pair, {
      requestPem,
      attributes: Object.keys(holder.attributes),
      ...(holder.profile !== undefined && { profile: holder.profile }),
    });
  }

  /** All certificates the holder ever had, at both CAs: it can neither renew nor enrol again. */
  async revoke({ commonName }: Withdrawn): Promise<string> {
    if (!(await this.identities.registrar.revoke(commonName)))
      throw new OperatorError('UNKNOWN_NAME', {
        en: `${this.identities.ca.name} has no identity ${commonName}`,
        zh: `${this.identities.ca.name} 没有身份 ${commonName}`,
      });
    await this.tls.registrar.revoke(commonName);
    return this.identities.registrar.revocationList();
  }

  close(): void {
    this.agent.destroy();
  }

  #tlsHolder(commonName: string, hosts: readonly string[]): Holder {
    return { commonName, organization: this.organization, type: TLS_TYPE, attributes: {}, hosts, profile: TLS_PROFILE };
  }

  #tlsHolderOf(certificatePem: string): Holder {
    return this.#tlsHolder(commonNameOf(certificatePem), hostsOf(certificatePem));
  }

  #identityHolder(certificatePem: string): Holder {
    const [type = ''] = new x509.X509Certificate(certificatePem).subjectName.getField('OU');
    return { commonName: commonNameOf(certificatePem), organization: this.organization, type, attributes: attributesOf(certificatePem) };
  }
}

function commonNameOf(certificatePem: string): string {
  const [name] = new x509.X509Certificate(certificatePem).subjectName.getField('CN');
  if (name === undefined) throw new OperatorError('CERTIFICATE_REFUSED', { en: 'the certificate names nobody', zh: '证书没有写明持有者' });
  return name;
}
