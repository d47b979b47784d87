import { common, marshal, parsePolicyText } from '@lianyi/fabric-protocol';
import { configAfter, currentConfig, sendUpdate, updateOf } from '../channel-update';
import { C, type ConformanceNetwork } from '../conformance-network';

/** Signs and sends an update of C's own Endorsement policy, which C's administrator alone may change. */
export async function changeEndorsementOfC(network: ConformanceNetwork, policyText: string): Promise<void> {
  const party = network.as(C, 'Admin');
  const config = await currentConfig(party);
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(marshal(parsePolicyText(policyText)));
  const update = updateOf(config, [['Application', C]], (copy, current) => {
    const now = current.getPoliciesMap().get('Endorsement');
    const changed = new common.ConfigPolicy();
    changed.setVersion((now?.getVersion() ?? 0) + 1);
    changed.setModPolicy(now?.getModPolicy() ?? 'Admins');
    changed.setPolicy(policy);
    copy.getPoliciesMap().set('Endorsement', changed);
  });
  await sendUpdate(update, [party]);
  await configAfter(config.getSequence(), party);
}
