import { z } from 'zod';

/** The one rule of every id and key part (docs/ledger-keys.md): ASCII, so no Unicode twins, and nothing that could end a composite key's part. */
const ID_RULE = /^[A-Za-z0-9_-]{1,64}$/;

const id = z.string().regex(ID_RULE);

export const mspIdSchema = id.brand<'MspId'>();
export const pseudonymSchema = id.brand<'Pseudonym'>();
export const cardIdSchema = id.brand<'CardId'>();
export const linkIdSchema = id.brand<'LinkId'>();
export const endpointIdSchema = id.brand<'EndpointId'>();
export const actorTagSchema = id.brand<'ActorTag'>();
export const departmentSchema = id.brand<'Department'>();
export const deviceIdSchema = id.brand<'DeviceId'>();
export const groupSchema = id.brand<'Group'>();
export const delegationIdSchema = id.brand<'DelegationId'>();
export const recognitionIdSchema = id.brand<'RecognitionId'>();
export const recordIdSchema = id.brand<'RecordId'>();
export const referralIdSchema = id.brand<'ReferralId'>();
export const recoveryCaseIdSchema = id.brand<'RecoveryCaseId'>();
export const encounterIdSchema = id.brand<'EncounterId'>();
export const provisionIdSchema = id.brand<'ProvisionId'>();
export const ticketIdSchema = id.brand<'TicketId'>();
export const releaseIdSchema = id.brand<'ReleaseId'>();
export const pinIdSchema = id.brand<'PinId'>();
export const slotIdSchema = id.brand<'SlotId'>();
export const functionKeyIdSchema = id.brand<'FunctionKeyId'>();
export const evaluationIdSchema = id.brand<'EvaluationId'>();
export const duplicateCaseIdSchema = id.brand<'DuplicateCaseId'>();
export const prescriptionIdSchema = id.brand<'PrescriptionId'>();
/** A name without a brand of its own: a Fabric channel, a chaincode, a transaction id, a code of a vocabulary. */
export const nameSchema = id;

export type MspId = z.output<typeof mspIdSchema>;
/** A random name of one patient at one hospital; nothing joins two of them on the ledger. */
export type Pseudonym = z.output<typeof pseudonymSchema>;
export type CardId = z.output<typeof cardIdSchema>;
export type LinkId = z.output<typeof linkIdSchema>;
export type EndpointId = z.output<typeof endpointIdSchema>;
/** A random name of a staff member inside one organisation. */
export type ActorTag = z.output<typeof actorTagSchema>;
export type Department = z.output<typeof departmentSchema>;
/** The name of a group of staff inside one organisation. */
export type Group = z.output<typeof groupSchema>;
export type DeviceId = z.output<typeof deviceIdSchema>;
export type DelegationId = z.output<typeof delegationIdSchema>;
/** A clinician’s question for an equivalent result. */
export type RecognitionId = z.output<typeof recognitionIdSchema>;
export type RecordId = z.output<typeof recordIdSchema>;
/** What a hospital refers a patient with; in the patient's policy it names the provision that they agree to. */
export type ReferralId = z.output<typeof referralIdSchema>;
export type RecoveryCaseId = z.output<typeof recoveryCaseIdSchema>;
/** A random name of one visit or stay of one patient, which its hospital gives; nothing of it stands anywhere else. */
export type EncounterId = z.output<typeof encounterIdSchema>;
export type ProvisionId = z.output<typeof provisionIdSchema>;
export type TicketId = z.output<typeof ticketIdSchema>;
export type ReleaseId = z.output<typeof releaseIdSchema>;
/** A key that several hospitals hold in shares. */
export type FunctionKeyId = z.output<typeof functionKeyIdSchema>;
export type EvaluationId = z.output<typeof evaluationIdSchema>;
export type PrescriptionId = z.output<typeof prescriptionIdSchema>;
export type DuplicateCaseId = z.output<typeof duplicateCaseIdSchema>;
/** A PIN's name: a hash of the key that its recovery code makes. */
export type PinId = z.output<typeof pinIdSchema>;
/** A summary slot's name: a hash of the first key that may write it. */
export type SlotId = z.output<typeof slotIdSchema>;

/** Tells whether a text may be an id or a key part. */
export function isId(text: string): boolean {
  return ID_RULE.test(text);
}
