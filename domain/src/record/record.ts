import { z } from 'zod';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { type Pseudonym, type RecordId } from '../ids';
import { type Instant } from '../instant';
import { isContributorId } from '../owned-ids';
import { areAllWithin } from '../instant';
import { type ChannelBinding, type Receipt, type ReceiptStatement } from '../proof/statements';
import { assertVersion, nextState, type StateTable } from '../state-table';
import { confidentialities } from '../vocabulary';
import { type MedicalRecord, recordContentFields, type RecordVersion, type RetractionReason } from './entities';

export type RecordCommand = 'amend' | 'retract';
/** What a version says of itself: everything of {@link recordContentFields}. */
export type RecordContent = z.output<typeof contentSchema>;

export const recordTable: StateTable<MedicalRecord['state'], RecordCommand> = {
  current: { amend: 'current', retract: 'retracted' },
  retracted: {},
};

/**
 * The record with the content of its next version.
 * @throws {@link DomainError} `ILLEGAL_STATE` — it is retracted; `VERSION_CONFLICT` — `previousVersion` is not the present one;
 * `AUTHORSHIP_CHANGED` — the one is the patient's own word, the other is not; `CLASS_CHANGED` — consent and prohibition by class would mean another record than the patient meant, whichever class is the wider;
 * `LABEL_LOWERED` — the content is less protected than the present version, or of another time or encounter: consent given for the one would
 * open the other.
 */
export function amendRecord(record: MedicalRecord, previousVersion: number, content: RecordContent, now: Instant): MedicalRecord {
  const state = nextState(recordTable, record.state, 'amend');
  assertVersion(record.version, previousVersion);
  assertSameClass(record, content);
  assertSameAuthorship(record, content);
  assertNotLowered(record, content);
  const { device: _device, careMonths: _months, encounter: _encounter, ...kept } = record;
  return { ...kept, ...content, state, version: record.version + 1, changedAt: now };
}

/** What the patient has contributed stays the patient's word, and what the hospital has written never becomes it. */
function assertSameAuthorship(present: Pick<RecordContent, 'device'>, next: Pick<RecordContent, 'device'>): void {
  if (isContributed(next) !== isContributed(present))
    throw new DomainError('AUTHORSHIP_CHANGED', undefined, { present: isContributed(present) ? 'patient' : 'hospital' });
}

/** Whether a record, or a version of it, is what its patient says, signed by the patient (ADR 0080). */
export function isContributed({ device }: Pick<RecordContent, 'device'>): boolean {
  return device !== undefined && isContributorId(device.deviceId);
}

function assertSameClass(present: Pick<RecordContent, 'class'>, next: Pick<RecordContent, 'class'>): void {
  if (next.class !== present.class) throw new DomainError('CLASS_CHANGED', undefined, { present: present.class, next: next.class });
}

type Protection = Pick<RecordContent, 'dataLevel' | 'confidentiality' | 'careMonths' | 'encounter'>;

function assertNotLowered(present: Protection, next: Protection): void {
  const rank = ({ confidentiality }: Protection): number => confidentialities.indexOf(confidentiality);
  const isOfOtherCare = !isSameOrUnsaid(next, present);
  if (next.dataLevel < present.dataLevel || rank(next) < rank(present) || isOfOtherCare) throw new DomainError('LABEL_LOWERED');
}

/** A permission that names time or encounter reaches nothing of which they are not said, and a prohibition all of it: unsaid is safest. */
function isSameOrUnsaid(next: Protection, present: Protection): boolean {
  const isSameTime =
    next.careMonths === undefined || (present.careMonths !== undefined && areAllWithin(present.careMonths, next.careMonths));
  return isSameTime && (next.encounter === undefined || next.encounter === present.encounter);
}

/**
 * The record retracted; its content and versions stay, and nobody but its patient reads it any more.
 * @throws {@link DomainError} `ILLEGAL_STATE`, `VERSION_CONFLICT` — as {@link amendRecord}.
 */
export function retractRecord(record: MedicalRecord, previousVersion: number, reason: RetractionReason, now: Instant): MedicalRecord {
  const state = nextState(recordTable, record.state, 'retract');
  assertVersion(record.version, previousVersion);
  return { ...record, state, version: record.version + 1, retractionReason: reason, changedAt: now };
}

/** The immutable entry of a record's present version. */
export function versionOf(record: MedicalRecord, operation: RecordVersion['operation'], origin: RecordVersion['origin']): RecordVersion {
  const { pseudonym, recordId, version } = record;
  return {
    schemaVersion: 1,
    pseudonym,
    recordId,
    version,
    operation,
    ...(version > 1 ? { previousVersion: version - 1 } : {}),
    ...(record.retractionReason === undefined ? {} : { retractionReason: record.retractionReason }),
    ...contentOf(record),
    at: record.changedAt,
    origin,
  };
}

// the strip-unknown twin of the strict schemas: takes a content out of whatever holds one
const contentSchema = z.object(recordContentFields);

/** The content of anything that holds one: a record, a version, the input of a transaction. */
export function contentOf(holder: RecordContent): RecordContent {
  return contentSchema.parse(holder);
}

/** The size bucket of a ciphertext: the smallest n with 2^n ≥ its bytes. */
export function sizeBucketOf(sizeBytes: number): number {
  let bucket = 0;
  while (2 ** bucket < sizeBytes) bucket += 1;
  return bucket;
}

/**
 * One version of one record of one pseudonym on one channel: what a sealed object, its key, its commitments and its receipts are for
 * (ADR 0030). A record's id alone says less: to another channel it means nothing.
 */
export interface VersionIdentity extends ChannelBinding {
  readonly pseudonym: Pseudonym;
  readonly recordId: RecordId;
  /** 1 for the anchored record, then one more for each amendment. */
  readonly version: number;
}

/** The identity of a version, and nothing else that the two objects may hold. */
export function versionIdentityOf(
  { channel, genesis }: ChannelBinding,
  { pseudonym, recordId, version }: Pick<VersionIdentity, 'pseudonym' | 'recordId' | 'version'>,
): VersionIdentity {
  return { channel, genesis, pseudonym, recordId, version };
}

/** SHA-256 by which receipts and commitments name a version; who does not know its random ids learns nothing from it. */
export function hashOfVersion({ channel, genesis, pseudonym, recordId, version }: VersionIdentity): Sha256 {
  return hashOfJson(['lianyi/record-version/v1', channel, genesis, pseudonym, recordId, version]);
}

/** An object that a vault keeps for one version of a record ({@link hashOfVersion}), as whoever has its bytes knows it. */
export type DepositClaim = Pick<ReceiptStatement, 'objectSha256' | 'versionHash' | 'mspId' | 'endpointId'> & { readonly sizeBytes: number };

const SAID = ['objectSha256', 'versionHash', 'mspId', 'endpointId'] as const;

/**
 * Whether a receipt says just this. Whoever takes a receipt and whoever signs for what it says ask the same, so that what one has taken the
 * next does not refuse. A vault may leave the size out; who has signed is another matter.
 */
export function isReceiptFor({ statement }: Pick<Receipt, 'statement'>, claim: DepositClaim): boolean {
  const { sizeBytes = claim.sizeBytes } = statement;
  return sizeBytes === claim.sizeBytes && SAID.every((field) => statement[field] === claim[field]);
}
