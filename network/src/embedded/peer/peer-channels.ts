import { type EmbeddedChannel } from '../ports';

/** The channels one peer has joined, each as this peer sees it. @remarks Source: core/peer/peer.go Peer.Channel. */
export class PeerChannels {
  private readonly joined = new Map<string, EmbeddedChannel>();

  readonly find = (name: string): EmbeddedChannel | undefined => this.joined.get(name);

  /** Names in the order of joining. */
  list(): readonly string[] {
    return [...this.joined.keys()];
  }

  /** @throws the peer has joined that channel. */
  join(channel: EmbeddedChannel): void {
    if (this.joined.has(channel.name))
      throw new Error(`cannot create ledger from genesis block: ledger [${channel.name}] already exists with state [ACTIVE]`);
    this.joined.set(channel.name, channel);
  }
}
