import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type FabricNetwork } from '../fabric/network';
import { answerAdministration } from './membership/administration';
import { OPERATOR_ERROR_CODES, OperatorError, reasonOf, systemCode } from '../machine/operator-error';
import { type FabricFolders } from '../fabric/plan';

/** Longest path of a Unix socket that every system takes (sun_path of macOS is 104 bytes). */
const SOCKET_PATH_LIMIT = 100;

/** Where the supervisor of this network listens for the other verbs; only the same user may connect. */
export function controlSocket(folders: FabricFolders): string {
  const path = join(folders.run, 'control.sock');
  if (Buffer.byteLength(path) <= SOCKET_PATH_LIMIT) return path;
  return join(tmpdir(), `lianyi-${createHash('sha256').update(folders.dataDir).digest('hex').slice(0, 24)}.sock`);
}

const nodeStatus = z.object({
  name: z.string(),
  kind: z.enum(['orderer', 'peer', 'chaincode']),
  pid: z.int().optional(),
  restarts: z.int(),
  stopped: z.boolean(),
  /** Number of blocks; of orderers only. */
  height: z.int().optional(),
});
const networkStatus = z.object({ dir: z.string(), channel: z.string(), fabricVersion: z.string(), nodes: z.array(nodeStatus) });
export type NetworkStatus = z.infer<typeof networkStatus>;

const operatorErrorCode = z.enum(OPERATOR_ERROR_CODES);

/** What can be done to one node of a running network. */
export const NODE_ACTIONS = ['stop', 'start', 'restart', 'kill'] as const;
export type NodeAction = (typeof NODE_ACTIONS)[number];

async function statusOf(network: FabricNetwork): Promise<NetworkStatus> {
  const heights = await network.heights();
  const nodes = network.supervisor.states().map(({ pid, ...state }) => {
    const height = heights.get(state.name);
    return { ...state, ...(pid !== undefined && { pid }), ...(height !== undefined && { height }) };
  });
  return { dir: network.dir, channel: network.channel, fabricVersion: network.fabricVersion, nodes };
}

async function act(network: FabricNetwork, action: NodeAction, node: string): Promise<void> {
  const { supervisor } = network;
  if (action === 'stop') await supervisor.stopNode(node);
  else if (action === 'kill') await supervisor.stopNode(node, 'SIGKILL');
  else if (action === 'start') await supervisor.startNode(node);
  else await supervisor.restartNode(node, 'asked for');
}

async function answer(network: FabricNetwork, incoming: IncomingMessage): Promise<object> {
  const { method, url = '' } = incoming;
  if (method === 'GET' && url === '/status') return statusOf(network);
  const administered = await answerAdministration(network, incoming);
  if (administered) return administered;
  const [, node, verb] = /^\/nodes\/([^/]+)\/(\w+)$/.exec(url) ?? [];
  const action = NODE_ACTIONS.find((name) => name === verb);
  if (method !== 'POST' || node === undefined || action === undefined)
    throw new OperatorError('UNKNOWN_NAME', `the supervisor knows no ${method ?? ''} ${url}`);
  await act(network, action, decodeURIComponent(node));
  return {};
}

/** Serves the verbs that need the supervisor. */
export async function serveControl(network: FabricNetwork): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    void answer(network, incoming).then(
      (body) => outgoing.end(JSON.stringify(body)),
      (error: unknown) => {
        outgoing.statusCode = 409;
        const code = error instanceof OperatorError ? error.code : 'NODE_FAILED';
        outgoing.end(JSON.stringify({ code, message: reasonOf(error) }));
      },
    );
  });
  const path = controlSocket(network.plan.folders);
  rmSync(path, { force: true }); // left by a killed supervisor; that it is gone was made sure before
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path }, resolve);
  });
  return server;
}

/** Asks the supervisor of the network. @throws {@link OperatorError} `NOT_RUNNING`, or what it refused with. */
export async function ask(folders: FabricFolders, method: 'GET' | 'POST', path: string, content?: unknown): Promise<unknown> {
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const outgoing = request({ socketPath: controlSocket(folders), method, path, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
      incoming.on('error', reject);
    });
    outgoing.on('error', (error) => {
      const isAbsent = ['ENOENT', 'ECONNREFUSED'].includes(systemCode(error) ?? '');
      reject(isAbsent ? new OperatorError('NOT_RUNNING', `no network runs in ${folders.dataDir}`, { cause: error }) : error);
    });
    outgoing.end(content === undefined ? undefined : JSON.stringify(content));
  });
  const value: unknown = JSON.parse(body);
  if (status === 200) return value;
  const refusal = z.object({ code: operatorErrorCode, message: z.string() }).parse(value);
  throw new OperatorError(refusal.code, refusal.message);
}

/** @throws {@link OperatorError} `NOT_RUNNING`. */
export async function askStatus(folders: FabricFolders): Promise<NetworkStatus> {
  return networkStatus.parse(await ask(folders, 'GET', '/status'));
}

/** @throws {@link OperatorError} `NOT_RUNNING`, or what the supervisor refused with. */
export async function askAction(folders: FabricFolders, node: string, action: NodeAction): Promise<void> {
  await ask(folders, 'POST', `/nodes/${encodeURIComponent(node)}/${action}`);
}
