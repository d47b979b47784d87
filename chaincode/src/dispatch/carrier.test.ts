import { type ChaincodeStub } from 'fabric-shim';
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

  it.each<readonly [string, (pem: string) => string]>([
    ['ended by carriage return and line feed', (pem) => pem.replaceAll(/\r?\n/g, '\r\n')],
    ['without an end of the last line', (pem) => pem.trimEnd()],
    ['with empty lines behind it', (pem) => `${pem}\n\n`],
    ['in one line', (pem) => linesOf(pem, 4096)],
    ['in lines of 76', (pem) => linesOf(pem, 76)],
  ])('is the same from a certificate %s', (_how, spelled) => {
    expect(read(spelled(client))).toEqual(read(client));
  });

  it.each<readonly [string, () => string]>([
    ['two certificates', () => client + administrator],
    ['the same certificate twice', () => client + client],
    ['words before the certificate', () => `Subject: somebody\n${client}`],
    ['an empty line before it', () => `\n${client}`],
    ['words behind it', () => `${client}who reads this?\n`],
    ['a header in it', () => client.replace('CERTIFICATE-----\n', 'CERTIFICATE-----\nUse: none\n\n')],
    ['a space in a line', () => client.replace('MII', 'M II')],
    ['base64 that is not filled up', () => client.replaceAll('=', '')],
    ['half a certificate', () => client.slice(0, 200)],
    ['another block', () => client.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
    ['nothing', () => ''],
  ])('is nobody with an identity of %s', (what, identity) => {
    const text = identity();
    if (what === 'base64 that is not filled up' && text === client) return; // this one needs no filling
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'NOT_PERMITTED' }) as Error);
  });
});

function linesOf(pem: string, width: number): string {
  const base64 = pem.replaceAll(/-----[A-Z ]+-----|\s/g, '');
  return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(new RegExp(`.{1,${width}}`, 'g'), '$&\n')}-----END CERTIFICATE-----\n`;
}
