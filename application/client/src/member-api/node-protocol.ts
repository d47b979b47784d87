import { z } from 'zod';
import {
  mspIdSchema,
  proofSchema,
  pseudonymSchema,
  recordDetailsSchema,
  recordIdSchema,
  recordVersionSchema,
  releaseIdSchema,
  sealedBytesSchema,
  sha256Schema,
  ticketIdSchema,
} from '@lianyi/domain';

// What a member node and its clients say to each other over HTTPS. Both ends parse with these.

/** Carries the signed request of a route whose body is a document: base64url of JSON. */
export const REQUEST_HEADER = 'lianyi-request';
/** No sealed object has more bytes than this, whatever the ledger's size bucket says. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
/** Describes the sealed document in the body of an answer: base64url of JSON. */
export const DOCUMENT_HEADER = 'lianyi-document';

/** The operations of a member node that staff sign for, spelled as statements spell transactions. */
export const nodeOperations = {
  prepareRecord: { contract: 'MemberNode', name: 'PrepareRecord' },
  readDocument: { contract: 'MemberNode', name: 'ReadDocument' },
} as const;
export type NodeOperation = (typeof nodeOperations)[keyof typeof nodeOperations];

const text = z.strictObject({ en: z.string(), zh: z.string() });

/** Every refusal of the node, whatever the route. */
export const problemSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  meaning: text,
  remedy: text,
  retry: z.boolean(),
  details: z.record(z.string(), z.unknown()),
});
export type ProblemBody = z.output<typeof problemSchema>;

/** `GET /v1/network` */
export const networkSchema = z.strictObject({ mspId: mspIdSchema, channel: z.string(), chaincode: z.string(), genesis: sha256Schema });

/** What a member of staff signs to have a document prepared; the document itself is covered by its hash. */
export const prepareInputSchema = z.strictObject({
  pseudonym: pseudonymSchema,
  recordId: recordIdSchema,
  documentSha256: sha256Schema,
  /** Given: a new version of an anchored record. */
  amends: z.strictObject({ previousVersion: z.int().min(1), operation: z.enum(['amend', 'replace']) }).exactOptional(),
  details: recordDetailsSchema.exactOptional(),
  /** Members that should hold a copy, best first. */
  replicaMspIds: z.array(mspIdSchema).max(8).exactOptional(),
});
export type PrepareInput = z.output<typeof prepareInputSchema>;

/** What is to be signed and published next. */
export const preparedSchema = z.strictObject({
  transaction: z.enum(['AnchorRecord', 'AmendRecord']),
  input: z.record(z.string(), z.unknown()),
});
export type PreparedRecord = z.output<typeof preparedSchema>;
export const publicationSchema = preparedSchema.extend({ proof: proofSchema });

export const readInputSchema = z.strictObject({ ticketId: ticketIdSchema, recordId: recordIdSchema });
export type ReadInput = z.output<typeof readInputSchema>;

/** A record key sealed to a ticket's ephemeral key. */
export const releasedKeySchema = z.strictObject({ releaseId: releaseIdSchema, sealedKey: sealedBytesSchema, transactionId: z.string() });

const locator = z.strictObject({ mspId: z.string(), endpointId: z.string() });
/** What the {@link DOCUMENT_HEADER} holds. */
export const documentHeaderSchema = z.strictObject({
  record: recordVersionSchema,
  custodianMspId: mspIdSchema,
  key: releasedKeySchema,
  /** The storage place that delivered the ciphertext, and those that could not. */
  source: locator,
  rejected: z.array(locator.extend({ code: z.string() })),
});
export type DocumentHeader = z.output<typeof documentHeaderSchema>;
