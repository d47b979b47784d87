import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import {
  bytesOf,
  common,
  gateway,
  newSignedProposal,
  outlineProposal,
  peer,
  prepareTransaction,
  proposalResponsePayload,
  type SignedBytes,
  type Signer,
  unpackProposal,
} from '@lianyi/fabric-protocol';
import { loadSigner, type NetworkDefinition, NO_AMENDMENTS, organizationPaths, writeOrganizations } from '@lianyi/network-model';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { PeerClient } from '../peer-client';
import { ChannelHandle } from '../session/channel-handle';
import { type ChaincodeRequest, invokeChaincode } from './call';

type Call<T> = ServerUnaryCall<T, unknown>;
/** What the peer's gateway makes of a proposal. */
type Prepare = (proposal: SignedBytes) => common.Envelope | undefined;

function payloadFor(proposal: SignedBytes, result = 'done'): Buffer {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(Buffer.from(result));
  const { proposalHash } = unpackProposal(proposal);
  const empty = Buffer.alloc(0);
  return proposalResponsePayload({ proposalHash, publicRwset: empty, event: empty, response, chaincode: 'emr', version: '1.0' });
}

function endorsement(): peer.Endorsement {
  const made = new peer.Endorsement();
  made.setEndorser(Buffer.from('a peer'));
  made.setSignature(Buffer.from('its signature'));
  return made;
}

const faithful = (proposal: SignedBytes): common.Envelope =>
  prepareTransaction(outlineProposal(proposal), payloadFor(proposal), [endorsement()]);

function dataOf(envelope: common.Envelope): peer.Transaction {
  return peer.Transaction.deserializeBinary(common.Payload.deserializeBinary(envelope.getPayload_asU8()).getData_asU8());
}

describe('a call of a chaincode through the peer of the caller', () => {
  const scratch = temporaryDir();
  const consortium = consortiumOf();
  const [organization] = consortium.organizations;
  if (!organization) throw new Error('the consortium has members');
  const paths = organizationPaths(scratch.dir, organization);
  const server = new Server();
  const request: ChaincodeRequest = {
    chaincode: 'emr',
    args: ['put', 'wanted'],
    organization: 'AMSP',
    user: 'User1',
    endorsers: [],
    transient: new Map([['secret', Buffer.from('for the endorsers only')]]),
    isInit: false,
  };
  let channel: ChannelHandle;
  let client: PeerClient;
  let signer: Signer;
  let prepare: Prepare;
  let proposed: SignedBytes;
  let ordered: common.Envelope[];

  const handlers = {
    endorse: ({ request: asked }: Call<gateway.EndorseRequest>, done: sendUnaryData<gateway.EndorseResponse>): void => {
      const signed = asked.getProposedTransaction();
      const [proposalBytes, signature] = [signed?.getProposalBytes_asU8(), signed?.getSignature_asU8()].map((bytes) =>
        Buffer.from(bytes ?? []),
      );
      if (!proposalBytes || !signature) throw new Error('nothing was proposed');
      proposed = { proposalBytes, signature };
      const answer = new gateway.EndorseResponse();
      answer.setPreparedTransaction(prepare(proposed));
      done(null, answer);
    },
    submit: ({ request: asked }: Call<gateway.SubmitRequest>, done: sendUnaryData<gateway.SubmitResponse>): void => {
      ordered.push(asked.getPreparedTransaction() ?? new common.Envelope());
      done(null, new gateway.SubmitResponse());
    },
    commitStatus: (_call: Call<gateway.SignedCommitStatusRequest>, done: sendUnaryData<gateway.CommitStatusResponse>): void => {
      const answer = new gateway.CommitStatusResponse();
      answer.setResult(peer.TxValidationCode.VALID);
      answer.setBlockNumber(7);
      done(null, answer);
    },
    evaluate: (): void => undefined,
    chaincodeEvents: (): void => undefined,
  };

  beforeAll(async () => {
    await writeOrganizations(scratch.dir, consortium);
    const { tls } = paths.node('peer', 0);
    const [key, certificate] = ['server.key', 'server.crt'].map((name) => readFileSync(join(tls, name)));
    if (!key || !certificate) throw new Error('the peer has a TLS pair');
    server.addService(gateway.GatewayService, handlers);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(
        'localhost:0',
        ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: certificate }]),
        (error, bound) => {
          if (error) reject(error);
          else resolve(bound);
        },
      );
    });
    const node = { name: 'peer0.a.example', port, index: 0, organization };
    client = new PeerClient(node, scratch.dir);
    signer = loadSigner(paths.user('User1').msp, 'AMSP');
    const layout = { peers: [{ ...node, organization: 'AMSP' }], orderers: [], services: [], genesisBlocks: {} };
    const network: NetworkDefinition = { consortium, chaincodes: [], amendments: NO_AMENDMENTS, layout };
    channel = new ChannelHandle(
      {
        dataDir: scratch.dir,
        network,
        orderers: [],
        channels: [],
        peer: () => client,
        peerOf: () => client,
        amend: () => Promise.reject(new Error('a call amends nothing')),
        record: () => Promise.reject(new Error('a call records nothing')),
      },
      'emr',
    );
  });
  beforeEach(() => {
    prepare = faithful;
    ordered = [];
  });
  afterAll(() => {
    client.close();
    server.forceShutdown();
    scratch.remove();
  });

  /** A proposal that the caller never made, signed by the caller all the same: the worst that the peer could have got hold of. */
  const other = (args: readonly string[] = ['put', 'unwanted']): SignedBytes =>
    newSignedProposal({ channelId: 'emr', chaincode: 'emr', args: args.map((word) => Buffer.from(word)) }, signer, Date.now());

  it('orders what was proposed, with what the endorsers said of it', async () => {
    await expect(invokeChaincode(channel, request)).resolves.toMatchObject({ blockNumber: 7, result: 'done' });
    expect(ordered).toHaveLength(1);
    const [envelope] = ordered;
    expect(Buffer.from(envelope?.getPayload_asU8() ?? [])).toEqual(bytesOf(faithful(proposed).getPayload_asU8()));
    expect(envelope?.getSignature_asU8()).not.toHaveLength(0);
  });

  it('signs the proposal of the caller, not the one that the peer put around the endorsed answer', async () => {
    prepare = (proposal) => prepareTransaction(outlineProposal(other()), payloadFor(proposal), [endorsement()]);
    await invokeChaincode(channel, request);
    expect(ordered.map((envelope) => Buffer.from(envelope.getPayload_asU8()))).toEqual([bytesOf(faithful(proposed).getPayload_asU8())]);
  });

  it.each<[string, Prepare]>([
    ['another transaction', () => faithful(other())],
    ['the same words, proposed at another time', () => faithful(other(request.args))],
    [
      'what endorsers said of another proposal',
      (proposal) => prepareTransaction(outlineProposal(proposal), payloadFor(other()), [endorsement()]),
    ],
    ['no endorsement', (proposal) => prepareTransaction(outlineProposal(proposal), payloadFor(proposal), [])],
    ['no answer of an endorser', (proposal) => prepareTransaction(outlineProposal(proposal), Buffer.alloc(0), [endorsement()])],
    ['no transaction', () => undefined],
    ['an empty transaction', () => new common.Envelope()],
    [
      'bytes that are none',
      () => {
        const envelope = new common.Envelope();
        envelope.setPayload(Buffer.from('no transaction'));
        return envelope;
      },
    ],
    [
      'a second action',
      (proposal) => {
        const envelope = faithful(proposal);
        const transaction = dataOf(envelope);
        transaction.setActionsList([...transaction.getActionsList(), ...dataOf(faithful(other())).getActionsList()]);
        const body = common.Payload.deserializeBinary(envelope.getPayload_asU8());
        body.setData(transaction.serializeBinary());
        envelope.setPayload(body.serializeBinary());
        return envelope;
      },
    ],
  ])('signs and orders nothing if the peer answers with %s', async (_what, answer) => {
    prepare = answer;
    await expect(invokeChaincode(channel, request)).rejects.toMatchObject({ name: 'OperatorError', code: 'FABRIC_REFUSED' });
    expect(ordered).toEqual([]);
  });
});
