import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  type AccessEvent,
  actorTagSchema,
  departmentSchema,
  DomainError,
  type Grant,
  type Input,
  instantOf,
  type Ledger,
  linkIdSchema,
  mspIdSchema,
  type Output,
  type OutcomeOf,
  type Pseudonym,
  pseudonymSchema,
  type RecordClass,
  type RecordId,
  recordSchema,
  recordIdOf,
  idNonceSchema,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { checkDocument } from '@lianyi/documents';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { KeyedMemory } from './acting/facade-memory';
import { type ActingStaff, type DocumentPublication } from './acting/ports';
import { buildFacade } from './facade';
import { type FacadeServer } from './http/facade-server';
import { type RegisteredClient } from './smart/registered-client';

export const BASE = 'https://fhir.hospital.example/fhir';
const mspId = mspIdSchema.parse('HospitalBMSP');
export const patientOne = pseudonymSchema.parse('pONE_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

type Listed = Output<typeof transactions.ListPermitted>['items'][number];

/** `said`: what a member says of the document, which nobody has held against it. */
interface PlayedDocument {
  readonly pseudonym: Pseudonym;
  readonly bytes: Uint8Array;
  version: number;
  readonly said: { readonly format: string; readonly class?: RecordClass } | undefined;
}

function labelsOf({
  bytes,
  said,
}: PlayedDocument): Required<Pick<Listed, 'class' | 'dataLevel' | 'confidentiality' | 'format' | 'displayProfile'>> {
  const { class: recordClass, ...labels } = checkDocument(
    said === undefined ? bytes : Buffer.from('{"resourceType":"Basic","code":{"text":"x"}}'),
  );
  const format = recordSchema.shape.format.parse(said?.format ?? labels.format);
  return {
    ...labels,
    displayProfile: recordSchema.shape.displayProfile.parse(labels.displayProfile),
    class: said?.class ?? recordClass,
    format,
  };
}

/** What stands on the other side of the ports: records, and which of them who asks may open. */
export class PlayedStaff implements ActingStaff {
  readonly mspId = mspId;
  readonly actorTag = actorTagSchema.parse('his-1');
  readonly department = departmentSchema.parse('cardiology');
  readonly documents = new Map<RecordId, PlayedDocument>();
  readonly permitted = new Set<RecordId>();
  readonly viewed = new Set<RecordId>();
  /** Whose the number is that every question about a number is about; nobody’s until it is linked. */
  linked: Pseudonym | undefined;
  readonly introduced: { readonly pseudonym: Pseudonym; readonly mspId: typeof mspId }[] = [];
  policy: Grant | undefined;
  /** Every ticket that is asked for; without one, that of what may only be viewed. */
  ticket: object | undefined;
  /** What was handed on. */
  readonly disclosed: unknown[] = [];
  readonly audit: AccessEvent[] = [];
  /** What was carried for a patient, with whose proof. */
  readonly carried: { readonly name: string; readonly kind: string | undefined }[] = [];
  readonly submitted: string[] = [];
  readonly read: RecordId[] = [];
  /** Of every record that is asked for. */
  custodian = mspId;

  readonly ledger: Ledger = {
    evaluate: (request) => Promise.resolve(this.#evaluate(request)),
    submit: (request) => Promise.resolve(this.#submit(request)),
  };
  readonly publisher: ActingStaff['publisher'] = {
    publish: (publication: DocumentPublication) => Promise.resolve(this.#publish(publication)),
  };
  readonly reader: ActingStaff['reader'] = {
    read: (_ticket, recordId) => {
      this.read.push(recordId);
      const document = this.documents.get(recordId);
      if (document === undefined) return Promise.reject(new DomainError('NOT_FOUND'));
      return Promise.resolve({ bytes: document.bytes, format: document.said?.format ?? 'fhir-r4-json' });
    },
  };
  readonly node: ActingStaff['node'] = {
    linkIdOf: () => Promise.resolve(linkIdSchema.parse('link')),
    introduced: () => Promise.resolve(this.introduced),
  };

  /** Publishes a document that who asks may open, unless it is said otherwise. */
  has(bytes: Uint8Array, { isPermitted = true, pseudonym = patientOne, said = undefined as PlayedDocument['said'] } = {}): RecordId {
    const nonce = idNonceSchema.parse(Buffer.alloc(16, this.documents.size).toString('base64url'));
    const recordId = recordIdOf({ mspId, pseudonym, nonce });
    this.documents.set(recordId, { pseudonym, bytes, version: 1, said });
    if (isPermitted) this.permitted.add(recordId);
    return recordId;
  }

  #publish({ recordId, pseudonym, bytes, amends }: DocumentPublication): { readonly recordId: RecordId; readonly version: number } {
    checkDocument(bytes);
    this.submitted.push('publish');
    const version = (amends?.previousVersion ?? 0) + 1;
    this.documents.set(recordId, { pseudonym, bytes, version, said: undefined });
    this.permitted.add(recordId);
    return { recordId, version };
  }

  #evaluate<Entry extends TransactionEntry>({ entry, input }: SignedRequest<Entry>): Output<Entry> {
    const answers: Readonly<Record<string, (asked: never) => unknown>> = {
      ListPermitted: (asked: Input<typeof transactions.ListPermitted>) => this.#list(asked),
      GetDecision: () =>
        this.ticket ?? { decision: 'permit', recordIds: [...this.permitted], recordVersions: [], copy: { handling: 'view' } },
      GetPolicy: () => this.#policy(),
      ListForPatient: () => ({ items: this.audit }),
      GetPseudonym: ({ pseudonym }: Input<typeof transactions.GetPseudonym>) => this.#pseudonym(pseudonym),
      ResolveIdentifier: () => this.#resolved(),
      GetRecord: ({ recordId }: Input<typeof transactions.GetRecord>) => ({ ...this.#listed(recordId), custodianMspId: this.custodian }),
    };
    const answer = answers[entry.name];
    if (answer === undefined) throw new DomainError('NOT_FOUND');
    // the table above is keyed by the entry's name
    return answer(input as never) as Output<Entry>;
  }

  #policy(): Grant {
    if (this.policy === undefined) throw new DomainError('NOT_FOUND');
    return this.policy;
  }

  #pseudonym(pseudonym: Pseudonym): object {
    if (pseudonym !== patientOne) throw new DomainError('NOT_FOUND');
    return { pseudonym, mspId, state: 'active' };
  }

  #resolved(): object {
    if (this.linked === undefined) throw new DomainError('NOT_FOUND');
    return { pseudonym: this.linked };
  }

  #list({ pseudonym, after, limit }: Input<typeof transactions.ListPermitted>): Output<typeof transactions.ListPermitted> {
    const all = [...this.permitted].filter((recordId) => this.documents.get(recordId)?.pseudonym === pseudonym).sort();
    const rest = all.filter((recordId) => after === undefined || recordId > after);
    const page = rest.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map((recordId) => this.#listed(recordId)), ...(rest.length > limit && last !== undefined ? { next: last } : {}) };
  }

  #listed(recordId: RecordId): Listed {
    const document = this.documents.get(recordId);
    if (document === undefined) throw new DomainError('NOT_FOUND');
    const { class: recordClass, dataLevel, confidentiality, format, displayProfile } = labelsOf(document);
    const at = instantOf(Date.UTC(2026, 10, 30, 12));
    return {
      ...{ pseudonym: document.pseudonym, recordId, version: document.version, class: recordClass, dataLevel, confidentiality },
      ...{
        custodianMspId: mspId,
        authorMspId: mspId,
        anchoredAt: at,
        changedAt: at,
        format: format,
        displayProfile,
      },
    }; // the format's brand is the schema's
  }

  #submit<Entry extends TransactionEntry>({ entry, input, proof }: SignedRequest<Entry>): OutcomeOf<Entry> {
    this.submitted.push(entry.name);
    if (/^(Grant|Amend|Revoke)Policy$/.test(entry.name)) {
      this.carried.push({ name: entry.name, kind: proof?.kind });
      return { result: { version: 1 } } as OutcomeOf<Entry>; // as above
    }
    if (entry.name === 'DiscloseOnward') {
      this.disclosed.push(input);
      return { result: {} } as OutcomeOf<Entry>; // as above
    }
    if (entry.name === 'LinkIdentifier') {
      this.linked = patientOne;
      return { result: { linkId: 'link' } } as OutcomeOf<Entry>; // as above
    }
    if (entry.name !== 'RequestAccess') throw new DomainError('NOT_FOUND');
    const asked = transactions.RequestAccess.request.parse(input);
    const permitted = asked.recordIds.filter((id) => this.permitted.has(id) && this.documents.get(id)?.pseudonym === asked.pseudonym);
    const denied = asked.recordIds.filter((id) => !permitted.includes(id)).map((recordId) => ({ recordId, reasons: ['NO_CONSENT'] }));
    const copy = permitted.some((id) => this.viewed.has(id)) ? { copy: { handling: 'view' } } : {};
    const result =
      permitted.length > 0
        ? { ticketId: asked.ticketId, decision: 'permit', ...(denied.length > 0 ? { denied } : {}), ...copy }
        : { ticketId: asked.ticketId, decision: 'deny', reasons: ['NO_CONSENT'] };
    return { result } as OutcomeOf<Entry>; // the one transaction that is played
  }
}

/** A client's key and what it signs with it. */
export interface PlayedClient {
  readonly registered: RegisteredClient;
  assertion(claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Made once: a key of P-384 and a certificate cost more than everything that is asked with them. */
let keys: ReturnType<typeof generateKeyPair> | undefined;
let certificate: Promise<{ readonly cert: string; readonly key: string }> | undefined;

export async function newClient(twist: Partial<RegisteredClient> = {}): Promise<PlayedClient> {
  const { publicKey, privateKey } = await (keys ??= generateKeyPair('ES384', { extractable: true }));
  const clientId = twist.clientId ?? 'his';
  const scopes = ['system/*.cruds'];
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES384' }] };
  return {
    registered: { clientId, jwks, scopes, purposes: ['TREAT'], keeps: true, ...twist },
    assertion: (claims = {}) => {
      const seconds = Math.floor(Date.now() / 1000);
      const usual = { iss: clientId, sub: clientId, aud: `${BASE}/token`, exp: seconds + 200, jti: randomUUID() };
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'ES384', kid: 'k1', typ: 'JWT' }).sign(privateKey);
    },
  };
}

type InjectedAnswer = Awaited<ReturnType<FacadeServer['inject']>>;

export interface PlayedFacade {
  readonly server: FacadeServer;
  readonly staff: PlayedStaff;
  readonly client: PlayedClient;
  /** A token for everything that is registered. */
  token(scope?: string, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<InjectedAnswer>;
  post(path: string, body: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<InjectedAnswer>;
  put(path: string, body: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<InjectedAnswer>;
}

/** A facade over played ports; what is injected into it needs no port of the machine. */
export async function newFacade(twist: Partial<RegisteredClient> = {}): Promise<PlayedFacade> {
  const staff = new PlayedStaff();
  const client = await newClient(twist);
  const { cert, key } = await (certificate ??= newAuthority('tlsca.hospital').then((authority) => authority.issue('fhir')));
  const server = await buildFacade({
    config: {
      ...{ listen: { host: '127.0.0.1', port: 0 }, baseUrl: BASE, logLevel: 'silent', identifierSystems: { 'urn:oid:1.2.3': 'mrn' } },
      limits: { requestsPerMinute: 1_000_000, bodyBytes: 4 * 1024 * 1024 },
    },
    tls: { cert: Buffer.from(cert), key: Buffer.from(key) },
    clients: new Map([[client.registered.clientId, client.registered]]),
    memory: new KeyedMemory(Buffer.alloc(32, 7)),
    staffOf: () => Promise.resolve(staff),
  });
  const token = async (scope = client.registered.scopes.join(' '), claims = {}): Promise<string> => {
    const form = {
      ...{ grant_type: 'client_credentials', scope, client_assertion: await client.assertion(claims) },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
    const answer = await server.inject({
      ...{ method: 'POST', url: '/fhir/token', payload: new URLSearchParams(form).toString() },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    return answer.json<{ access_token?: string; error?: string }>().access_token ?? answer.body;
  };
  const usual = await token();
  if (!/^[\w-]{43}$/.test(usual)) throw new Error(usual);
  const send = (
    method: 'POST' | 'PUT',
    path: string,
    payload: string | Buffer,
    headers: Readonly<Record<string, string>>,
  ): Promise<InjectedAnswer> =>
    server.inject({
      ...{ method, url: `/fhir${path}`, payload },
      headers: { authorization: `Bearer ${usual}`, 'content-type': 'application/fhir+json', ...headers },
    });
  return {
    ...{ server, staff, client, token },
    get: (path, headers = {}) =>
      server.inject({ method: 'GET', url: `/fhir${path}`, headers: { authorization: `Bearer ${usual}`, ...headers } }),
    post: (path, body, headers = {}) => send('POST', path, body, headers),
    put: (path, body, headers = {}) => send('PUT', path, body, headers),
  };
}
