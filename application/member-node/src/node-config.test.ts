import { parseNodeConfig } from './node-config';

const file = { certFile: 'cert.pem', keyFile: 'key.pem' };
const config = {
  ...{ mspId: 'AMSP', channel: 'emr', chaincode: 'emr', connectionProfile: 'connection.json', identity: file, dataDir: 'data' },
  ...{ tls: { ...file, members: [{ mspId: 'AMSP', caFile: 'ca.pem' }] }, listen: { host: '127.0.0.1', port: 0 } },
  ...{ kemKeyFile: 'kem.pem', receiptKeyFile: 'receipt.pem', keyServiceKeyFile: 'service.pem', keyServiceActorTag: 'service' },
};

describe('the other members in node.json', () => {
  it.each<readonly [string, object, readonly string[]]>([
    ['one', { otherPeerMspIds: ['BMSP'] }, ['BMSP']],
    ['several', { otherPeerMspIds: ['BMSP', 'CMSP'] }, ['BMSP', 'CMSP']],
    ['the one that an earlier version has written', { otherPeerMspId: 'BMSP' }, ['BMSP']],
  ])('may be %s', (_what, others, read) => {
    const parsed = parseNodeConfig({ ...config, ...others });
    expect(parsed.otherPeerMspIds).toEqual(read);
    // what is written back is the list
    expect(parsed).not.toHaveProperty('otherPeerMspId');
  });

  it.each<readonly [string, object]>([
    ['nobody', {}],
    ['an empty list', { otherPeerMspIds: [] }],
    ['a member twice', { otherPeerMspIds: ['BMSP', 'BMSP'] }],
    ['both forms', { otherPeerMspId: 'BMSP', otherPeerMspIds: ['CMSP'] }],
    ['an id that is none, in the former form', { otherPeerMspId: 'B MSP' }],
    ['a list in the former form', { otherPeerMspId: ['BMSP'] }],
    ['a text where a list is', { otherPeerMspIds: 'BMSP' }],
  ])('may not be %s', (_what, others) => {
    expect(() => parseNodeConfig({ ...config, ...others })).toThrow();
  });
});
