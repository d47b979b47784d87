import { DomainError } from './domain-error';
import { hashOfJson } from './crypto/sha256';
import { type IdNonce, type Sha256 } from './encoding/values';
import {
  type ActorTag,
  type CardId,
  cardIdSchema,
  type DelegationId,
  delegationIdSchema,
  type DeviceId,
  deviceIdSchema,
  type DuplicateCaseId,
  duplicateCaseIdSchema,
  type EvaluationId,
  evaluationIdSchema,
  type FunctionKeyId,
  functionKeyIdSchema,
  type MspId,
  type PinId,
  pinIdSchema,
  type Pseudonym,
  pseudonymSchema,
  type PrescriptionId,
  prescriptionIdSchema,
  type RecognitionId,
  recognitionIdSchema,
  type RecordId,
  recordIdSchema,
  type RecoveryCaseId,
  recoveryCaseIdSchema,
  type ReferralId,
  referralIdSchema,
  type SlotId,
  slotIdSchema,
  type TicketId,
  ticketIdSchema,
} from './ids';

/*
 * Ids that say whose they are (ADR 0030): each is a hash over its owner and a nonce, so that who sees one before it is ordered cannot
 * take it. One letter stands before the hash: no id begins with a hyphen, which a command line would read as an option.
 */

/** A pseudonym of a hospital for the patient who holds the first key. */
export function pseudonymOf(owner: { readonly mspId: MspId; readonly firstKeyHash: Sha256; readonly nonce: IdNonce }): Pseudonym {
  const { mspId, firstKeyHash, nonce } = owner;
  return pseudonymSchema.parse(`p${hashOfJson(['lianyi/pseudonym/v1', mspId, firstKeyHash, nonce])}`);
}

/** The id of a ticket that one staff member asks for. */
export function ticketIdOf(owner: { readonly mspId: MspId; readonly actorTag: ActorTag; readonly nonce: IdNonce }): TicketId {
  const { mspId, actorTag, nonce } = owner;
  return ticketIdSchema.parse(`t${hashOfJson(['lianyi/ticket/v1', mspId, actorTag, nonce])}`);
}

/** The id of a ticket that a patient, or who acts for them, asks for. */
export function ownTicketIdOf(owner: { readonly pseudonym: Pseudonym; readonly nonce: IdNonce }): TicketId {
  const { pseudonym, nonce } = owner;
  return ticketIdSchema.parse(`t${hashOfJson(['lianyi/own-ticket/v1', pseudonym, nonce])}`);
}

/** The id of a question for an equivalent result that one staff member asks. */
export function recognitionIdOf(owner: { readonly mspId: MspId; readonly actorTag: ActorTag; readonly nonce: IdNonce }): RecognitionId {
  const { mspId, actorTag, nonce } = owner;
  return recognitionIdSchema.parse(`m${hashOfJson(['lianyi/recognition/v1', mspId, actorTag, nonce])}`);
}

/** The id of a card that a hospital issues for a pseudonym. */
export function cardIdOf(owner: { readonly mspId: MspId; readonly pseudonym: Pseudonym; readonly nonce: IdNonce }): CardId {
  const { mspId, pseudonym, nonce } = owner;
  return cardIdSchema.parse(`c${hashOfJson(['lianyi/card/v1', mspId, pseudonym, nonce])}`);
}

/** The id of a record that a hospital publishes of a pseudonym. */
export function recordIdOf(owner: { readonly mspId: MspId; readonly pseudonym: Pseudonym; readonly nonce: IdNonce }): RecordId {
  const { mspId, pseudonym, nonce } = owner;
  return recordIdSchema.parse(`r${hashOfJson(['lianyi/record/v1', mspId, pseudonym, nonce])}`);
}

/** The id of a referral by a hospital, of a pseudonym of its own. */
export function referralIdOf(owner: { readonly mspId: MspId; readonly pseudonym: Pseudonym; readonly nonce: IdNonce }): ReferralId {
  const { mspId, pseudonym, nonce } = owner;
  return referralIdSchema.parse(`w${hashOfJson(['lianyi/referral/v1', mspId, pseudonym, nonce])}`);
}

/** The id of a pointer that a hospital keeps of a pseudonym. It is asked for like a record, and its first letter tells it from one. */
export function pointerIdOf(owner: { readonly mspId: MspId; readonly pseudonym: Pseudonym; readonly nonce: IdNonce }): RecordId {
  const { mspId, pseudonym, nonce } = owner;
  return recordIdSchema.parse(`q${hashOfJson(['lianyi/pointer/v1', mspId, pseudonym, nonce])}`);
}

/** Tells by its spelling whether an id is a pointer's (ADR 0030): no record can be anchored under one. */
export function isPointerId(id: RecordId): boolean {
  return /^q[A-Za-z0-9_-]{43}$/.test(id);
}

/** The id of a delegation: of who would act for a pseudonym with the first key. */
export function delegationIdOf(owner: {
  readonly pseudonym: Pseudonym;
  readonly firstKeyHash: Sha256;
  readonly nonce: IdNonce;
}): DelegationId {
  const { pseudonym, firstKeyHash, nonce } = owner;
  return delegationIdSchema.parse(`d${hashOfJson(['lianyi/delegation/v1', pseudonym, firstKeyHash, nonce])}`);
}

/** The id of a device that a hospital attests. The key is one device's, so no nonce is needed, and no key comes back under another id. */
export function deviceIdOf(owner: { readonly mspId: MspId; readonly publicKeyHash: Sha256 }): DeviceId {
  const { mspId, publicKeyHash } = owner;
  return deviceIdSchema.parse(`v${hashOfJson(['lianyi/device/v1', mspId, publicKeyHash])}`);
}

/**
 * The id under which a patient contributes documents of their own at a hospital, which vouches for the key as it does for a device's. Its first letter
 * tells it from a device: who reads a record's entry sees that it is the patient's word.
 */
export function contributorIdOf(owner: { readonly mspId: MspId; readonly publicKeyHash: Sha256 }): DeviceId {
  const { mspId, publicKeyHash } = owner;
  return deviceIdSchema.parse(`w${hashOfJson(['lianyi/contributor/v1', mspId, publicKeyHash])}`);
}

/** Tells by its spelling whether an author's id is a patient's (ADR 0080): no device is attested under one. */
export function isContributorId(id: DeviceId): boolean {
  return /^w[A-Za-z0-9_-]{43}$/.test(id);
}

/** The id of a prescription that a hospital issues for a pseudonym. */
export function prescriptionIdOf(owner: { readonly mspId: MspId; readonly pseudonym: Pseudonym; readonly nonce: IdNonce }): PrescriptionId {
  const { mspId, pseudonym, nonce } = owner;
  return prescriptionIdSchema.parse(`x${hashOfJson(['lianyi/prescription/v1', mspId, pseudonym, nonce])}`);
}

/** The id of a recovery: of the pseudonym that is to get the key. */
export function recoveryCaseIdOf(owner: {
  readonly pseudonym: Pseudonym;
  readonly newKeyHash: Sha256;
  readonly nonce: IdNonce;
}): RecoveryCaseId {
  const { pseudonym, newKeyHash, nonce } = owner;
  return recoveryCaseIdSchema.parse(`k${hashOfJson(['lianyi/recovery-case/v1', pseudonym, newKeyHash, nonce])}`);
}

/** The id of the summary slot that whoever holds the first key may make. The key is made for one slot of one channel, so no nonce is needed. */
export function slotIdOf(firstKeyHash: Sha256): SlotId {
  return slotIdSchema.parse(`s${hashOfJson(['lianyi/summary-slot/v1', firstKeyHash])}`);
}

/** The id of the PIN that whoever has the recovery code may try. The key is made for one PIN of one channel, so no nonce is needed. */
export function pinIdOf(finderKeyHash: Sha256): PinId {
  return pinIdSchema.parse(`n${hashOfJson(['lianyi/pin/v1', finderKeyHash])}`);
}

/** The id of a key that hospitals deal together, which one of them opens. */
export function functionKeyIdOf(owner: { readonly mspId: MspId; readonly nonce: IdNonce }): FunctionKeyId {
  const { mspId, nonce } = owner;
  return functionKeyIdSchema.parse(`f${hashOfJson(['lianyi/function-key/v1', mspId, nonce])}`);
}

/** The id of a key whose shares are dealt anew: of all that is agreed to with it, so that nobody changes the holders under an id that was agreed to. */
export function resharedKeyIdOf(of: {
  readonly mspId: MspId;
  readonly nonce: IdNonce;
  readonly formerKeyId: FunctionKeyId;
  readonly dealers: readonly MspId[];
  readonly holders: readonly MspId[];
  readonly threshold: number;
}): FunctionKeyId {
  const { mspId, nonce, formerKeyId, dealers, holders, threshold } = of;
  return functionKeyIdSchema.parse(`f${hashOfJson(['lianyi/reshared-key/v1', mspId, nonce, formerKeyId, dealers, holders, threshold])}`);
}

/** The id of an evaluation that one registrar asks for. */
export function evaluationIdOf(owner: { readonly mspId: MspId; readonly actorTag: ActorTag; readonly nonce: IdNonce }): EvaluationId {
  const { mspId, actorTag, nonce } = owner;
  return evaluationIdSchema.parse(`e${hashOfJson(['lianyi/evaluation/v1', mspId, actorTag, nonce])}`);
}

/** The id of a case that one hospital opens with another. */
export function duplicateCaseIdOf(owner: {
  readonly mspId: MspId;
  readonly partnerMspId: MspId;
  readonly nonce: IdNonce;
}): DuplicateCaseId {
  const { mspId, partnerMspId, nonce } = owner;
  return duplicateCaseIdSchema.parse(`u${hashOfJson(['lianyi/duplicate-case/v1', mspId, partnerMspId, nonce])}`);
}

/**
 * Holds an id to its owner.
 *
 * @param derived what one of the functions above makes of the owner, whom the ledger knows, and the nonce, which the request names
 * @throws {@link DomainError} `ID_MISMATCH` — it is another owner's, or was made in another way.
 */
export function assertOwnId<Id extends string>(id: Id, derived: Id): void {
  if (id !== derived) throw new DomainError('ID_MISMATCH', undefined, { id });
}
