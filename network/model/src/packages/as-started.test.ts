import { asStarted, type ChaincodeSource } from './chaincode-source';

const source = (name: string, version: string, hash: string, folder = '/folder'): ChaincodeSource => ({
  settings: { name, version, sequence: 1, initRequired: false, collections: [] },
  folder,
  command: { kind: 'node', script: 'index.js', args: [] },
  chaincodePackage: { packageId: `${name}_${version}:${hash}`, label: `${name}_${version}`, bytes: Buffer.from(hash) },
});
const idsOf = (sources: readonly ChaincodeSource[]): readonly string[] => sources.map(({ chaincodePackage }) => chaincodePackage.packageId);

describe('what runs while its folder is edited', () => {
  it('stays the package that was approved', () => {
    expect(idsOf(asStarted([source('emr', '1.0', 'edited')], [source('emr', '1.0', 'approved')]))).toEqual(['emr_1.0:approved']);
  });

  it('does not lend its package to another version, name or folder', () => {
    const read = [source('emr', '2.0', 'next'), source('other', '1.0', 'other'), source('emr', '1.0', 'moved', '/elsewhere')];
    expect(idsOf(asStarted(read, [source('emr', '1.0', 'approved')]))).toEqual(idsOf(read));
  });
});
