import {
  applyConfigUpdate,
  bytesOf,
  type ChannelConfig,
  common,
  ConfigUpdateRefused,
  marshal,
  parseChannelConfig,
  signedEnvelope,
  type Signer,
} from '@lianyi/fabric-protocol';
import { type BroadcastResult } from '../ledger/embedded-channel';
import { refuseUnusableBatches } from './batch-rules';
import { type FilterContext, filterEnvelope } from './filters';

const { Status, HeaderType } = common;

export interface AdmissionContext extends FilterContext {
  readonly config: ChannelConfig;
  readonly signer: Signer;
}

interface Admission {
  readonly result: BroadcastResult;
  /** What is to be ordered; absent if refused. */
  readonly envelope?: Buffer;
  readonly isConfig: boolean;
}

/** Filters an envelope; a configuration update becomes the configuration transaction it leads to. */
export function admit(bytes: Buffer, context: AdmissionContext): Admission {
  const { result, type } = filterEnvelope(bytes, context);
  if (result.status !== Status.SUCCESS) return { result, isConfig: false };
  // bytes of the caller may be reused by it; what is accepted must not change
  if (type !== HeaderType.CONFIG_UPDATE) return { result, envelope: Buffer.from(bytes), isConfig: false };
  try {
    return { result, envelope: configTransaction(bytes, context), isConfig: true };
  } catch (fault) {
    if (!(fault instanceof ConfigUpdateRefused)) throw fault;
    const info = `error applying config update to existing channel '${context.channel}': ${fault.message}`;
    return { result: { status: Status.BAD_REQUEST, info }, isConfig: false };
  }
}

/** msgprocessor/standardchannel.go ProcessConfigUpdateMsg: the orderer signs the new configuration with the update inside. */
function configTransaction(bytes: Buffer, { channel, config, policies, signer, nowMillis }: AdmissionContext): Buffer {
  const update = common.Envelope.deserializeBinary(bytes);
  const data = common.Payload.deserializeBinary(update.getPayload_asU8()).getData_asU8();
  const next = applyConfigUpdate(bytesOf(data), { channel, config, policies });
  refuseUnusable(next);
  const content = new common.ConfigEnvelope();
  content.setConfig(next);
  content.setLastUpdate(update);
  return marshal(signedEnvelope('CONFIG', channel, marshal(content), signer, nowMillis));
}

/** A configuration no MSP can be made of would stop every peer, one of unusable batches every orderer. */
function refuseUnusable(config: common.Config): void {
  try {
    parseChannelConfig(config);
    refuseUnusableBatches(config.getChannelGroup());
  } catch (cause) {
    throw new ConfigUpdateRefused(cause instanceof Error ? cause.message : 'the configuration cannot be used', { cause });
  }
}
