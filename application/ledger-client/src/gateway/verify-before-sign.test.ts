import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import { common, peer } from '@hyperledger/fabric-protos';
import { ChannelClient } from './channel-client';
import { UntrustedGateway } from '@lianyi/domain';
import { FakeGateway, honestParts, newP256Key, payloadOf, responsePayload } from './fake-gateway.fixture';
import { newLowSSigner } from './signer';

/** A gateway peer chooses the bytes its client signs. */
describe('verify before sign', () => {
  const fake = new FakeGateway();
  const signed: Uint8Array[] = [];
  let grpc: Client;
  let client: ChannelClient;

  beforeAll(async () => {
    await fake.start();
    grpc = new Client(fake.endpoint, credentials.createInsecure());
    const sign = newLowSSigner(newP256Key());
    const gateway = connect({
      client: grpc,
      identity: { mspId: 'HospitalAMSP', credentials: Buffer.from('certificate') },
      hash: hash.none,
      signer: (bytes) => {
        signed.push(bytes);
        return sign(bytes);
      },
    });
    client = new ChannelClient(gateway, { channel: 'emr', chaincode: 'emr' });
  });
  afterAll(() => {
    grpc.close();
    fake.stop();
  });
  beforeEach(() => {
    signed.length = 0;
    fake.submitted.length = 0;
    fake.prepare = (_proposal, honest) => honest;
  });

  const call = { name: 'RecordContract:AnchorRecord', argument: '{"input":{}}', transient: { lianyi: Buffer.from('secret') } };

  /** The proposal was signed, nothing after it, and nothing was submitted. */
  async function expectRefusal(): Promise<void> {
    await expect(client.submit(call)).rejects.toBeInstanceOf(UntrustedGateway);
    expect(signed).toHaveLength(1);
    expect(fake.submitted).toHaveLength(0);
  }

  it('signs and submits the transaction it proposed', async () => {
    const committed = await client.submit(call);
    expect(Buffer.from(committed.result).toString()).toBe('"done"');
    expect(committed.blockNumber).toBe(7n);
    expect(fake.submitted).toHaveLength(1);
  });

  it('refuses bytes that parse as a harmless result and also as another signed proposal', async () => {
    fake.prepare = (proposal, honest) => {
      const payload = common.Payload.deserializeBinary(honest);
      // a second field 1: to the reader of a Transaction one more action, to the reader of a ChaincodeProposalPayload the
      // input of a new call, for of a singular field the last one counts
      const hidden = new peer.ChaincodeProposalPayload();
      hidden.setInput(peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8()).getInput_asU8());
      payload.setData(Buffer.concat([payload.getData_asU8(), hidden.serializeBinary()]));
      return payload.serializeBinary();
    };
    await expectRefusal();
  });

  const swaps: readonly (readonly [string, (proposal: peer.Proposal) => Uint8Array])[] = [
    ['another argument', (p) => payloadOf({ ...honestParts(p), chaincodePayload: anotherInput() })],
    ['the transient value in the transaction', (p) => payloadOf({ ...honestParts(p), chaincodePayload: p.getPayload_asU8() })],
    ['a header with another transaction id', (p) => payloadOf({ ...honestParts(p), header: anotherHeader(p) })],
    ['another signature header in the action', (p) => payloadOf({ ...honestParts(p), actionHeader: Buffer.from('x') })],
    ['a second action', (p) => payloadOf({ ...honestParts(p), actions: 2 })],
    ['no action', (p) => payloadOf({ ...honestParts(p), actions: 0 })],
    ['no endorsement', (p) => payloadOf({ ...honestParts(p), endorsements: 0 })],
    [
      'the response to another proposal',
      (p) => payloadOf({ ...honestParts(p), responsePayload: responsePayload(Buffer.alloc(32), 'emr') }),
    ],
    ['the response of another chaincode', (p) => payloadOf({ ...honestParts(p), responsePayload: renamedResponse(p) })],
    ['bytes after the end', (p) => Buffer.concat([payloadOf(honestParts(p)), Buffer.from([0x7a, 0x01, 0x00])])],
    ['the proposal itself', (p) => p.serializeBinary()],
    ['nothing', () => new Uint8Array(0)],
    ['garbage', () => Buffer.from('ffffffff', 'hex')],
  ];
  it.each(swaps)('refuses to sign %s', async (what, swap) => {
    fake.prepare = swap;
    if (what === 'no action' || what === 'the proposal itself' || what === 'nothing' || what === 'garbage') {
      // the gateway library itself cannot read these; what matters is that nothing gets signed
      await expect(client.submit(call)).rejects.toMatchObject({ kind: expect.stringMatching(/untrusted-gateway|unavailable/) as unknown });
      expect(signed).toHaveLength(1);
      expect(fake.submitted).toHaveLength(0);
    } else await expectRefusal();
  });

  it('refuses a change of any single byte outside the response and the endorsements', async () => {
    const outside = (proposal: peer.Proposal, honest: Uint8Array): number[] =>
      positionsOutside(Buffer.from(honest), Buffer.from(honestParts(proposal).responsePayload));
    let count = 0;
    fake.prepare = (proposal, honest) => {
      count = outside(proposal, honest).length;
      return honest;
    };
    await client.submit(call);
    expect(count).toBeGreaterThan(200);
    const survivors: number[] = [];
    for (let nth = 0; nth < count; nth += 1) {
      signed.length = 0;
      fake.prepare = (proposal, honest) => {
        const target = outside(proposal, honest)[nth] ?? 0; // lengths vary by a byte with the time stamp
        return Uint8Array.from(honest, (byte, index) => (index === target ? byte ^ 1 : byte));
      };
      const outcome: unknown = await client.submit(call).catch((error: unknown) => error);
      if (!(outcome instanceof Error) || signed.length !== 1) survivors.push(nth);
    }
    expect(survivors).toEqual([]);
  });

  function anotherInput(): Uint8Array {
    const payload = new peer.ChaincodeProposalPayload();
    payload.setInput(Buffer.from('GrantPolicy(mallory)'));
    return payload.serializeBinary();
  }
  function anotherHeader(proposal: peer.Proposal): Uint8Array {
    const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
    const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
    channelHeader.setTxId('0'.repeat(64));
    header.setChannelHeader(channelHeader.serializeBinary());
    return header.serializeBinary();
  }
  function renamedResponse(proposal: peer.Proposal): Uint8Array {
    const response = peer.ProposalResponsePayload.deserializeBinary(honestParts(proposal).responsePayload);
    return responsePayload(response.getProposalHash_asU8(), 'other');
  }
  function positionsOutside(payload: Buffer, response: Buffer): number[] {
    const start = payload.indexOf(response);
    const endorsements = payload.indexOf('endorser 0');
    return [...payload.keys()].filter((index) => (index < start || index >= start + response.length) && index < endorsements - 4);
  }
});
