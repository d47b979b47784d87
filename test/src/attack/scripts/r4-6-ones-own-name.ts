import { mspIdSchema, newRequest, transactions } from '@lianyi/domain';
import { common, createCertificateAuthority, issueIdentity, marshal, msp, mspConfigOf } from '@lianyi/fabric-protocol';
import { ChannelClient, GatewayLedger, loadConnectionProfile, openPeerSession, signingIdentity } from '@lianyi/ledger-client';
import { AdminSession } from '@lianyi/network-administration';
import { hireRoster } from '../../scenario/roster';
import { PatientCase } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { newEntry } from '../staff';

/** The channel without the group of an organisation, and with another one that has the same MSP id and one root more. */
function renamed(channel: common.ConfigGroup, mspId: string, root: string): common.ConfigGroup {
  const changed = common.ConfigGroup.deserializeBinary(channel.serializeBinary());
  for (const section of ['Application', 'Orderer']) {
    const groups = changed.getGroupsMap().get(section)?.getGroupsMap();
    const group = groups?.get(mspId);
    if (groups === undefined || group === undefined) continue;
    const definition = mspConfigOf(group);
    definition.addRootCerts(Buffer.from(root));
    const units = definition.getFabricNodeOus();
    const roles = [
      units?.getClientOuIdentifier(),
      units?.getPeerOuIdentifier(),
      units?.getAdminOuIdentifier(),
      units?.getOrdererOuIdentifier(),
    ];
    for (const role of roles) role?.setCertificate('');
    const wrapped = new msp.MSPConfig();
    wrapped.setConfig(marshal(definition));
    group.getValuesMap().get('MSP')?.setValue(marshal(wrapped));
    groups.del(mspId);
    groups.set(`${mspId}2`, group);
  }
  return changed;
}

/** B and C give themselves the name of A by one update; an administrator of their making hires somebody for A, who reads at A's node. */
async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-r4-6');
  try {
    const { known, recordId } = await PatientCase.withRecord(scenario, await hireRoster(scenario));
    const [{ mspId }, other] = [scenario.a.member, scenario.b.member];
    const authority = await createCertificateAuthority('ca.nobody', 'Nobody');
    const session = await AdminSession.open(scenario.consortium.data.network);
    const signers = session.organizations.filter((each) => each.mspId !== mspId);
    const edit = await session
      .channel(scenario.network.channel)
      .edit({ signers, askAll: true }, (channel) => renamed(channel, mspId, authority.certificatePem));
    await edit?.submit(() => undefined);
    const pair = await issueIdentity(authority, { commonName: 'admin', organization: 'Nobody', organizationalUnits: ['admin'] });
    const profile = scenario.consortium.context.network.profiles[other.mspId] ?? '';
    const peer = (await loadConnectionProfile(profile)).find((each) => each.mspId === other.mspId);
    if (peer === undefined) throw new Error('B’s profile names no peer of B');
    const identity = signingIdentity(mspId, Buffer.from(pair.certificatePem), Buffer.from(pair.privateKeyPem));
    const falseClient = openPeerSession(peer, identity);
    const made = newEntry(scenario, scenario.a, { roles: ['clinician'], departments: ['internal'] });
    try {
      const ledger = new GatewayLedger(new ChannelClient(falseClient.gateway, scenario.network), mspIdSchema.parse(other.mspId));
      await ledger.submit(newRequest(transactions.RegisterStaff, made.input));
    } finally {
      falseClient.close();
    }
    await scenario.catchUp(scenario.a);
    const end = await outcomeOf(
      known.ask(made.person, { recordIds: [recordId] }).then((ticket) => known.read(made.person, ticket, recordId)),
    );
    return {
      succeeded: end === 'ok',
      seen: end === 'ok' ? 'the record was read by whom a false administrator had hired' : `no key: ${end}`,
    };
  } finally {
    await scenario.stop();
  }
}

export const onesOwnName: Attack = {
  id: 'R4-6',
  title: 'two hospitals give themselves the name of the third one by the channel’s configuration, and hire a clinician under it',
  defences: [
    { file: 'application/member-node/src/ledger-index/names.ts', name: 'Bearers.withoutFalseName', body: 'return call;' },
    // the own chaincode, asked last, is asked by the own name (R13-1)
    { file: 'application/member-node/src/own-staff-ledger.ts', name: 'assertOwnName', body: 'return Promise.resolve();' },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
