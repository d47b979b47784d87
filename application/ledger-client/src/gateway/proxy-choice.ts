import { type ChannelOptions } from '@grpc/grpc-js';

const LOOPBACK_HOST = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether the proxy of the environment (`grpc_proxy`, `https_proxy`, `http_proxy`; `no_grpc_proxy` and `no_proxy` name exceptions) is asked
 * for a peer. It is for other machines, where a hospital's network may let nothing else out; loopback is this machine, which no proxy
 * reaches.
 * @param endpoint - `host:port`, as a connection profile has it
 */
export function proxyOptions(endpoint: string): ChannelOptions {
  return LOOPBACK_HOST.test(endpoint.replace(/:\d+$/, '')) ? { 'grpc.enable_http_proxy': 0 } : {};
}
