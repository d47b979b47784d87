import { z } from 'zod';
import {
  blockNumberSchema,
  carriedAnswerSchema,
  proofSchema,
  receiptSchema,
  type Role,
  sha256Schema,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { correctionOperations, recognitionOperations } from './event-operations';
import { eventOperations } from './event-operations';
import { listingOperations, matchingOperations, READERS } from './matching-operations';
import {
  documentHeaderSchema,
  followedRecoverySchema,
  healthSchema,
  linkNameSchema,
  networkSchema,
  preparedPointerSchema,
  preparedSchema,
  publicationSchema,
  recoveryKeySchema,
  releasedKeySchema,
  releaseRequestSchema,
  resultHeaderSchema,
  signedIdentifierSchema,
  signedPointSchema,
  signedPreparationSchema,
  signedReadSchema,
  signedWitnessSchema,
  witnessedReleaseSchema,
} from './schemas';

/** A body that is no JSON: the bytes of a document or of a sealed object. */
export const OCTETS = 'application/octet-stream';

/** Who may call an operation. What a transaction's signer may do, the ledger decides. */
export type OperationCallers =
  /** Nothing is asked of whoever calls. */
  | { readonly kind: 'anybody' }
  /** A staff member or patient who signs the request. Until the ledger has judged it, the node does nothing but carry it. */
  | { readonly kind: 'signer' }
  /** Staff of the node's own organisation with one of the roles, who signs for the operation as for a transaction, or for the transaction that it carries. */
  | { readonly kind: 'staff'; readonly roles: readonly Role[]; readonly signsFor?: 'its transaction' }
  /** Staff as above who have asked for the ticket in question, or the patient who has, by a command that the node has carried. */
  | { readonly kind: 'reader'; readonly roles: readonly Role[] }
  /** Who holds the ticket in question, of whichever member; signs for the operation as for a transaction. */
  | { readonly kind: 'holder' }
  /** Who has the recovery code of the PIN in question; signs with its key for the operation as for a transaction. */
  | { readonly kind: 'finder' }
  /** The node of another member, known by the TLS certificate of an endpoint in the ledger's directory. */
  | { readonly kind: 'member' };

/** A header that says what has no place in a body of octets. */
export interface OperationHeader {
  readonly name: string;
  readonly form: 'base64url of JSON' | 'text';
  readonly holds: z.ZodType;
  readonly description: string;
}

/** One operation of a member node: all that server, client, OpenAPI document and docs know of it. */
export interface MemberOperation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With `{name}` for each parameter. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly callers: OperationCallers;
  readonly header?: OperationHeader;
  readonly body?: z.ZodType | typeof OCTETS;
  /** As much JSON as a node reads, where that is more than a transaction's argument. */
  readonly bodyBytes?: number;
  /** The status of a success. */
  readonly status: 200 | 201;
  readonly answer: z.ZodType | typeof OCTETS;
  readonly answerHeader?: OperationHeader;
  /** A refusal is a {@link problemSchema}; health answers 503 in its own form. */
  readonly refusal?: 'as its answer';
}

/** Who may have a document prepared, and publish it; those of a device too, which signs nothing else. */
const PUBLISHERS: readonly Role[] = ['recordAdmin', 'lab'];

/** The signed request of an operation whose body is a document. */
const REQUEST_HEADER = 'lianyi-request';
/** Describes the sealed document in the body of an answer. */
const DOCUMENT_HEADER = 'lianyi-document';
/** Describes the sealed rows in the body of an answer. */
const RESULT_HEADER = 'lianyi-result';
/** The ticket under which an object is read. */
const TICKET_HEADER = 'lianyi-ticket';
/** The version of a record that an object is deposited for. */
const VERSION_HEADER = 'lianyi-record-version';

const resultHeader: OperationHeader = {
  name: RESULT_HEADER,
  form: 'base64url of JSON',
  holds: resultHeaderSchema,
  description: 'pointer, custodian and sealed key, base64url of JSON',
};

/** An operation by which the node itself acts: never for whoever signs. */
type OwnOperation = MemberOperation & { readonly callers: Exclude<OperationCallers, { readonly kind: 'signer' }> };

/** The operations of a member node that no transaction is. */
export const memberOperations = {
  GetHealth: {
    id: 'GetHealth',
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the node follows its peers, and how far.',
    tag: 'node',
    callers: { kind: 'anybody' },
    status: 200,
    answer: healthSchema,
    refusal: 'as its answer',
  },
  GetNetwork: {
    id: 'GetNetwork',
    method: 'GET',
    path: '/v1/network',
    summary: 'The network as statements must name it, and whose node this is.',
    tag: 'node',
    callers: { kind: 'anybody' },
    status: 200,
    answer: networkSchema,
  },
  FollowedRecovery: {
    id: 'FollowedRecovery',
    method: 'POST',
    path: '/v1/recoveries:followed',
    summary: 'How a recovery of one of the hospital’s patients stands by the word of those whose it is, which the hospital goes by.',
    tag: 'node',
    callers: { kind: 'anybody' },
    body: recoveryKeySchema,
    status: 200,
    answer: followedRecoverySchema,
  },
  NameLink: {
    id: 'NameLink',
    method: 'POST',
    path: '/v1/identifiers:name',
    summary: 'Names the link of an identifier: the same for the same number, and nothing by which anybody else could find it.',
    tag: 'identifiers',
    callers: { kind: 'staff', roles: ['registrar'] },
    body: signedIdentifierSchema,
    status: 200,
    answer: linkNameSchema,
  },
  PrepareRecord: {
    id: 'PrepareRecord',
    method: 'POST',
    path: '/v1/records:prepare',
    summary: 'Checks, seals and stores a document; answers the input to sign. Body: the document; the signed request is a header.',
    tag: 'records',
    callers: { kind: 'staff', roles: PUBLISHERS },
    header: {
      name: REQUEST_HEADER,
      form: 'base64url of JSON',
      holds: signedPreparationSchema,
      description: 'base64url of {input, proof}',
    },
    body: OCTETS,
    status: 200,
    answer: preparedSchema,
  },
  PublishRecord: {
    id: 'PublishRecord',
    method: 'POST',
    path: '/v1/records:publish',
    summary: 'Keeps the record’s key and carries the signed anchor.',
    tag: 'records',
    callers: { kind: 'staff', roles: PUBLISHERS, signsFor: 'its transaction' },
    body: publicationSchema,
    status: 200,
    answer: carriedAnswerSchema,
  },
  ReadDocument: {
    id: 'ReadDocument',
    method: 'POST',
    path: '/v1/access/{ticketId}/document',
    summary: 'Fetches a document under a ticket: the ciphertext in the body, the key sealed to the ticket’s ephemeral key in a header.',
    tag: 'access',
    callers: { kind: 'reader', roles: READERS },
    body: signedReadSchema,
    status: 200,
    answer: OCTETS,
    answerHeader: {
      name: DOCUMENT_HEADER,
      form: 'base64url of JSON',
      holds: documentHeaderSchema,
      description: 'record, custodian, sealed key and storage places, base64url of JSON',
    },
  },
  WitnessRelease: {
    id: 'WitnessRelease',
    method: 'POST',
    path: '/v1/access/{ticketId}/release:witness',
    summary: 'Tells a reader of any member what this member’s own peer has of a ticket, its record and a released key.',
    tag: 'access',
    callers: { kind: 'holder' },
    body: signedWitnessSchema,
    status: 200,
    answer: witnessedReleaseSchema,
  },
  PreparePointer: {
    id: 'PreparePointer',
    method: 'POST',
    path: '/v1/pointers:prepare',
    summary: 'Runs a registered query in the own hospital’s database, keeps its parameters; answers rows and the input to sign.',
    tag: 'pointers',
    callers: { kind: 'staff', roles: ['recordAdmin', 'lab'] },
    body: signedPointSchema,
    status: 200,
    answer: preparedPointerSchema,
  },
  ReadPointer: {
    id: 'ReadPointer',
    method: 'POST',
    path: '/v1/access/{ticketId}/pointer',
    summary:
      'Has the custodian run a pointer’s query under a ticket: the sealed rows in the body, the key sealed to the ticket in a header.',
    tag: 'access',
    callers: { kind: 'reader', roles: READERS },
    body: signedReadSchema,
    status: 200,
    answer: OCTETS,
    answerHeader: resultHeader,
  },
  RunQuery: {
    id: 'RunQuery',
    method: 'POST',
    path: '/v1/queries:run',
    summary: 'Runs a pointer’s query for a committed permit of the calling member, and releases the key of the sealed rows.',
    tag: 'members',
    callers: { kind: 'member' },
    body: releaseRequestSchema,
    status: 200,
    answer: OCTETS,
    answerHeader: resultHeader,
  },
  ReleaseKey: {
    id: 'ReleaseKey',
    method: 'POST',
    path: '/v1/keys:release',
    summary: 'Releases a record’s key to a committed permit of the calling member.',
    tag: 'members',
    callers: { kind: 'member' },
    body: releaseRequestSchema,
    status: 200,
    answer: releasedKeySchema,
  },
  PutObject: {
    id: 'PutObject',
    method: 'PUT',
    path: '/v1/objects/{sha256}',
    summary: 'Stores a sealed object for another member; answers a signed receipt.',
    tag: 'members',
    callers: { kind: 'member' },
    header: {
      name: VERSION_HEADER,
      form: 'text',
      holds: sha256Schema,
      description: 'the hash of the record’s version that it is for; the receipt names it',
    },
    body: OCTETS,
    status: 201,
    answer: receiptSchema,
  },
  GetObject: {
    id: 'GetObject',
    method: 'GET',
    path: '/v1/objects/{sha256}',
    summary: 'Reads a sealed object under a ticket of the calling member.',
    tag: 'members',
    callers: { kind: 'member' },
    header: { name: TICKET_HEADER, form: 'text', holds: z.string(), description: 'the id of the ticket' },
    status: 200,
    answer: OCTETS,
  },
  ...eventOperations,
  ...listingOperations,
  ...correctionOperations,
  ...recognitionOperations,
  ...matchingOperations,
} as const satisfies Readonly<Record<string, OwnOperation>>;

/**
 * What a node asks the ledger for anybody: the directory, and which key of a pseudonym is next, because a wallet that has lost its
 * place cannot sign before it knows, how far the recovery is that gives a wallet its first key, and sealed slots by ids that their owner alone derives. Everything else about a patient, card or ticket takes a proof.
 */
const openTransactions: ReadonlySet<TransactionEntry> = new Set<TransactionEntry>([
  transactions.GetPseudonym,
  transactions.GetDelegation,
  transactions.GetRecovery,
  transactions.ListSummarySlots,
  // whoever comes back has no key yet but that of the code, and what stands there is sealed
  transactions.GetPin,
  transactions.GetOrganisation,
  transactions.ListOrganisations,
  transactions.ListEndpoints,
]);

/** The operation by which a member node carries a transaction of the catalogue. */
export function carryingOperation(entry: TransactionEntry): MemberOperation {
  return {
    id: entry.name,
    method: 'POST',
    path: `/v1/transactions/${entry.contract}/${entry.name}`,
    summary: entry.summary,
    tag: entry.contract,
    callers: { kind: openTransactions.has(entry) ? 'anybody' : 'signer' },
    body: z.strictObject({
      input: entry.request,
      proof: proofSchema.exactOptional(),
      ...(entry.transient === undefined ? {} : { transient: entry.transient }),
      seenBlock: blockNumberSchema.exactOptional(),
      /** The answer is held for so long until something happens to the patient who asks, after this block; `blockNumber` says in which. */
      ...(entry.kind === 'evaluate' ? { newsAfter: blockNumberSchema.exactOptional() } : {}),
    }),
    ...(entry.transient === undefined ? {} : { bodyBytes: 192 * 1024 }),
    status: 200,
    answer: carriedAnswerSchema.extend({ result: entry.response }),
  };
}

/** Every operation of a member node. */
export function everyOperation(): readonly MemberOperation[] {
  return [...Object.values(memberOperations), ...Object.values(transactions).map(carryingOperation)];
}

/** An operation that staff sign for, spelled as statements spell transactions. */
export function signedAs({ id }: Pick<MemberOperation, 'id'>): { readonly contract: 'MemberNode'; readonly name: string } {
  return { contract: 'MemberNode', name: id };
}
