import { common, marshal, newSignedProposal, outlineProposal, peer, prepareTransaction, type Signer } from '@lianyi/fabric-protocol';
import { type Endorser } from './peer/endorser';
import { type EmbeddedChannel } from './ports';

export interface SubmitRequest {
  readonly chaincode: string;
  readonly args: readonly Buffer[];
  readonly signer: Signer;
  readonly endorsers: readonly Endorser[];
}

/** Endorses, orders and waits for the commit, as an administrator's command line does; throws when it is not valid. */
export async function submitTransaction(channel: EmbeddedChannel, request: SubmitRequest): Promise<void> {
  const { chaincode, args, signer, endorsers } = request;
  const signed = newSignedProposal({ channelId: channel.name, chaincode, args }, signer, Date.now());
  const endorsed = await Promise.all(
    endorsers.map(async (endorser) => {
      const answer = await endorser.process(signed);
      if (answer.kind !== 'response') throw new Error(`${endorser.mspId}: ${answer.message}`);
      const { response, payload, endorsement } = answer.response;
      if (payload === undefined || endorsement === undefined) throw new Error(`${endorser.mspId}: ${response.getMessage()}`);
      return { payload, endorsement };
    }),
  );
  const [first] = endorsed;
  if (first === undefined) throw new Error('a transaction needs an endorser');
  const envelope = prepareTransaction(
    outlineProposal(signed),
    first.payload,
    endorsed.map(({ endorsement }) => endorsement),
  );
  envelope.setSignature(signer.sign(Buffer.from(envelope.getPayload_asU8())));
  await order(channel, signed.txId, envelope);
}

async function order(channel: EmbeddedChannel, txId: string, envelope: common.Envelope): Promise<void> {
  const committed = new Promise<number>((resolve) => {
    const unsubscribe = channel.onBlock(() => {
      const found = channel.blocks.getTransaction(txId);
      if (found === undefined) return;
      unsubscribe();
      resolve(found.validationCode);
    });
  });
  const { status, info } = await channel.broadcast(marshal(envelope));
  if (status !== common.Status.SUCCESS) throw new Error(`the ordering service refused transaction ${txId}: ${info}`);
  const code = await committed;
  if (code !== peer.TxValidationCode.VALID) throw new Error(`transaction ${txId} was committed as invalid, code ${code}`);
}

/** Waits until a peer has so many blocks of a channel. */
export function untilHeight(channel: EmbeddedChannel, height: number): Promise<void> {
  if (channel.state.height >= height) return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = channel.onBlock(() => {
      if (channel.state.height < height) return;
      unsubscribe();
      resolve();
    });
  });
}
