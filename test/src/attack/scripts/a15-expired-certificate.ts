import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { createSigner, loadCertificateAuthority } from '@lianyi/fabric-protocol';
import { organizationDir } from '@lianyi/workbench';
import { craftProposal, issuePapers, type PapersRequest } from '../../conformance/craft';
import { Party } from '../../conformance/party';
import { evaluateRaw, RawServiceError } from '../../conformance/raw-requests';
import { stockClients } from '../../conformance/stock-client';
import { Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { commitAs } from '../forged-creator';
import { ledgerKey } from '../forged-transaction';

const TAKEN = 'taken';

function told(error: unknown): string {
  if (!(error instanceof Error)) throw error;
  const told = error instanceof RawServiceError || error instanceof GatewayError ? error.details.map(({ message }) => message) : [];
  return told[0] ?? error.message;
}

/** How far a client of A with such a certificate comes: at a peer, and at the orderers with a transaction that A and B have endorsed for it by hand. */
async function attempt(scenario: Scenario, request: PapersRequest): Promise<{ readonly peer: string; readonly orderer: string }> {
  const { a, b, network, consortium } = scenario;
  const { mspId } = a.member;
  const ca = join(organizationDir(consortium.context, a.member), 'ca');
  const certificate = readdirSync(ca).find((name) => name.endsWith('-cert.pem')) ?? '';
  const [certificatePem, privateKeyPem] = [certificate, 'priv_sk'].map((name) => readFileSync(join(ca, name), 'utf8'));
  if (certificatePem === undefined || privateKeyPem === undefined) throw new Error('A has no authority');
  const papers = await issuePapers(await loadCertificateAuthority({ certificatePem, privateKeyPem }), mspId, request);
  const { channel, chaincode } = network;
  const profile = consortium.context.network.profiles[mspId] ?? '';
  const guest = Party.guest(papers, profile, mspId, { channel, chaincode }, stockClients['1.12'].library);
  const asked = { name: 'DirectoryContract:GetOrganisation', argument: JSON.stringify({ input: { mspId } }) };
  try {
    const proposal = craftProposal(guest.craftsman, { channelId: channel, chaincode, args: [asked.name, asked.argument] });
    const peer = await evaluateRaw(guest.client, proposal).then(() => TAKEN, told);
    const key = papers.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const signer = createSigner(mspId, papers.certificatePem, key);
    const creator = { signer, mspId, identity: papers.certificatePem, atMillis: Date.now() };
    const writes = { [ledgerKey('nothing', 'a15')]: '{}' };
    const orderer = await commitAs(creator, scenario, [a, b], asked, writes).then(
      (code) => (code === 0 ? TAKEN : `invalid: ${code}`),
      told,
    );
    return { peer, orderer };
  } finally {
    guest.close();
  }
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-a15');
  try {
    const good = await attempt(scenario, {});
    if (good.peer !== TAKEN || good.orderer !== TAKEN) throw new Error(`a good certificate is refused: ${JSON.stringify(good)}`);
    const { peer, orderer } = await attempt(scenario, { notAfter: new Date(Date.now() - 5_000) });
    return { succeeded: peer === TAKEN || orderer === TAKEN, seen: `at the peer: ${peer}; at the orderers: ${orderer}` };
  } finally {
    await scenario.stop();
  }
}

/** Row A15. Committers do not look at the end of a certificate (I5 of the plan): what peer and orderers let in would be valid. */
export const expiredCertificate: Attack = {
  id: 'A15',
  title: 'a client whose certificate has expired asks a peer, and has a transaction of its own making ordered',
  defences: [
    { file: 'network/embedded/src/peer/auth-filter.ts', name: 'refuseUnauthenticated', body: 'return undefined;' },
    { file: 'network/embedded/src/order/filters.ts', name: 'expiryFault', body: 'return undefined;' },
  ],
  networks: ['embedded', 'fabric'],
  defendedByFabric: true,
  run,
};
