import { Agent } from 'node:https';
import { type DocumentChecker } from '@lianyi/documents/document-checker';
import { MemberNodeClient } from '../member-api/member-node-client';
import { type PublicationCheck } from '../member-api/publication';
import { type Transport } from '../member-api/transport';
import { exchange, type ExchangePatience, type ExchangeTls } from './https-exchange';

export interface HttpsTransportOptions {
  /** A name or an address; IPv6 without brackets. Not checked: a host that leads nowhere fails when it is called. */
  readonly host: string;
  readonly port: number;
  readonly tls: ExchangeTls;
  readonly patience?: ExchangePatience;
  /** Off: a connection of its own for each request, because the certificate that is pinned may change between them. */
  readonly keepAlive?: boolean;
}

const DEFAULT_PATIENCE: ExchangePatience = { totalMillis: 120_000 };
/**
 * An idle connection is given up this long before the node would end it. A request that is sent into a connection which is just being ended
 * may have arrived or not, and Node's own margin of a second is less than a busy machine takes.
 */
const KEEP_ALIVE_MARGIN_MILLIS = 20_000;

/** Reaches a member node over Node's HTTPS: TLS 1.3, authorities and, if named, one certificate of our choice. */
export function httpsTransport({ host, port, tls, patience = DEFAULT_PATIENCE, keepAlive = true }: HttpsTransportOptions): Transport {
  const agent = keepAlive
    ? new Agent({ keepAlive: true, maxSockets: 64, agentKeepAliveTimeoutBuffer: KEEP_ALIVE_MARGIN_MILLIS })
    : undefined;
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    exchange: (request) => exchange({ host, port, ...request, tls, patience, ...(agent === undefined ? {} : { agent }) }),
    close: () => agent?.destroy(),
  };
}

/** One for this process: so many threads at a time, whatever is connected. */
let checker: Promise<Pick<DocumentChecker, 'check'>> | undefined;

/** A large document is checked on another thread, so that a server which publishes answers others meanwhile. */
const checkBeside: PublicationCheck = async (bytes, described) => {
  // loaded when the first document is published: it brings FHIR's tables
  checker ??= import('@lianyi/documents/document-checker').then((loaded) => new loaded.DocumentChecker({}));
  return (await checker).check(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), described);
};

/**
 * Connects to a member node by its URL and the TLS authority that vouches for it.
 * @param url - `https://host:port`
 * @param tlsCa - PEM
 * @throws TypeError — the URL is none
 */
export function connectMemberNode({ url, tlsCa }: { readonly url: string; readonly tlsCa: string }): MemberNodeClient {
  const { hostname, port } = new URL(url);
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? 443 : port) };
  return new MemberNodeClient({ ...httpsTransport({ ...place, tls: { ca: [tlsCa] } }), url }, checkBeside);
}
