import { isDeepStrictEqual } from 'node:util';
import type { CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import type { common } from '@hyperledger/fabric-protos';
import { Unavailable } from '@lianyi/domain';
import { type BlockSource } from './block-source';
import { listened } from './listened';
import { newestBlock } from './newest-block';
import {
  type ChaincodeCall,
  ChannelClient,
  type ChannelClientOptions,
  type ChannelPort,
  type CommitStatus,
  type CommittedCall,
} from './channel-client';
import { openPeerSession, type PeerSession } from './connect-gateway';
import { type PeerAddress } from './connection-profile';
import { type SigningIdentity } from './identity-files';

/** Longer than any deadline of a session. */
const LEFT_TO_FINISH_MILLIS = 60_000;

/** The session with one peer, opened when it is first used and again after it was given up. */
class PeerLink {
  #session: PeerSession | undefined;
  #client: ChannelClient | undefined;

  constructor(
    readonly peer: PeerAddress,
    private signing: SigningIdentity,
    private readonly options: ChannelClientOptions,
  ) {}

  get session(): PeerSession {
    this.#session ??= openPeerSession(this.peer, this.signing);
    return this.#session;
  }

  get client(): ChannelClient {
    this.#client ??= new ChannelClient(this.session.gateway, this.options);
    return this.#client;
  }

  /** What is under way ends by the former identity. */
  renew(signing: SigningIdentity): void {
    this.signing = signing;
    this.retire();
  }

  /** What is under way may end; nothing new goes this way. */
  retire(): void {
    const former = this.#session;
    this.#session = this.#client = undefined;
    setTimeout(() => former?.close(), LEFT_TO_FINISH_MILLIS).unref();
  }

  leadsTo(peer: PeerAddress): boolean {
    return isDeepStrictEqual(this.peer, peer);
  }

  close(): void {
    this.#session?.close();
    this.#session = this.#client = undefined;
  }
}

/**
 * All peers of one organisation that the connection profile names, as one: any of them serves.
 *
 * A peer that cannot be reached is passed over for the next. Nothing is sent to a second peer once it may have been ordered.
 */
export class OrganisationPeers implements ChannelPort, BlockSource {
  readonly mspId: string;
  #links: readonly PeerLink[] = [];
  #signing: SigningIdentity;
  readonly #channel: string;
  /** The peer that answered last. */
  #preferred = 0;
  /** The peer whose blocks are followed; each opening after a stream has ended takes the next. */
  #followed = -1;

  /**
   * @param peers - the peers of the connection profile; those of other organisations are left out
   * @throws Error — the profile names no peer of the organisation.
   */
  constructor(
    mspId: string,
    peers: readonly PeerAddress[],
    signing: SigningIdentity,
    private readonly options: ChannelClientOptions,
  ) {
    this.mspId = mspId;
    this.#channel = options.channel;
    this.#signing = signing;
    this.#links = this.#linksTo(peers);
  }

  /** How many peers there are. */
  get count(): number {
    return this.#links.length;
  }

  /**
   * From now on these are the peers: the connection profile has changed. Connections with peers that stay as they were are kept; those with
   * others end within a minute.
   * @param peers - as for the constructor
   * @throws Error — the profile names no peer of the organisation; the former ones stay.
   */
  move(peers: readonly PeerAddress[]): void {
    const former = this.#links;
    const followed = this.#followedLink;
    this.#links = this.#linksTo(peers);
    this.#preferred = 0;
    this.#followed = this.#links.indexOf(followed);
    for (const link of former) if (!this.#links.includes(link)) link.retire();
  }

  #linksTo(peers: readonly PeerAddress[]): readonly PeerLink[] {
    const own = peers.filter((peer) => peer.mspId === this.mspId);
    if (own.length === 0) throw new Error(`the connection profile names no peer of ${this.mspId}`);
    return own.map((peer) => this.#links.find((link) => link.leadsTo(peer)) ?? new PeerLink(peer, this.#signing, this.options));
  }

  evaluate(call: ChaincodeCall): Promise<Uint8Array> {
    return this.#withAnyPeer((client) => client.evaluate(call));
  }

  submit(call: ChaincodeCall): Promise<CommittedCall> {
    return this.#withAnyPeer((client) => client.submit(call));
  }

  commitStatus(transactionId: string): Promise<CommitStatus> {
    return this.#withAnyPeer((client) => client.commitStatus(transactionId));
  }

  async open(startBlock: bigint): Promise<CloseableAsyncIterable<common.Block>> {
    this.#followed = (this.#followed + 1) % this.#links.length;
    return listened(await this.#followedLink.session.gateway.getNetwork(this.#channel).getBlockEvents({ startBlock }));
  }

  newest(withinMillis: number): Promise<bigint> {
    return newestBlock(this.#followedLink.session.gateway, this.#channel, withinMillis);
  }

  /** Number of the newest block of the peer that is asked next. @throws as {@link newestBlock}, of the last that was tried */
  async newestOfAsked(withinMillis: number): Promise<bigint> {
    const first = this.#preferred;
    for (let turn = 0; ; turn += 1) {
      const index = (first + turn) % this.#links.length;
      try {
        const newest = await newestBlock(this.#linkAt(index).session.gateway, this.#channel, withinMillis);
        this.#preferred = index;
        return newest;
      } catch (error) {
        if (turn + 1 >= this.#links.length) throw error;
      }
    }
  }

  /** From now on requests are signed by another certificate of the organisation: it was renewed. */
  renew(signing: SigningIdentity): void {
    this.#signing = signing;
    for (const link of this.#links) link.renew(signing);
  }

  giveUpConnection(): void {
    this.#followedLink.close();
  }

  close(): void {
    for (const link of this.#links) link.close();
  }

  get #followedLink(): PeerLink {
    return this.#linkAt(Math.max(0, this.#followed));
  }

  #linkAt(index: number): PeerLink {
    const link = this.#links[index % this.#links.length];
    if (link === undefined) throw new Error('an organisation without peers'); // the constructor refuses it
    return link;
  }

  async #withAnyPeer<Answer>(ask: (client: ChannelClient) => Promise<Answer>): Promise<Answer> {
    const first = this.#preferred;
    for (let turn = 0; ; turn += 1) {
      const index = (first + turn) % this.#links.length;
      try {
        const answer = await ask(this.#linkAt(index).client);
        this.#preferred = index;
        return answer;
      } catch (error) {
        // only `Unavailable` says that nothing was sent to ordering
        if (!(error instanceof Unavailable) || turn + 1 >= this.#links.length) throw error;
      }
    }
  }
}
