import { type ChannelCredentials, type ChannelOptions, credentials } from '@grpc/grpc-js';

/**
 * How every node of this machine is dialled. gRPC would ask the proxy that `https_proxy`, `http_proxy` or `grpc_proxy` names, loopback
 * included; a proxy elsewhere reaches another machine's loopback, not this one's.
 */
export const LOOPBACK: ChannelOptions = { 'grpc.enable_http_proxy': 0 };

/** Where a node listens. */
export function loopbackAddress(port: number): string {
  return `localhost:${port}`;
}

/** TLS whose verification is asked for, because an environment variable of Node's may change what is left unsaid. */
export function nodeTls(authorityPem: Buffer): ChannelCredentials {
  return credentials.createSsl(authorityPem, null, null, { rejectUnauthorized: true });
}
