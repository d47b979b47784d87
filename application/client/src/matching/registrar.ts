import { type ActorTag, type Ledger, type MspId, type NetworkIdentity } from '@lianyi/domain';
import { type MemberNodeClient } from '../member-api/member-node-client';
import { type RequestSigner } from '../signing/acting-ledger';

/** A registrar who looks for a number at other hospitals: who they are, and their way in. */
export interface ComparingRegistrar {
  readonly network: NetworkIdentity;
  readonly mspId: MspId;
  readonly actorTag: ActorTag;
  /** The own hospital's. */
  readonly node: Pick<MemberNodeClient, 'askSigned' | 'api'>;
  readonly sign: RequestSigner;
  /** The ledger as they act in it. */
  readonly ledger: Ledger;
}
