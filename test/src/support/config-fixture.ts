import { common, envelopesOf, marshal, msp, newNonce, orderer, type Signer } from '@lianyi/fabric-protocol';
import { CHANNEL } from './ledger-fixture';

type Config = InstanceType<typeof common.Config>;
export type Group = InstanceType<typeof common.ConfigGroup>;

export function configOf(block: Buffer): Config {
  const [envelope] = envelopesOf(common.Block.deserializeBinary(block));
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope ?? Buffer.alloc(0)).getPayload_asU8());
  return common.ConfigEnvelope.deserializeBinary(payload.getData_asU8()).getConfig() ?? new common.Config();
}

export function groupAt(root: Group, ...names: readonly string[]): Group {
  return names.reduce((group, name) => group.getGroupsMap().get(name) ?? new common.ConfigGroup(), root);
}

/** The whole configuration as read set, the changed copy as write set. */
export function updateOf(current: Config, change: (root: Group) => void): Buffer {
  const next = common.Config.deserializeBinary(current.serializeBinary());
  change(next.getChannelGroup() ?? new common.ConfigGroup());
  const update = new common.ConfigUpdate();
  update.setChannelId(CHANNEL);
  update.setReadSet(current.getChannelGroup());
  update.setWriteSet(next.getChannelGroup());
  return marshal(update);
}

function signatureHeader(signer: Signer): Buffer {
  const header = new common.SignatureHeader();
  header.setCreator(signer.serializedIdentity);
  header.setNonce(newNonce());
  return marshal(header);
}

export function envelopeOf(update: Buffer, signers: readonly Signer[], creator: Signer): Buffer {
  const content = new common.ConfigUpdateEnvelope();
  content.setConfigUpdate(update);
  for (const signer of signers) {
    const signature = new common.ConfigSignature();
    const headerBytes = signatureHeader(signer);
    signature.setSignatureHeader(headerBytes);
    signature.setSignature(signer.sign(Buffer.concat([headerBytes, update])));
    content.addSignatures(signature);
  }
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.CONFIG_UPDATE);
  channelHeader.setChannelId(CHANNEL);
  const header = new common.Header();
  header.setChannelHeader(marshal(channelHeader));
  header.setSignatureHeader(signatureHeader(creator));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(marshal(content));
  const envelope = new common.Envelope();
  envelope.setPayload(marshal(payload));
  envelope.setSignature(creator.sign(marshal(payload)));
  return marshal(envelope);
}

/** Puts a revocation list into an organisation's MSP, in the sections named. */
export function revoke(root: Group, mspId: string, crl: string, sections: readonly string[] = ['Application', 'Orderer']): void {
  for (const section of sections) {
    const value = groupAt(root, section, mspId).getValuesMap().get('MSP');
    const wrapped = msp.MSPConfig.deserializeBinary(value?.getValue_asU8() ?? new Uint8Array());
    const config = msp.FabricMSPConfig.deserializeBinary(wrapped.getConfig_asU8());
    config.setRevocationListList([Buffer.from(crl)]);
    wrapped.setConfig(marshal(config));
    value?.setValue(marshal(wrapped));
    value?.setVersion(value.getVersion() + 1);
  }
}

export function raiseLimit(root: Group, bytes: number): void {
  const value = groupAt(root, 'Orderer').getValuesMap().get('BatchSize');
  const size = orderer.BatchSize.deserializeBinary(value?.getValue_asU8() ?? new Uint8Array());
  size.setAbsoluteMaxBytes(bytes);
  value?.setValue(marshal(size));
  value?.setVersion(value.getVersion() + 1);
}
