import { ActingLedger, newId } from '@lianyi/client';
import { newRequest, sha256, transactions } from '@lianyi/domain';
import { approvedPackageId, approveOnce } from '@lianyi/fabric-protocol';
import { AdminSession, commitDefinition, committedDefinition, settingsFor } from '@lianyi/network-administration';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { Scenario } from '../../scenario/scenario';
import { waitUntil } from '../../wait-until';
import { type Attack, type AttackOutcome } from '../attack';

/** All hospitals but one approve and commit the next definition of the chaincode; that one's peer runs no chaincode from then on. */
async function defineWithout(scenario: Scenario, mspId: string): Promise<void> {
  const { channel: name, chaincode } = scenario.network;
  const channel = (await AdminSession.open(scenario.consortium.data.network)).channel(name);
  const committed = await committedDefinition(channel, chaincode);
  const others = channel.peers.filter((peer) => peer.mspId !== mspId);
  const former = settingsFor(channel, { name: chaincode, folder: '' }, committed);
  const next = settingsFor(channel, { name: chaincode, version: 'next', folder: '' }, committed);
  for (const peer of others) await approveOnce(peer, name, next, (await approvedPackageId(peer, name, former)) ?? '');
  await commitDefinition(others, name, next);
}

/** B and C leave A behind with the next definition, while A's key service is about to have its own chaincode decide on a release. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r13-1');
  try {
    const { a } = scenario;
    const { mspId } = a.member;
    const staff = await hireRoster(scenario);
    const { known, recordId } = await PatientCase.granted(scenario, staff);
    const { ticketId } = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    const { sign } = await scenario.hire(a, 'keyService');
    const ledger = await scenario.ledger(a);
    await defineWithout(scenario, mspId);
    const isAway = (): Promise<boolean> =>
      ledger.evaluate(newRequest(transactions.GetOrganisation, { mspId })).then(
        () => false,
        () => true,
      );
    await waitUntil('A’s own chaincode is out of service', isAway);
    // what a key service submits once it has looked at all else
    const release = { ticketId, recordId, releaseId: newId(), sealedSha256: sha256('a sealed key') };
    const end = await new ActingLedger(ledger, sign).submit(newRequest(transactions.RecordKeyRelease, release)).then(
      () => 'ok',
      (error: unknown) => String(error),
    );
    const seen = end === 'ok' ? 'a release was committed on which the own chaincode had no say' : `no release, no key: ${end}`;
    return { succeeded: end === 'ok', seen };
  } finally {
    await scenario.stop();
  }
}

export const releaseWithoutTheOwn: Attack = {
  id: 'R13-1',
  title: 'two hospitals leave the third one’s chaincode behind, and decide alone on the release of its key',
  defences: [{ file: 'application/ledger-client/src/gateway-ledger.ts', name: 'alsoEndorsedBy', body: 'return {};' }],
  networks: ['embedded', 'fabric'],
  run,
};
