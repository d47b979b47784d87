import { basename } from 'node:path';
import { Code } from '@lianyi/embedded-network/testing';
import { common, gateway, marshal, peer } from '@lianyi/fabric-protocol';
import { type Craftsman } from './craft';
import { Draft } from './recording/draft';
import { formOf } from './recording/envelope-form';
import { codesOfReplay, readChain, readContext, recordedChains, type RecordedBlock } from './recording/recorded-chain';
import { type Gang, spoils } from './recording/spoils';

const chains = recordedChains().map((file) => ({ name: basename(file), file }));

function envelopesOf(recorded: RecordedBlock): readonly Uint8Array[] {
  return common.Block.deserializeBinary(Buffer.from(recorded.block, 'base64')).getData()?.getDataList_asU8() ?? [];
}

/** What the gateway client would hand the recorder of an envelope that is in a block. */
function transactionOf(envelope: Uint8Array): { getBytes(): Uint8Array } {
  const prepared = new gateway.PreparedTransaction();
  prepared.setEnvelope(common.Envelope.deserializeBinary(envelope));
  return { getBytes: () => marshal(prepared) };
}

/** The first valid call of the chaincode whose calls the recorder spoils. */
function sampleOf(blocks: readonly RecordedBlock[]): Uint8Array {
  const valid = blocks.slice(1).flatMap((block) => envelopesOf(block).filter((_bytes, index) => block.flags[index] === Code.VALID));
  const isOfT = (bytes: Uint8Array): boolean =>
    typeOf(bytes) === common.HeaderType.ENDORSER_TRANSACTION &&
    new Draft(transactionOf(bytes)).executed.getChaincodeId()?.getName() === 't';
  const sample = valid.find(isOfT);
  if (sample === undefined) throw new Error('no valid transaction was recorded');
  return sample;
}

function typeOf(bytes: Uint8Array): number {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  return common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array()).getType();
}

const anybody: Craftsman = { creator: Buffer.from('anybody'), sign: () => Buffer.from('signature') };
const gang: Gang = { accomplices: [anybody, anybody], foreigner: anybody, stranger: anybody, otherClient: anybody };

/** Forms of all that the recorder makes: configurations, good transactions, and good ones spoilt in every way. */
function formsOfRecorder(blocks: readonly RecordedBlock[]): ReadonlySet<string> {
  const sample = sampleOf(blocks);
  const spoilt = [...spoils.values()].map((spoil) => {
    const draft = new Draft(transactionOf(sample));
    spoil(draft, gang);
    return draft.seal(anybody).serializeBinary();
  });
  const [genesis] = blocks.slice(0, 1).flatMap(envelopesOf);
  return new Set([...(genesis ? [genesis] : []), sample, ...spoilt].map(formOf));
}

describe.each(chains)('the recorded chain $name', ({ file }) => {
  const blocks = readChain(file);
  const made = formsOfRecorder(blocks);
  const held = new Set(blocks.flatMap(envelopesOf).map(formOf));

  it('holds only kinds of transactions that the recorder makes', () => {
    expect([...held].filter((form) => !made.has(form))).toEqual([]);
  });

  it('holds every kind that the recorder makes', () => {
    expect([...made].filter((form) => !held.has(form))).toEqual([]);
  });

  it('holds no envelope with a part that cannot be read, but for read and write sets', () => {
    const isAlarming = (form: string): boolean => form.replaceAll('results unreadable', '').includes('unreadable');
    expect([...made, ...held].filter(isAlarming)).toEqual([]);
  });

  it('has at least 500 blocks and every validation code that the replay needs', () => {
    const codes = new Set(blocks.flatMap(({ flags }) => flags));
    expect(blocks.length).toBeGreaterThanOrEqual(500);
    expect(codesOfReplay.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('is described by the file beside it', () => {
    const codes = blocks.flatMap(({ flags }) => flags);
    const count = (name: string): number => codes.filter((code) => code === Reflect.get(peer.TxValidationCode, name)).length;
    const context = readContext(file);
    expect({ blocks: context.blocks, transactions: context.transactions }).toEqual({ blocks: blocks.length, transactions: codes.length });
    expect(context.codes).toEqual(Object.fromEntries(Object.keys(context.codes).map((name) => [name, count(name)])));
    expect(Object.values(context.codes).reduce((sum, each) => sum + each, 0)).toBe(codes.length);
  });
});
