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

/** How long an exchange may take: as a whole, or without a byte in either direction. */
export type ExchangePatience = { readonly totalMillis: number } | { readonly idleMillis: number };

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
  const outgoing = request(optionsOf(wanted));
  // Node sends nothing of a request before the handshake is over and the server's certificate accepted
  outgoing.once('socket', (socket: Socket) => {
    if (socket.connecting) socket.once('secureConnect', onSecured);
    else onSecured();
  });
  const giveUp = (): void => {
    outgoing.destroy(new Error('no answer in time'));
  };
  const { patience } = wanted;
  const timer = 'totalMillis' in patience ? setTimeout(giveUp, patience.totalMillis) : undefined;
  outgoing.on('timeout', giveUp);
  try {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).once('error', reject);
      outgoing.end(wanted.body);
    });
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await bodyOf(incoming, wanted.maxBytes) };
  } finally {
    clearTimeout(timer);
  }
}

function optionsOf({ host, port, method, path, headers, body, tls, agent, patience }: Exchange): RequestOptions {
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
    ...('idleMillis' in patience ? { timeout: patience.idleMillis } : {}),
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
  return isPinned ? undefined : new Error('the TLS certificate is not the one the ledger names');
}

async function bodyOf(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > maxBytes) throw new RangeError('the answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
