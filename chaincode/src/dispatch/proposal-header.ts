import type { ChaincodeStub } from 'fabric-shim';
import { DomainError } from '@lianyi/domain';
import { headerTimeMillis } from '@lianyi/domain/deciding';
import { fieldsOf } from '../ledger/batch-messages';

/** What the shim keeps of the proposal and its types do not tell (its lib/stub.js). */
type ProposalOfStub = { readonly proposal?: { getHeader_asU8(): Uint8Array } };

/** Field numbers of common/common.proto Header and ChannelHeader, and of peer/proposal.proto ChaincodeHeaderExtension and its ChaincodeID. */
const CHANNEL_HEADER = 1;
const EXTENSION = 7;
const CHAINCODE_ID = 2;
const NAME = 2;

/**
 * The time of the proposal, in milliseconds since 1970, from the bytes that its client has signed and that stand in the block.
 * @throws {@link DomainError} `INVALID_REQUEST` — the header says none, or not as every reader of it reads it
 */
export function proposalMilliseconds(stub: ChaincodeStub): number {
  const millis = headerTimeMillis(channelHeaderOf(stub));
  if (millis === undefined)
    throw new DomainError('INVALID_REQUEST', 'the time of the proposal is not in its one spelling', { path: 'proposal.timestamp' });
  return millis;
}

/**
 * The name under which the channel knows this chaincode, so that a signature made for another one is worth nothing here.
 *
 * @remarks The peer has checked that it is this chaincode that the proposal names.
 */
export function chaincodeNameOf(stub: ChaincodeStub): string {
  const name = bytesOf(bytesOf(bytesOf(channelHeaderOf(stub), EXTENSION), CHAINCODE_ID), NAME);
  if (name.length === 0) throw new Error('the proposal names no chaincode');
  return Buffer.from(name).toString('utf8');
}

function channelHeaderOf(stub: ChaincodeStub): Uint8Array {
  const { proposal } = stub as unknown as ProposalOfStub;
  if (proposal === undefined) throw new Error('there is no proposal');
  return bytesOf(proposal.getHeader_asU8(), CHANNEL_HEADER);
}

/** The bytes of a field, empty if it is absent; of several the last counts, as protobuf says. */
function bytesOf(message: Uint8Array, number: number): Uint8Array {
  const value = fieldsOf(message).findLast((field) => field.number === number)?.value;
  return typeof value === 'object' ? value : new Uint8Array();
}
