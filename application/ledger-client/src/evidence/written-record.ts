import { z } from 'zod';
import {
  canonicalJson,
  contentOf,
  type Instant,
  type MspId,
  type Pseudonym,
  recordArea,
  type RecordContent,
  type RecordId,
  recordIdSchema,
  recordSchema,
  recordVersionSchema,
  type RetractionReason,
  transactions,
} from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey, entryAt } from './composite-key';
import { type KnownMembers, type KnownRecord, type RecordFact, type RecordLabels } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';

const { records, recordVersions } = recordArea.entities;

/** Whether a key is one of a record or of a version of one. */
export function isOfRecord(type: string | undefined): boolean {
  return type === records.objectType || type === recordVersions.objectType;
}

/** What a hospital says of its record. */
interface SaidRecord {
  readonly version: number;
  readonly state: 'current' | 'retracted';
  /** Undefined: as it was. */
  readonly content: RecordContent | undefined;
  readonly anchoredAt: Instant | undefined;
  /** Of a retraction: what its patient still reads hangs on it. */
  readonly retractionReason?: RetractionReason;
}

/** The key of a record, whose hospital is followed. */
export interface AboutRecord {
  readonly pseudonym: Pseudonym;
  readonly custodianMspId: MspId;
  readonly recordId: string | undefined;
}

/** What is written of a record and its versions by one transaction, held against what the patient's hospital says in it. */
export async function recordFacts(
  writes: readonly BlockWrite[],
  { pseudonym, custodianMspId, recordId: id }: AboutRecord,
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'recordOf'>,
): Promise<readonly (RecordFact | AlarmFact)[]> {
  const recordId = recordIdSchema.safeParse(id).data;
  if (recordId === undefined) return [{ kind: 'alarm', alarm: 'record-without-command', pseudonym }];
  const before = await known.recordOf(pseudonym, recordId);
  const said = asked?.mspId === custodianMspId ? attempt(() => recordSaid(asked, pseudonym, recordId, before)) : undefined;
  const isProven = said !== undefined && areAsSaid(writes, { pseudonym, custodianMspId, recordId }, said);
  const fact: RecordFact = {
    ...{ kind: 'record', pseudonym, recordId, isProven, version: versionAfter(writes, before) },
    ...saidOf(before, isProven ? said : undefined),
  };
  if (isProven) return [fact];
  const alarm = said === undefined ? 'record-without-command' : 'record-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, pseudonym, detail: recordId }];
}

/** What the hospital has said once and for all, and of class and level last. */
function saidOf(before: KnownRecord | undefined, said: SaidRecord | undefined): SaidOnce {
  const isRetracted = before?.isRetracted === true || said?.state === 'retracted';
  return { anchoredAt: before?.anchoredAt ?? said?.anchoredAt, isRetracted, labels: labelsOf(said?.content) ?? before?.labels };
}

/** What later transactions go by. */
export type SaidOnce = Pick<RecordFact, 'anchoredAt' | 'isRetracted' | 'labels'>;

/** Class and level of what a custodian says. */
export function labelsOf(content: RecordLabels | undefined): RecordLabels | undefined {
  return content && { class: content.class, dataLevel: content.dataLevel };
}

const versionSchema = z.looseObject({ version: z.int().min(1) });

/** The version that the chaincode finds from now on. */
function versionAfter(writes: readonly BlockWrite[], before: KnownRecord | undefined): number | undefined {
  const write = writes.find(({ key }) => entryAt(key)?.objectType === records.objectType);
  return write === undefined ? before?.version : versionSchema.safeParse(jsonOf(write.value)).data?.version;
}

/** What a command makes of a record. One of the catalogue that writes a record and is missing here raises an alarm. */
function recordSaid(
  { entry, input, at }: Asked,
  pseudonym: Pseudonym,
  recordId: RecordId,
  before: KnownRecord | undefined,
): SaidRecord | undefined {
  const about = transactions.GetRecord.request.loose().parse(input);
  if (about.pseudonym !== pseudonym || about.recordId !== recordId || before?.isRetracted === true) return undefined;
  if (entry.name === transactions.AnchorRecord.name) {
    const content = contentOf(transactions.AnchorRecord.request.parse(input));
    return before === undefined ? { version: 1, state: 'current', content, anchoredAt: at } : undefined;
  }
  const change = changeIn(entry.name, input);
  // what was said of an earlier version is not said of this one
  if (change === undefined || change.previousVersion !== before?.version) return undefined;
  const { previousVersion, ...made } = change;
  return { version: previousVersion + 1, ...made, anchoredAt: before.anchoredAt };
}

type Change = Pick<SaidRecord, 'state' | 'content' | 'retractionReason'> & { readonly previousVersion: number };

function changeIn(name: string, input: unknown): Change | undefined {
  switch (name) {
    case 'AmendRecord': {
      const amended = transactions.AmendRecord.request.parse(input);
      return { previousVersion: amended.previousVersion, state: 'current', content: contentOf(amended) };
    }
    case 'RetractRecord': {
      const { previousVersion, reason } = transactions.RetractRecord.request.parse(input);
      return { previousVersion, state: 'retracted', content: undefined, retractionReason: reason };
    }
    default:
      return undefined;
  }
}

/** Whether the record and its new version are written as they were said, both, and nothing else of the record. */
function areAsSaid(
  writes: readonly BlockWrite[],
  { pseudonym, custodianMspId, recordId }: AboutRecord & { readonly recordId: RecordId },
  said: SaidRecord,
): boolean {
  const wanted = [compositeKey(records.objectType, pseudonym, recordId), keyOfVersion(pseudonym, recordId, said.version)];
  const isWritten = wanted.every((key) => writes.some((write) => write.key === key));
  return isWritten && writes.every((write) => isAsSaid(write, custodianMspId, said));
}

/** What anything is decided by; a later chaincode may write more. */
const writtenRecordSchema = recordSchema.strip();
const writtenVersionSchema = recordVersionSchema.strip();

function isAsSaid({ key, value }: BlockWrite, custodianMspId: MspId, said: SaidRecord): boolean {
  const { version, state, content, anchoredAt, retractionReason } = said;
  const hasContent = (written: RecordContent & { readonly retractionReason?: RetractionReason }): boolean =>
    written.retractionReason === retractionReason &&
    (content === undefined || canonicalJson(contentOf(written)) === canonicalJson(content));
  if (entryAt(key)?.objectType === recordVersions.objectType) {
    const written = writtenVersionSchema.safeParse(jsonOf(value)).data;
    return written?.version === version && key === keyOfVersion(written.pseudonym, written.recordId, version) && hasContent(written);
  }
  const written = writtenRecordSchema.safeParse(jsonOf(value)).data;
  return (
    written?.version === version && written.state === state && hasContent(written) && isOfCustodian(written, custodianMspId, anchoredAt)
  );
}

function isOfCustodian(
  written: { readonly custodianMspId: MspId; readonly authorMspId: MspId; readonly anchoredAt: Instant },
  custodianMspId: MspId,
  anchoredAt: Instant | undefined,
): boolean {
  return written.custodianMspId === custodianMspId && written.authorMspId === custodianMspId && written.anchoredAt === anchoredAt;
}

function keyOfVersion(pseudonym: Pseudonym, recordId: RecordId, version: number): string {
  return compositeKey(recordVersions.objectType, pseudonym, recordId, recordVersions.key[2].spell(version));
}
