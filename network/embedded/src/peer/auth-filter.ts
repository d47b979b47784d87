import { common, decode, type MspManager, peer, type SignedBytes } from '@lianyi/fabric-protocol';
import { headerMillis } from '../ledger/header-time';

/** @remarks Source: sampleconfig/core.yaml peer.authentication.timewindow. */
const timeWindowMillis = 15 * 60_000;

/**
 * Why a proposal never reaches the endorser: its creator's certificate has expired, or its timestamp is too far from the
 * peer's clock. `undefined` = let it pass; what cannot be read is for the endorser to refuse.
 * @param mspsOf those of the proposal's channel: whoever it is that signed, they only remember certificates they have read.
 * @remarks Source: core/handlers/auth/filter/{expiration,timewindow}.go.
 */
export function refuseUnauthenticated(
  signed: SignedBytes,
  mspsOf: (channelId: string) => MspManager,
  nowMillis: number,
): string | undefined {
  const proposal = decode('Proposal', peer.Proposal, signed.proposalBytes);
  const header = decode('Header', common.Header, proposal.getHeader_asU8());
  const channelHeader = decode('ChannelHeader', common.ChannelHeader, header.getChannelHeader_asU8());
  const signatureHeader = decode('SignatureHeader', common.SignatureHeader, header.getSignatureHeader_asU8());
  const identity = mspsOf(channelHeader.getChannelId()).deserialize(Buffer.from(signatureHeader.getCreator_asU8()));
  if (identity !== undefined && identity.expiresAtMillis <= nowMillis) return 'proposal client identity expired';
  const proposedAt = headerMillis(header.getChannelHeader_asU8());
  if (Math.abs(nowMillis - proposedAt) <= timeWindowMillis) return undefined;
  return `request unauthorized due to incorrect timestamp ${rfc3339(proposedAt)}, peer time ${rfc3339(nowMillis)}, peer.authentication.timewindow 15m0s`;
}

/** Go's time.RFC3339 in UTC: no fraction. */
function rfc3339(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}
