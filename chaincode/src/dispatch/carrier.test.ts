import { type ChaincodeStub } from 'fabric-shim';
import { doubtfulIdentities, sameCertificate } from '@lianyi/test/support/identity-spellings';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { type Carrier, CarrierReader } from './carrier';

const read = (text: string, mspid = 'HospitalAMSP'): Carrier => {
  const stub = { getCreator: () => ({ mspid, idBytes: Buffer.from(text) }), getChannelID: () => 'emr', getTxID: () => 'tx' };
  return new CarrierReader().read(stub as unknown as ChaincodeStub); // as much of a stub as the reader and fabric-shim look at
};

describe('who carried a transaction', () => {
  let client: string;
  let administrator: string;
  let peer: string;
  beforeAll(async () => {
    const authority = await newAuthority('ca.hospital-a');
    client = (await authority.issue('user,OU=client')).cert;
    administrator = (await authority.issue('root,OU=admin')).cert;
    peer = (await authority.issue('peer0,OU=peer')).cert;
  });

  it('is what the certificate says', () => {
    expect(read(client)).toMatchObject({ mspId: 'HospitalAMSP', role: 'client', isNode: false });
    expect(read(administrator)).toMatchObject({ role: 'admin' });
    expect(() => read(peer)).toThrow(/neither a client/);
  });

  it.each(Object.entries(sameCertificate))('is the same from a certificate %s', (_how, spelled) => {
    expect(read(spelled(client))).toEqual(read(client));
  });

  it.each(Object.entries(doubtfulIdentities))('is nobody with an identity of %s', (_what, identity) => {
    expect(() => read(identity(client, administrator))).toThrow(expect.objectContaining({ code: 'NOT_PERMITTED' }) as Error);
  });
});
