import { z } from 'zod';
import { publicKeySchema, sha256Schema, signatureSchema } from '../encoding/values';
import { actorTagSchema, endpointIdSchema, mspIdSchema, nameSchema, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';

/** `AccessContract:RequestAccess` */
const transactionNameSchema = z.string().regex(/^[A-Za-z]{1,64}:[A-Za-z]{1,64}$/);

const networkFields = { channel: nameSchema, chaincode: nameSchema, genesis: sha256Schema };
const requestFields = { transaction: transactionNameSchema, requestHash: sha256Schema };
const windowFields = { issuedAt: instantSchema, notAfter: instantSchema };

/** What a staff member signs: this request, on this network, for these minutes. */
export const staffStatementSchema = z.strictObject({
  t: z.literal('lianyi/request/v1'),
  ...networkFields,
  ...requestFields,
  msp: mspIdSchema,
  actorTag: actorTagSchema,
  ...windowFields,
});
/** What a patient signs with a one-time key, announcing the hash of the key after it. */
export const patientStatementSchema = z.strictObject({
  t: z.literal('lianyi/command/v1'),
  ...networkFields,
  ...requestFields,
  pseudonym: pseudonymSchema,
  publicKey: publicKeySchema,
  nextKeyHash: sha256Schema,
  ...windowFields,
});
export const staffProofSchema = z.strictObject({
  kind: z.literal('staff'),
  statement: staffStatementSchema,
  publicKey: publicKeySchema,
  signature: signatureSchema,
});
export const patientProofSchema = z.strictObject({
  kind: z.literal('patient'),
  statement: patientStatementSchema,
  signature: signatureSchema,
});
export const proofSchema = z.discriminatedUnion('kind', [staffProofSchema, patientProofSchema]);

/** What a vault signs when it has stored an object. */
export const receiptStatementSchema = z.strictObject({
  t: z.literal('lianyi/receipt/v1'),
  objectSha256: sha256Schema,
  sizeBytes: z.int().min(0).exactOptional(),
  mspId: mspIdSchema,
  endpointId: endpointIdSchema,
  storedAt: instantSchema,
});
export const receiptSchema = z.strictObject({ statement: receiptStatementSchema, signature: signatureSchema });

export type StaffStatement = z.output<typeof staffStatementSchema>;
export type PatientStatement = z.output<typeof patientStatementSchema>;
export type StaffProof = z.output<typeof staffProofSchema>;
export type PatientProof = z.output<typeof patientProofSchema>;
export type Proof = z.output<typeof proofSchema>;
export type ReceiptStatement = z.output<typeof receiptStatementSchema>;
export type Receipt = z.output<typeof receiptSchema>;
