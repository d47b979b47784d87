import * as fc from 'fast-check';
import { common, marshal, Timestamp } from '@lianyi/fabric-protocol';
import {
  buildTransaction,
  commitBlock,
  type Consortium,
  defineChaincode,
  newConsortium,
  newLedger,
  temporaryDir,
} from '@lianyi/test/support/ledger-fixture';
import { buildRwSet } from '@lianyi/test/support/rwset-fixture';
import { type ChannelLedger } from '../channel-ledger';

let consortium: Consortium;
let ledger: ChannelLedger;
const scratch = temporaryDir();

beforeAll(async () => {
  consortium = await newConsortium();
  ledger = newLedger(scratch.dir, consortium.genesis);
  defineChaincode(consortium, ledger);
});
afterAll(() => {
  ledger.close();
  scratch.remove();
});

interface Mutation {
  readonly at: number;
  readonly value: number;
}
const mutations = fc.array(fc.record({ at: fc.nat(), value: fc.nat(255) }), { minLength: 1, maxLength: 4 });

function mutate(bytes: Uint8Array, changes: readonly Mutation[]): Buffer {
  const copy = Buffer.from(bytes);
  for (const { at, value } of changes) if (copy.length > 0) copy[at % copy.length] = value;
  return copy;
}

/** Signs again after the change: what a member with a valid certificate could send. */
function resigned(envelope: Buffer, change: (payload: InstanceType<typeof common.Payload>) => void): Buffer {
  const message = common.Envelope.deserializeBinary(envelope);
  const payload = common.Payload.deserializeBinary(message.getPayload_asU8());
  change(payload);
  const bytes = marshal(payload);
  message.setPayload(bytes);
  message.setSignature(consortium.a.client.sign(bytes));
  return marshal(message);
}

const spec = {
  cc: { reads: { k: undefined }, writes: { k: 'v' }, policies: { k: Buffer.from('policy') }, collections: { x: { writes: { p: 's' } } } },
};
const valid = (rwSet: Buffer = buildRwSet(spec)): Buffer =>
  buildTransaction({ creator: consortium.a.client, endorsers: [consortium.a.peer, consortium.b.peer], rwSet }).envelope;

/** Whatever it is, it gets a code, and the chain goes on. */
function expectJudged(envelope: Buffer): void {
  const before = ledger.state.height;
  const codes = commitBlock(ledger, [envelope]);
  expect(codes).toHaveLength(1);
  expect(ledger.state.height).toBe(before + 1);
}

describe('an envelope of a hostile member gets a code and never stops the chain', () => {
  it('when any byte of the signed data differs', () => {
    fc.assert(
      fc.property(mutations, (changes) => {
        expectJudged(
          resigned(valid(), (payload) => {
            payload.setData(mutate(payload.getData_asU8(), changes));
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('when any byte of the read/write set differs and peers endorsed it', () => {
    fc.assert(
      fc.property(mutations, (changes) => {
        expectJudged(valid(mutate(buildRwSet(spec), changes)));
      }),
      { numRuns: 60 },
    );
  });

  it('when any byte of the headers differs', () => {
    fc.assert(
      fc.property(mutations, (changes) => {
        const change = (payload: InstanceType<typeof common.Payload>): void => {
          const header = payload.getHeader();
          header?.setChannelHeader(mutate(header.getChannelHeader_asU8(), changes));
        };
        expectJudged(resigned(valid(), change));
      }),
      { numRuns: 60 },
    );
  });

  it('when it is noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expectJudged(Buffer.from(noise));
      }),
      { numRuns: 60 },
    );
  });

  it.each([Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])('when its time is %d seconds after 1970', (seconds) => {
    const change = (payload: InstanceType<typeof common.Payload>): void => {
      const channelHeader = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? new Uint8Array());
      const time = new Timestamp();
      time.setSeconds(seconds);
      channelHeader.setTimestamp(time);
      payload.getHeader()?.setChannelHeader(marshal(channelHeader));
    };
    expectJudged(resigned(valid(), change));
  });
});
