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
  transactions,
} from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey, entryAt } from './composite-key';
import { type KnownMembers, type RecordFact } from './member-facts';
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
  const said = asked?.mspId === custodianMspId ? attempt(() => recordSaid(asked, pseudonym, recordId, before?.anchoredAt)) : undefined;
  const isProven = said !== undefined && writes.every((write) => isAsSaid(write, custodianMspId, said));
  const anchoredAt = before?.anchoredAt ?? (isProven ? said.anchoredAt : undefined);
  const fact: RecordFact = { kind: 'record', pseudonym, recordId, anchoredAt, isProven };
  if (isProven) return [fact];
  const alarm = said === undefined ? 'record-without-command' : 'record-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, pseudonym, detail: recordId }];
}

/** What a command makes of a record. One of the catalogue that writes a record and is missing here raises an alarm. */
function recordSaid(
  { entry, input, at }: Asked,
  pseudonym: Pseudonym,
  recordId: RecordId,
  anchoredAt: Instant | undefined,
): SaidRecord | undefined {
  const about = transactions.GetRecord.request.loose().parse(input);
  if (about.pseudonym !== pseudonym || about.recordId !== recordId) return undefined;
  switch (entry.name) {
    case 'AnchorRecord':
      return { version: 1, state: 'current', content: contentOf(transactions.AnchorRecord.request.parse(input)), anchoredAt: at };
    case 'AmendRecord': {
      const amended = transactions.AmendRecord.request.parse(input);
      return { version: amended.previousVersion + 1, state: 'current', content: contentOf(amended), anchoredAt };
    }
    case 'RetractRecord': {
      const { previousVersion } = transactions.RetractRecord.request.parse(input);
      return { version: previousVersion + 1, state: 'retracted', content: undefined, anchoredAt };
    }
    default:
      return undefined;
  }
}

/** What anything is decided by; a later chaincode may write more. */
const writtenRecordSchema = recordSchema.strip();
const writtenVersionSchema = recordVersionSchema.strip();

function isAsSaid({ key, value }: BlockWrite, custodianMspId: MspId, { version, state, content, anchoredAt }: SaidRecord): boolean {
  const hasContent = (written: RecordContent): boolean =>
    content === undefined || canonicalJson(contentOf(written)) === canonicalJson(content);
  if (entryAt(key)?.objectType === recordVersions.objectType) {
    const written = writtenVersionSchema.safeParse(jsonOf(value)).data;
    return written?.version === version && key === keyOfVersion(written.pseudonym, written.recordId, version) && hasContent(written);
  }
  const written = writtenRecordSchema.safeParse(jsonOf(value)).data;
  if (written?.version !== version || written.state !== state || !hasContent(written)) return false;
  // a retracted record is nobody's to read, whatever else is written of it
  return state === 'retracted' || isOfCustodian(written, custodianMspId, anchoredAt);
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
