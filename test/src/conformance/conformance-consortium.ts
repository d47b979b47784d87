const member = (letter: string): object => ({
  mspId: `Hospital${letter}MSP`,
  name: `hospital-${letter.toLowerCase()}`,
  domain: `hospital-${letter.toLowerCase()}.example`,
  roles: ['peer', 'orderer'],
});

const both = ['HospitalAMSP', 'HospitalBMSP'];
const open = { memberOnlyRead: false, memberOnlyWrite: false };

/**
 * The network the observations were made on: three organisations, chaincode t with collections, chaincode u; two of the
 * organisations have a channel of their own, on which t runs, too; chaincode i requires Init.
 */
export const conformanceConsortium: unknown = {
  name: 'conformance',
  channel: { name: 'emr', batch: { timeoutMillis: 20, maxMessageCount: 100 } },
  channels: [{ name: 'side', organizations: both, batch: { timeoutMillis: 20, maxMessageCount: 100 } }],
  organizations: ['A', 'B', 'C'].map(member),
  chaincodes: [
    {
      name: 't',
      version: '1.0',
      channels: ['emr', 'side'],
      collections: [
        { name: 'c12', members: both },
        { name: 'btl', members: both, blockToLive: 2 },
        { name: 'open', members: both, ...open },
        { name: 'req1', members: both, requiredPeerCount: 1 },
        { name: 'req2', members: both, requiredPeerCount: 2 },
        { name: 'cep', members: both, endorsementPolicy: "OR('HospitalAMSP.peer')" },
        { name: 'onlyB', members: ['HospitalBMSP'] },
      ],
    },
    { name: 'u', version: '1.0' },
    { name: 'i', version: '1.0', channels: ['emr', 'side'], initRequired: true },
  ],
};
