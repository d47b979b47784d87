import { entities, type Entity, type MspId } from '@lianyi/domain';
import { type Overlay } from './overlay';
import { type ReadRepository, Repository } from './repository';
import { publicSpace, type Space } from './state';

type Entities = typeof entities;
type OwnerName = { [Name in keyof Entities]: Entities[Name]['endorsement'] extends 'owner' ? Name : never }[keyof Entities];
type PublicName = Exclude<keyof Entities, OwnerName>;
type Writing<Of> = Of extends Entity<infer T, infer Parts, unknown> ? Repository<T, Parts> : never;
type Reading<Of> = Of extends Entity<infer T, infer Parts, unknown> ? ReadRepository<T, Parts> : never;
type WritingAll<Names extends keyof Entities> = { readonly [Name in Names]: Writing<Entities[Name]> };
type ReadingAll<Names extends keyof Entities> = { readonly [Name in Names]: Reading<Entities[Name]> };

/** The private data of one organisation. */
export type PrivateLedger = WritingAll<OwnerName>;
/** The private data of one organisation, without the verbs that write. */
export type PrivateReadLedger = ReadingAll<OwnerName>;

/**
 * All that an evaluate use case can reach: there is no verb that writes, so a query that writes does not compile.
 *
 * `own` opens the implicit collection of the given actor's organisation. Any member's client can read any implicit collection through
 * its owner's peer, so the owner is always the actor's MSP and never a field of a request.
 */
export interface ReadRepositories extends ReadingAll<PublicName> {
  own(actor: { readonly mspId: MspId }): PrivateReadLedger;
}

/** All that a submit use case can reach: a repository for each entity of each area. */
export interface Repositories extends WritingAll<PublicName> {
  own(actor: { readonly mspId: MspId }): PrivateLedger;
}

/** The repositories over one unit's overlay. */
export function newRepositories(overlay: Overlay): Repositories {
  return {
    ...repositories<PublicName>(overlay, publicSpace),
    own: ({ mspId }) => repositories<OwnerName>(overlay, { kind: 'private', ownerMspId: mspId }),
  };
}

function repositories<Names extends keyof Entities>(overlay: Overlay, space: Space): WritingAll<Names> {
  const made = Object.entries<Entity>(entities)
    .filter(([, { endorsement }]) => (endorsement === 'owner') === (space.kind === 'private'))
    .map(([name, entity]) => [name, new Repository(entity, overlay, space)]);
  // one repository for each entity of this space, under its name: Object.fromEntries cannot say so
  return Object.fromEntries(made) as WritingAll<Names>;
}
