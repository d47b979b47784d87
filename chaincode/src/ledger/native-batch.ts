/* eslint-disable @typescript-eslint/no-require-imports -- the handler is not in the shim's typed surface */
import type { ChaincodeStub } from 'fabric-shim';
import {
  type BatchCapabilities,
  batchRecord,
  decodeCapabilities,
  decodeValues,
  encodeGetMultiple,
  encodeWriteBatch,
  NO_BATCHES,
} from './batch-messages';
import { collectionOf, type ScanRequest, type Space, type StateBackend, type StateEntry, type StateWrite } from './state';
import { StubState } from './stub-state';

/**
 * Fabric 3.1's batch messages over the unmodified shim stream: one message instead of one for each key.
 *
 * The shim does not know them and drops the peer's announcement, so `watchCapabilities` listens to each stream's READY. Where a peer
 * announces nothing, StubState sends key by key; a batch is never sent unannounced.
 */

/** The generated message class of the shim's own protobufs; taken from a live message, as a second copy would clobber it. */
type ChaincodeMessage = {
  getType(): number;
  getPayload_asU8(): Uint8Array;
  setType(type: number): void;
  setPayload(payload: Uint8Array): void;
  setTxid(txId: string): void;
  setChannelId(channel: string): void;
};
type MessageStream = { on(event: 'data', listener: (message: ChaincodeMessage) => void): void };
type MessageHandler = { _askPeerAndListen(message: ChaincodeMessage, method: string): Promise<Buffer> };
type Chat = (this: MessageHandler & { readonly _stream: MessageStream }, starter: unknown) => void;
type HandlerModule = { ChaincodeMessageHandler: { prototype: { chat: Chat } } };
type Peer = { readonly handler: MessageHandler; readonly capabilities: BatchCapabilities; readonly newMessage: () => ChaincodeMessage };

const READY = 4;
const WRITE_BATCH_STATE = 24;
const GET_STATE_MULTIPLE = 25;

/** One entry for each live stream; a stream that was reconnected has a handler of its own. */
const peers = new WeakMap<object, Peer>();

/**
 * Makes the shim tell us what each peer announces. Called once, before the first stream.
 *
 * Returns false, and leaves the shim as it is, if its inside no longer looks as expected.
 */
export function watchCapabilities(): boolean {
  const { prototype } = (require('fabric-shim/lib/handler') as HandlerModule).ChaincodeMessageHandler;
  if (typeof prototype.chat !== 'function' || typeof Reflect.get(prototype, '_askPeerAndListen') !== 'function') {
    return false;
  }
  const chat = prototype.chat;
  prototype.chat = function (starter): void {
    this._stream.on('data', (message) => {
      if (message.getType() === READY && !peers.has(this)) {
        const Message = message.constructor as new () => ChaincodeMessage; // the class of a live message
        peers.set(this, { handler: this, capabilities: decodeCapabilities(message.getPayload_asU8()), newMessage: () => new Message() });
      }
    });
    chat.call(this, starter);
  };
  return true;
}

/** The peer behind a stub, in batches as far as it announced them. */
export function peerState(stub: ChaincodeStub): StateBackend {
  const handler: unknown = Reflect.get(stub, 'handler');
  const peer = typeof handler === 'object' && handler !== null ? peers.get(handler) : undefined;
  return peer === undefined ? new StubState(stub) : new BatchState(stub, peer);
}

class BatchState implements StateBackend {
  readonly #single: StubState;

  constructor(
    private readonly stub: ChaincodeStub,
    private readonly peer: Peer,
  ) {
    this.#single = new StubState(stub);
  }

  async readMany(space: Space, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const { maxReads } = this.peer.capabilities;
    if (maxReads === NO_BATCHES || keys.length < 2) {
      return this.#single.readMany(space, keys);
    }
    const pages = chunksOf(keys, maxReads).map(async (page) => {
      const answer = await this.#ask(GET_STATE_MULTIPLE, encodeGetMultiple(page, collectionOf(space)), 'GetStateMultiple');
      const values = decodeValues(answer);
      if (values.length !== page.length) {
        // The peer's code answers nothing at all on a database error (core/ledger/kvledger/txmgmt/txmgr/query_executor.go).
        throw new Error(`asked for ${page.length} keys, got ${values.length}`);
      }
      return values.map((value) => (value.length === 0 ? undefined : value));
    });
    return (await Promise.all(pages)).flat();
  }

  scan(request: ScanRequest): Promise<readonly StateEntry[]> {
    return this.#single.scan(request);
  }

  async apply(writes: readonly StateWrite[]): Promise<void> {
    const { maxWrites } = this.peer.capabilities;
    if (maxWrites === NO_BATCHES || writes.length < 2) {
      await this.#single.apply(writes);
      return;
    }
    for (const page of chunksOf(writes, maxWrites)) {
      await this.#ask(WRITE_BATCH_STATE, encodeWriteBatch(page.map(batchRecord)), 'WriteBatchState');
    }
  }

  /** Through the shim's queue, which lets a transaction ask one thing at a time; an unknown method returns the bare payload. */
  #ask(type: number, payload: Uint8Array, method: string): Promise<Buffer> {
    const message = this.peer.newMessage();
    message.setType(type);
    message.setPayload(payload);
    message.setTxid(this.stub.getTxID());
    message.setChannelId(this.stub.getChannelID());
    return this.peer.handler._askPeerAndListen(message, method);
  }
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
