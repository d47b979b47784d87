import { isPartOf, publicShareOf } from '@lianyi/domain/oblivious';
import { type ChannelBinding, type GroupElement, type MspId, type PinId, type PinVault, type Sha256 } from '@lianyi/domain';
import { type MessageContext } from '../matching/sealed-message';
import { type AnsweredPart } from '../matching/shared-evaluation';

/** What a share of a PIN's key is sealed for: this holder, and just what the patient has dealt. */
export function pinShareContext(
  { channel, genesis }: ChannelBinding,
  of: { readonly pinId: PinId; readonly termsSha256: Sha256; readonly to: MspId; readonly organisationKeyEpoch: number },
): MessageContext {
  const { pinId, termsSha256, to, organisationKeyEpoch } = of;
  return { t: 'lianyi/pin-share/v1', channel, genesis, pinId, termsSha256, to, organisationKeyEpoch };
}

/** From 1 on; 0 for whoever holds no share. */
export function placeOfPinHolder({ holders }: Pick<PinVault, 'holders'>, mspId: MspId): number {
  return holders.indexOf(mspId) + 1;
}

/** The public half of a holder's share; undefined for who holds none, and where something committed is no element. */
export function publicShareOfPin(
  { holders, commitments }: Pick<PinVault, 'holders' | 'commitments'>,
  mspId: MspId,
): GroupElement | undefined {
  const place = placeOfPinHolder({ holders }, mspId);
  return place === 0 ? undefined : publicShareOf([commitments], place);
}

/** Tells whether an answer was made of the blinded guess with the share of the holder whose it is said to be. */
export function isPartOfPin(vault: PinVault, { mspId, part }: AnsweredPart, blinded: GroupElement): boolean {
  const share = publicShareOfPin(vault, mspId);
  return share !== undefined && isPartOf(part, share, [blinded]);
}
