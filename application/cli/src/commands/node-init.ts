import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { newId, publicKeyOf } from '@lianyi/client';
import { createKeyFile, loadCertificateFile } from '@lianyi/client/node';
import { actorTagSchema, hashOfKey, type MspId, mspIdSchema, nameSchema, type PublicKey, queryNameSchema } from '@lianyi/domain';
import { identityInMspDirectory } from '@lianyi/ledger-client';
import { fingerprintOf, type NodeConfigInput, parseNodeConfig } from '@lianyi/member-node';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { list, whole } from '../inputs';
import { fields, outcome, type CommandOutcome } from '../outcome';
import { writeNewFile } from '../private-folder';
import { label } from './vocabulary';

export const initInput = z.object({
  dir: z.string(),
  mspId: mspIdSchema,
  connectionProfile: z.string(),
  userDir: z.string(),
  members: z.string(),
  otherPeer: z.string(),
  host: z.string().default('127.0.0.1'),
  port: whole(z.int().min(0).max(65_535)).default(0),
  keyServiceTag: actorTagSchema.optional(),
  queryDatabase: z.string().optional(),
  queryUrlFile: z.string().optional(),
  queryViews: list(queryNameSchema).optional(),
  vaultPatience: whole(z.int().min(100).max(60_000)).optional(),
  channel: nameSchema.default('emr'),
  chaincode: nameSchema.default('emr'),
});
type InitInput = z.output<typeof initInput>;

const keyFiles = { kemKeyFile: 'kem.pem', receiptKeyFile: 'receipt.pem', keyServiceKeyFile: 'key-service.pem' } as const;

/** Makes the three keys of a node and its `node.json`; what others must know of them is printed. */
export async function initialiseNode(call: CommandCall, input: InitInput): Promise<CommandOutcome> {
  const folder = resolve(call.terminal.cwd, input.dir);
  const config = await configOf(input, folder, call.terminal.cwd);
  const { keyServiceActorTag, tls } = parseNodeConfig(config);
  const tlsSha256 = fingerprintOf(new X509Certificate(await loadCertificateFile(resolve(folder, tls.certFile), '--user-dir')));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'node.json');
  writeNewFile(file, `${JSON.stringify(config, null, 2)}\n`);
  const encapsulationKey = await newKey(folder, keyFiles.kemKeyFile);
  const receiptPublicKey = await newKey(folder, keyFiles.receiptKeyFile);
  const keyServicePublicKeyHash = hashOfKey(await newKey(folder, keyFiles.keyServiceKeyFile));
  return outcome(
    { config: file, encapsulationKey, receiptPublicKey, keyServiceActorTag, keyServicePublicKeyHash, tlsSha256 },
    fields([
      [label.file, file],
      [{ en: 'encapsulation key', zh: '封装公钥' }, encapsulationKey],
      [{ en: 'receipt key', zh: '回执公钥' }, receiptPublicKey],
      [{ en: 'key service tag', zh: '密钥服务代号' }, keyServiceActorTag],
      [{ en: 'key service key hash', zh: '密钥服务公钥哈希' }, keyServicePublicKeyHash],
      [{ en: 'TLS fingerprint', zh: 'TLS 指纹' }, tlsSha256],
    ]),
  );
}

/** Paths are kept relative to the node's folder, so that the data directory can be moved as a whole. */
async function configOf(input: InitInput, folder: string, cwd: string): Promise<NodeConfigInput> {
  const near = (path: string): string => relative(folder, resolve(cwd, path));
  const userDir = resolve(cwd, input.userDir);
  const { certFile, keyFile } = await identityInMspDirectory(input.mspId, join(userDir, 'msp'));
  return {
    mspId: input.mspId,
    channel: input.channel,
    chaincode: input.chaincode,
    connectionProfile: near(input.connectionProfile),
    identity: { certFile: near(certFile), keyFile: near(keyFile) },
    tls: {
      certFile: near(join(userDir, 'tls', 'server.crt')),
      keyFile: near(join(userDir, 'tls', 'server.key')),
      members: membersOf(input.members).map(({ mspId, caFile }) => ({ mspId, caFile: near(caFile) })),
    },
    dataDir: 'data',
    listen: { host: input.host, port: input.port },
    otherPeerMspIds: witnessesOf(input.otherPeer),
    ...(input.vaultPatience === undefined ? {} : { vaultPatienceMillis: input.vaultPatience }),
    ...queriesOf(input, near),
    ...keyFiles,
    keyServiceActorTag: input.keyServiceTag ?? newId(),
  };
}

/** The database and the views of it: one kind of database, or none. @throws CliProblem `USAGE` */
function queriesOf(
  { queryDatabase, queryUrlFile, queryViews }: InitInput,
  near: (path: string) => string,
): Pick<NodeConfigInput, 'queries'> {
  if (queryDatabase === undefined && queryUrlFile === undefined && queryViews === undefined) return {};
  if (queryViews === undefined || (queryDatabase === undefined) === (queryUrlFile === undefined))
    throw new CliProblem('USAGE', '--query-database <file> | --query-url-file <file>, --query-views <list>');
  const database =
    queryUrlFile === undefined
      ? ({ kind: 'sqlite', file: near(queryDatabase ?? '') } as const)
      : ({ kind: 'postgresql', urlFile: near(queryUrlFile) } as const);
  return { queries: { database, views: queryViews } };
}

/** `MSP=file,MSP=file`. @throws CliProblem `USAGE` */
export function membersOf(text: string): { mspId: MspId; caFile: string }[] {
  return text.split(',').map((part) => {
    const [name, ...rest] = part.trim().split('=');
    const mspId = mspIdSchema.safeParse(name);
    const caFile = rest.join('=');
    if (!mspId.success || caFile === '') throw new CliProblem('USAGE', `--members ${part}: MSP=file`);
    return { mspId: mspId.data, caFile };
  });
}

/** `MSP,MSP`. @throws CliProblem `USAGE` */
function witnessesOf(text: string): MspId[] {
  return text.split(',').map((part) => {
    const mspId = mspIdSchema.safeParse(part.trim());
    if (!mspId.success) throw new CliProblem('USAGE', `--other-peer ${part}: MSP,MSP`);
    return mspId.data;
  });
}

async function newKey(folder: string, name: string): Promise<PublicKey> {
  return publicKeyOf(await createKeyFile(join(folder, name)));
}
