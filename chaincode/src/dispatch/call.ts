import { Context } from 'fabric-contract-api';
import { type Instant } from '@lianyi/domain';
import { type Carrier } from './carrier';
import { type Unit } from './unit';

/** One invocation, stripped of everything that is Fabric's. */
export type Call = {
  readonly txId: string;
  readonly channel: string;
  readonly chaincode: string;
  /** The proposal's time, bounded by the clock guard. */
  readonly now: Instant;
  readonly carrier: Carrier;
  readonly transient: ReadonlyMap<string, Uint8Array>;
};

/** The context of every contract: the call and the unit. The router sets them; without them a contract can do nothing. */
export class LedgerContext extends Context {
  #running: { readonly call: Call; readonly unit: Unit } | undefined;

  /** The context of one unit of an invocation. */
  static of(call: Call, unit: Unit): LedgerContext {
    const context = new LedgerContext();
    context.#running = { call, unit };
    return context;
  }

  get running(): { readonly call: Call; readonly unit: Unit } {
    if (this.#running === undefined) {
      throw new Error('a contract is called through the router, which knows who asks');
    }
    return this.#running;
  }
}
