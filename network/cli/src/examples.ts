/** One command line that can be copied for each verb, by its words without the kind of network, which both kinds share. */
export const examples: Readonly<Record<string, string>> = {
  package: '--name emr --out chaincode-package',
  completion: 'bash',
  up: '--consortium consortium.yaml --chaincode chaincode',
  doctor: '--consortium consortium.yaml',
  down: '',
  stop: '',
  wait: '--block 42 --timeout 300',
  status: '--channel emr',
  node: 'restart peer0.hospital-a.example',
  logs: 'peer0.hospital-a.example --follow',
  createChannel: 'claims --organizations hospital-a,hospital-b',
  deployCC: '--name emr --version 2.0 --chaincode chaincode',
  addOrg: '--msp-id HospitalDMSP --name hospital-d --domain hospital-d.example --orderer',
  removeOrg: '--organization HospitalDMSP',
  snapshot: '--organization HospitalAMSP',
  restore: '--organization HospitalAMSP --snapshot backup/snapshot',
  prune: '--dry-run',
  'cc package': '--name emr --version 2.0 --chaincode chaincode --out emr.tar.gz',
  'cc install': '--name emr --version 2.0 --chaincode chaincode',
  'cc approve': '--name emr --version 2.0 --chaincode chaincode',
  'cc commit': '--name emr --version 2.0 --chaincode chaincode',
  'cc list': '--channel emr',
  'cc invoke': 'basic CreateAsset a1 blue --as hospital-a',
  'cc query': 'basic ReadAsset a1 --as hospital-a',
  'certs list': '--organization HospitalAMSP',
  'certs revoke': '--organization HospitalAMSP --user User1',
  'certs renew': '--organization HospitalAMSP --holder peer0.hospital-a.example',
};

/** @param path - the verb's words, with the kind of network where there is one */
export function exampleOf(path: readonly string[]): string | undefined {
  return examples[path.join(' ')] ?? examples[path.slice(1).join(' ')];
}
