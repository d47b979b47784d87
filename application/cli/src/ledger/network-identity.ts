import { type NetworkIdentity, sha256Schema } from '@lianyi/domain';

/** Which ledger a profile's statements are for. */
export function networkOf(profile: { readonly channel: string; readonly chaincode: string; readonly genesis: string }): NetworkIdentity {
  return { channel: profile.channel, chaincode: profile.chaincode, genesis: sha256Schema.parse(profile.genesis) };
}
