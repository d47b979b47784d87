import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What bounds the figures of a fault, as it stands in the running network's own configuration files. */
export interface ConfiguredTimeouts {
  readonly leader: string;
  readonly frozenOrderer: string;
  readonly peer: string;
  readonly chaincode: string;
}

/** Reads them from `configtx.yaml` and a peer's `core.yaml`, so that a figure never stands beside a value that is no longer set. */
export function configuredTimeouts(dir: string): ConfiguredTimeouts {
  const channel = readFileSync(join(dir, 'fabric', 'configtx.yaml'), 'utf8');
  const peer = readFileSync(join(dir, 'fabric', 'nodes', 'peer0.hospital-a.example', 'core.yaml'), 'utf8');
  const read = (text: string, ...keys: readonly string[]): string =>
    keys
      .flatMap((key) => {
        // both are YAML written by the project: one key a line, a text perhaps in quotes
        const value = new RegExp(`^\\s*"?${key}"?: *"?([^"\\n,]+)`, 'm').exec(text)?.[1];
        return value === undefined ? [] : [`${key} ${value.trim()}`];
      })
      .join(', ');
  return {
    leader: read(channel, 'LeaderHeartbeatTimeout', 'LeaderHeartbeatCount', 'ViewChangeTimeout', 'TickInterval', 'ElectionTick'),
    frozenOrderer: read(peer, 'blockCensorshipTimeoutKey', 'reConnectBackoffThreshold', 'connTimeout'),
    peer: read(peer, 'endorsementTimeout', 'broadcastTimeout', 'dialTimeout'),
    chaincode: read(peer, 'executetimeout', 'startuptimeout'),
  };
}
