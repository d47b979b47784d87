import { computeTxId, type MspManager, type UnpackedProposal } from '@lianyi/fabric-protocol';

/** Names of header types as Go prints them; a proposal of type CONFIG is let through there too. */
const headerTypeNames: Readonly<Record<number, string>> = {
  0: 'MESSAGE',
  2: 'CONFIG_UPDATE',
  4: 'ORDERER_TRANSACTION',
  5: 'DELIVER_SEEK_INFO',
  6: 'CHAINCODE_PACKAGE',
  8: 'PEER_ADMIN_OPERATION',
};
const configType = 1;
const endorserTransactionType = 3;

/**
 * What is wrong with a proposal, in Fabric's words.
 * @param msps of the channel it names; of the peer's own organisation if it names none.
 * @remarks Source: core/endorser/msgvalidation.go Validate.
 */
export function validateProposal(proposal: UnpackedProposal, msps: MspManager): string | undefined {
  const { headerType, epoch, nonce, creator, txId, signed } = proposal;
  if (headerType !== endorserTransactionType && headerType !== configType) {
    return `invalid header type ${headerTypeNames[headerType] ?? String(headerType)}`;
  }
  if (epoch !== 0) return 'epoch is non-zero';
  if (nonce.length === 0) return 'nonce is empty';
  if (creator.length === 0) return 'creator is empty';
  const expected = computeTxId(nonce, creator);
  if (txId !== expected) return `incorrectly computed txid '${txId}' -- expected '${expected}'`;
  if (signed.signature.length === 0) return 'empty signature bytes';
  return validateCreator(proposal, msps);
}

/** Says no more than that access is denied: the reason is for the peer's log. */
function validateCreator({ creator, signed, channelId }: UnpackedProposal, msps: MspManager): string | undefined {
  const identity = msps.deserialize(creator);
  if (identity === undefined) return `access denied: channel [${channelId}] creator org unknown, creator is malformed`;
  const isValid = msps.invalidReason(identity) === undefined && identity.verify(signed.proposalBytes, signed.signature);
  return isValid ? undefined : `access denied: channel [${channelId}] creator org [${identity.mspId}]`;
}
