import * as grpc from '@grpc/grpc-js';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { openPeerSession } from './connect-gateway';
import { newP256Key } from './fake-gateway.fixture';
import { newLowSSigner } from './signer';

/** The options of the connection that a client has opened. */
function optionsOf(client: grpc.Client): Readonly<Record<string, unknown>> {
  const channel: unknown = client.getChannel();
  return (channel as { internalChannel: { options: Record<string, unknown> } }).internalChannel.options; // as grpc-js keeps them
}

describe('a session with a peer', () => {
  let tlsCaPem: string;
  beforeAll(async () => {
    tlsCaPem = (await newAuthority('tlsca')).pem;
  });

  it.each<readonly [string, { readonly endpoint: string; readonly serverName: string | undefined }]>([
    ['of another machine', { endpoint: 'peer0.hospital-a.example:7051', serverName: undefined }],
    ['of this machine', { endpoint: 'localhost:7051', serverName: undefined }],
    ['that is reached by a number', { endpoint: '192.0.2.7:7051', serverName: undefined }],
    ['that is reached by a number of IPv6', { endpoint: '[2001:db8::7]:7051', serverName: undefined }],
    ['whose certificate names another host', { endpoint: '10.0.0.1:7051', serverName: 'peer0.hospital-a.example' }],
  ])('%s is probed while nothing is said, and no oftener than a peer allows', (_what, named) => {
    const close = jest.spyOn(grpc.Client.prototype, 'close');
    const signing = { identity: { mspId: 'AMSP', credentials: new Uint8Array() }, signer: newLowSSigner(newP256Key()) };
    openPeerSession({ mspId: 'AMSP', name: 'peer0', tlsCaPem, ...named }, signing).close();
    const client: unknown = close.mock.contexts.at(-1);
    close.mockRestore();
    // Fabric closes a connection that is probed more often than each minute; without calls gRPC probes only where it is told to
    expect(optionsOf(client as grpc.Client)).toMatchObject({
      'grpc.keepalive_time_ms': 60_000,
      'grpc.keepalive_timeout_ms': 10_000,
      'grpc.keepalive_permit_without_calls': 1,
      'grpc.use_local_subchannel_pool': 1,
    });
  });
});
