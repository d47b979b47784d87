import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type Agent, request, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { NotSent } from '../member-api/transport';

export interface ExchangeTls {
  /** PEM of the authorities that may vouch for the server. */
  readonly ca: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  /** base64url SHA-256 of the DER of the certificates of which the server must show one, besides a valid chain and name. */
  readonly pinnedSha256?: readonly string[];
}

/** How long an exchange may take as a whole, and until the server is known by its certificate. A byte now and then prolongs neither. */
export interface ExchangePatience {
  readonly totalMillis: number;
  readonly connectMillis?: number;
}

export interface Exchange {
  readonly host: string;
  readonly port: number;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly tls: ExchangeTls;
  /** Without one every exchange has a connection of its own. Never share one between servers with different pins. */
  readonly agent?: Agent;
  readonly patience: ExchangePatience;
  readonly maxBytes: number;
  /** Gives the exchange up. */
  readonly signal?: AbortSignal;
  /** Takes the body of a success as it comes, instead of having it collected; the answer's is empty then. What it throws, the exchange throws. */
  readonly onBody?: (pieces: AsyncIterable<Uint8Array>) => Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * One HTTPS request and its whole, bounded answer.
 * @throws {@link NotSent} no connection with the right server came about; any other error — the request may have left
 */
export async function exchange(wanted: Exchange): Promise<Answer> {
  const sending = { mayHaveLeft: false };
  try {
    return await exchanged(wanted, () => {
      sending.mayHaveLeft = true;
    });
  } catch (error) {
    throw sending.mayHaveLeft ? error : new NotSent(error);
  }
}

async function exchanged(wanted: Exchange, onSecured: () => void): Promise<Answer> {
  const { patience, signal, maxBytes } = wanted;
  const outgoing = request(optionsOf(wanted));
  const giveUp = (): void => {
    outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }));
  };
  const timers = [patience.totalMillis, patience.connectMillis].map((millis) =>
    millis === undefined ? undefined : setTimeout(giveUp, millis),
  );
  const connected = (): void => {
    clearTimeout(timers[1]);
    onSecured();
  };
  // Node sends nothing of a request before the handshake is over and the server's certificate accepted
  outgoing.once('socket', (socket: Socket) => {
    if (socket.connecting) socket.once('secureConnect', connected);
    else connected();
  });
  const abort = (): void => void outgoing.destroy(new Error('given up'));
  signal?.addEventListener('abort', abort);
  try {
    signal?.throwIfAborted();
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).on('error', reject);
      outgoing.end(wanted.body);
    });
    const { statusCode: status = 0, headers } = incoming;
    const body = await taken(bounded(incoming, maxBytes), status >= 200 && status < 300 ? wanted.onBody : undefined);
    return { status, headers, body };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function optionsOf({ host, port, method, path, headers, body, tls, agent }: Exchange): RequestOptions {
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const { pinnedSha256 } = tls;
  return {
    host,
    port,
    method,
    path,
    headers: { ...headers, ...length },
    agent: agent ?? false,
    ca: [...tls.ca],
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
    minVersion: 'TLSv1.3',
    // said, because an environment variable of Node's may change what is left unsaid
    rejectUnauthorized: true,
    checkServerIdentity: (name, certificate) => pinFault(pinnedSha256, certificate) ?? checkServerIdentity(name, certificate),
  };
}

function pinFault(pinnedSha256: readonly string[] | undefined, certificate: PeerCertificate): Error | undefined {
  if (pinnedSha256 === undefined) return undefined;
  const fingerprint = createHash('sha256').update(certificate.raw).digest();
  const isPinned = pinnedSha256
    .map((pin) => Buffer.from(pin, 'base64url'))
    .some((pin) => pin.length === fingerprint.length && timingSafeEqual(pin, fingerprint));
  return isPinned
    ? undefined
    : Object.assign(new Error('the TLS certificate is not the one the ledger names'), { code: 'ERR_PIN_DIFFERS' });
}

async function taken(pieces: AsyncIterable<Buffer>, onBody: Exchange['onBody']): Promise<Buffer> {
  if (onBody !== undefined) {
    await onBody(pieces);
    return Buffer.alloc(0);
  }
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** @throws RangeError — there are more bytes; the rest is not read */
async function* bounded(incoming: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer, void, undefined> {
  let length = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxBytes) throw new RangeError('the answer is too long');
    yield piece;
  }
}
