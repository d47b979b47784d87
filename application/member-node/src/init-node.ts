import { X509Certificate } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { publicKeyOf } from '@lianyi/client';
import { createKeyFile, loadKeyFile, writeDurably } from '@lianyi/client/node';
import { type ActorTag, hashOfKey, type PublicKey, type Sha256 } from '@lianyi/domain';
import { fingerprintOf } from './member-certificates';
import { type NodeConfig, type NodeConfigInput, parseNodeConfig } from './node-config';

export interface InitNodeOptions extends Omit<NodeConfigInput, 'dataDir' | 'kemKeyFile' | 'receiptKeyFile' | 'keyServiceKeyFile'> {
  /** Where `node.json`, the keys and the data go; made if it is not there. */
  readonly directory: string;
}

/** What an administrator must put on the ledger before the node can serve. Public keys and hashes only. */
export interface NodeRegistration {
  readonly mspId: string;
  readonly encapsulationKeys: readonly [{ readonly epoch: number; readonly publicKey: PublicKey }];
  readonly receiptPublicKey: PublicKey;
  readonly tlsSha256: Sha256;
  readonly keyService: { readonly actorTag: ActorTag; readonly publicKeyHash: Sha256 };
  readonly endpointIds: { readonly vault: string; readonly keys: string };
}

export interface InitialisedNode {
  readonly configFile: string;
  readonly config: NodeConfig;
  readonly registration: NodeRegistration;
}

const KEY_FILES = { kemKeyFile: 'kem.pem', receiptKeyFile: 'receipt.pem', keyServiceKeyFile: 'key-service.pem' } as const;

/**
 * Makes a node's keys (0600) and its `node.json`.
 * @throws {@link DomainError} `ALREADY_EXISTS` — there are keys already: they open records, so they are never replaced.
 */
export async function initNode(options: InitNodeOptions): Promise<InitialisedNode> {
  const { directory, ...rest } = options;
  const at = (name: string): string => resolve(directory, name);
  const config = parseNodeConfig({
    ...rest,
    dataDir: at('data'),
    kemKeyFile: at(KEY_FILES.kemKeyFile),
    receiptKeyFile: at(KEY_FILES.receiptKeyFile),
    keyServiceKeyFile: at(KEY_FILES.keyServiceKeyFile),
  });
  await mkdir(join(directory, 'data'), { recursive: true, mode: 0o700 });
  for (const name of Object.values(KEY_FILES)) await createKeyFile(at(name));
  const configFile = at('node.json');
  await writeDurably(configFile, `${JSON.stringify(config, null, 2)}\n`);
  return { configFile, config, registration: await nodeRegistration(config) };
}

/** What the ledger must know of a node, read from its key files and certificate. */
async function nodeRegistration(config: NodeConfig): Promise<NodeRegistration> {
  const kem = await loadPublicKey(config.kemKeyFile);
  const receipt = await loadPublicKey(config.receiptKeyFile);
  const service = await loadPublicKey(config.keyServiceKeyFile);
  return {
    mspId: config.mspId,
    encapsulationKeys: [{ epoch: config.encapsulationKeyEpoch, publicKey: kem }],
    receiptPublicKey: receipt,
    tlsSha256: fingerprintOf(new X509Certificate(await readFile(config.tls.certFile))),
    keyService: { actorTag: config.keyServiceActorTag, publicKeyHash: hashOfKey(service) },
    endpointIds: { vault: config.vaultEndpointId, keys: config.keysEndpointId },
  };
}

async function loadPublicKey(file: string): Promise<PublicKey> {
  return publicKeyOf(await loadKeyFile(file));
}
