import { type Attributes, type KeyAndCertificate } from '@lianyi/fabric-protocol';
import { type Organization } from '../consortium/consortium';

/** Whom a certificate names, as a NodeOU: what the channel lets its holder do. */
type HolderRole = 'client' | 'peer' | 'admin' | 'orderer';

export interface IdentityHolder {
  readonly commonName: string;
  readonly role: HolderRole;
  readonly attributes?: Attributes;
}
export interface TlsHolder {
  readonly commonName: string;
  /** DNS names; `localhost` and 127.0.0.1 are always added. */
  readonly hosts: readonly string[];
}

/** A holder whose certificates are to be withdrawn. */
export interface Withdrawn {
  readonly commonName: string;
  /** Of all it has that have not ended. */
  readonly serialNumbers: readonly string[];
  /** Serial numbers withdrawn before; the list must not forget them. */
  readonly former: ReadonlySet<string>;
}

/** An organisation's CA and TLS CA, whoever runs them: they issue and withdraw its certificates. */
export interface OrganizationAuthority {
  readonly caPem: string;
  readonly tlsCaPem: string;
  issueIdentity(holder: IdentityHolder): Promise<KeyAndCertificate>;
  issueTls(holder: TlsHolder): Promise<KeyAndCertificate>;
  /** Issues a certificate anew for the same key and name: nobody who knows the holder by its key has to be told. Answers PEM. */
  renew(use: 'identity' | 'tls', certificatePem: string, readPrivateKey: () => string): Promise<string>;
  /** Withdraws a holder's certificates; answers the CA's revocation list (PEM). Only a channel's configuration makes peers heed it. */
  revoke(withdrawn: Withdrawn): Promise<string>;
  /** Private keys that are kept in the organisation's folders; absent where a server keeps them to itself. */
  readonly keys?: { readonly caPem: string; readonly tlsCaPem: string } | undefined;
  /** Ends its connections. */
  close(): void;
}

/** The authorities of an organisation; asked only when something has to be issued. */
export type AuthorityOf = (organization: Organization) => Promise<OrganizationAuthority>;

/** Opens each organisation's authorities once, and ends their connections together. */
export class Authorities {
  readonly #opened = new Map<string, Promise<OrganizationAuthority>>();

  constructor(private readonly open: AuthorityOf) {}

  readonly of: AuthorityOf = (organization) => {
    const known = this.#opened.get(organization.mspId);
    if (known) return known;
    const opening = this.open(organization);
    this.#opened.set(organization.mspId, opening);
    return opening;
  };

  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#opened.values())) if (opened.status === 'fulfilled') opened.value.close();
  }
}
