import { randomBytes } from 'node:crypto';
import { type Attributes, createSigningRequest, type KeyAndCertificate, type RequestedSubject } from '@lianyi/fabric-protocol';
import { type CaClient } from './ca-client';
import { type Credentials, REGISTRAR_PROFILE } from './server-config';

export interface Holder extends RequestedSubject {
  /** Identity type, which becomes the OU of its certificate. */
  readonly type: string;
  readonly attributes: Attributes;
  readonly profile?: string;
}

/** A secret nobody has to remember. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whoever may register identities at one CA. It enrols for the work at hand, with a key that is never written down. */
export class Registrar {
  #session: Promise<KeyAndCertificate> | undefined;

  constructor(
    private readonly ca: CaClient,
    private readonly organization: string,
    private readonly credentials: Credentials,
  ) {}

  /** Registers and enrols a holder; with `privateKeyPem` for the key it has. The enrolment's secret is forgotten. */
  async certify(holder: Holder, privateKeyPem?: string): Promise<KeyAndCertificate> {
    const registrar = await this.#signIn();
    const { commonName: id, type, attributes, profile } = holder;
    const registration = { id, type, attributes, secret: newSecret() };
    // it is known if an earlier attempt was cut short after its registration, or if its certificate has ended
    if (!(await this.ca.register(registrar, registration))) await this.ca.changeSecret(registrar, registration);
    const request = await createSigningRequest(holder, privateKeyPem);
    const certificatePem = await this.ca.enroll(id, registration.secret, {
      requestPem: request.requestPem,
      attributes: Object.keys(attributes),
      ...(profile !== undefined && { profile }),
    });
    return { certificatePem, privateKeyPem: request.privateKeyPem };
  }

  async revoke(id: string): Promise<boolean> {
    return this.ca.revoke(await this.#signIn(), id);
  }

  async revocationList(): Promise<string> {
    return this.ca.revocationList(await this.#signIn());
  }

  #signIn(): Promise<KeyAndCertificate> {
    this.#session ??= this.#enroll();
    return this.#session;
  }

  async #enroll(): Promise<KeyAndCertificate> {
    const { name, secret } = this.credentials;
    const { requestPem, privateKeyPem } = await createSigningRequest({ commonName: name, organization: this.organization });
    const certificatePem = await this.ca.enroll(name, secret, { requestPem, profile: REGISTRAR_PROFILE });
    return { certificatePem, privateKeyPem };
  }
}
