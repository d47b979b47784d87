import { type ChaincodeDefinitions } from './chaincode-definition';
import { type DataHolder } from './data-holder';

/** Which peers of a channel keep which private data. */
export class Keepers {
  readonly #peers = new Map<string, DataHolder>();
  readonly #left = new Set<string>();

  constructor(private readonly definitions: ChaincodeDefinitions) {}

  add(peer: DataHolder): void {
    this.#peers.set(peer.holder, peer);
    this.#left.delete(peer.holder);
  }

  remove(holder: string): void {
    this.#peers.delete(holder);
    this.#left.add(holder);
  }

  get running(): readonly DataHolder[] {
    return [...this.#peers.values()].filter(({ isRunning }) => isRunning);
  }

  /** Whether a peer is a member of the collection; one that nobody announced is taken for one. */
  isEligible(holder: string, namespace: string, collection: string): boolean {
    if (this.#left.has(holder)) return false;
    const peer = this.#peers.get(holder);
    return peer === undefined || this.definitions.collection(namespace, collection)?.memberMspIds.includes(peer.mspId) === true;
  }

  isRunning(holder: string): boolean {
    return !this.#left.has(holder) && this.#peers.get(holder)?.isRunning !== false;
  }

  /**
   * Who keeps a write set when its transaction commits: members that have it in hand, also those that are down (it lies on
   * their disk), and those that pull it from somebody who is up.
   * @remarks Source: gossip/privdata/{coordinator,pull}.go. The endorser is asked first and answers though it is no member.
   */
  recipients(namespace: string, collection: string, inHand: readonly string[]): readonly string[] {
    const hasSource = inHand.some((holder) => this.isRunning(holder));
    const pulling = hasSource ? this.running.map(({ holder }) => holder) : [];
    return [...new Set([...inHand, ...pulling])].filter((holder) => this.isEligible(holder, namespace, collection));
  }
}
