import type { ChaincodeStub } from 'fabric-shim';
import { DomainError } from '@lianyi/domain';
import { headerTimeMillis, isPlainSignatureHeader } from '@lianyi/domain/deciding';
import { fieldsOf } from '../ledger/batch-messages';

/** What the shim keeps of the proposal and its types do not tell (its lib/stub.js). */
type ProposalOfStub = { readonly proposal?: { getHeader_asU8(): Uint8Array } };

/** Field numbers of common/common.proto Header and ChannelHeader, and of peer/proposal.proto ChaincodeHeaderExtension and its ChaincodeID. */
const CHANNEL_HEADER = 1;
const SIGNATURE_HEADER = 2;
const EXTENSION = 7;
const CHAINCODE_ID = 2;
const NAME = 2;

/**
 * The time of the proposal, in milliseconds since 1970, from the bytes that its client has signed and that stand in the block.
 * @throws {@link DomainError} `INVALID_REQUEST` — the header says none, or not as every reader of it reads it
 */
export function proposalMilliseconds(stub: ChaincodeStub): number {
  const millis = headerTimeMillis(headerOf(stub, CHANNEL_HEADER));
  if (millis === undefined)
    throw new DomainError('INVALID_REQUEST', 'the time of the proposal is not in its one spelling', { path: 'proposal.timestamp' });
  return millis;
}

/**
 * Holds who proposes to one spelling, so that what the block has of a proposal is read as it was read here.
 * @throws {@link DomainError} `INVALID_REQUEST` — the header holds anything but one creator and one nonce
 */
export function assertPlainCreator(stub: ChaincodeStub): void {
  if (!isPlainSignatureHeader(headerOf(stub, SIGNATURE_HEADER)))
    throw new DomainError('INVALID_REQUEST', 'creator and nonce of the proposal are not in their one spelling', {
      path: 'proposal.creator',
    });
}

/**
 * The name under which the channel knows this chaincode, so that a signature made for another one is worth nothing here.
 *
 * @remarks The peer has checked that it is this chaincode that the proposal names.
 */
export function chaincodeNameOf(stub: ChaincodeStub): string {
  const name = bytesOf(bytesOf(bytesOf(headerOf(stub, CHANNEL_HEADER), EXTENSION), CHAINCODE_ID), NAME);
  if (name.length === 0) throw new Error('the proposal names no chaincode');
  return Buffer.from(name).toString('utf8');
}

function headerOf(stub: ChaincodeStub, which: number): Uint8Array {
  const { proposal } = stub as unknown as ProposalOfStub;
  if (proposal === undefined) throw new Error('there is no proposal');
  return bytesOf(proposal.getHeader_asU8(), which);
}

/** The bytes of a field, empty if it is absent; of several the last counts, as protobuf says. */
function bytesOf(message: Uint8Array, number: number): Uint8Array {
  const value = fieldsOf(message).findLast((field) => field.number === number)?.value;
  return typeof value === 'object' ? value : new Uint8Array();
}
