import { dekCommitment, newDataKey, newSalt, objectContext, sealBytes } from '@lianyi/client';
import {
  assertCommittedRows,
  inOrder,
  parametersCommitment,
  type PointInput,
  type PreparedPointer,
  queryResultSchema,
  type QueryRows,
  RESULT_CONTENT_TYPE,
  resultCommitment,
} from '@lianyi/client/pointers';
import {
  type ActorTag,
  assertOwnId,
  canonicalJson,
  DomainError,
  encodeBase64url,
  type Endpoint,
  hashOfJson,
  hashOfTemplate,
  instantOf,
  type Ledger,
  type MspId,
  newRequest,
  pointerIdOf,
  type PointerQuery,
  type PointerVersion,
  type QueryParameters,
  type QueryTemplate,
  Refused,
  sha256,
  transactions,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import { assertTicketOpens, type TicketHolder } from '@lianyi/domain/deciding';
import { Recent } from '../admission/recent';
import { type NodeIdentity, turnOf } from '../check-caller';
import { type Directory, findEndpoint } from '../directory';
import { type KeyRequest, type KeyService, type KeyToRelease } from '../keys/key-service';
import { type LedgerReader } from '../ledger-reader';
import { type AgreedTemplates } from './agreed-templates';
import { type MemberQueries, type SealedResult } from './member-queries';
import { MOST_RESULT_BYTES, type QueryDatabase, queryUnavailable } from './query-database';

export interface PointerServices {
  readonly identity: NodeIdentity;
  readonly reader: Pick<LedgerReader, 'ticket' | 'pointerVersion' | 'queryTemplate'>;
  /** The ledger with the signature of the organisation's key service. */
  readonly keyServiceLedger: Ledger;
  readonly keyService: Pick<KeyService, 'release'>;
  readonly directory: Pick<Directory, 'endpoints'>;
  readonly others: Pick<MemberQueries, 'run'>;
  /** The hospital's own; undefined: this node runs no queries. */
  readonly database: QueryDatabase | undefined;
  /** The templates that may be run. */
  readonly agreed: Pick<AgreedTemplates, 'assertAgreed'>;
  /** The views that queries may name. */
  readonly views: readonly string[];
}

/** A place of an endpoint that is older is asked for anew: a pointer follows an endpoint that moves. */
const ENDPOINT_AGE_MILLIS = 1_000;
/**
 * For so long a version that was just refused for what its query gives is refused again without asking the database: a refusal is on no
 * ledger and in no count, so who may ask once may ask without end.
 */
const REFUSAL_MILLIS = 10_000;
const REFUSALS_KEPT = 4_096;

/** Does a piece of work when there is room for it; named is another member whose answer is waited for. */
type InTurn = <Result>(custodian: MspId | undefined, work: () => Promise<Result>) => Promise<Result>;

/** Runs registered queries in the own hospital's database for its staff and for committed permits, and has other members run theirs. */
export class PointerService {
  readonly #refused = new Recent<{ readonly error: DomainError; readonly untilMillis: number }>(REFUSALS_KEPT);

  constructor(private readonly services: PointerServices) {}

  /**
   * Runs the query that a pointer will stand for, keeps its parameters in the own organisation's private data, and brings the input to sign.
   * @throws {@link DomainError} `ID_MISMATCH`; `ILLEGAL_STATE` — the template is not in force; `QUERY_UNAVAILABLE`, `RESULT_TOO_LARGE`,
   * `INVALID_REQUEST` — its parameters; `ALREADY_EXISTS` — the version is written with other parameters
   */
  async prepare(input: PointInput, actorTag: ActorTag): Promise<PreparedPointer> {
    const { pseudonym, pointerId, nonce, previousVersion, parameters, endpointId } = input;
    const { identity, reader } = this.services;
    if (nonce !== undefined) assertOwnId(pointerId, pointerIdOf({ mspId: identity.mspId, pseudonym, nonce }));
    const template = await reader.queryTemplate(input.template);
    if (template.state !== 'active')
      throw new DomainError('ILLEGAL_STATE', 'the template is not in force', { state: template.state, command: 'point' });
    const rows = await this.#rows(template, parameters, callerOf(identity.mspId, { kind: 'staff', mspId: identity.mspId, actorTag }));
    const version = versionIdentityOf(identity, { pseudonym, recordId: pointerId, version: (previousVersion ?? 0) + 1 });
    const { salts } = await this.#keep(version, parameters);
    const { mspId, templateId } = template;
    return {
      transaction: previousVersion === undefined ? 'AddPointer' : 'UpdatePointer',
      input: {
        ...{ pseudonym, pointerId, ...(previousVersion === undefined ? { nonce } : { previousVersion }) },
        ...{ class: template.class, dataLevel: input.dataLevel ?? template.dataLevel },
        confidentiality: input.confidentiality ?? template.confidentiality,
        ...{ template: { mspId, templateId, version: template.version }, templateSha256: hashOfTemplate(template), endpointId },
        parametersCommitment: await parametersCommitment(salts.parameters, version, parameters),
        resultCommitment: await resultCommitment(salts.result, version, rows),
      },
      salts,
      rows: [...rows],
    };
  }

  /**
   * Fetches what the ticket of own staff, or of a patient whose command the node has carried, entitles to, from wherever the custodian's endpoint is now.
   * @throws {@link DomainError} as `DocumentService.read`; `MEMBER_UNAVAILABLE` — the endpoint is not in the directory, or does not answer;
   * those of {@link run}
   */
  async read(request: KeyRequest, holder: TicketHolder, inTurn: InTurn): Promise<SealedResult> {
    const { ticketId, recordId } = request;
    const { identity, reader, directory, others } = this.services;
    const ticket = await reader.ticket(ticketId);
    const requester = { mspId: identity.mspId, holder };
    assertTicketOpens(ticket, { ticketId, now: instantOf(Date.now()), requester, recordId }, 'no ticket of this person');
    const { custodianMspId, pseudonym } = ticket;
    if (custodianMspId === identity.mspId) return inTurn(undefined, () => this.run(request, custodianMspId, holder));
    const version = ticket.recordVersions[ticket.recordIds.indexOf(recordId)] ?? 0;
    const { endpointId } = await reader.pointerVersion(pseudonym, recordId, version);
    const isNamed = (each: Endpoint): boolean => each.endpointId === endpointId && each.kind === 'query';
    const endpoint = await findEndpoint(directory, custodianMspId, isNamed, ENDPOINT_AGE_MILLIS);
    if (endpoint === undefined)
      throw new DomainError('MEMBER_UNAVAILABLE', 'the pointer’s endpoint is not in the directory', { mspId: custodianMspId, endpointId });
    return inTurn(custodianMspId, () => others.run(endpoint, request));
  }

  /**
   * Runs the query for a permit of a member, and releases the key of its rows as that of a record: committed first. Rows that are not those
   * the pointer was written for do not leave.
   * @throws {@link DomainError} `HASH_MISMATCH`, `QUERY_UNAVAILABLE`, `RESULT_TOO_LARGE`; those of {@link KeyService.release}
   */
  async run(request: KeyRequest, requesterMspId: MspId, holder?: TicketHolder): Promise<SealedResult> {
    const { keyService, reader, identity } = this.services;
    let sealed: { readonly pointer: PointerVersion; readonly ciphertext: Uint8Array } | undefined;
    const key = await keyService.release(request, requesterMspId, holder, async ({ pseudonym }, pointerId, version) => {
      const pointer = await reader.pointerVersion(pseudonym, pointerId, version);
      const { ciphertext, ...toRelease } = await this.#sealedRows(pointer, callerOf(requesterMspId, holder));
      sealed = { pointer, ciphertext };
      return toRelease;
    });
    if (sealed === undefined) throw new Error('a key was released that nobody sealed anything with');
    return { header: { pointer: sealed.pointer, custodianMspId: identity.mspId, key }, ciphertext: sealed.ciphertext };
  }

  async #sealedRows(pointer: PointerVersion, caller: string): Promise<KeyToRelease & { readonly ciphertext: Uint8Array }> {
    const { identity } = this.services;
    const { pseudonym, pointerId } = pointer;
    const version = versionIdentityOf(identity, { pseudonym, recordId: pointerId, version: pointer.version });
    const result = await this.#onceInAWhile(version, () => this.#committedResult(pointer, version, caller));
    const dataKey = newDataKey();
    const context = objectContext({ ...version, custodianMspId: identity.mspId, contentType: RESULT_CONTENT_TYPE });
    const ciphertext = await sealBytes({ key: dataKey, context }, Buffer.from(result));
    const record = { ...version, cipherSha256: sha256(ciphertext), dekCommitment: dekCommitment(dataKey, version) };
    return { record, dataKey, ciphertext };
  }

  /** Runs a query, unless that of the same version has been refused a moment ago for what it gives. */
  async #onceInAWhile<Result>({ pseudonym, recordId, version }: VersionIdentity, run: () => Promise<Result>): Promise<Result> {
    const key = `${pseudonym} ${recordId} ${version}`;
    const before = this.#refused.get(key);
    if (before !== undefined && Date.now() < before.untilMillis) throw before.error;
    return run().catch((error: unknown) => {
      if (isOfTheQuery(error)) this.#refused.set(key, { error, untilMillis: Date.now() + REFUSAL_MILLIS });
      throw error;
    });
  }

  /** What the pointer was written for, as the database has it now; of everything that others could have written, the hash is looked at. */
  async #committedResult(pointer: PointerVersion, version: VersionIdentity, caller: string): Promise<string> {
    const { keyServiceLedger, reader } = this.services;
    const { pseudonym, pointerId } = pointer;
    const kept = await keyServiceLedger
      .evaluate(newRequest(transactions.GetPointerQuery, { pseudonym, pointerId, version: pointer.version }))
      .catch((error: unknown) => {
        throw isUnknown(error) ? queryUnavailable('parameters-purged', error) : error;
      });
    const { parameters, salts } = kept;
    if ((await parametersCommitment(salts.parameters, version, parameters)) !== pointer.parametersCommitment)
      throw new DomainError('HASH_MISMATCH', 'the parameters are not those of the pointer', { path: 'parameters' });
    const template = await reader.queryTemplate(pointer.template);
    if (hashOfTemplate(template) !== pointer.templateSha256)
      throw new DomainError('HASH_MISMATCH', 'the template is not the one of the pointer', { path: 'template' });
    const rows = await this.#rows(template, parameters, caller);
    await assertCommittedRows(rows, salts.result, { version, committed: pointer.resultCommitment });
    return canonicalJson(queryResultSchema.parse({ t: 'lianyi/query-result/v1', salt: salts.result, rows }));
  }

  async #rows(template: QueryTemplate, parameters: QueryParameters, caller: string): Promise<QueryRows> {
    const { database, views, agreed } = this.services;
    if (database === undefined) throw queryUnavailable('no-database');
    agreed.assertAgreed(template);
    if (!views.includes(template.view)) throw queryUnavailable('view-not-offered');
    const rows = inOrder(await database.rows(template, parameters, caller));
    if (Buffer.byteLength(canonicalJson(rows)) > MOST_RESULT_BYTES)
      throw new DomainError('RESULT_TOO_LARGE', undefined, { limitBytes: MOST_RESULT_BYTES });
    return rows;
  }

  /** The same parameters for the same version keep their salts, so that who repeats a request is answered the same. */
  async #keep(place: VersionIdentity, parameters: QueryParameters): Promise<Pick<PointerQuery, 'salts'>> {
    const { keyServiceLedger } = this.services;
    const key = { pseudonym: place.pseudonym, pointerId: place.recordId, version: place.version };
    const kept = await keyServiceLedger.evaluate(newRequest(transactions.GetPointerQuery, key)).catch((error: unknown) => {
      if (!isUnknown(error)) throw error;
      return undefined;
    });
    if (kept !== undefined && canonicalJson(kept.parameters) === canonicalJson(parameters)) return kept;
    const salts = { parameters: encodeBase64url(newSalt()), result: encodeBase64url(newSalt()) };
    const transient = transactions.PutPointerQuery.transient.parse({ parameters, salts });
    await keyServiceLedger.submit(
      newRequest(transactions.PutPointerQuery, { ...key, transientSha256: hashOfJson(transient) }, { transient }),
    );
    return transient;
  }
}

/** Whether a query would be refused in the same way if it were run again at once, and has taken the database's time. */
function isOfTheQuery(error: unknown): error is DomainError {
  if (!(error instanceof DomainError)) return false;
  const { code, details } = error;
  return code === 'HASH_MISMATCH' || code === 'RESULT_TOO_LARGE' || (code === 'QUERY_UNAVAILABLE' && details['obstacle'] === 'too-slow');
}

function isUnknown(error: unknown): boolean {
  return error instanceof Refused && error.code === 'NOT_FOUND';
}

/** For whom a query is run: a member, or one of the staff who asks through this node, so that nobody waits for a colleague’s; all patients take one turn. */
function callerOf(mspId: MspId, holder: TicketHolder | undefined): string {
  if (holder === undefined) return mspId;
  return holder.kind === 'staff' ? turnOf(holder) : 'patients';
}
