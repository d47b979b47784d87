import type { FastifyBaseLogger } from 'fastify';
import { DomainError, type MspId } from '@lianyi/domain';
import { loadConnectionProfile, type PeerAddress } from '@lianyi/ledger-client';
import { everyNowAndThen } from './every-now-and-then';

const LOOK_MILLIS = 2_000;

/** Whose peers a node needs: the own organisation's and those of the others that confirm. */
export interface NeededPeers {
  readonly mspId: MspId;
  readonly otherPeerMspIds: readonly MspId[];
}

/**
 * The peers as the connection profile and the files it points to name them now.
 *
 * Peers come back on other ports, come and go, and change their authority under a running node. What the file names is taken over when it
 * serves; while it is broken, lacks a needed peer or leads to another network, the former peers stay.
 */
export class ConnectionProfileFile {
  #refused: string | undefined;

  private constructor(
    private readonly file: string,
    private readonly needed: NeededPeers,
    private readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
    private peers: readonly PeerAddress[],
  ) {}

  /** @throws {@link DomainError} as {@link loadConnectionProfile}; Error — it lacks a needed peer, or has one twice. */
  static async open(file: string, needed: NeededPeers, log: Pick<FastifyBaseLogger, 'info' | 'warn'>): Promise<ConnectionProfileFile> {
    return new ConnectionProfileFile(file, needed, log, await readPeers(file, needed));
  }

  get current(): readonly PeerAddress[] {
    return this.peers;
  }

  /** Why what the file has now is not taken over; undefined while the node has what the file has. */
  get warning(): string | undefined {
    return this.#refused === undefined ? undefined : `the connection profile is not taken over: ${this.#refused}`;
  }

  /** Looks at the file every two seconds. @param changed as for {@link look} @returns what ends it */
  follow(changed: (peers: readonly PeerAddress[]) => Promise<void>): () => Promise<void> {
    return everyNowAndThen(LOOK_MILLIS, this.log, 'connection profile', () => this.look(changed));
  }

  /** Takes over what the file names now, if it is something else. @param changed refuses it by throwing */
  async look(changed: (peers: readonly PeerAddress[]) => Promise<void>): Promise<void> {
    try {
      const found = await readPeers(this.file, this.needed);
      if (JSON.stringify(found) !== JSON.stringify(this.peers)) {
        await changed(found);
        this.peers = found;
        this.log.info({ file: this.file, peers: found.map(({ endpoint }) => endpoint) }, 'the connection profile was taken over');
      }
      this.#refused = undefined;
    } catch (error) {
      const cause = causeOf(error);
      if (this.#refused !== cause) this.log.warn({ file: this.file, cause }, 'the connection profile is not taken over');
      this.#refused = cause;
    }
  }
}

async function readPeers(file: string, { mspId, otherPeerMspIds }: NeededPeers): Promise<readonly PeerAddress[]> {
  if (otherPeerMspIds.includes(mspId)) throw new Error('otherPeerMspIds must name other members');
  const peers = await loadConnectionProfile(file);
  const needed = [mspId, ...otherPeerMspIds];
  for (const each of needed)
    if (!peers.some((peer) => peer.mspId === each)) throw new Error(`the connection profile names no peer of ${each}`);
  for (const [index, each] of needed.entries()) for (const other of needed.slice(index + 1)) assertNoPeerOfBoth(peers, each, other);
  return peers;
}

/** One address under two organisations would be one word heard twice. */
function assertNoPeerOfBoth(peers: readonly PeerAddress[], one: string, other: string): void {
  const endpointsOf = (mspId: string): readonly string[] => peers.filter((peer) => peer.mspId === mspId).map(({ endpoint }) => endpoint);
  const shared = endpointsOf(one).filter((endpoint) => endpointsOf(other).includes(endpoint));
  if (shared.length > 0) throw new Error(`the connection profile gives ${shared.join(', ')} as a peer of ${one} and of ${other}`);
}

function causeOf(error: unknown): string {
  if (error instanceof DomainError) return [error.code, error.details['field'], error.details['cause']].filter(Boolean).join(' ');
  return error instanceof Error ? error.message : 'it does not serve';
}
