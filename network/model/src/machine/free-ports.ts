import { createServer, connect } from 'node:net';
import { OperatorError, systemCode } from './operator-error';

const LOOPBACK = '127.0.0.1';

async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: LOOPBACK, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  });
}

/** Ports from `from` to `to`, both inclusive. */
interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Below the range Linux gives to outgoing connections (32768 up): none of our own takes a port between the choice and the start of the node. */
const USUAL_RANGE: PortRange = { from: 17_050, to: 31_049 };
/** So many are looked at before a range counts as full. */
const LOOKED_AT = 2_000;

/** Longer than a network takes, on a loaded machine, from the choice of a port to the server on it. */
const PROMISED_MILLIS = 120_000;
/** Until when a port that was chosen is not chosen again: a chaincode listens long after its port was chosen, and other nodes choose theirs meanwhile. */
const promised = new Map<number, number>();

/**
 * The range that `LIANYI_PORTS` names: a firewall knows it then, and networks that run side by side take no port of one that is just restarting.
 * @param wanted - `FROM-TO`, both inclusive
 * @throws {@link OperatorError} `PORT_IN_USE` when it is no range.
 */
function portRange(wanted = process.env['LIANYI_PORTS'] ?? ''): PortRange {
  if (wanted === '') return USUAL_RANGE;
  const [, from, to] = (/^(\d{1,5})-(\d{1,5})$/.exec(wanted) ?? []).map(Number);
  if (from !== undefined && to !== undefined && from >= 1_024 && from <= to && to <= 65_535) return { from, to };
  throw new OperatorError('PORT_IN_USE', {
    en: `LIANYI_PORTS is '${wanted}'; it takes FROM-TO, between 1024 and 65535, as in 17050-18049`,
    zh: `LIANYI_PORTS 为 “${wanted}”；应为 起-止，在 1024 与 65535 之间，例如 17050-18049`,
  });
}

/**
 * `count` different ports nobody listens on, in the range that `LIANYI_PORTS` names, else from 17050 to 31049; none that this process was given
 * within the last two minutes.
 * @throws {@link OperatorError} `PORT_IN_USE` when the range has not as many.
 */
export async function chooseFreePorts(count: number): Promise<readonly number[]> {
  const { from, to } = portRange();
  const width = to - from + 1;
  const first = Math.floor(Math.random() * width);
  const chosen: number[] = [];
  for (let step = 0; chosen.length < count && step < Math.min(width, LOOKED_AT); step++) {
    const port = from + ((first + step) % width);
    if (isPromised(port) || !(await isPortFree(port)) || isPromised(port)) continue;
    promisePorts([port]);
    chosen.push(port);
  }
  if (chosen.length === count) return chosen;
  throw new OperatorError('PORT_IN_USE', {
    en: `only ${chosen.length} of ${count} free ports were found between ${from} and ${to}; LIANYI_PORTS names another range`,
    zh: `${from} 与 ${to} 之间只找到 ${chosen.length} 个空闲端口，需要 ${count} 个；可用 LIANYI_PORTS 指定其他范围`,
  });
}

/** Says that servers of this process are about to listen there, as they did before: none is chosen for another. */
export function promisePorts(ports: readonly number[]): void {
  for (const port of ports) promised.set(port, performance.now() + PROMISED_MILLIS);
}

function isPromised(port: number): boolean {
  return (promised.get(port) ?? 0) > performance.now();
}

/** Whether a server of ours could listen there now. */
export async function isPortFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE' || systemCode(error) === 'EACCES') return false;
    throw error;
  }
}

/** Whether something accepts TCP connections there now. */
export async function acceptsConnections(port: number, timeoutMillis = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port, timeout: timeoutMillis });
    const answer = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => {
      answer(true);
    });
    socket.once('timeout', () => {
      answer(false);
    });
    socket.once('error', () => {
      answer(false);
    });
  });
}
