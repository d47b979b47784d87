import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { actorTagSchema, endpointIdSchema, mspIdSchema, nameSchema, queryNameSchema, setOf, sha256Schema } from '@lianyi/domain';

/** Shows a quick vault some patience, and lets a mute one delay a publication by less than a second. */
export const DEFAULT_VAULT_PATIENCE_MILLIS = 400;

const filePath = z.string().min(1);
const port = z.int().min(0).max(65_535);

/**
 * Where pointers' queries run: a database of the hospital, read only, the views of it that queries may name, and the query templates that
 * may be run, each with the SHA-256 of all that it says (`lianyi template show`): what stands on the ledger others may have written. The connection of
 * PostgreSQL (a URL, with its password) stands in a file of its own, for its owner alone.
 */
const queriesSchema = z.strictObject({
  database: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sqlite'), file: filePath }),
    z.strictObject({ kind: z.literal('postgresql'), urlFile: filePath }),
  ]),
  views: setOf(queryNameSchema, 1, 64),
  templates: z
    .array(z.strictObject({ template: z.string().regex(/^[^/@]+\/[^/@]+@\d{1,6}$/, 'MSP/TEMPLATE@VERSION'), sha256: sha256Schema }))
    .max(256)
    .default([]),
});

/** `node.json`. Names files, holds no secret. Relative paths count from the file's own directory. */
export const nodeConfigSchema = z.strictObject({
  mspId: mspIdSchema,
  channel: nameSchema,
  chaincode: nameSchema,
  connectionProfile: filePath,
  /** The carrier's channel identity. */
  identity: z.strictObject({ certFile: filePath, keyFile: filePath }),
  tls: z.strictObject({
    certFile: filePath,
    keyFile: filePath,
    /** By whose authority a member's node is known; several members must not share one. */
    members: z.array(z.strictObject({ mspId: mspIdSchema, caFile: filePath })).min(1),
  }),
  dataDir: filePath,
  listen: z.strictObject({ host: z.string().min(1), port }),
  /** Header hash of the network's block 0, base64url; left out, the own peer's first answer is believed. */
  genesis: sha256Schema.exactOptional(),
  /**
   * Members whose peers confirm what the own peer says. A key takes the word of one of them who does not get it, so it takes two to
   * serve everybody.
   */
  otherPeerMspIds: setOf(mspIdSchema, 1, 7),
  /**
   * SHA-256, base64url, of definitions of organisations that this node takes though no administrator of the organisation has signed them; its
   * health names those that it does not take.
   */
  agreedDefinitions: setOf(sha256Schema, 0, 64).default([]),
  /** Opens the record keys kept for this organisation. */
  kemKeyFile: filePath,
  encapsulationKeyEpoch: z.int().min(1).default(1),
  /** Signs storage receipts. */
  receiptKeyFile: filePath,
  keyServiceKeyFile: filePath,
  keyServiceActorTag: actorTagSchema,
  vaultEndpointId: endpointIdSchema.default(endpointIdSchema.parse('vault')),
  keysEndpointId: endpointIdSchema.default(endpointIdSchema.parse('keys')),
  /** Left out: this node runs no queries, and nobody of the hospital can write pointers. */
  queries: queriesSchema.exactOptional(),
  /** How many other members must hold a copy before a record can be anchored; the ledger asks for one at least. */
  replicas: z.int().min(1).max(7).default(1),
  /**
   * Milliseconds that a silent vault is waited for before another member's is asked beside it, and as much more as an object of its size
   * takes on a good line. A long time keeps copies where publishers want them; a short one keeps publishing quick.
   */
  vaultPatienceMillis: z.int().min(100).max(60_000).default(DEFAULT_VAULT_PATIENCE_MILLIS),
  limits: z
    .strictObject({
      requestsPerMinute: z.int().min(1),
      /** Requests of one address that no key the ledger knows has signed. */
      strangersPerMinute: z.int().min(1).default(300),
      /** Connections that one address may hold open. */
      connectionsPerAddress: z.int().min(1).default(256),
      /** Answers to patients that are held until there is news; one more has an older one give way. */
      heldAnswers: z.int().min(1).default(512),
      documentBytes: z.int().min(1),
    })
    .default({
      requestsPerMinute: 6_000,
      strangersPerMinute: 300,
      connectionsPerAddress: 256,
      heldAnswers: 512,
      documentBytes: 32 * 1024 * 1024,
    }),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
});

export type NodeConfig = z.output<typeof nodeConfigSchema>;
/** What may be written into `node.json`. */
export type NodeConfigInput = z.input<typeof nodeConfigSchema>;

export function parseNodeConfig(value: unknown): NodeConfig {
  return nodeConfigSchema.parse(withListOfWitnesses(value));
}

/** What an earlier version has written names one other member, under the name `otherPeerMspId`. */
function withListOfWitnesses(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('otherPeerMspId' in value) || 'otherPeerMspIds' in value) return value;
  const { otherPeerMspId, ...rest } = value;
  return { ...rest, otherPeerMspIds: [otherPeerMspId] };
}

/** Reads `node.json` and makes its paths absolute. */
export async function loadNodeConfig(file: string): Promise<NodeConfig> {
  const config = parseNodeConfig(JSON.parse(await readFile(file, 'utf8')));
  const at = (path: string): string => resolve(dirname(file), path);
  const { identity, tls } = config;
  return {
    ...config,
    connectionProfile: at(config.connectionProfile),
    identity: { certFile: at(identity.certFile), keyFile: at(identity.keyFile) },
    tls: {
      certFile: at(tls.certFile),
      keyFile: at(tls.keyFile),
      members: tls.members.map(({ mspId, caFile }) => ({ mspId, caFile: at(caFile) })),
    },
    dataDir: at(config.dataDir),
    ...(config.queries === undefined ? {} : { queries: { ...config.queries, database: databaseAt(config.queries.database, at) } }),
    kemKeyFile: at(config.kemKeyFile),
    receiptKeyFile: at(config.receiptKeyFile),
    keyServiceKeyFile: at(config.keyServiceKeyFile),
  };
}

function databaseAt(
  database: NonNullable<NodeConfig['queries']>['database'],
  at: (path: string) => string,
): NonNullable<NodeConfig['queries']>['database'] {
  return database.kind === 'sqlite' ? { kind: 'sqlite', file: at(database.file) } : { kind: 'postgresql', urlFile: at(database.urlFile) };
}
