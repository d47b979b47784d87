import { type common, orderer } from '@lianyi/fabric-protocol';

const prefix = 'initializing channelconfig failed: could not create channel Orderer sub-group config: ';
/** What Go's time.ParseDuration reads, without the sign. */
const duration = /^(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/**
 * Refuses an orderer's batches as Fabric does.
 * @throws Error in Fabric's words.
 * @remarks Source: common/channelconfig/orderer.go validateBatchSize, validateBatchTimeout.
 */
export function refuseUnusableBatches(channel: common.ConfigGroup | undefined): void {
  const values = channel?.getGroupsMap().get('Orderer')?.getValuesMap();
  const [size, timeout] = [values?.get('BatchSize'), values?.get('BatchTimeout')];
  const fault =
    (size && sizeFault(orderer.BatchSize.deserializeBinary(size.getValue_asU8()))) ??
    (timeout && timeoutFault(orderer.BatchTimeout.deserializeBinary(timeout.getValue_asU8()).getTimeout()));
  if (fault !== undefined) throw new Error(`${prefix}Attempted to set the batch ${fault}`);
}

function sizeFault(size: orderer.BatchSize): string | undefined {
  const [absolute, preferred] = [size.getAbsoluteMaxBytes(), size.getPreferredMaxBytes()];
  if (size.getMaxMessageCount() === 0) return 'size max message count to an invalid value: 0';
  if (absolute === 0) return 'size absolute max bytes to an invalid value: 0';
  if (preferred === 0) return 'size preferred max bytes to an invalid value: 0';
  return preferred > absolute ? `size preferred max bytes (${preferred}) greater than the absolute max bytes (${absolute}).` : undefined;
}

function timeoutFault(text: string): string | undefined {
  const unsigned = text.replace(/^[-+]/, '');
  if (text === '') return 'timeout to a invalid value: time: invalid duration ""';
  if (!duration.test(unsigned)) return `timeout to a invalid value: time: ${reasonOf(unsigned)} "${text}"`;
  const isPositive = !text.startsWith('-') && /[1-9]/.test(unsigned);
  return isPositive ? undefined : `timeout to a non-positive value: ${/[1-9]/.test(unsigned) ? text : '0s'}`;
}

/** Go tells a number without a unit from what is no number at all. */
function reasonOf(unsigned: string): string {
  return /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(unsigned) ? 'missing unit in duration' : 'invalid duration';
}
