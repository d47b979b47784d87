import { PassThrough } from 'node:stream';
import { marshal, peer } from '@lianyi/fabric-protocol';
import { definitionsWith, MemoryState } from '../sim/memory-state.fixture';
import { Simulator } from '../sim/simulator';
import { ChaincodeStream } from './stream';
import { type TransactionContext } from './transaction-context';

const { Type } = peer.ChaincodeMessage;
type Message = InstanceType<typeof peer.ChaincodeMessage>;

/** A chaincode on the other end of a stream, driven by hand. */
class FakeChaincode {
  readonly written: Message[] = [];
  readonly log: string[] = [];
  readonly #incoming = new PassThrough({ objectMode: true });
  #opened: Promise<ChaincodeStream> | undefined;

  async open(registerAs = 'cc:1'): Promise<ChaincodeStream> {
    const call = Object.assign(this.#incoming, {
      write: (message: Message) => this.written.push(message),
      cancel: () => undefined,
    });
    // the stream only writes, reads and cancels
    this.#opened = ChaincodeStream.open(
      call as never,
      'cc:1',
      (line) => this.log.push(line),
      () => undefined,
    );
    const id = new peer.ChaincodeID();
    id.setName(registerAs);
    this.say(Type.REGISTER, marshal(id), '');
    return this.#opened;
  }

  say(type: number, payload: Buffer, txId = 'tx'): void {
    const message = new peer.ChaincodeMessage();
    message.setType(type as never); // tests also send types that do not exist
    message.setPayload(payload);
    message.setTxid(txId);
    message.setChannelId('emr');
    this.#incoming.emit('data', message);
  }

  hangUp(): void {
    this.#incoming.emit('end');
  }

  async replies(): Promise<{ type: number; text: string }[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.written.slice(3).map((message) => ({ type: message.getType(), text: Buffer.from(message.getPayload_asU8()).toString() }));
  }
}

function contextOf(simulator: Simulator, invoke: TransactionContext['invokeChaincode']): TransactionContext {
  const permissions = { requireRead: () => undefined, requireWrite: () => undefined } as never; // no collections here
  const signed = { proposalBytes: Buffer.alloc(0), signature: Buffer.alloc(0) };
  return {
    invocation: { channelId: 'emr', txId: 'tx', signed, simulator, permissions },
    namespace: 'cc',
    queries: new Map(),
    invokeChaincode: invoke,
  };
}

function newContext(invoke: TransactionContext['invokeChaincode'] = () => Promise.reject(new Error('no'))): TransactionContext {
  const state = new MemoryState().put('cc', 'k', 'value');
  return contextOf(new Simulator({ state, definitions: definitionsWith(), holder: 'AMSP' }, 'tx'), invoke);
}

const getState = (key: string): Buffer => {
  const request = new peer.GetState();
  request.setKey(key);
  return marshal(request);
};

describe('the stream to a chaincode', () => {
  it('answers a registration with REGISTERED and READY and announces batches of 1000', async () => {
    const chaincode = new FakeChaincode();
    await chaincode.open();
    expect(chaincode.written.map((message) => message.getType())).toEqual([Type.REGISTERED, Type.READY]);
    const ready = peer.ChaincodeAdditionalParams.deserializeBinary(chaincode.written[1]?.getPayload_asU8() ?? new Uint8Array());
    expect(ready.toObject()).toEqual({
      useWriteBatch: true,
      maxSizeWriteBatch: 1000,
      useGetMultipleKeys: true,
      maxSizeGetMultipleKeys: 1000,
    });
  });

  it('refuses a chaincode that registers under another package id', async () => {
    await expect(new FakeChaincode().open('other:1')).rejects.toThrow("chaincode registered as 'other:1', expected 'cc:1'");
  });

  it('answers a read with the raw value and an absent key with nothing', async () => {
    const chaincode = new FakeChaincode();
    const done = (await chaincode.open()).execute(newContext(), Buffer.alloc(0), 1_000);
    chaincode.say(Type.GET_STATE, getState('k'));
    await chaincode.replies();
    chaincode.say(Type.GET_STATE, getState('absent'));
    expect(await chaincode.replies()).toEqual([
      { type: Type.RESPONSE, text: 'value' },
      { type: Type.RESPONSE, text: '' },
    ]);
    chaincode.say(Type.COMPLETED, Buffer.alloc(0));
    await expect(done).resolves.toBeDefined();
  });

  it('reads many keys in one message, empty where there is none', async () => {
    const chaincode = new FakeChaincode();
    void (await chaincode.open()).execute(newContext(), Buffer.alloc(0), 1_000).catch(() => undefined);
    const request = new peer.GetStateMultiple();
    request.setKeysList(['absent', 'k', 'absent']);
    chaincode.say(Type.GET_STATE_MULTIPLE, marshal(request));
    await chaincode.replies();
    const result = peer.GetStateMultipleResult.deserializeBinary(chaincode.written[3]?.getPayload_asU8() ?? new Uint8Array());
    expect(result.getValuesList_asU8().map((value) => Buffer.from(value).toString())).toEqual(['', 'value', '']);
    chaincode.hangUp();
  });

  it('keeps the records of a write batch before the one that fails', async () => {
    const chaincode = new FakeChaincode();
    const context = newContext();
    void (await chaincode.open()).execute(context, Buffer.alloc(0), 1_000).catch(() => undefined);
    const batch = new peer.WriteBatchState();
    for (const [key, type] of [
      ['first', peer.WriteRecord.Type.PUT_STATE],
      ['bad', peer.WriteRecord.Type.UNDEFINED],
      ['third', peer.WriteRecord.Type.PUT_STATE],
    ] as const) {
      const record = new peer.WriteRecord();
      record.setKey(key);
      record.setValue(Buffer.from('x'));
      record.setType(type);
      batch.addRec(record);
    }
    chaincode.say(Type.WRITE_BATCH_STATE, marshal(batch));
    expect(await chaincode.replies()).toEqual([
      { type: Type.ERROR, text: 'WRITE_BATCH_STATE failed: transaction ID: tx: unknown operation type' },
    ]);
    const { publicRwset } = context.invocation.simulator.results();
    expect([publicRwset.includes('first'), publicRwset.includes('third')]).toEqual([true, false]);
    chaincode.hangUp();
  });

  it('refuses a purge of public state', async () => {
    const chaincode = new FakeChaincode();
    void (await chaincode.open()).execute(newContext(), Buffer.alloc(0), 1_000).catch(() => undefined);
    chaincode.say(Type.PURGE_PRIVATE_DATA, getState('k'));
    expect(await chaincode.replies()).toEqual([
      { type: Type.ERROR, text: 'PURGE_PRIVATE_DATA failed: transaction ID: tx: only applicable for private data' },
    ]);
    chaincode.hangUp();
  });

  it('refuses state to a transaction it does not know', async () => {
    const chaincode = new FakeChaincode();
    await chaincode.open();
    chaincode.written.push(new peer.ChaincodeMessage()); // stands for the TRANSACTION the other tests send
    chaincode.say(Type.GET_STATE, getState('k'), 'stranger');
    expect(await chaincode.replies()).toEqual([
      { type: Type.ERROR, text: 'GET_STATE failed: transaction ID: stranger: no ledger context' },
    ]);
  });

  it('drops a request while another of the same transaction is pending', async () => {
    const chaincode = new FakeChaincode();
    void (await chaincode.open())
      .execute(
        newContext(() => new Promise(() => undefined)),
        Buffer.alloc(0),
        1_000,
      )
      .catch(() => undefined);
    chaincode.say(Type.INVOKE_CHAINCODE, marshal(new peer.ChaincodeSpec()));
    chaincode.say(Type.GET_STATE, getState('k'));
    expect(await chaincode.replies()).toEqual([]);
    expect(chaincode.log).toEqual(['dropped GET_STATE: another request of transaction tx is pending']);
    chaincode.hangUp();
  });

  it('refuses to execute a transaction that is executing', async () => {
    const chaincode = new FakeChaincode();
    const stream = await chaincode.open();
    const first = stream.execute(newContext(), Buffer.alloc(0), 1_000);
    await expect(stream.execute(newContext(), Buffer.alloc(0), 1_000)).rejects.toThrow('txid: tx(emr) exists');
    chaincode.hangUp();
    await expect(first).rejects.toThrow('chaincode stream terminated');
  });

  it('gives up when the chaincode takes too long, and serves the next transaction', async () => {
    const chaincode = new FakeChaincode();
    const stream = await chaincode.open();
    await expect(stream.execute(newContext(), Buffer.alloc(0), 20)).rejects.toThrow('timeout expired while executing transaction');
    const next = stream.execute(newContext(), Buffer.alloc(0), 1_000);
    chaincode.say(Type.COMPLETED, Buffer.alloc(0));
    await expect(next).resolves.toBeDefined();
  });

  it('ends with a message it does not know', async () => {
    const chaincode = new FakeChaincode();
    const running = (await chaincode.open()).execute(newContext(), Buffer.alloc(0), 1_000);
    chaincode.say(99, Buffer.alloc(0));
    await expect(running).rejects.toThrow('chaincode stream terminated');
  });
});
