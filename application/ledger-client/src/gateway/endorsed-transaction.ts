import { WireMessage } from '@lianyi/fabric-protocol';

/** Field numbers of the messages of fabric-protos (common/common.proto, peer/transaction.proto, peer/proposal.proto). */
const ENVELOPE = { payload: 1 };
const PAYLOAD = { header: 1, data: 2 };
const HEADER = { channelHeader: 1 };
const CHANNEL_HEADER = { type: 1 };
const TRANSACTION = { actions: 1 };
const TRANSACTION_ACTION = { payload: 2 };
const ACTION_PAYLOAD = { proposalPayload: 1, action: 2 };
const ENDORSED_ACTION = { responsePayload: 1 };
const RESPONSE_PAYLOAD = { extension: 2 };

/** common.HeaderType */
const ENDORSER_TRANSACTION = 3n;

/** An envelope of a block, opened as far as its headers. */
export class OpenedEnvelope {
  /** common.Header */
  readonly headers: WireMessage;
  /** common.ChannelHeader */
  readonly channelHeader: WireMessage;
  readonly isEndorserTransaction: boolean;
  readonly #payload: WireMessage;

  /** @throws Error — a peer could not read it either */
  constructor(envelope: Uint8Array) {
    this.#payload = new WireMessage(new WireMessage(envelope).bytes(ENVELOPE.payload));
    this.headers = this.#payload.message(PAYLOAD.header);
    this.channelHeader = new WireMessage(this.headers.bytes(HEADER.channelHeader));
    this.isEndorserTransaction = this.channelHeader.integer(CHANNEL_HEADER.type, 32) === ENDORSER_TRANSACTION;
  }

  /**
   * What the client asked for (peer.ChaincodeProposalPayload), and what the endorsers say was done (peer.ChaincodeAction).
   * @throws Error — no valid transaction is like this
   */
  endorsed(): { readonly proposal: Uint8Array; readonly action: WireMessage } {
    const content = new WireMessage(new WireMessage(this.#onlyAction()).bytes(TRANSACTION_ACTION.payload));
    const response = new WireMessage(content.message(ACTION_PAYLOAD.action).bytes(ENDORSED_ACTION.responsePayload));
    return { proposal: content.bytes(ACTION_PAYLOAD.proposalPayload), action: new WireMessage(response.bytes(RESPONSE_PAYLOAD.extension)) };
  }

  #onlyAction(): Uint8Array {
    let only: Uint8Array | undefined;
    for (const action of new WireMessage(this.#payload.bytes(PAYLOAD.data)).each(TRANSACTION.actions)) {
      if (only !== undefined) throw new Error('a transaction has one action');
      only = action;
    }
    if (only === undefined) throw new Error('a transaction has an action');
    return only;
  }
}
