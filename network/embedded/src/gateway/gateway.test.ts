import { status } from '@grpc/grpc-js';
import { common, peer } from '@lianyi/fabric-protocol';
import { type ProposalAnswer } from '../peer/endorser';
import { type CalledChaincode } from '../peer/interest';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { judge } from './ask-endorsers';
import { readTransactions } from './block-transactions';
import { computeLayouts } from './layouts';
import { Plan } from './plan';
import { type EndorserClient } from './registry';

const same = Buffer.from('payload');

function endorser(mspId: string, runs = true): EndorserClient {
  return { mspId, address: `${mspId}:1`, height: 1, runs: () => runs, process: () => Promise.reject(new Error('not asked')) };
}

function endorsement(mspId: string): InstanceType<typeof peer.Endorsement> {
  const message = new peer.Endorsement();
  message.setEndorser(Buffer.from(mspId));
  return message;
}

const [a, b, c] = ['A', 'B', 'C'].map((mspId) => endorser(mspId)) as [EndorserClient, EndorserClient, EndorserClient];
const majority = [
  ['A', 'B'],
  ['A', 'C'],
  ['B', 'C'],
];

describe('a plan of endorsements', () => {
  it('is complete when one layout is, with one endorsement per endorser', () => {
    const plan = new Plan(majority, [a, b, c]);
    expect(plan.accept(a, same, endorsement('A'))).toBe(true);
    expect(plan.result).toBeUndefined();
    expect(plan.endorsers().map(({ mspId }) => mspId)).toEqual(['B']);
    plan.accept(b, same, endorsement('B'));
    expect(plan.result?.endorsements.map((each) => Buffer.from(each.getEndorser_asU8()).toString())).toEqual(['A', 'B']);
  });

  it('names every organisation whose result differs once, though it is in several layouts', () => {
    const plan = new Plan(majority, [a, b, c]);
    plan.accept(a, same, endorsement('A'));
    for (let asked = plan.endorsers(); asked.length > 0; asked = plan.endorsers()) {
      const failed = asked.filter((each) => !plan.accept(each, Buffer.from(`other ${each.mspId}`), endorsement(each.mspId)));
      plan.abandon(failed.map(({ mspId }) => mspId));
    }
    expect(plan.result).toBeUndefined();
    expect(plan.failures.map(({ mspId, message }) => [mspId, message])).toEqual([
      ['B', 'ProposalResponsePayloads do not match'],
      ['C', 'ProposalResponsePayloads do not match'],
    ]);
  });

  it('goes on to a layout without the organisation that failed', () => {
    const plan = new Plan(majority, [a, b, c]);
    plan.accept(a, same, endorsement('A'));
    const [first] = plan.endorsers();
    plan.fail(first ?? b, 'boom');
    plan.abandon(['B']);
    expect(plan.endorsers().map(({ mspId }) => mspId)).toEqual(['C']);
    plan.accept(c, same, endorsement('C'));
    expect(plan.result).toBeDefined();
  });

  it('is over when a layout needs an organisation without an endorser', () => {
    expect(new Plan([['A', 'Z']], [a]).endorsers()).toEqual([]);
  });
});

describe('what an endorser answered', () => {
  const answer = (code: number, payload?: Buffer): ProposalAnswer => {
    const response = new peer.Response();
    response.setStatus(code);
    response.setMessage('text');
    return { kind: 'response', response: { response, interest: [], ...(payload === undefined ? {} : { payload }) } };
  };

  it.each([
    ['a success', answer(200, same), { ok: true }],
    ['a status just below 400', answer(399, same), { ok: true }],
    ["the chaincode's refusal", answer(400), { ok: false, code: status.UNKNOWN, message: 'chaincode response 400, text', retry: false }],
    [
      "the chaincode's failure",
      answer(500, same),
      { ok: false, code: status.UNKNOWN, message: 'chaincode response 500, text', retry: false },
    ],
    ["the peer's failure", answer(500), { ok: false, code: status.ABORTED, message: 'text', retry: true }],
    ['a status below 200', answer(199, same), { ok: false, code: status.UNKNOWN, message: 'chaincode response 199, text', retry: false }],
    [
      'a refused proposal',
      { kind: 'refused', message: 'no' },
      { ok: false, code: status.FAILED_PRECONDITION, message: 'no', retry: false },
    ],
    ['nobody there', { kind: 'unavailable', message: 'gone' }, { ok: false, code: status.UNAVAILABLE, message: 'gone', retry: true }],
  ] as const)('is judged: %s', (_what, given, expected) => {
    expect(judge(given)).toMatchObject(expected);
  });
});

describe('layouts', () => {
  const definition = { endorsementPolicy: { kind: 'channel', path: 'chaincode' } };
  const alternatives: Readonly<Record<string, readonly (readonly string[])[]>> = {
    chaincode: majority,
    key: [['C']],
    own: [['B']],
    never: [],
  };
  const channel = {
    name: 'emr',
    definitions: {
      get: (name: string) => (name === 'cc' ? definition : undefined),
      collection: (_cc: string, name: string) => ({
        memberMspIds: ['A', 'B'],
        ...(name === 'own' ? { endorsementPolicy: { kind: 'channel', path: 'own' } } : {}),
      }),
    },
    policies: {
      parseKeyPolicy: (bytes: Buffer) => ({ kind: 'channel', path: bytes.toString() }),
      minimalOrganizationSets: ({ path }: { path: string }) => alternatives[path] ?? [],
    },
  } as unknown as EmbeddedChannel; // only what planning looks at
  const call = (changes: Partial<CalledChaincode> = {}): CalledChaincode => ({
    chaincode: 'cc',
    collection: '',
    keyPolicies: [],
    disregardsNamespacePolicy: false,
    noPrivateReads: false,
    ...changes,
  });
  const layouts = (calls: readonly CalledChaincode[], endorsers = [a, b, c]): readonly (readonly string[])[] =>
    computeLayouts(channel, calls, endorsers);

  it('are those of the chaincode policy', () => {
    expect(layouts([call()])).toEqual(majority);
  });

  it('join the chaincode policy and a key-level policy', () => {
    expect(layouts([call({ keyPolicies: [Buffer.from('key')] })])).toEqual([
      ['A', 'C'],
      ['B', 'C'],
    ]);
  });

  it('are those of the key-level policy alone when the chaincode policy does not count', () => {
    expect(layouts([call({ keyPolicies: [Buffer.from('key')], disregardsNamespacePolicy: true })])).toEqual([['C']]);
  });

  it("are those of a collection's own policy", () => {
    expect(layouts([call({ collection: 'own', noPrivateReads: true })])).toEqual([['B']]);
  });

  it('leave out organisations outside a collection whose values were read', () => {
    expect(layouts([call({ collection: 'col' })])).toEqual([['A', 'B']]);
  });

  it('are the owner of an implicit collection', () => {
    expect(layouts([call({ collection: '_implicit_org_B', noPrivateReads: true })])).toEqual([['B']]);
  });

  it.each([
    ['No metadata was found for chaincode nope in channel emr', [call({ chaincode: 'nope' })], [a, b, c]],
    ['endorsement policy cannot be satisfied', [call({ keyPolicies: [Buffer.from('never')] })], [a, b, c]],
    ['no peer combination can satisfy the endorsement policy', [call()], [a]],
    ['required chaincodes are not installed on sufficient peers', [call()], [a, endorser('B', false), endorser('C', false)]],
  ])('do not exist: %s', (reason, calls, endorsers) => {
    expect(() => layouts(calls, endorsers)).toThrow(reason);
  });
});

describe('reading a block for event streams', () => {
  it('survives envelopes that are no messages and keeps their validation code', () => {
    const data = new common.BlockData();
    data.setDataList([Buffer.from([0xff, 0xff]), Buffer.alloc(0)]);
    const metadata = new common.BlockMetadata();
    metadata.setMetadataList([Buffer.alloc(0), Buffer.alloc(0), Buffer.from([2, 3])]);
    const block = new common.Block();
    block.setData(data);
    block.setMetadata(metadata);
    expect(readTransactions(block)).toEqual([
      { txId: '', type: 0, events: [], isUnreadable: false, validationCode: 2 },
      { txId: '', type: 0, events: [], isUnreadable: false, validationCode: 3 },
    ]);
  });
});
