import { join } from 'node:path';

/** Signing profiles of every hosted CA beside its default. */
export const TLS_PROFILE = 'tls';
export const REGISTRAR_PROFILE = 'registrar';
/** The registrar's identity type is no NodeOU: the channel knows no such role, so its certificate is good for the CA only. */
const REGISTRAR_TYPE = 'registrar';

const YEAR = '8760h';
const DECADE = '87600h';

/** Of the registrar, who may register identities. */
export interface Credentials {
  readonly name: string;
  readonly secret: string;
}

interface HostedCa {
  /** `ca.<domain>` or `tlsca.<domain>`; also the common name of its certificate. */
  readonly name: string;
  readonly domain: string;
  /** Names of the server's own listener. */
  readonly hosts: readonly string[];
  /** Where its certificate, keys and database are. */
  readonly home: string;
  readonly issuesTls: boolean;
}

/**
 * One hosted CA.
 * @remarks Source: fabric-ca cmd/fabric-ca-server/config.go. Idemix is not used, but its keys are made at every first start:
 * the default curve takes about a second, gurvy.Bn254 some milliseconds.
 */
function hostedCaConfig({ name, domain, hosts, home, issuesTls }: HostedCa, registrar: Credentials): object {
  return {
    ca: { name, certfile: join(home, 'ca-cert.pem') },
    // Fabric does not look at a list's end; a list must outlive the certificates it names
    crl: { expiry: DECADE },
    registry: { maxenrollments: -1, identities: [registrarIdentity(registrar)] },
    // a limit would lock out the registrar for good after some wrong guesses of anybody who reaches the port; its secret has 256 bits
    cfg: { identities: { passwordattempts: 0 } },
    db: { type: 'sqlite3', datasource: join(home, 'fabric-ca-server.db') },
    affiliations: {},
    signing: {
      default: { usage: ['digital signature'], expiry: YEAR },
      profiles: {
        [REGISTRAR_PROFILE]: { usage: ['digital signature'], expiry: '1h' },
        ...(issuesTls && {
          // orderers show their pair to each other as clients, too
          [TLS_PROFILE]: { usage: ['digital signature', 'key encipherment', 'server auth', 'client auth'], expiry: YEAR },
        }),
      },
    },
    csr: {
      cn: name,
      keyrequest: { algo: 'ecdsa', size: 256 },
      names: [{ C: 'CN', O: domain }],
      hosts,
      ca: { expiry: DECADE },
    },
    idemix: { curve: 'gurvy.Bn254', rhpoolsize: 1 },
    bccsp: { default: 'SW', sw: { hash: 'SHA2', security: 256, filekeystore: { keystore: join(home, 'msp', 'keystore') } } },
  };
}

function registrarIdentity({ name, secret }: Credentials): object {
  return {
    name,
    pass: secret,
    type: REGISTRAR_TYPE,
    affiliation: '',
    attrs: {
      'hf.Registrar.Roles': '*',
      'hf.Registrar.DelegateRoles': '*',
      'hf.Registrar.Attributes': '*',
      'hf.Revoker': true,
      'hf.GenCRL': true,
    },
  };
}

interface ServerSettings {
  readonly ca: HostedCa;
  /** The server's default CA: it also issues the certificate of the server's own listener. */
  readonly tlsCa: HostedCa;
  readonly caConfigFile: string;
  readonly listenerCertificate: string;
  readonly port: number;
}

/** Configuration of the server, and of the CA it hosts beside its default one. */
export function serverConfig(settings: ServerSettings, registrar: Credentials): { readonly server: object; readonly ca: object } {
  const { ca, tlsCa, caConfigFile, listenerCertificate, port } = settings;
  return {
    server: {
      ...hostedCaConfig(tlsCa, registrar),
      address: '127.0.0.1',
      port,
      tls: { enabled: true, certfile: listenerCertificate },
      cafiles: [caConfigFile],
      // nobody asks it: /cainfo tells more. Every server's default is one and the same port, and there is no way to leave it out
      operations: { listenAddress: '127.0.0.1:0' },
      metrics: { provider: 'disabled' },
    },
    ca: hostedCaConfig(ca, registrar),
  };
}
