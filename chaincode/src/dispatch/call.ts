import { Context } from 'fabric-contract-api';
import { type DomainEvent, type Instant } from '@lianyi/domain';
import { type Overlay } from '../ledger/overlay';
import { type Caller } from './caller';

/** One invocation, stripped of everything that is Fabric's. */
export type Call = {
  readonly txId: string;
  readonly channel: string;
  readonly chaincode: string;
  /** The proposal's time, bounded by the clock guard. */
  readonly now: Instant;
  readonly caller: Caller;
  readonly transient: ReadonlyMap<string, Uint8Array>;
  readonly overlay: Overlay;
  /** What the use case says has happened; the dispatcher makes one Fabric event of it. */
  readonly events: DomainEvent[];
};

/** The context of every contract. The router sets the call; without one there is nothing that a contract could do. */
export class LedgerContext extends Context {
  #call: Call | undefined;

  /** The context of one invocation. */
  static of(call: Call): LedgerContext {
    const context = new LedgerContext();
    context.#call = call;
    return context;
  }

  get call(): Call {
    if (this.#call === undefined) {
      throw new Error('a contract is called through the router, which knows who asks');
    }
    return this.#call;
  }
}
