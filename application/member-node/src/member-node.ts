import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { type Sha256 } from '@lianyi/domain';
import { assemble } from './assemble';
import { type Cleanups } from './ledger-side';
import { newLogger } from './http/log';
import { type NodeConfig } from './node-config';
import { type AgreedTemplate } from './queries/agreed-templates';

/** A running member node. */
export interface MemberNode {
  readonly url: string;
  readonly port: number;
  readonly genesis: Sha256;
  /**
   * Takes over another list of members' TLS authorities while it runs: an organisation has joined or left. New connections, in
   * and out, go by it at once.
   * @throws when a file cannot be read or two members share an authority; the former list then still counts.
   */
  trust(members: NodeConfig['tls']['members']): Promise<void>;
  /** Takes over another list of the query templates that may be run in the hospital's database, while it runs. */
  agree(templates: readonly AgreedTemplate[]): void;
  /** Stops taking requests, lets those under way finish, and closes everything. May be called again. */
  stop(): Promise<void>;
}

/** What a start may be given besides its configuration. */
export interface NodeStartOptions {
  readonly logger?: FastifyBaseLogger;
  /** Gives up a start that still waits for the network. */
  readonly signal?: AbortSignal;
}

/**
 * Starts the node a hospital runs: carrier, vault, key service, index.
 * @throws the signal's reason when it gives up; nothing is left open then.
 */
export async function startMemberNode(config: NodeConfig, options: NodeStartOptions = {}): Promise<MemberNode> {
  const log = options.logger ?? newLogger(config.logLevel, config.mspId);
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  const cleanups: Cleanups = [];
  const stop = async (): Promise<void> => {
    // the last thing opened is the first to close
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    const { http, genesis, trust, agree } = await assemble(config, log, cleanups, options.signal);
    cleanups.push(() => http.close());
    await http.listen({ host: config.listen.host, port: config.listen.port });
    const { port } = http.server.address() as AddressInfo; // a TCP server's address is no string
    const host = config.listen.host.includes(':') ? `[${config.listen.host}]` : config.listen.host;
    return { url: `https://${host}:${port}`, port, genesis, trust, agree, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
