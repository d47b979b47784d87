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
  type MspId,
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
import { type Disagreement } from '@lianyi/client';
import { checkDocument } from '@lianyi/documents';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { KeyedMemory } from './acting/facade-memory';
import { type ActingStaff, type DocumentPublication } from './acting/ports';
import { buildFacade, type FacadeParts } from './facade';
import { type FacadeServer } from './http/facade-server';
import { BASE, newClient, type PlayedClient, tokenFor } from './played-client.fixture';
import { type RegisteredClient } from './smart/registered-client';

const mspId = mspIdSchema.parse('HospitalBMSP');
export const patientOne = pseudonymSchema.parse('pONE_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');

type Listed = Output<typeof transactions.ListPermitted>['items'][number];

/** `said`: what a member says of the document, which nobody has held against it. */
interface PlayedDocument {
  readonly pseudonym: Pseudonym;
  readonly bytes: Uint8Array;
  version: number;
  readonly said: { readonly format: string; readonly class?: RecordClass } | undefined;
  readonly state?: 'retracted';
  /** Left out: the hospital's whose staff asks. */
  readonly custodian?: MspId;
}

function labelsOf({
  bytes,
  said,
}: Pick<PlayedDocument, 'bytes' | 'said'>): Required<
  Pick<Listed, 'class' | 'dataLevel' | 'confidentiality' | 'format' | 'displayProfile'>
> {
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
  readonly permitted = new Set<RecordId>();
  readonly viewed = new Set<RecordId>();
  readonly disagreements = new Map<RecordId, Disagreement>();
  /** Documents that do not come, and why. */
  readonly kept = new Map<RecordId, Error>();
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

  /** @param documents - what the ledger has: the same for all who ask it */
  constructor(readonly documents = new Map<RecordId, PlayedDocument>()) {}

  readonly ledger: Ledger = {
    evaluate: (request) => Promise.resolve(this.#evaluate(request)),
    submit: (request) => Promise.resolve(this.#submit(request)),
  };
  readonly publisher: ActingStaff['publisher'] = {
    publish: (publication: DocumentPublication) => Promise.resolve(publication).then((each) => this.#publish(each)),
  };
  readonly reader: ActingStaff['reader'] = {
    read: (_ticket, recordId) => {
      this.read.push(recordId);
      const document = this.documents.get(recordId);
      if (document === undefined) return Promise.reject(new DomainError('NOT_FOUND'));
      const obstacle = this.kept.get(recordId);
      if (obstacle !== undefined) return Promise.reject(obstacle);
      return Promise.resolve({
        bytes: document.bytes,
        format: document.said?.format ?? 'fhir-r4-json',
        disagreement: this.disagreements.get(recordId) ?? 'none',
      });
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
    if (amends === undefined && this.documents.has(recordId)) throw new DomainError('ALREADY_EXISTS');
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
      ListDisagreements: ({ recordId }: Input<typeof transactions.ListDisagreements>) => this.#disagreementsOf(recordId),
      GetRecord: (asked: Input<typeof transactions.GetRecord>) => this.#record(asked),
    };
    const answer = answers[entry.name];
    if (answer === undefined) throw new DomainError('NOT_FOUND');
    // the table above is keyed by the entry's name
    return answer(input as never) as Output<Entry>;
  }

  #disagreementsOf(recordId: RecordId): object {
    const said = this.disagreements.get(recordId);
    return { items: said === 'stated' ? [{ recordId }] : [], ...(said === 'unreadable' ? { unreadable: 1 } : {}) };
  }

  #record({ pseudonym, recordId }: Input<typeof transactions.GetRecord>): object {
    const document = this.documents.get(recordId);
    if (document?.pseudonym !== pseudonym) throw new DomainError('NOT_FOUND');
    const { state = 'current', custodian = this.custodian } = document;
    return { ...this.#listed(recordId), state, custodianMspId: custodian };
  }

  #isOpen(recordId: RecordId, pseudonym: Pseudonym): boolean {
    const document = this.documents.get(recordId);
    return this.permitted.has(recordId) && document?.pseudonym === pseudonym && document.state === undefined;
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
    const all = [...this.permitted].filter((recordId) => this.#isOpen(recordId, pseudonym)).sort();
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
    const permitted = asked.recordIds.filter((id) => this.#isOpen(id, asked.pseudonym));
    const denied = asked.recordIds.filter((id) => !permitted.includes(id)).map((recordId) => ({ recordId, reasons: ['NO_CONSENT'] }));
    const copy = permitted.some((id) => this.viewed.has(id)) ? { copy: { handling: 'view' } } : {};
    const result =
      permitted.length > 0
        ? { ticketId: asked.ticketId, decision: 'permit', ...(denied.length > 0 ? { denied } : {}), ...copy }
        : { ticketId: asked.ticketId, decision: 'deny', reasons: ['NO_CONSENT'] };
    return { result } as OutcomeOf<Entry>; // the one transaction that is played
  }
}

/** Made once, as the keys are. */
let certificate: Promise<{ readonly cert: string; readonly key: string }> | undefined;

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

/** Another application of the hospital, and the staff entry that it acts as. */
interface OtherApplication {
  readonly client: PlayedClient;
  readonly staff: ActingStaff;
}

interface PlayedParts {
  readonly staff?: PlayedStaff;
  /** What the application acts as, if it is not the staff itself. */
  readonly as?: ActingStaff;
  readonly others?: readonly OtherApplication[];
  readonly limits?: Partial<FacadeParts['config']['limits']>;
}

/** A facade over played ports; what is injected into it needs no port of the machine. */
export async function newFacade(
  twist: Partial<RegisteredClient> = {},
  { staff = new PlayedStaff(), as = staff, others = [], limits = {} }: PlayedParts = {},
): Promise<PlayedFacade> {
  const client = await newClient(twist);
  const { cert, key } = await (certificate ??= newAuthority('tlsca.hospital').then((authority) => authority.issue('fhir')));
  const applications = new Map([{ client, staff: as }, ...others].map((each) => [each.client.registered.clientId, each]));
  const server = await buildFacade({
    config: {
      ...{ listen: { host: '127.0.0.1', port: 0 }, baseUrl: BASE, logLevel: 'silent', identifierSystems: { 'urn:oid:1.2.3': 'mrn' } },
      limits: { requestsPerMinute: 1_000_000, strangersPerMinute: 1_000_000, bodyBytes: 4 * 1024 * 1024, ...limits },
    },
    tls: { cert: Buffer.from(cert), key: Buffer.from(key) },
    clients: new Map([...applications].map(([clientId, each]) => [clientId, each.client.registered])),
    memory: new KeyedMemory(Buffer.alloc(32, 7)),
    staffOf: (clientId) => Promise.resolve(applications.get(clientId)?.staff ?? as),
  });
  const token: PlayedFacade['token'] = (scope, claims) => tokenFor(server, client, scope, claims);
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
