import { common, marshal, newNonce } from '@lianyi/fabric-protocol';
import { type ConformanceNetwork } from './conformance-network';
import { type Party } from './party';
import { submitEnvelope } from './raw-requests';
import { waitUntil } from '../wait-until';

type ConfigGroup = common.ConfigGroup;
type ConfigUpdate = common.ConfigUpdate;

/** A peer may be busy with many blocks before it comes to this one. */
const PATIENCE_MILLIS = 90_000;

export async function currentConfig(party: Party): Promise<common.Config> {
  const bytes = await party.contract('cscc').evaluateTransaction('GetChannelConfig', 'emr');
  return common.Config.deserializeBinary(bytes);
}

/** A group of the configuration by the names on the way to it. */
export function groupAt(root: ConfigGroup, path: readonly string[]): ConfigGroup {
  let group = root;
  for (const name of path) {
    const next = group.getGroupsMap().get(name);
    if (next === undefined) throw new Error(`the channel has no group ${path.join('/')}`);
    group = next;
  }
  return group;
}

/** The groups on the way to some others, by their versions alone. */
function skeleton(root: ConfigGroup, paths: readonly (readonly string[])[]): ConfigGroup {
  const copy = new common.ConfigGroup();
  copy.setVersion(root.getVersion());
  const names = new Set(paths.flatMap(([name]) => (name === undefined ? [] : [name])));
  for (const name of names) {
    const deeper = paths.filter(([first]) => first === name).map((path) => path.slice(1));
    copy.getGroupsMap().set(name, skeleton(groupAt(root, [name]), deeper));
  }
  return copy;
}

/** An update of what `change` sets in the groups at the paths; it is given each copy and the group as it is. */
export function updateOf(
  config: common.Config,
  paths: readonly (readonly string[])[],
  change: (copy: ConfigGroup, current: ConfigGroup) => void,
): ConfigUpdate {
  const root = config.getChannelGroup() ?? new common.ConfigGroup();
  const writeSet = skeleton(root, paths);
  for (const path of paths) change(groupAt(writeSet, path), groupAt(root, path));
  const update = new common.ConfigUpdate();
  update.setChannelId('emr');
  update.setReadSet(skeleton(root, paths));
  update.setWriteSet(writeSet);
  return update;
}

/** Sends an update signed by `signers`, by the first of them. */
export async function sendUpdate(update: ConfigUpdate, signers: readonly [Party, ...Party[]]): Promise<void> {
  const bytes = marshal(update);
  const data = new common.ConfigUpdateEnvelope();
  data.setConfigUpdate(bytes);
  for (const { craftsman } of signers) {
    const header = signatureHeader(craftsman.creator);
    const signature = new common.ConfigSignature();
    signature.setSignatureHeader(header);
    signature.setSignature(craftsman.sign(Buffer.concat([header, bytes])));
    data.addSignatures(signature);
  }
  const [{ client, craftsman }] = signers;
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG_UPDATE);
  channelHeader.setChannelId('emr');
  const header = new common.Header();
  header.setChannelHeader(marshal(channelHeader));
  header.setSignatureHeader(signatureHeader(craftsman.creator));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(marshal(data));
  const envelope = new common.Envelope();
  envelope.setPayload(marshal(payload));
  envelope.setSignature(craftsman.sign(marshal(payload)));
  await submitEnvelope(client, envelope);
}

function signatureHeader(creator: Buffer): Buffer {
  const header = new common.SignatureHeader();
  header.setCreator(creator);
  header.setNonce(newNonce());
  return marshal(header);
}

/** Waits until the configuration at a party's peer is newer. */
export async function configAfter(sequence: number, party: Party): Promise<void> {
  await waitUntil('the configuration changes', async () => (await currentConfig(party)).getSequence() > sequence, PATIENCE_MILLIS);
}

/** Sets a value of a group one version on. */
export function changeValue(name: string, value: Buffer): (copy: ConfigGroup, current: ConfigGroup) => void {
  return (copy, current) => {
    const now = current.getValuesMap().get(name);
    const changed = new common.ConfigValue();
    changed.setVersion((now?.getVersion() ?? 0) + 1);
    changed.setModPolicy(now?.getModPolicy() ?? 'Admins');
    changed.setValue(value);
    copy.getValuesMap().set(name, changed);
  };
}

/** Whether every peer has the configuration the first has. */
export async function everywhere(network: ConformanceNetwork, sequence: number, mspIds: readonly string[]): Promise<void> {
  for (const mspId of mspIds) await configAfter(sequence, network.as(mspId));
}
