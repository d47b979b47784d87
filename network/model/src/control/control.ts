import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { z } from 'zod';
import { fileFaultOf, OPERATOR_ERROR_CODES, OperatorError, systemCode, sentenceOf } from '../machine/operator-error';
import { amendmentRequest } from './amendments';
import { clearSocket, controlSocket, refuseForeignSocket } from './control-socket';
import { type NetworkStatus, networkStatus } from './network-status';
import { NODE_ACTIONS, type NodeAction, type RunningNetwork } from './running-network';

const operatorErrorCode = z.enum(OPERATOR_ERROR_CODES);

async function bodyOf(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  // a request's chunks are typed `any`
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

async function change(network: RunningNetwork, body: unknown): Promise<void> {
  const parsed = amendmentRequest.safeParse(body);
  if (!parsed.success)
    throw new OperatorError('UNKNOWN_NAME', {
      en: `the network cannot be changed so: ${sentenceOf(parsed.error).en}`,
      zh: `网络不能这样改动：${sentenceOf(parsed.error).zh}`,
    });
  await network.amend(parsed.data);
}

async function answer(network: RunningNetwork, incoming: IncomingMessage): Promise<object> {
  const { method = '', url = '' } = incoming;
  const [, node, verb] = /^\/nodes\/([^/]+)\/(\w+)$/.exec(url) ?? [];
  const action = NODE_ACTIONS.find((name) => name === verb);
  if (method === 'POST' && node !== undefined && action !== undefined) {
    await network.act(action, decodeURIComponent(node));
    return {};
  }
  switch (`${method} ${url}`) {
    case 'GET /status':
      return network.status();
    case 'GET /definition':
      return network.definition();
    case 'POST /amendments':
      await change(network, await bodyOf(incoming));
      return network.definition();
    default:
      throw new OperatorError('UNKNOWN_NAME', {
        en: `the running network knows no ${method} ${url}`,
        zh: `运行中的网络不支持 ${method} ${url}`,
      });
  }
}

/** Serves the verbs on the network's control socket. The caller closes the server when the network stops. */
export async function serveControl(network: RunningNetwork): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    void answer(network, incoming).then(
      (body) => outgoing.end(JSON.stringify(body)),
      (thrown: unknown) => {
        outgoing.statusCode = 409;
        const error = fileFaultOf(thrown) ?? thrown;
        const code = error instanceof OperatorError ? error.code : 'NODE_FAILED';
        const { en: message, zh } = sentenceOf(error);
        outgoing.end(JSON.stringify({ code, message, zh }));
      },
    );
  });
  const path = clearSocket(network.dir);
  // the socket is made while `listen` is called; nobody else may connect, not even for a moment
  const umask = process.umask(0o077);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path }, resolve);
      process.umask(umask);
    });
  } finally {
    process.umask(umask);
  }
  return server;
}

/** Asks the process that runs the network. @throws {@link OperatorError} `NOT_RUNNING`, or what it refused with. */
export async function askNetwork(dataDir: string, method: 'GET' | 'POST', path: string, content?: unknown): Promise<unknown> {
  const socketPath = controlSocket(dataDir);
  refuseForeignSocket(socketPath);
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
      incoming.on('error', reject);
    });
    outgoing.on('error', (error) => {
      if (systemCode(error) === 'ECONNRESET') {
        reject(
          new OperatorError('NODE_FAILED', {
            en: `the network in ${dataDir} ended before it answered; 'up' continues, and the same verb again finishes`,
            zh: `${dataDir} 中的网络在应答前结束；用 up 继续，再次运行同一命令即可完成`,
          }),
        );
        return;
      }
      const isAbsent = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR'].includes(systemCode(error) ?? '');
      reject(
        isAbsent
          ? new OperatorError('NOT_RUNNING', { en: `no network runs in ${dataDir}`, zh: `${dataDir} 中没有运行的网络` }, { cause: error })
          : error,
      );
    });
    outgoing.end(content === undefined ? undefined : JSON.stringify(content));
  });
  const value: unknown = JSON.parse(body);
  if (status === 200) return value;
  const refusal = z.object({ code: operatorErrorCode, message: z.string(), zh: z.string().optional() }).parse(value);
  const { code, message, zh = message } = refusal;
  throw new OperatorError(code, { en: message, zh });
}

/** @throws {@link OperatorError} `NOT_RUNNING`. */
export async function askStatus(dataDir: string): Promise<NetworkStatus> {
  return networkStatus.parse(await askNetwork(dataDir, 'GET', '/status'));
}

/** @throws {@link OperatorError} `NOT_RUNNING`, or what the network refused with. */
export async function askAction(dataDir: string, node: string, action: NodeAction): Promise<void> {
  await askNetwork(dataDir, 'POST', `/nodes/${encodeURIComponent(node)}/${action}`);
}
