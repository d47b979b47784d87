import { common, marshal, orderer, peer, Timestamp } from '@lianyi/fabric-protocol';
import { observedCase } from '../conformance-case';
import { A, C, commit, type ConformanceNetwork } from '../conformance-network';
import { issueCraftsman } from '../craft';
import { type Party } from '../party';

type SeekPosition = InstanceType<typeof orderer.SeekPosition>;

type Sender = Pick<Party, 'client' | 'craftsman'>;

interface Seek {
  readonly start?: number;
  readonly stop?: number;
  readonly channelId?: string;
  readonly failIfNotReady?: boolean;
  readonly skewMillis?: number;
  readonly garbage?: boolean;
}

function position(number: number | undefined): SeekPosition | undefined {
  if (number === undefined) return undefined;
  const specified = new orderer.SeekSpecified();
  specified.setNumber(number);
  const message = new orderer.SeekPosition();
  message.setSpecified(specified);
  return message;
}

function seekEnvelope(party: Sender, seek: Seek): InstanceType<typeof common.Envelope> {
  const info = new orderer.SeekInfo();
  info.setStart(position(seek.start));
  info.setStop(position(seek.stop));
  if (seek.failIfNotReady === true) info.setBehavior(orderer.SeekInfo.SeekBehavior.FAIL_IF_NOT_READY);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.DELIVER_SEEK_INFO);
  channelHeader.setChannelId(seek.channelId ?? 'emr');
  const timestamp = new Timestamp();
  timestamp.fromDate(new Date(Date.now() + (seek.skewMillis ?? 0)));
  channelHeader.setTimestamp(timestamp);
  const signatureHeader = new common.SignatureHeader();
  signatureHeader.setCreator(party.craftsman.creator);
  const header = new common.Header();
  header.setChannelHeader(marshal(channelHeader));
  header.setSignatureHeader(marshal(signatureHeader));
  const payload = new common.Payload();
  payload.setHeader(header);
  payload.setData(marshal(info));
  const envelope = new common.Envelope();
  envelope.setPayload(seek.garbage === true ? Buffer.from('ffff', 'hex') : marshal(payload));
  envelope.setSignature(party.craftsman.sign(Buffer.from(envelope.getPayload_asU8())));
  return envelope;
}

/** What a filtered deliver stream does, message by message; the client leaves after a success. */
function deliver(party: Sender, seek: Seek): Promise<string[]> {
  const call = party.client.makeBidiStreamRequest(
    '/protos.Deliver/DeliverFiltered',
    (message: InstanceType<typeof common.Envelope>) => Buffer.from(message.serializeBinary()),
    (bytes: Buffer) => peer.DeliverResponse.deserializeBinary(bytes),
    { deadline: Date.now() + 10_000 },
  );
  const seen: string[] = [];
  return new Promise((resolve) => {
    call.on('data', (response: InstanceType<typeof peer.DeliverResponse>) => {
      const isStatus = response.getTypeCase() === peer.DeliverResponse.TypeCase.STATUS;
      seen.push(isStatus ? `status ${response.getStatus()}` : 'block');
      if (isStatus && response.getStatus() === common.Status.SUCCESS) call.cancel();
    });
    call.on('error', (error: Error & { code?: number; details?: string }) => {
      // the recorder's client had another grpc-js, which says "Call cancelled"
      seen.push(`error ${error.code ?? ''} ${(error.details ?? '').replace('Cancelled on client', 'Call cancelled')}`);
    });
    call.on('end', () => {
      seen.push('end');
    });
    call.on('close', () => undefined);
    call.on('status', () => {
      setImmediate(() => {
        resolve(seen);
      });
    });
    call.write(seekEnvelope(party, seek));
  });
}

const deliverAs = (mspId: string, seek: Seek) => (network: ConformanceNetwork) => deliver(network.as(mspId), seek);

async function firstBlock<T>(blocks: AsyncIterable<T> & { close(): void }): Promise<T> {
  for await (const block of blocks) {
    blocks.close();
    return block;
  }
  throw new Error('the stream ended');
}

export const streamCases = [
  observedCase('18', 'a filtered block shows an invalid transaction and its event without payload', async (network) => {
    const { block } = await commit(await network.as(A).endorse('put', [network.key(), 'x'], { organizations: [A] }));
    const filtered = await firstBlock(await network.as(A).channel.getFilteredBlockEvents({ startBlock: BigInt(block) }));
    const [transaction] = filtered.getFilteredTransactionsList();
    const actions = transaction?.getTransactionActions()?.getChaincodeActionsList() ?? [];
    return {
      code: transaction?.getTxValidationCode(),
      type: transaction?.getType(),
      actions: actions
        .map((action) => action.getChaincodeEvent())
        .map((event) => ({
          ev: event?.getEventName(),
          payload: event?.getPayload_asU8().length,
          cc: event?.getChaincodeId(),
          txid: event?.getTxId().length,
        })),
    };
  }),
  observedCase('53a', 'deliver: unknown channel', deliverAs(A, { start: 0, stop: 0, channelId: 'nochan' })),
  observedCase('53b', 'deliver: one block', deliverAs(A, { start: 0, stop: 0 })),
  observedCase('53c', 'deliver: a start beyond the end', deliverAs(A, { start: 99_999, stop: 99_999 })),
  observedCase(
    '53d',
    'deliver: a start beyond the end that must not wait',
    deliverAs(A, { start: 99_999, stop: 99_999, failIfNotReady: true }),
  ),
  observedCase('53e', 'deliver: stop before start', deliverAs(A, { start: 5, stop: 3 })),
  observedCase('53f', 'deliver: no start', deliverAs(A, { stop: 3 })),
  observedCase('53g', 'deliver: an old timestamp', deliverAs(A, { start: 0, stop: 0, skewMillis: -20 * 60_000 })),
  observedCase('53h', 'deliver: an expired certificate', async (network) => {
    const craftsman = await issueCraftsman(await network.authority(A), A, { notAfter: new Date(Date.now() - 5_000) });
    return deliver({ client: network.as(A).client, craftsman }, { start: 0, stop: 0 });
  }),
  observedCase('53i', 'deliver: an MSP nobody knows', async (network) => {
    const craftsman = await issueCraftsman(await network.authority(A), 'XMSP');
    return deliver({ client: network.as(A).client, craftsman }, { start: 0, stop: 0 });
  }),
  observedCase('53j', 'deliver: a payload that is no message', deliverAs(A, { garbage: true })),
  observedCase('53k', "deliver: a client of another organisation at A's peer", async (network) =>
    deliver(network.at(A, C), { start: 0, stop: 0 }),
  ),
  observedCase('55b', 'a stream of blocks with private data carries what the peer holds', async (network) => {
    const { block } = await commit(await network.as(A).endorse('pput', ['c12', network.key()], { transient: { value: 's' } }));
    const delivered = await firstBlock(await network.as(A).channel.getBlockAndPrivateDataEvents({ startBlock: BigInt(block) }));
    return delivered.getPrivateDataMapMap().getLength();
  }),
  observedCase('16', 'transient data is not in the block', async (network) => {
    const secret = `sEcReT-${network.key()}`;
    const { block, validationCode } = await commit(
      await network.as(A).endorse('pput', ['c12', network.key()], { transient: { value: secret } }),
    );
    const delivered = await firstBlock(await network.as(A).channel.getBlockEvents({ startBlock: BigInt(block) }));
    return { validationCode, inBlock: Buffer.from(delivered.serializeBinary()).includes(secret) };
  }),
  observedCase('18b', 'a filtered block shows a valid transaction without an event', async (network) => {
    const { block } = await commit(await network.as(A).endorse('rmw', [network.key()]));
    const filtered = await firstBlock(await network.as(A).channel.getFilteredBlockEvents({ startBlock: BigInt(block) }));
    return filtered.getFilteredTransactionsList().map((transaction) => ({
      code: transaction.getTxValidationCode(),
      hasActions: transaction.getTransactionActions() !== undefined,
      n: transaction.getTransactionActions()?.getChaincodeActionsList().length,
    }));
  }),
  observedCase('18c', 'an invalid transaction gives no chaincode event', async (network) => {
    const startBlock = BigInt(await network.height());
    const invalid = await network.as(A).endorse('put', [network.key(), 'x'], { organizations: [A] });
    await commit(invalid);
    await network.as(A).submit('events2');
    const events = await network.as(A).channel.getChaincodeEvents('t', { startBlock });
    for await (const { eventName } of events) {
      events.close();
      return eventName;
    }
    return 'ended';
  }),
  observedCase('52b', 'chaincode events replay from the first block', async (network) => {
    const events = await network.as(A).channel.getChaincodeEvents('t', { startBlock: 0n });
    for await (const { chaincodeName, eventName } of events) {
      events.close();
      return [chaincodeName, eventName.length > 0];
    }
    return 'ended';
  }),
  observedCase('53n', 'deliver: the whole of two blocks', deliverAs(A, { start: 0, stop: 1 })),
  observedCase('53o', 'deliver: a clock 20 minutes fast', deliverAs(A, { start: 0, stop: 0, skewMillis: 20 * 60_000 })),
  observedCase('53p', 'deliver: the same block first and last, as administrator', async (network) =>
    deliver(network.as(A, 'Admin'), { start: 1, stop: 1 }),
  ),
  observedCase('55c', 'a stream of blocks with private data, at a non-member', async (network) => {
    const { block } = await commit(await network.as(A).endorse('pput', ['c12', network.key()], { transient: { value: 's' } }));
    const delivered = await firstBlock(await network.as(C).channel.getBlockAndPrivateDataEvents({ startBlock: BigInt(block) }));
    return delivered.getPrivateDataMapMap().getLength();
  }),
];
