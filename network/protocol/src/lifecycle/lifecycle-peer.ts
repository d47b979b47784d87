import { type NewProposal } from '../wire/transaction';

/** A peer as its own organisation's administrator uses it to install, approve and commit chaincode definitions. */
export interface LifecyclePeer {
  /** Of the administrator and the peer. */
  readonly mspId: string;
  /** Signs a call that changes no channel and answers its payload; `channelId` is '' for one that concerns the peer alone. */
  query(call: NewProposal): Promise<Buffer>;
  /**
   * Signs a call, has these peers endorse it and orders it; returns when this peer has committed it as valid.
   * @throws EndorsersDisagree - the endorsers answered differently.
   */
  submit(call: NewProposal, endorsers: readonly this[]): Promise<void>;
}
