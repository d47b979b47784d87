import { internals } from '@lianyi/network';
import { C, type ConformanceNetwork, type Party } from '../conformance-network';
import { submitEnvelope } from './workload';

const { common, marshal } = internals.proto;
/** A peer may look a minute for private data before it goes on. */
const PATIENCE_MILLIS = 90_000;
type ConfigGroup = InstanceType<typeof common.ConfigGroup>;

async function currentConfig(party: Party): Promise<InstanceType<typeof common.Config>> {
  const bytes = await party.contract('cscc').evaluateTransaction('GetChannelConfig', 'emr');
  return common.Config.deserializeBinary(bytes);
}

/** The groups on the way to an organisation, by their versions alone, and the last of them. */
function wayTo(config: ConfigGroup, path: readonly string[]): { readonly root: ConfigGroup; readonly end: ConfigGroup } {
  const root = new common.ConfigGroup();
  root.setVersion(config.getVersion());
  let [end, current] = [root, config];
  for (const name of path) {
    const next = current.getGroupsMap().get(name);
    if (next === undefined) throw new Error(`the channel has no group ${path.join('/')}`);
    const copy = new common.ConfigGroup();
    copy.setVersion(next.getVersion());
    end.getGroupsMap().set(name, copy);
    [end, current] = [copy, next];
  }
  return { root, end };
}

/** Signs and sends an update of C's own Endorsement policy, which C's administrator alone may change. */
export async function changeEndorsementOfC(network: ConformanceNetwork, policyText: string): Promise<void> {
  const party = network.as(C, 'Admin');
  const config = await currentConfig(party);
  const group = config.getChannelGroup() ?? new common.ConfigGroup();
  const path = ['Application', C];
  const { root, end } = wayTo(group, path);
  const current = group.getGroupsMap().get('Application')?.getGroupsMap().get(C)?.getPoliciesMap().get('Endorsement');
  const policy = new common.Policy();
  policy.setType(common.Policy.PolicyType.SIGNATURE);
  policy.setValue(marshal(internals.fabric.parsePolicyText(policyText)));
  const changed = new common.ConfigPolicy();
  changed.setVersion((current?.getVersion() ?? 0) + 1);
  changed.setModPolicy(current?.getModPolicy() ?? 'Admins');
  changed.setPolicy(policy);
  end.getPoliciesMap().set('Endorsement', changed);
  const update = new common.ConfigUpdate();
  update.setChannelId('emr');
  update.setReadSet(wayTo(group, path).root);
  update.setWriteSet(root);
  await submitEnvelope({ party, envelope: updateEnvelope(party, marshal(update)) });
  for (const end = Date.now() + PATIENCE_MILLIS; (await currentConfig(party)).getSequence() === config.getSequence();) {
    if (Date.now() > end) throw new Error('the configuration did not change');
    await new Promise((done) => setTimeout(done, 100));
  }
}

function updateEnvelope({ craftsman }: Party, update: Buffer): InstanceType<typeof common.Envelope> {
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(craftsman.creator);
  signatureHeader.setNonce(internals.newNonce());
  const signature = new common.ConfigSignature();
  signature.setSignatureHeader(marshal(signatureHeader));
  signature.setSignature(craftsman.sign(Buffer.concat([marshal(signatureHeader), update])));
  const data = new common.ConfigUpdateEnvelope();
  data.setConfigUpdate(update);
  data.addSignatures(signature);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG_UPDATE);
  channelHeader.setChannelId('emr');
  const header = new common.Header();
  header.setChannelHeader(marshal(channelHeader));
  header.setSignatureHeader(marshal(signatureHeader));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(marshal(data));
  const envelope = new common.Envelope();
  envelope.setPayload(marshal(payload));
  envelope.setSignature(craftsman.sign(marshal(payload)));
  return envelope;
}
