import type { ChaincodeStub } from 'fabric-shim';
import { fieldsOf } from '../ledger/batch-messages';

/** The protobuf message that the shim really hands out where its types promise plain fields. */
type ChannelHeaderMessage = { getExtension_asU8(): Uint8Array };

const CHAINCODE_ID = 2;
const NAME = 2;

/**
 * The name under which the channel knows this chaincode, so that a signature made for another one is worth nothing here.
 *
 * @remarks Source: peer/proposal.proto ChaincodeHeaderExtension.chaincode_id = 2; peer/chaincode.proto ChaincodeID.name = 2. The peer
 * has checked that it is this chaincode that the proposal names.
 */
export function chaincodeNameOf(stub: ChaincodeStub): string {
  // the shim's index.d.ts describes other objects than its stub.js returns
  const header = stub.getSignedProposal().proposal.header.channelHeader as unknown as ChannelHeaderMessage;
  const name = bytesOf(bytesOf(header.getExtension_asU8(), CHAINCODE_ID), NAME);
  if (name.length === 0) {
    throw new Error('the proposal names no chaincode');
  }
  return Buffer.from(name).toString('utf8');
}

/** The bytes of a field, empty if it is absent; of several the last counts, as protobuf says. */
function bytesOf(message: Uint8Array, number: number): Uint8Array {
  const value = fieldsOf(message).findLast((field) => field.number === number)?.value;
  return typeof value === 'object' ? value : new Uint8Array();
}
