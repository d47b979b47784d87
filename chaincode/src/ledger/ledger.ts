import {
  type AccessEvent,
  accessEventSchema,
  type Card,
  cardSchema,
  type DefaultPolicy,
  defaultPolicySchema,
  type Endpoint,
  endpointSchema,
  type Envelope,
  envelopeSchema,
  type Grant,
  grantSchema,
  type IdentifierLink,
  identifierLinkSchema,
  type KeyRelease,
  keyReleaseSchema,
  type MedicalRecord,
  millisecondsOf,
  type MspId,
  type NetworkParameter,
  networkParameterSchema,
  type Organisation,
  organisationSchema,
  type PseudonymEntry,
  pseudonymEntrySchema,
  recordSchema,
  type RecordVersion,
  recordVersionSchema,
  type Relationship,
  relationshipSchema,
  type Staff,
  staffSchema,
  type Ticket,
  ticketSchema,
} from '@lianyi/domain';
import { indexPart, invertedTimePart, privateKeys, publicKeys, versionPart } from './keys';
import { type Overlay } from './overlay';
import { type EntityStore, type ReadRepository, Repository } from './repository';
import { type Space } from './state';

/** The one name under `parameter` so far. */
export const NETWORK_PARAMETER = 'network';

const store = <T, const Parts extends readonly string[]>(entityStore: EntityStore<T, Parts>): EntityStore<T, Parts> => entityStore;

const stores = {
  parameters: store({
    key: publicKeys.parameter,
    decode: (value): NetworkParameter => networkParameterSchema.parse(value),
    partsOf: () => [NETWORK_PARAMETER],
  }),
  organisations: store({
    key: publicKeys.organisation,
    decode: (value): Organisation => organisationSchema.parse(value),
    partsOf: ({ mspId }) => [mspId],
  }),
  endpoints: store({
    key: publicKeys.endpoint,
    decode: (value): Endpoint => endpointSchema.parse(value),
    partsOf: ({ mspId, endpointId }) => [mspId, endpointId],
  }),
  staff: store({
    key: publicKeys.staff,
    decode: (value): Staff => staffSchema.parse(value),
    partsOf: ({ mspId, actorTag }) => [mspId, actorTag],
  }),
  cards: store({ key: publicKeys.card, decode: (value): Card => cardSchema.parse(value), partsOf: ({ cardId }) => [cardId] }),
  pseudonyms: store({
    key: publicKeys.pseudonym,
    decode: (value): PseudonymEntry => pseudonymEntrySchema.parse(value),
    partsOf: ({ pseudonym }) => [pseudonym],
  }),
  relationships: store({
    key: publicKeys.relationship,
    decode: (value): Relationship => relationshipSchema.parse(value),
    partsOf: ({ pseudonym, mspId }) => [pseudonym, mspId],
  }),
  records: store({
    key: publicKeys.record,
    decode: (value): MedicalRecord => recordSchema.parse(value),
    partsOf: ({ pseudonym, recordId }) => [pseudonym, recordId],
  }),
  recordVersions: store({
    key: publicKeys.recordVersion,
    decode: (value): RecordVersion => recordVersionSchema.parse(value),
    partsOf: ({ pseudonym, recordId, version }) => [pseudonym, recordId, versionPart(version)],
  }),
  grants: store({
    key: publicKeys.grant,
    decode: (value): Grant => grantSchema.parse(value),
    partsOf: ({ pseudonym, grantee }) => [pseudonym, grantee.kind, grantee.mspId, grantee.name],
  }),
  defaultPolicies: store({
    key: publicKeys.defaultPolicy,
    decode: (value): DefaultPolicy => defaultPolicySchema.parse(value),
    partsOf: (policy) => [policy.class],
  }),
  tickets: store({ key: publicKeys.access, decode: (value): Ticket => ticketSchema.parse(value), partsOf: ({ ticketId }) => [ticketId] }),
  accessEvents: store({
    key: publicKeys.accessEvent,
    decode: (value): AccessEvent => accessEventSchema.parse(value),
    partsOf: ({ pseudonym, at, txId, n }) => [pseudonym, invertedTimePart(millisecondsOf(at)), txId, indexPart(n)],
  }),
  keyReleases: store({
    key: publicKeys.keyRelease,
    decode: (value): KeyRelease => keyReleaseSchema.parse(value),
    partsOf: ({ ticketId, releaseId }) => [ticketId, releaseId],
  }),
} as const;

const privateStores = {
  identifierLinks: store({
    key: privateKeys.identifierLink,
    decode: (value): IdentifierLink => identifierLinkSchema.parse(value),
    partsOf: ({ linkId }) => [linkId],
  }),
  envelopes: store({
    key: privateKeys.envelope,
    decode: (value): Envelope => envelopeSchema.parse(value),
    partsOf: ({ pseudonym, recordId, keyEpoch }) => [pseudonym, recordId, versionPart(keyEpoch)],
  }),
} as const;

type Stores = typeof stores;
type PrivateStores = typeof privateStores;
type Writing<Of> = { readonly [Name in keyof Of]: Of[Name] extends EntityStore<infer T, infer Parts> ? Repository<T, Parts> : never };
type Reading<Of> = { readonly [Name in keyof Of]: Of[Name] extends EntityStore<infer T, infer Parts> ? ReadRepository<T, Parts> : never };

/** The private data of one organisation. */
export type PrivateLedger = Writing<PrivateStores>;
/** The private data of one organisation, without the verbs that write. */
export type PrivateReadLedger = Reading<PrivateStores>;

/**
 * All that an evaluate use case can reach: there is no verb that writes, so a query that writes does not compile.
 *
 * `own` opens the implicit collection of the given actor's organisation. Any member's client can read any implicit collection through
 * its owner's peer, so the owner is always the actor's MSP and never a field of a request.
 */
export interface ReadLedger extends Reading<Stores> {
  own(actor: { readonly mspId: MspId }): PrivateReadLedger;
}

/** All that a submit use case can reach. */
export interface Ledger extends Writing<Stores> {
  own(actor: { readonly mspId: MspId }): PrivateLedger;
}

/** The repositories over one use case's overlay. */
export function newLedger(overlay: Overlay): Ledger {
  return {
    ...repositories(stores, overlay),
    own: ({ mspId }) => repositories(privateStores, overlay, { kind: 'private', ownerMspId: mspId }),
  };
}

function repositories<Of extends Stores | PrivateStores>(of: Of, overlay: Overlay, space?: Space): Writing<Of> {
  const entries = Object.entries(of).map(([name, entityStore]) => [
    name,
    new Repository(entityStore as EntityStore<never, readonly string[]>, overlay, space),
  ]);
  return Object.fromEntries(entries) as Writing<Of>; // one repository for each store, under its name: Object.fromEntries cannot say so
}
