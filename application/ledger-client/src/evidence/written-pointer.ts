import { z } from 'zod';
import {
  canonicalJson,
  hashOfTemplate,
  type Instant,
  pointerArea,
  pointerIdOf,
  pointerSchema,
  pointerVersionSchema,
  type Pseudonym,
  type QueryTemplate,
  type RecordId,
  recordIdSchema,
  transactions,
} from '@lianyi/domain';
import { type PointerContent, pointerContentOf } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey, entryAt } from './composite-key';
import { type KnownMembers, type KnownRecord, type RecordFact } from './member-facts';
import { type AlarmFact } from './patient-facts';
import { attempt, jsonOf } from './strangers-json';
import { type AboutRecord, labelsOf, type SaidOnce } from './written-record';

const { pointers, pointerVersions } = pointerArea.entities;

/** Whether a key is one of a pointer or of a version of one. */
export function isOfPointer(type: string | undefined): boolean {
  return type === pointers.objectType || type === pointerVersions.objectType;
}

/** What a hospital says of its pointer. */
interface SaidPointer {
  readonly version: number;
  readonly state: 'current' | 'retired';
  /** Undefined: as it was. */
  readonly content: PointerContent | undefined;
  readonly addedAt: Instant | undefined;
}

/**
 * What is written of a pointer and its versions by one transaction, held against what the patient's hospital says in it. A pointer is asked
 * for as a record is, and its id is none of a record, so what is found is a record's fact.
 */
export async function pointerFacts(
  writes: readonly BlockWrite[],
  { pseudonym, custodianMspId, recordId: id }: AboutRecord,
  asked: Asked | undefined,
  known: Pick<KnownMembers, 'recordOf' | 'templateOf'>,
): Promise<readonly (RecordFact | AlarmFact)[]> {
  const pointerId = recordIdSchema.safeParse(id).data;
  if (pointerId === undefined) return [{ kind: 'alarm', alarm: 'record-without-command', pseudonym }];
  const before = await known.recordOf(pseudonym, pointerId);
  const said = asked?.mspId === custodianMspId ? attempt(() => pointerSaid(asked, { pseudonym, pointerId, before })) : undefined;
  const isAsked = said !== undefined && areAsSaid(writes, { pseudonym, custodianMspId, pointerId }, said);
  // a pointer that is retired says nothing of a template
  const hasTemplate = said?.content === undefined || goesByTemplate(said.content, await known.templateOf(said.content.template));
  const isProven = isAsked && hasTemplate;
  const fact: RecordFact = {
    ...{ kind: 'record', pseudonym, recordId: pointerId, isProven, version: versionAfter(writes, before) },
    ...saidOf(before, isAsked ? said : undefined),
  };
  if (isProven) return [fact];
  const alarm = said === undefined ? 'record-without-command' : isAsked ? 'pointer-without-template' : 'record-not-as-commanded';
  return [fact, { kind: 'alarm', alarm, pseudonym, detail: pointerId }];
}

/**
 * Whether the template that a hospital points by is what its organisation has proposed and another has approved: what stands on the ledger
 * in its place, and was shown to the hospital, others may have written.
 */
function goesByTemplate({ templateSha256 }: PointerContent, template: QueryTemplate | undefined): boolean {
  return template?.state === 'active' && hashOfTemplate(template) === templateSha256;
}

/** What the hospital has said once and for all, and of class and level last. */
function saidOf(before: KnownRecord | undefined, said: SaidPointer | undefined): SaidOnce {
  const isRetracted = before?.isRetracted === true || said?.state === 'retired';
  return { anchoredAt: before?.anchoredAt ?? said?.addedAt, isRetracted, labels: labelsOf(said?.content) ?? before?.labels };
}

const versionSchema = z.looseObject({ version: z.int().min(1) });

function versionAfter(writes: readonly BlockWrite[], before: KnownRecord | undefined): number | undefined {
  const write = writes.find(({ key }) => entryAt(key)?.objectType === pointers.objectType);
  return write === undefined ? before?.version : versionSchema.safeParse(jsonOf(write.value)).data?.version;
}

interface AboutPointer {
  readonly pseudonym: Pseudonym;
  readonly pointerId: RecordId;
  readonly before: KnownRecord | undefined;
}

/** What a command makes of a pointer. One of the catalogue that writes a pointer and is missing here raises an alarm. */
function pointerSaid(asked: Asked, place: AboutPointer): SaidPointer | undefined {
  const { pseudonym, pointerId, before } = place;
  const about = transactions.GetPointer.request.loose().parse(asked.input);
  if (about.pseudonym !== pseudonym || about.pointerId !== pointerId || before?.isRetracted === true) return undefined;
  if (asked.entry.name === 'AddPointer') return addedIn(asked, place);
  const change = changeIn(asked);
  // what was said of an earlier version is not said of this one
  if (change === undefined || change.previousVersion !== before?.version) return undefined;
  const { previousVersion, ...made } = change;
  return { version: previousVersion + 1, ...made, addedAt: before.anchoredAt };
}

function addedIn({ input, at, mspId }: Asked, { pseudonym, pointerId, before }: AboutPointer): SaidPointer | undefined {
  const added = transactions.AddPointer.request.parse(input);
  const isOwn = pointerId === pointerIdOf({ mspId, pseudonym, nonce: added.nonce });
  return before === undefined && isOwn ? { version: 1, state: 'current', content: pointerContentOf(added), addedAt: at } : undefined;
}

type Change = Pick<SaidPointer, 'state' | 'content'> & { readonly previousVersion: number };

function changeIn({ entry, input }: Asked): Change | undefined {
  switch (entry.name) {
    case 'UpdatePointer': {
      const { previousVersion, ...updated } = transactions.UpdatePointer.request.parse(input);
      return { previousVersion, state: 'current', content: pointerContentOf(updated) };
    }
    case 'RetirePointer':
      return { previousVersion: transactions.RetirePointer.request.parse(input).previousVersion, state: 'retired', content: undefined };
    default:
      return undefined;
  }
}

type Place = Pick<AboutRecord, 'pseudonym' | 'custodianMspId'> & { readonly pointerId: RecordId };

/** Whether the pointer and its new version are written as they were said, both, and nothing else of the pointer. */
function areAsSaid(writes: readonly BlockWrite[], place: Place, said: SaidPointer): boolean {
  const wanted = [compositeKey(pointers.objectType, place.pseudonym, place.pointerId), keyOfVersion(place, said.version)];
  return wanted.every((key) => writes.some((write) => write.key === key)) && writes.every((write) => isAsSaid(write, place, said));
}

/** What anything is decided by; a later chaincode may write more. */
const writtenPointerSchema = pointerSchema.strip();
const writtenVersionSchema = pointerVersionSchema.strip();

function isAsSaid({ key, value }: BlockWrite, place: Place, { version, state, content, addedAt }: SaidPointer): boolean {
  const hasContent = (written: PointerContent): boolean =>
    content === undefined || canonicalJson(pointerContentOf(written)) === canonicalJson(content);
  if (entryAt(key)?.objectType === pointerVersions.objectType) {
    const written = writtenVersionSchema.safeParse(jsonOf(value)).data;
    return written?.version === version && key === keyOfVersion(place, version) && hasContent(written);
  }
  const written = writtenPointerSchema.safeParse(jsonOf(value)).data;
  if (written?.version !== version || written.state !== state || !hasContent(written)) return false;
  // a retired pointer is nobody's to read, whatever else is written of it
  return state === 'retired' || (written.custodianMspId === place.custodianMspId && written.addedAt === addedAt);
}

function keyOfVersion({ pseudonym, pointerId }: Pick<Place, 'pseudonym' | 'pointerId'>, version: number): string {
  return compositeKey(pointerVersions.objectType, pseudonym, pointerId, pointerVersions.key[2].spell(version));
}
