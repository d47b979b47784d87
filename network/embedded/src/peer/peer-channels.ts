import { type EmbeddedChannel } from '../ledger/embedded-channel';

/** The channels one peer has joined, each as this peer sees it. @remarks Source: core/peer/peer.go Peer.Channel. */
export class PeerChannels {
  readonly #joined = new Map<string, EmbeddedChannel>();

  readonly find = (name: string): EmbeddedChannel | undefined => this.#joined.get(name);

  /** Names in the order of joining. */
  list(): readonly string[] {
    return [...this.#joined.keys()];
  }

  /** Throws as {@link refuseSecond}. */
  join(channel: EmbeddedChannel): void {
    this.refuseSecond(channel.name);
    this.#joined.set(channel.name, channel);
  }

  /** Throws Fabric's text if the peer has joined that channel. @remarks Source: core/ledger/kvledger/kv_ledger_provider.go. */
  refuseSecond(name: string): void {
    if (!this.#joined.has(name)) return;
    throw new Error(`cannot create ledger from genesis block: ledger [${name}] already exists with state [ACTIVE]`);
  }
}
