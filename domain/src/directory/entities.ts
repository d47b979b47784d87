import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { defineEntity, idPart } from '../catalogue/entity';
import { DomainError } from '../domain-error';
import { publicKeySchema, setOf, type Sha256, sha256Schema } from '../encoding/values';
import {
  type ActorTag,
  actorTagSchema,
  type Department,
  departmentSchema,
  type EndpointId,
  endpointIdSchema,
  type Group,
  groupSchema,
  type MspId,
  mspIdSchema,
} from '../ids';
import { type Instant, instantSchema, periodSchema } from '../instant';
import { coolingOffMinutesSchema } from '../recovery/entities';
import { organisationKindSchema, roleSchema } from '../vocabulary';

export const encapsulationKeySchema = z.strictObject({ epoch: z.int().min(1), publicKey: publicKeySchema });
export const organisationKindsSchema = setOf(organisationKindSchema, 1, 5);
export const encapsulationKeysSchema = z
  .array(encapsulationKeySchema)
  .min(1)
  .max(8)
  .refine((keys) => new Set(keys.map((key) => key.epoch)).size === keys.length, 'repeated epoch');

/** A member of the network. */
export const organisationSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  status: z.enum(['active', 'suspended', 'expelled']),
  kinds: organisationKindsSchema,
  encapsulationKeys: encapsulationKeysSchema,
  registeredAt: instantSchema,
  origin: originSchema,
});

/** A host name or IP address; names by RFC 1123 §2.1, IPv6 without brackets. */
const hostSchema = z
  .string()
  .max(253)
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$|^(?=.*:)[0-9a-fA-F:.]{2,45}$/,
  );
export const endpointFields = {
  endpointId: endpointIdSchema,
  kind: z.enum(['fhir', 'vault', 'keys', 'query']),
  host: hostSchema,
  port: z.int().min(1).max(65_535),
  tlsSha256: sha256Schema,
  /** Of the certificate that comes next: while one is renewed, both are the endpoint's. */
  nextTlsSha256: sha256Schema.exactOptional(),
  /** The key with which a vault signs storage receipts. */
  receiptPublicKey: publicKeySchema.exactOptional(),
  state: z.enum(['active', 'retired']),
};
/** Where a member serves. */
export const endpointSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  ...endpointFields,
  changedAt: instantSchema,
});

/** How many endpoints a member may have on the ledger in all; those that are retired count, because they stay and can be written over. */
const MOST_ENDPOINTS = 16;
/** Which endpoints a member has: a list for the rule that there are not too many, since no transaction may decide by a scan. */
export const endpointListSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  endpointIds: z.array(endpointIdSchema).min(1).max(MOST_ENDPOINTS),
});

/** The certificates by which an endpoint is known: one, or two while it is renewed. */
export function fingerprintsOf(endpoint: Pick<Endpoint, 'tlsSha256' | 'nextTlsSha256'>): readonly Sha256[] {
  const { tlsSha256, nextTlsSha256 } = endpoint;
  return nextTlsSha256 === undefined ? [tlsSha256] : [tlsSha256, nextTlsSha256];
}

/** When somebody is on duty; none means always. */
export const dutyWindowsSchema = z.array(periodSchema).max(64);
export const staffFields = {
  actorTag: actorTagSchema,
  roles: setOf(roleSchema, 1, 8),
  departments: setOf(departmentSchema, 0, 16),
  publicKeyHash: sha256Schema,
  dutyWindows: dutyWindowsSchema,
  /** Salted hash of the licence to practise; whoever is given both can prove it. No rule reads it. */
  licenceCommitment: sha256Schema.exactOptional(),
};
/** `22:30`, by the clock of a place. */
const clockTimeSchema = z.string().regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/);
const weekdays = z
  .array(z.literal([1, 2, 3, 4, 5, 6, 7]))
  .min(1)
  .max(7)
  .refine((days) => days.every((day, index) => index === 0 || day > (days[index - 1] ?? 7)), 'not in order, or twice');
const followInTime = (offsets: readonly { readonly from: Instant }[], until: Instant): boolean =>
  offsets.every(({ from }, index) => from < (offsets[index + 1]?.from ?? until));
/**
 * When somebody is on duty in a group, every week, by the clock of a place. The offsets of that clock are said with it: what an endorser's own
 * library knows of time zones decides nothing (ADR 0051).
 */
export const weeklyDutySchema = z
  .strictObject({
    /** The IANA name of the place's time zone, for people; no rule reads it. */
    zone: z
      .string()
      .max(64)
      .regex(/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+){0,2}$/),
    /** By how many minutes that clock is ahead of UTC, from each instant on; before the first nobody is on duty. */
    offsets: z
      .array(z.strictObject({ from: instantSchema, minutes: z.int().min(-1080).max(1080) }))
      .min(1)
      .max(32),
    /** Up to when the offsets are known; nobody is on duty from then on. */
    until: instantSchema,
    /** ISO 8601 weekdays, Monday is 1, on which a turn begins; one that ends no later than it begins ends on the day after. */
    turns: z
      .array(z.strictObject({ days: weekdays, from: clockTimeSchema, until: clockTimeSchema }))
      .min(1)
      .max(21),
  })
  .refine(({ offsets, until }) => followInTime(offsets, until), 'the offsets do not follow each other in time, or reach beyond the end');
/** That somebody belongs to a group of their organisation, or has. */
export const membershipSchema = z.strictObject({
  group: groupSchema,
  /** `pending`: said by staff, and nobody else has confirmed it. `left`: what is forbidden to the group stays forbidden to them. */
  state: z.enum(['pending', 'active', 'left']),
  /** Left out: always. */
  duty: weeklyDutySchema.exactOptional(),
  saidBy: actorReferenceSchema,
  confirmedBy: actorReferenceSchema.exactOptional(),
  changedAt: instantSchema,
});
/** How many groups somebody may belong to, those they have left included. */
export const MOST_MEMBERSHIPS = 32;
export const groupKindSchema = z.enum(['care-team', 'on-call', 'ward', 'board']);
/** A group of staff, as a party of consents and relationships. Who belongs to it, each member's staff entry says. */
export const groupEntrySchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  group: groupSchema,
  kind: groupKindSchema,
  foundedAt: instantSchema,
  origin: originSchema,
});

/** A member's staff: read by every staff transaction, so revoking it is a kill switch. */
export const staffSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  ...staffFields,
  /** `pending`: made by staff, and nobody else has confirmed it yet. */
  state: z.enum(['pending', 'active', 'revoked']),
  /** Who confirmed an entry made by staff. */
  confirmedBy: actorReferenceSchema.exactOptional(),
  memberships: z
    .array(membershipSchema)
    .max(MOST_MEMBERSHIPS)
    .refine((all) => new Set(all.map(({ group }) => group)).size === all.length, 'repeated group')
    .exactOptional(),
  registeredAt: instantSchema,
  changedAt: instantSchema,
  origin: originSchema,
});
/** Whose key it is or was: kept for ever, so that a key has one staff entry and a revoked one never comes back. */
export const staffKeySchema = z.strictObject({
  schemaVersion: z.literal(1),
  mspId: mspIdSchema,
  publicKeyHash: sha256Schema,
  actorTag: actorTagSchema,
});
/** A department that staff of an organisation are, or were, registered for: what a patient may name in a grant. */
const departmentEntrySchema = z.strictObject({ schemaVersion: z.literal(1), mspId: mspIdSchema, department: departmentSchema });
/** The one name of {@link networkParameterSchema}. */
export const NETWORK_PARAMETER = 'network';
/** What the first registration fixed for all. */
export const networkParameterSchema = z.strictObject({
  schemaVersion: z.literal(1),
  genesis: sha256Schema,
  /** For how long the old key may veto a recovery at least; absent of a network that is older than this, which means a week. */
  leastCoolingOffMinutes: coolingOffMinutesSchema.exactOptional(),
});

export type Organisation = z.output<typeof organisationSchema>;
export type Endpoint = z.output<typeof endpointSchema>;
export type EndpointList = z.output<typeof endpointListSchema>;

/**
 * The list of a member's endpoints with one more.
 * @param list - undefined for a member that has none yet
 * @returns the very list when the endpoint is in it
 * @throws {@link DomainError} `LIMIT_REACHED` — the member has {@link MOST_ENDPOINTS} others
 */
export function withEndpoint(list: EndpointList | undefined, mspId: MspId, endpointId: EndpointId): EndpointList {
  const endpointIds = list?.endpointIds ?? [];
  if (list !== undefined && endpointIds.includes(endpointId)) return list;
  if (endpointIds.length >= MOST_ENDPOINTS)
    throw new DomainError('LIMIT_REACHED', undefined, { entity: 'endpoint', limit: MOST_ENDPOINTS });
  return { schemaVersion: 1, mspId, endpointIds: [...endpointIds, endpointId] };
}
export type Staff = z.output<typeof staffSchema>;
export type WeeklyDuty = z.output<typeof weeklyDutySchema>;
export type Membership = z.output<typeof membershipSchema>;
export type GroupKind = z.output<typeof groupKindSchema>;
export type GroupEntry = z.output<typeof groupEntrySchema>;
export type StaffKey = z.output<typeof staffKeySchema>;
export type NetworkParameter = z.output<typeof networkParameterSchema>;

/** What the area keeps, under the names of its repositories. */
export const directoryEntities = {
  parameters: defineEntity({
    objectType: 'parameter',
    summary: 'What holds for every member of the network: the genesis hash, and the least time for which the old key may veto a recovery.',
    schema: networkParameterSchema,
    key: [idPart<typeof NETWORK_PARAMETER>('name')],
    keyOf: () => [NETWORK_PARAMETER],
    endorsement: 'channel',
  }),
  organisations: defineEntity({
    objectType: 'organisation',
    summary: 'A member: its state, kinds and key-encapsulation keys.',
    schema: organisationSchema,
    key: [idPart<MspId>('mspId')],
    keyOf: ({ mspId }) => [mspId],
    endorsement: 'channel',
  }),
  endpoints: defineEntity({
    objectType: 'endpoint',
    summary: 'Where a member serves FHIR, ciphertext, keys or queries.',
    schema: endpointSchema,
    key: [idPart<MspId>('mspId'), idPart<EndpointId>('endpointId')],
    keyOf: ({ mspId, endpointId }) => [mspId, endpointId],
    endorsement: 'channel',
  }),
  endpointLists: defineEntity({
    objectType: 'endpointList',
    summary: 'The ids of a member’s endpoints, which are not more than 16.',
    schema: endpointListSchema,
    key: [idPart<MspId>('mspId')],
    keyOf: ({ mspId }) => [mspId],
    endorsement: 'channel',
  }),
  staff: defineEntity({
    objectType: 'staff',
    summary: 'What a member says of one of its staff: roles, duty, key hash, state. Read by every staff transaction.',
    schema: staffSchema,
    key: [idPart<MspId>('mspId'), idPart<ActorTag>('actorTag')],
    keyOf: ({ mspId, actorTag }) => [mspId, actorTag],
    endorsement: 'channel',
  }),
  staffKeys: defineEntity({
    objectType: 'staffKey',
    summary: 'Which staff entry a key belongs to, for ever: no key has two, and none comes back after it was revoked.',
    schema: staffKeySchema,
    key: [idPart<MspId>('mspId'), idPart<Sha256>('publicKeyHash')],
    keyOf: ({ mspId, publicKeyHash }) => [mspId, publicKeyHash],
    endorsement: 'channel',
  }),
  departments: defineEntity({
    objectType: 'department',
    summary: 'A department that some staff entry of the organisation names.',
    schema: departmentEntrySchema,
    key: [idPart<MspId>('mspId'), idPart<Department>('department')],
    keyOf: ({ mspId, department }) => [mspId, department],
    endorsement: 'channel',
  }),
  groups: defineEntity({
    objectType: 'group',
    summary: 'A group of an organisation’s staff, such as a care team.',
    schema: groupEntrySchema,
    key: [idPart<MspId>('mspId'), idPart<Group>('group')],
    keyOf: ({ mspId, group }) => [mspId, group],
    endorsement: 'channel',
  }),
};
