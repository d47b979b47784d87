import { proxyOptions } from './proxy-choice';

describe('the proxy of the environment', () => {
  it.each(['localhost:7051', 'LOCALHOST:7051', '127.0.0.1:7051', '127.8.9.1:1', '[::1]:7051', 'peer0.localhost:7051'])(
    'is not asked for %s, which is this machine',
    (endpoint) => {
      expect(proxyOptions(endpoint)).toEqual({ 'grpc.enable_http_proxy': 0 });
    },
  );

  it.each(['peer0.hospital-a.example:7051', '10.0.0.1:7051', 'localhost.hospital-a.example:7051', '127.0.0.1.example:7051', '[::2]:7051'])(
    'is asked for %s, which is another',
    (endpoint) => {
      expect(proxyOptions(endpoint)).toEqual({});
    },
  );
});
