import { type Actor, type DomainEvent, type Instant, type MspId, type Origin, referenceTo, type Sha256 } from '@lianyi/domain';
import { type Repositories, type ReadRepositories } from '../ledger/repositories';

type Known = {
  readonly actor: Actor;
  /** The proposal's time. */
  readonly now: Instant;
  /** The channel that the proposal is for. */
  readonly channel: string;
  readonly requestHash: Sha256;
};

/** What an evaluate use case gets: nothing in it can write. */
export type ReadScope = Known & { readonly ledger: ReadRepositories };

/** What a submit use case gets. It never knows whether it is alone in its Fabric transaction. */
export type WriteScope = Known & {
  readonly ledger: Repositories;
  /** The unit's own id: nobody else writes a key that holds it. */
  readonly unitId: string;
  /** The events of this unit; `recordEvent` adds to them. */
  readonly events: DomainEvent[];
};

/** Where an entity comes from. */
export function originOf(scope: WriteScope): Origin {
  return { requestHash: scope.requestHash, actor: referenceTo(scope.actor) };
}

/** The member on whose behalf an actor acts: of a patient, of a delegate and of a slot's owner, the one that carries the command. */
export function mspOf(actor: Actor): MspId {
  return 'carrierMspId' in actor ? actor.carrierMspId : actor.mspId;
}
