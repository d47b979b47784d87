import { readFileSync } from 'node:fs';
import { type Agent, request } from 'node:https';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';

/** Certificates for talking to one node of an organisation; with a client pair where the listener asks for one. */
export interface HttpsIdentity {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** Whether it is the very node that is meant; absent: whoever has a certificate of `ca` for this machine. */
  readonly checkServerIdentity?: (hostname: string, certificate: PeerCertificate) => Error | undefined;
}

/** The TLS folder of a node: its pair proves to the node's own admin listener that the caller is of its organisation. */
export function nodeIdentity(tlsDir: string): Required<Pick<HttpsIdentity, 'ca' | 'cert' | 'key'>> {
  return {
    ca: readFileSync(join(tlsDir, 'ca.crt')),
    cert: readFileSync(join(tlsDir, 'server.crt')),
    key: readFileSync(join(tlsDir, 'server.key')),
  };
}

export interface HttpsAnswer {
  readonly status: number;
  readonly body: string;
}
interface HttpsRequest {
  readonly port: number;
  readonly path: string;
  readonly identity: HttpsIdentity;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly authorization?: string;
  /** Keeps connections for several requests; absent: a connection for this one. */
  readonly agent?: Agent;
  readonly body?: { readonly contentType: string; readonly bytes: Buffer };
  readonly timeoutMillis?: number;
}

/** One request to an HTTPS listener of a node on this machine. Rejects when there is no answer. */
export async function callNode({ port, path, identity, method = 'GET', body, ...options }: HttpsRequest): Promise<HttpsAnswer> {
  const { authorization, agent = false, timeoutMillis = 5_000 } = options;
  return new Promise((resolve, reject) => {
    const headers = {
      ...(body && { 'content-type': body.contentType, 'content-length': body.bytes.length }),
      ...(authorization !== undefined && { authorization }),
    };
    const outgoing = request(
      {
        ...{ host: 'localhost', port, path, method, headers, agent, signal: AbortSignal.timeout(timeoutMillis) },
        ...{ ...identity, rejectUnauthorized: true },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body?.bytes);
  });
}

/** Whether `/healthz` of the operations listener says that all is well. */
export async function answersHealthy(port: number, identity: HttpsIdentity): Promise<boolean> {
  try {
    return (await callNode({ port, path: '/healthz', identity, timeoutMillis: 2_000 })).status === 200;
  } catch {
    return false; // it does not listen yet
  }
}

/** Whether a TLS listener is there. A bare TCP connection would leave an error in the node's log each time. */
export async function acceptsTls(port: number, { ca }: HttpsIdentity): Promise<boolean> {
  return new Promise((resolve) => {
    const tls = { ca, servername: 'localhost', ALPNProtocols: ['h2'], rejectUnauthorized: true };
    const socket = connect({ host: 'localhost', port, ...tls, timeout: 2_000 });
    socket.once('secureConnect', () => {
      socket.end(); // a connection cut short would be an error in the node's log
      resolve(true);
    });
    for (const failure of ['timeout', 'error'] as const) {
      socket.once(failure, () => {
        socket.destroy();
        resolve(false);
      });
    }
  });
}
