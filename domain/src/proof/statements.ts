import { z } from 'zod';
import { publicKeySchema, sha256Schema, signatureSchema } from '../encoding/values';
import {
  actorTagSchema,
  delegationIdSchema,
  deviceIdSchema,
  endpointIdSchema,
  mspIdSchema,
  nameSchema,
  pinIdSchema,
  pseudonymSchema,
  slotIdSchema,
} from '../ids';
import { instantSchema } from '../instant';

/** `AccessContract:RequestAccess` */
const transactionNameSchema = z.string().regex(/^[A-Za-z]{1,64}:[A-Za-z]{1,64}$/);

/** What binds a statement to one request on one network; the order in which a difference is told. */
const bindingFields = {
  channel: nameSchema,
  chaincode: nameSchema,
  /** The header hash of block 0. */
  genesis: sha256Schema,
  transaction: transactionNameSchema,
  requestHash: sha256Schema,
};
const windowFields = { issuedAt: instantSchema, notAfter: instantSchema };

/** What a staff member signs: this request, on this network, for these minutes. */
export const staffStatementSchema = z.strictObject({
  t: z.literal('lianyi/request/v1'),
  ...bindingFields,
  msp: mspIdSchema,
  actorTag: actorTagSchema,
  ...windowFields,
});
/** What a patient signs with a one-time key, announcing the hash of the key after it. */
export const patientStatementSchema = z.strictObject({
  t: z.literal('lianyi/command/v1'),
  ...bindingFields,
  pseudonym: pseudonymSchema,
  publicKey: publicKeySchema,
  nextKeyHash: sha256Schema,
  ...windowFields,
});
/** What a delegate signs for a patient with a one-time key of the delegation, announcing the hash of the key after it. */
export const delegateStatementSchema = z.strictObject({
  t: z.literal('lianyi/delegate-command/v1'),
  ...bindingFields,
  pseudonym: pseudonymSchema,
  delegationId: delegationIdSchema,
  publicKey: publicKeySchema,
  nextKeyHash: sha256Schema,
  ...windowFields,
});
/** What the owner of a summary slot signs with a one-time key of that slot, announcing the hash of the key after it. It names no patient. */
export const slotStatementSchema = z.strictObject({
  t: z.literal('lianyi/slot-command/v1'),
  ...bindingFields,
  slotId: slotIdSchema,
  publicKey: publicKeySchema,
  nextKeyHash: sha256Schema,
  ...windowFields,
});
/** What a guardian signs, with the key that they have made for this pseudonym. It is no one-time key: a case takes one approval of it. */
export const guardianStatementSchema = z.strictObject({
  t: z.literal('lianyi/guardian-command/v1'),
  ...bindingFields,
  pseudonym: pseudonymSchema,
  publicKey: publicKeySchema,
  ...windowFields,
});
/**
 * What whoever has the recovery code of a PIN signs, with the key of the code, or with the key that a right guess makes. Neither is a one-time key: a
 * request names the guess, which is made once.
 */
export const pinStatementSchema = z.strictObject({
  t: z.literal('lianyi/pin-command/v1'),
  ...bindingFields,
  pinId: pinIdSchema,
  publicKey: publicKeySchema,
  ...windowFields,
});
/** What two staff members sign for a patient who has no device, one after the other and the same. */
export const assistedStatementSchema = z.strictObject({
  t: z.literal('lianyi/assisted-command/v1'),
  ...bindingFields,
  msp: mspIdSchema,
  pseudonym: pseudonymSchema,
  actorTags: z.tuple([actorTagSchema, actorTagSchema]),
  /** The hash of the last statement that the ledger has of the pseudonym, so that none is carried twice; absent where there is none. */
  after: sha256Schema.exactOptional(),
  ...windowFields,
});
/** What one of the two signs. */
export const coSignatureSchema = z.strictObject({ publicKey: publicKeySchema, signature: signatureSchema });
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
export const delegateProofSchema = z.strictObject({
  kind: z.literal('delegate'),
  statement: delegateStatementSchema,
  signature: signatureSchema,
});
export const assistedProofSchema = z.strictObject({
  kind: z.literal('assisted'),
  statement: assistedStatementSchema,
  /** In the order of the tags. */
  signatures: z.tuple([coSignatureSchema, coSignatureSchema]),
});
/** What a wallet signs: for its own pseudonym, or for somebody else's. */
export const commandProofSchema = z.discriminatedUnion('kind', [patientProofSchema, delegateProofSchema]);
export const slotProofSchema = z.strictObject({
  kind: z.literal('slot'),
  statement: slotStatementSchema,
  signature: signatureSchema,
});
export const guardianProofSchema = z.strictObject({
  kind: z.literal('guardian'),
  statement: guardianStatementSchema,
  signature: signatureSchema,
});
export const pinProofSchema = z.strictObject({
  kind: z.literal('pin'),
  statement: pinStatementSchema,
  signature: signatureSchema,
});
export const proofSchema = z.discriminatedUnion('kind', [
  staffProofSchema,
  patientProofSchema,
  delegateProofSchema,
  assistedProofSchema,
  slotProofSchema,
  guardianProofSchema,
  pinProofSchema,
]);

/** What a vault signs when it has stored an object for one version of a record. */
export const receiptStatementSchema = z.strictObject({
  t: z.literal('lianyi/receipt/v1'),
  objectSha256: sha256Schema,
  /** {@link hashOfVersion}: for which version of which record, of whom, on which channel it was deposited. */
  versionHash: sha256Schema,
  sizeBytes: z.int().min(0).exactOptional(),
  mspId: mspIdSchema,
  endpointId: endpointIdSchema,
  storedAt: instantSchema,
});
export const receiptSchema = z.strictObject({ statement: receiptStatementSchema, signature: signatureSchema });

/** As often as pseudonyms are named together. */
const pseudonymPairSchema = z.tuple([pseudonymSchema, pseudonymSchema]).refine(([one, other]) => one !== other, 'the same pseudonym twice');
/**
 * What a patient signs for one member and nobody else: by which other pseudonym they are known elsewhere, or that it is to be known no more. It is
 * never part of a transaction (ADR 0059). Not a one-time use of the keys that sign it: they stay the next ones.
 */
export const introductionStatementSchema = z.strictObject({
  t: z.literal('lianyi/introduction/v1'),
  channel: nameSchema,
  /** The header hash of block 0. */
  genesis: sha256Schema,
  /** Who is told. */
  mspId: mspIdSchema,
  act: z.enum(['introduce', 'withdraw']),
  /** The one at that member, and the other. */
  pseudonyms: pseudonymPairSchema,
  ...windowFields,
});
/** Signed with the announced keys of both pseudonyms; a withdrawal, of one or both. */
export const introductionSchema = z.strictObject({
  statement: introductionStatementSchema,
  signatures: z
    .array(coSignatureSchema.extend({ pseudonym: pseudonymSchema }))
    .min(1)
    .max(2),
});

/** What a device signs once, to show that it has the key that its organisation attests. */
export const deviceKeyStatementSchema = z.strictObject({
  t: z.literal('lianyi/device-key/v1'),
  channel: nameSchema,
  genesis: sha256Schema,
  deviceId: deviceIdSchema,
});
/** What a device signs of each document that it has made: for which version of which record of whom, on which channel. */
export const observationStatementSchema = z.strictObject({
  t: z.literal('lianyi/device-observation/v1'),
  deviceId: deviceIdSchema,
  /** {@link hashOfVersion} */
  versionHash: sha256Schema,
  /** Salted: the signature stands on the ledger and must not tell the document to who guesses it. */
  contentCommitment: sha256Schema,
  observedAt: instantSchema,
});

/** Which request, on which network, a statement is for. */
export type RequestBinding = Readonly<z.output<z.ZodObject<typeof bindingFields, z.core.$strict>>>;
/** Which ledger a statement is for; a statement for one network means nothing on another. */
export type NetworkIdentity = Pick<RequestBinding, 'channel' | 'chaincode' | 'genesis'>;
/** Which channel: its name, and its first block, which no other channel has. */
export type ChannelBinding = Pick<NetworkIdentity, 'channel' | 'genesis'>;
/** The fields of a {@link RequestBinding}. */
// Object.keys is typed string[]; the table is a constant of this module, so its keys are exactly these
export const BOUND_FIELDS = Object.keys(bindingFields) as readonly (keyof RequestBinding)[];

export type StaffStatement = z.output<typeof staffStatementSchema>;
export type PatientStatement = z.output<typeof patientStatementSchema>;
export type DelegateStatement = z.output<typeof delegateStatementSchema>;
export type StaffProof = z.output<typeof staffProofSchema>;
export type PatientProof = z.output<typeof patientProofSchema>;
export type AssistedStatement = z.output<typeof assistedStatementSchema>;
export type AssistedProof = z.output<typeof assistedProofSchema>;
export type DelegateProof = z.output<typeof delegateProofSchema>;
export type CommandProof = z.output<typeof commandProofSchema>;
export type SlotStatement = z.output<typeof slotStatementSchema>;
export type SlotProof = z.output<typeof slotProofSchema>;
export type GuardianStatement = z.output<typeof guardianStatementSchema>;
export type GuardianProof = z.output<typeof guardianProofSchema>;
export type PinStatement = z.output<typeof pinStatementSchema>;
export type PinProof = z.output<typeof pinProofSchema>;
export type Proof = z.output<typeof proofSchema>;
export type IntroductionStatement = z.output<typeof introductionStatementSchema>;
export type Introduction = z.output<typeof introductionSchema>;
export type DeviceKeyStatement = z.output<typeof deviceKeyStatementSchema>;
export type ObservationStatement = z.output<typeof observationStatementSchema>;
export type ReceiptStatement = z.output<typeof receiptStatementSchema>;
export type Receipt = z.output<typeof receiptSchema>;
