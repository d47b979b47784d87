import { z } from 'zod';
import { describedSchema } from '@lianyi/documents/media-type';
import {
  confidentialitySchema,
  dataLevelSchema,
  deviceAuthorshipSchema,
  deviceSchema,
  encounterIdSchema,
  endpointIdSchema,
  idNonceSchema,
  identifierSchema,
  keyReleaseSchema,
  linkIdSchema,
  longSaltSchema,
  monthsSchema,
  mspIdSchema,
  nameSchema,
  pointerQuerySchema,
  pointerVersionSchema,
  proofSchema,
  publicKeySchema,
  pseudonymSchema,
  queryParametersSchema,
  recordDetailsSchema,
  recordIdSchema,
  recordVersionSchema,
  recoveryCaseSchema,
  recoveryStateSchema,
  releaseIdSchema,
  saltSchema,
  sealedBytesSchema,
  sha256Schema,
  signatureSchema,
  staffSchema,
  templateReferenceSchema,
  ticketIdSchema,
  ticketSchema,
} from '@lianyi/domain';
import { disagreements } from './witness';

// What a member node and its clients say to each other over HTTPS. Both ends parse with these.

/** No sealed object has more bytes than this, whatever the ledger's size bucket says. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

const text = z.strictObject({ en: z.string(), zh: z.string() });

/** Every refusal of the node, whatever the operation. */
export const problemSchema = z.strictObject({
  code: z.string(),
  message: z.string(),
  meaning: text,
  remedy: text,
  retry: z.boolean(),
  details: z.record(z.string(), z.unknown()),
});

/** Which recovery. */
export const recoveryKeySchema = recoveryCaseSchema.pick({ pseudonym: true, caseId: true });
/** How a hospital has followed a recovery. */
export const followedRecoverySchema = z.strictObject({
  /** Whether it follows the pseudonym: it is a patient's of this hospital. */
  isFollowed: z.boolean(),
  /** Absent where nobody whose word it is has said anything of it in time. */
  state: recoveryStateSchema.exactOptional(),
  /** It is shown as cooling off, and nobody whom the hospital believes has confirmed it. */
  isConfirmedByNobody: z.literal(true).exactOptional(),
});

/**
 * How far the node has followed each peer, why it follows one no more, and what blocks wrote about patients without their word:
 * `alarms` names the kind and the block of the newest. An alarm makes the node no less well: it releases no key on that.
 */
export const healthSchema = z.object({
  status: z.string(),
  blocks: z.record(z.string(), z.number()),
  faults: z.array(z.string()),
  warnings: z.array(z.string()).default([]),
  alarms: z.array(z.string()).default([]),
});

/** The network as statements must name it, and whose node this is. */
export const networkSchema = z.strictObject({ mspId: mspIdSchema, channel: z.string(), chaincode: z.string(), genesis: sha256Schema });

/** What a device hands over with a document that it has made: its signature, and the salt of the commitment that it signed. */
export const deviceSignedSchema = deviceAuthorshipSchema.omit({ sealedSalt: true }).extend({ contentSalt: longSaltSchema });
export type DeviceSigned = z.output<typeof deviceSignedSchema>;

/** When the care was, to the month, and of which encounter: what is said here every member reads (ADR 0058). */
const careSchema = z.strictObject({ careMonths: monthsSchema.exactOptional(), encounter: encounterIdSchema.exactOptional() });
export type Care = z.output<typeof careSchema>;

/** What a member of staff signs to have a document prepared; the document itself is covered by its hash. */
export const prepareInputSchema = z
  .strictObject({
    pseudonym: pseudonymSchema,
    recordId: recordIdSchema,
    /** Of a new record: what its id is derived from, besides the node's hospital and the pseudonym. */
    nonce: idNonceSchema.exactOptional(),
    documentSha256: sha256Schema,
    /** Of a document that is no FHIR: what the hospital says of it. */
    described: describedSchema.exactOptional(),
    /** Given: a new version of an anchored record. */
    amends: z.strictObject({ previousVersion: z.int().min(1), operation: z.enum(['amend', 'replace']) }).exactOptional(),
    // what was examined, the node finds out for itself
    details: recordDetailsSchema.omit({ results: true }).exactOptional(),
    /** What the ledger is to say of the care that the document tells of; left out: nothing. */
    care: careSchema.exactOptional(),
    /** Given: a device has made the document. */
    device: deviceSignedSchema.exactOptional(),
    /** Members that should hold a copy, best first. */
    replicaMspIds: z.array(mspIdSchema).max(8).exactOptional(),
  })
  .refine(({ nonce, amends }) => (nonce === undefined) !== (amends === undefined), 'either a nonce (new record) or amends');
export type PrepareInput = z.output<typeof prepareInputSchema>;
export const signedPreparationSchema = z.strictObject({ input: prepareInputSchema, proof: proofSchema });

/** What is to be signed and published next. */
export const preparedSchema = z.strictObject({
  transaction: z.enum(['AnchorRecord', 'AmendRecord']),
  input: z.record(z.string(), z.unknown()),
  /** Opens the content commitment, so that the publisher computes it too. */
  contentSalt: saltSchema,
});
export type PreparedRecord = z.output<typeof preparedSchema>;
export const publicationSchema = preparedSchema.omit({ contentSalt: true }).extend({ proof: proofSchema });

/** What a registrar asks of the own node; the answer names a link without telling the number. */
export const signedIdentifierSchema = z.strictObject({ input: identifierSchema, proof: proofSchema });
export const linkNameSchema = z.strictObject({ linkId: linkIdSchema });

export const readInputSchema = z.strictObject({ ticketId: ticketIdSchema, recordId: recordIdSchema });
export const signedReadSchema = z.strictObject({ input: readInputSchema, proof: proofSchema });

/** What a member's node asks another's key service; the ids are checked after it is known who asks. */
export const releaseRequestSchema = z.strictObject({ ticketId: z.string(), recordId: z.string() });
/** What the custodian's key service signs about a key that it released. */
export const releaseStatementSchema = z.strictObject({
  t: z.literal('lianyi/release/v1'),
  channel: nameSchema,
  genesis: sha256Schema,
  ticketId: ticketIdSchema,
  releaseId: releaseIdSchema,
  pseudonym: pseudonymSchema,
  recordId: recordIdSchema,
  version: z.int().min(1),
  cipherSha256: sha256Schema,
  dekCommitment: sha256Schema,
  /** Of the sealed key as it was handed out; the ledger's release has the same. */
  sealedSha256: sha256Schema,
});
export type ReleaseStatement = z.output<typeof releaseStatementSchema>;
/** With the staff key of the key service, whose hash the ledger's directory has. */
export const releaseAttestationSchema = z.strictObject({
  statement: releaseStatementSchema,
  publicKey: publicKeySchema,
  signature: signatureSchema,
});
export type ReleaseAttestation = z.output<typeof releaseAttestationSchema>;
/** A record key sealed to a ticket's ephemeral key. */
export const releasedKeySchema = z.strictObject({
  releaseId: releaseIdSchema,
  sealedKey: sealedBytesSchema,
  transactionId: z.string(),
  attestation: releaseAttestationSchema,
});

/** What a reader asks another member's node: what its own peer has of a release. */
export const witnessInputSchema = z.strictObject({ ticketId: ticketIdSchema, recordId: recordIdSchema, releaseId: releaseIdSchema });
export const signedWitnessSchema = z.strictObject({ input: witnessInputSchema, proof: proofSchema });
/** What a member's peer has of a release: the ticket, the record's version, the release, and the service that recorded it. */
export const witnessedReleaseSchema = z.strictObject({
  ticket: ticketSchema,
  /** Of a pointer, the pointer's version. */
  record: z.union([recordVersionSchema, pointerVersionSchema]),
  release: keyReleaseSchema,
  service: staffSchema.pick({ mspId: true, actorTag: true, publicKeyHash: true }),
  /** Of a record that names one: the device that has made it. */
  device: deviceSchema.exactOptional(),
  /** Whether the patient disagrees with the record; a node of an earlier release does not say. */
  disagreement: z.enum(disagreements).exactOptional(),
});
export type WitnessedRelease = z.output<typeof witnessedReleaseSchema>;

const locator = z.strictObject({ mspId: z.string(), endpointId: z.string() });
/** Describes the sealed document in the body of an answer. */
export const documentHeaderSchema = z.strictObject({
  record: recordVersionSchema,
  custodianMspId: mspIdSchema,
  /** Of a record that names one: the device that has made it. */
  device: deviceSchema.exactOptional(),
  key: releasedKeySchema,
  /** The storage place that delivered the ciphertext, and those that could not. */
  source: locator,
  rejected: z.array(locator.extend({ code: z.string() })),
});
export type DocumentHeader = z.output<typeof documentHeaderSchema>;

/** What a member of staff signs to have a query run in their own hospital, so that a pointer to its answer can be written. */
export const pointInputSchema = z
  .strictObject({
    pseudonym: pseudonymSchema,
    pointerId: recordIdSchema,
    /** Of a new pointer: what its id is derived from, besides the node's hospital and the pseudonym. */
    nonce: idNonceSchema.exactOptional(),
    /** Given: a new version of a pointer. */
    previousVersion: z.int().min(1).exactOptional(),
    template: templateReferenceSchema,
    endpointId: endpointIdSchema,
    parameters: queryParametersSchema,
    /** Stricter than the template's. */
    dataLevel: dataLevelSchema.exactOptional(),
    confidentiality: confidentialitySchema.exactOptional(),
  })
  .refine(
    ({ nonce, previousVersion }) => (nonce === undefined) !== (previousVersion === undefined),
    'either a nonce (new pointer) or previousVersion',
  );
export type PointInput = z.output<typeof pointInputSchema>;
export const signedPointSchema = z.strictObject({ input: pointInputSchema, proof: proofSchema });
/** The canonical JSON of each row, in the order of their code units. */
export const rowsSchema = z.array(z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.null()])));
export type QueryRows = z.output<typeof rowsSchema>;
/** What is to be signed next, and what it commits to. */
export const preparedPointerSchema = z.strictObject({
  transaction: z.enum(['AddPointer', 'UpdatePointer']),
  input: z.record(z.string(), z.unknown()),
  salts: pointerQuerySchema.shape.salts,
  rows: rowsSchema,
});
export type PreparedPointer = z.output<typeof preparedPointerSchema>;
/** What is sealed for who asked: the rows, and the salt by which they are known. */
export const queryResultSchema = z.strictObject({ t: z.literal('lianyi/query-result/v1'), salt: saltSchema, rows: rowsSchema });
/** Describes the sealed rows in the body of an answer. */
export const resultHeaderSchema = z.strictObject({ pointer: pointerVersionSchema, custodianMspId: mspIdSchema, key: releasedKeySchema });
export type ResultHeader = z.output<typeof resultHeaderSchema>;
