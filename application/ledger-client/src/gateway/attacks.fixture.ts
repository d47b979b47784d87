import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';
import { ChannelClient } from './channel-client';
import { FakeGateway, honestParts, newP256Key, payloadOf, type PreparedParts, responsePayload } from './fake-gateway.fixture';
import { newLowSSigner } from './signer';

/** Attacks by a gateway peer, as `npm run test:attack` plays them on a fake one (test/src/attack). */

type Swap = (proposal: peer.Proposal) => Uint8Array;

const with_ =
  (change: (parts: PreparedParts) => Partial<PreparedParts>): Swap =>
  (proposal) => {
    const parts = honestParts(proposal);
    return payloadOf({ ...parts, ...change(parts) });
  };

function inputOf(text: string): Uint8Array {
  const payload = new peer.ChaincodeProposalPayload();
  payload.setInput(Buffer.from(text));
  return payload.serializeBinary();
}

function withTransactionId(header: Uint8Array): Uint8Array {
  const all = common.Header.deserializeBinary(header);
  const channelHeader = common.ChannelHeader.deserializeBinary(all.getChannelHeader_asU8());
  channelHeader.setTxId('0'.repeat(64));
  all.setChannelHeader(channelHeader.serializeBinary());
  return all.serializeBinary();
}

/** What the peer hands back instead; each is well formed. */
const swaps: Readonly<Record<string, Swap>> = {
  'another command': with_(() => ({ chaincodePayload: inputOf('another command') })),
  'another transaction id': with_(({ header }) => ({ header: withTransactionId(header) })),
  'the private value in the transaction': (proposal) =>
    payloadOf({ ...honestParts(proposal), chaincodePayload: proposal.getPayload_asU8() }),
  'the answer to another proposal': with_(() => ({ responsePayload: responsePayload(Buffer.alloc(32), 'emr') })),
  'the answer of another chaincode': with_(({ responsePayload: answer }) => ({
    responsePayload: responsePayload(peer.ProposalResponsePayload.deserializeBinary(answer).getProposalHash_asU8(), 'other'),
  })),
  'a second action': with_(() => ({ actions: 2 })),
  'no endorsement': with_(() => ({ endorsements: 0 })),
};

/** @public bundled by the attacks, which import nothing of it */
export async function swappedTransaction(): Promise<{ readonly succeeded: boolean; readonly seen: string }> {
  const fake = new FakeGateway();
  await fake.start();
  const grpc = new Client(fake.endpoint, credentials.createInsecure());
  let signed = 0;
  const sign = newLowSSigner(newP256Key());
  const signer = (bytes: Uint8Array): ReturnType<typeof sign> => {
    signed += 1;
    return sign(bytes);
  };
  const identity = { mspId: 'HospitalAMSP', credentials: Buffer.from('certificate') };
  const client = new ChannelClient(connect({ client: grpc, identity, hash: hash.none, signer }), { channel: 'emr', chaincode: 'emr' });
  const call = { name: 'RecordContract:AnchorRecord', argument: '{"input":{}}', transient: { lianyi: Buffer.from('secret') } };
  try {
    const swapped: string[] = [];
    await client.submit(call); // an honest peer is signed for
    for (const [what, swap] of Object.entries(swaps)) {
      [signed, fake.submitted.length] = [0, 0];
      fake.prepare = swap;
      await client.submit(call).catch(() => undefined);
      if (signed > 1 || fake.submitted.length > 0) swapped.push(what); // the proposal was signed; nothing may be after it
    }
    const names = swapped.length === 0 ? 'none' : swapped.join(', ');
    return { succeeded: swapped.length > 0, seen: `signed of ${Object.keys(swaps).length} swapped transactions: ${names}` };
  } finally {
    grpc.close();
    fake.stop();
  }
}
