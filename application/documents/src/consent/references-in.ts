import { z } from 'zod';
import {
  type EncounterId,
  encounterIdSchema,
  type Grantee,
  granteeSchema,
  type Json,
  type MspId,
  mspIdSchema,
  type RecordId,
  recordIdSchema,
} from '@lianyi/domain';
import { codingsOf, isObject, itemsOf, type JsonObject } from '../json-object';
import { type ReadingPlace } from './conditions-in';
import { inexpressible, OWN } from './own-systems';
import { type Effect } from './time-of-consent';

/** What a resource of another system is on this ledger. */
const meaningSchema = z.strictObject({
  grantee: granteeSchema.exactOptional(),
  mspId: mspIdSchema.exactOptional(),
  records: z.array(recordIdSchema).min(1).exactOptional(),
  encounter: encounterIdSchema.exactOptional(),
});
type Meaning = z.output<typeof meaningSchema>;
/** What a Consent does not say itself, or says by references of another system: `references` by their text, such as `Practitioner/1`. */
export const consentMeaningsSchema = z.strictObject({
  /** To whom a consent without actors is given. */
  grantees: z.array(granteeSchema).default([]),
  /** All members: a prohibition for everybody is one for each. */
  members: z.array(mspIdSchema).default([]),
  references: z.record(z.string(), meaningSchema).default({}),
});
export type ConsentMeanings = z.output<typeof consentMeaningsSchema>;

/** What a reference means; one that nobody has said anything of means nothing. */
function meaningOf(reference: Json | undefined, { references }: ConsentMeanings): Meaning {
  if (!isObject(reference)) return {};
  const { identifier, reference: text } = reference;
  if (isObject(identifier)) return ownMeaning(identifier);
  return typeof text === 'string' && Object.hasOwn(references, text) ? (references[text] ?? {}) : {};
}

function ownMeaning({ system, value }: JsonObject): Meaning {
  const found = {
    [OWN.grantee]: { grantee: spelledGrantee(value) },
    [OWN.msp]: { mspId: mspIdSchema.safeParse(value).data },
    [OWN.record]: { records: recordIdSchema.safeParse(value).data === undefined ? undefined : [value] },
    [OWN.encounter]: { encounter: encounterIdSchema.safeParse(value).data },
  }[typeof system === 'string' ? system : ''];
  return meaningSchema.safeParse(found).data ?? {};
}

function spelledGrantee(value: Json | undefined): unknown {
  if (typeof value !== 'string') return undefined;
  const [kind, mspId, name] = value.split(':');
  return granteeSchema.safeParse({ kind, mspId, name }).data;
}

/** v3 ParticipationType: who is to be informed. Of any other part in a consent, and of none, nobody knows that it is to receive anything. */
const RECEIVING: ReadonlySet<string> = new Set(['IRCP', 'PRCP', 'TRC']);

/** To whom. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` — an actor whom nobody here is, or who is not to receive anything */
export function granteesIn(actors: Json | undefined, meanings: ConsentMeanings, path: string): readonly Grantee[] {
  return itemsOf(actors).map((actor, at) => {
    const role = isObject(actor) ? codingsOf(actor['role']) : [];
    if (role.length === 0 || !role.every(({ code }) => RECEIVING.has(code))) throw inexpressible('role', `${path}[${at}]`);
    const { grantee } = isObject(actor) ? meaningOf(actor['reference'], meanings) : {};
    if (grantee === undefined) throw inexpressible('reference', `${path}[${at}]`);
    return grantee;
  });
}

/** Of whom a provision without actors is: a permission of those whom the importer names, a prohibition of every member. */
export function unnamedGrantees(effect: Effect, { grantees, members }: ConsentMeanings, path: string): readonly Grantee[] {
  if (effect === 'permit') {
    if (grantees.length === 0) throw inexpressible('nobody', path);
    return grantees;
  }
  if (members.length === 0) throw inexpressible('everybody', path);
  return members.map((mspId) => ({ kind: 'organisation', mspId, name: 'all' }));
}

/** One way to meet the data of a provision. */
export type DataScope = {
  readonly authorMspIds?: MspId[];
  readonly recordIds?: RecordId[];
  readonly encounters?: EncounterId[];
};

/** Which data a provision is about, as alternatives: each entry of FHIR's list is one more. @throws {@link DomainError} `CONSENT_NOT_EXPRESSIBLE` */
export function dataIn(
  data: Json | undefined,
  effect: Effect,
  meanings: ConsentMeanings,
  { path, remark }: ReadingPlace,
): readonly DataScope[] {
  if (data === undefined) return [{}];
  const scopes = itemsOf(data).map((entry) => scopeOf(entry, effect, meanings));
  const known = scopes.filter((scope) => scope !== undefined);
  if (known.length === 0 || (effect === 'deny' && known.length < scopes.length)) throw inexpressible('reference', path);
  if (known.length < scopes.length) remark('references-left-out');
  const all = {
    authorMspIds: [...new Set(known.flatMap(({ authorMspIds = [] }) => authorMspIds))],
    recordIds: [...new Set(known.flatMap(({ recordIds = [] }) => recordIds))],
    encounters: [...new Set(known.flatMap(({ encounters = [] }) => encounters))],
  };
  return [
    ...(all.authorMspIds.length === 0 ? [] : [{ authorMspIds: all.authorMspIds }]),
    ...(all.recordIds.length === 0 ? [] : [{ recordIds: all.recordIds }]),
    ...(all.encounters.length === 0 ? [] : [{ encounters: all.encounters }]),
  ];
}

/** What somebody has written is, of a permission, the records of theirs that are named; of a prohibition more would come. */
function scopeOf(entry: Json, effect: Effect, meanings: ConsentMeanings): DataScope | undefined {
  if (!isObject(entry)) return undefined;
  const { mspId, records, encounter } = meaningOf(entry['reference'], meanings);
  const isAuthor = entry['meaning'] === 'authoredby';
  if (isAuthor && mspId !== undefined) return { authorMspIds: [mspId] };
  if (effect === 'deny' && entry['meaning'] !== 'instance') return undefined;
  if (records !== undefined) return { recordIds: records };
  return encounter === undefined || isAuthor ? undefined : { encounters: [encounter] };
}
