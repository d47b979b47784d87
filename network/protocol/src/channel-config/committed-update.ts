import { envelopesOf } from '../wire/block';
import { tryDecode } from '../wire/decode';
import { readEnvelope } from '../wire/envelope';
import { common } from '../wire/proto';

/** What a configuration block says of the update that led to it. */
export interface CommittedUpdate {
  /** The `ConfigUpdateEnvelope` as its administrators signed it. */
  readonly update: Buffer;
  /** Sequence of the configuration that the update led to. */
  readonly sequence: number;
}

/**
 * The update that a block of configuration carries; `undefined` for other blocks and for the first, which no update led to.
 * @remarks Source: fabric-protos common/configtx.proto `ConfigEnvelope.last_update`.
 */
export function committedUpdateOf(block: common.Block): CommittedUpdate | undefined {
  const [bytes] = envelopesOf(block);
  const reading = bytes && readEnvelope(bytes);
  if (!reading?.ok || reading.envelope.channelHeader.getType() !== common.HeaderType.CONFIG) return undefined;
  const content = tryDecode(common.ConfigEnvelope, reading.envelope.data);
  const last = content?.getLastUpdate();
  const signed = last && readEnvelope(last.serializeBinary());
  if (!content || !signed?.ok) return undefined;
  return { update: signed.envelope.data, sequence: content.getConfig()?.getSequence() ?? 0 };
}
