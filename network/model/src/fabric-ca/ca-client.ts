import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Agent } from 'node:https';
import { type z } from 'zod';
import { type Attributes, type KeyAndCertificate } from '@lianyi/fabric-protocol';
import { callNode, type HttpsIdentity } from '../machine/node-https';
import { OperatorError, reasonOf, sentenceOf } from '../machine/operator-error';
import { CA_ERROR, type CaInfo, caInfo, type CaRefusal, enrolled, parseAnswer, revocationList } from './answers';
import { basicAuthorization, createToken } from './token';

/** One of the CAs a server of this machine hosts. */
interface CaAddress {
  /** The node's name, for messages. */
  readonly server: string;
  readonly port: number;
  /** Whom the listener's certificate must come from. */
  readonly tlsCaPem: string;
  /** File of that certificate. Every TLS certificate of the organisation is good for this machine, so its CA alone proves nothing. */
  readonly listenerCertificate: string;
  readonly name: string;
  readonly agent?: Agent;
  /** How long to wait for an answer; 30 s. */
  readonly timeoutMillis?: number;
}

/** What an enrolment asks for beside the key's certificate. */
interface Enrolment {
  readonly requestPem: string;
  /** Signing profile of the CA; absent: its default. */
  readonly profile?: string;
  /** Attributes that must be in the certificate, and no others; absent: those the identity was registered with for that. */
  readonly attributes?: readonly string[];
}
interface Registration {
  readonly id: string;
  readonly secret: string;
  readonly type: string;
  readonly attributes: Attributes;
}

/** A CA hashes secrets slowly on purpose (bcrypt), and many enrol at once. */
const TIMEOUT_MILLIS = 30_000;

/**
 * Fabric CA's REST API, as far as the network needs it; keys never leave the caller.
 * @remarks Source: fabric-ca swagger/swagger-fabric-ca.json, api/client.go.
 */
export class CaClient {
  constructor(private readonly address: CaAddress) {}

  get name(): string {
    return this.address.name;
  }

  async info(): Promise<CaInfo> {
    return this.#parse(caInfo, await this.#call('GET', `/api/v1/cainfo?ca=${encodeURIComponent(this.name)}`));
  }

  /** Answers the certificate (PEM). */
  async enroll(id: string, secret: string, enrolment: Enrolment): Promise<string> {
    const answer = await this.#call('POST', '/api/v1/enroll', {
      authorization: () => basicAuthorization(id, secret),
      content: enrolmentOf(enrolment),
    });
    return this.#parse(enrolled, answer);
  }

  /** Signed by the certificate that is to be replaced. */
  async reenroll(caller: KeyAndCertificate, enrolment: Enrolment): Promise<string> {
    return this.#parse(enrolled, await this.#signed(caller, 'POST', '/api/v1/reenroll', enrolmentOf(enrolment)));
  }

  /** False if the identity is registered already; nothing is changed then. */
  async register(registrar: KeyAndCertificate, { id, secret, type, attributes }: Registration): Promise<boolean> {
    const content = { id, type, secret, max_enrollments: 1, affiliation: '', attrs: attributeList(attributes) };
    const answer = await this.#signed(registrar, 'POST', '/api/v1/register', content);
    if ('refusal' in answer && answer.refusal.code === CA_ERROR.alreadyRegistered) return false;
    this.#refuse(answer);
    return true;
  }

  /** Gives a registered identity another secret, which may be used however often it enrolled before. */
  async changeSecret(registrar: KeyAndCertificate, { id, secret, type, attributes }: Registration): Promise<void> {
    const content = { type, secret, max_enrollments: -1, attrs: attributeList(attributes) };
    this.#refuse(await this.#signed(registrar, 'PUT', `/api/v1/identities/${encodeURIComponent(id)}`, content));
  }

  /** All certificates of an identity, which may not enrol again. True also if it was so; false if there is no such identity. */
  async revoke(registrar: KeyAndCertificate, id: string): Promise<boolean> {
    const answer = await this.#signed(registrar, 'POST', '/api/v1/revoke', { id, reason: 'privilegewithdrawn' });
    if ('refusal' in answer && answer.refusal.code === CA_ERROR.unknownIdentity) return false;
    this.#refuse(answer);
    return true;
  }

  /** All certificates it ever revoked, also those that have ended since. */
  async revocationList(registrar: KeyAndCertificate): Promise<string> {
    return this.#parse(revocationList, await this.#signed(registrar, 'POST', '/api/v1/gencrl', {}));
  }

  #signed(caller: KeyAndCertificate, method: 'POST' | 'PUT', path: string, content: object): Promise<CaAnswered> {
    return this.#call(method, path, { content, authorization: (bytes) => createToken(caller, method, path, bytes) });
  }

  async #call(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    request?: { readonly content: object; readonly authorization: (body: Buffer) => string },
  ): Promise<CaAnswered> {
    const { server, port, tlsCaPem, listenerCertificate, agent, timeoutMillis = TIMEOUT_MILLIS } = this.address;
    const bytes = request && Buffer.from(JSON.stringify({ ...request.content, caname: this.name }));
    const answered = await callNode({
      port,
      path,
      method,
      identity: { ca: Buffer.from(tlsCaPem), checkServerIdentity: isListener(server, listenerCertificate) },
      timeoutMillis,
      ...(agent && { agent }),
      ...(request && bytes && { body: { contentType: 'application/json', bytes }, authorization: request.authorization(bytes) }),
    }).catch((error: unknown) => {
      const sentence = {
        en: `${server} does not answer on port ${port} (${sentenceOf(error).en}); without it no certificate can be issued`,
        zh: `${server} 没有在端口 ${port} 应答（${sentenceOf(error).zh}）；没有它无法签发证书`,
      };
      throw new OperatorError('NODE_FAILED', sentence, { cause: error });
    });
    const answer = parseAnswer(answered.body);
    if (!answer)
      throw new OperatorError('NODE_FAILED', {
        en: `what answers on port ${port} is not ${server} (HTTP status ${answered.status})`,
        zh: `端口 ${port} 上应答的不是 ${server}（HTTP 状态 ${answered.status}）`,
      });
    return { ...answer, path };
  }

  #parse<T>(schema: z.ZodType<T>, answer: CaAnswered): T {
    const parsed = schema.safeParse(this.#refuse(answer));
    if (parsed.success) return parsed.data;
    throw new OperatorError('NODE_FAILED', {
      en: `${this.name} answered ${answer.path} with something else than Fabric CA 1.5 does`,
      zh: `${this.name} 对 ${answer.path} 的应答不是 Fabric CA 1.5 的应答`,
    });
  }

  #refuse(answer: CaAnswered): unknown {
    if ('result' in answer) return answer.result;
    const { code, message } = answer.refusal;
    throw new OperatorError('CERTIFICATE_REFUSED', {
      en: `${this.name} refused ${answer.path}: ${message} (code ${code})`,
      zh: `${this.name} 拒绝了 ${answer.path}：${message}（代码 ${code}）`,
    });
  }
}

/** Looked at with every handshake: a server that starts may have made itself another certificate. */
function isListener(server: string, file: string): NonNullable<HttpsIdentity['checkServerIdentity']> {
  return (_hostname, { raw }) => {
    try {
      return new X509Certificate(readFileSync(file)).raw.equals(raw) ? undefined : new Error(`its certificate is not that of ${server}`);
    } catch (error) {
      return new Error(`the certificate of ${server} cannot be read: ${reasonOf(error)}`);
    }
  };
}

type CaAnswered = ({ readonly result: unknown } | { readonly refusal: CaRefusal }) & { readonly path: string };

const attributeList = (attributes: Attributes): readonly object[] =>
  Object.entries(attributes).map(([name, value]) => ({ name, value, ecert: true }));

/**
 * An empty list asks for no attribute; without one the CA would add its own, which tell enrolment names. Only the profiles
 * `default` and `tls` let the extension pass (lib/ca.go initSigningProfile).
 */
function enrolmentOf({ requestPem, profile, attributes }: Enrolment): object {
  return {
    certificate_request: requestPem,
    ...(attributes && { attr_reqs: attributes.map((name) => ({ name, optional: false })) }),
    ...(profile !== undefined && { profile }),
  };
}
