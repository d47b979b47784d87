import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash } from '@hyperledger/fabric-gateway';
import { ChannelClient } from './channel-client';
import { type FakeFailure, FakeGateway, newP256Key } from './fake-gateway.fixture';
import { newLowSSigner } from './signer';

const REFUSAL =
  'chaincode response 500, LIANYI/1 {"code":"NOT_PERMITTED","details":{"role":"clinician"},"message":"The actor may not do this."}';
const ABORTED = 10;
const ENDORSEMENT_POLICY_FAILURE = 10;
const endorseFailure = (...messages: [mspId: string, message: string][]): FakeFailure => ({
  code: ABORTED,
  message: 'failed to endorse transaction, see attached details for more info',
  details: messages.map(([mspId, message]) => ({ mspId, message })),
});

describe('ChannelClient', () => {
  const fake = new FakeGateway();
  const naps: number[] = [];
  let grpc: Client;
  let client: ChannelClient;
  const call = { name: 'AccessContract:RequestAccess', argument: '{"input":{}}' };

  beforeAll(async () => {
    await fake.start();
    grpc = new Client(fake.endpoint, credentials.createInsecure());
    const gateway = connect({
      client: grpc,
      identity: { mspId: 'HospitalAMSP', credentials: Buffer.from('certificate') },
      hash: hash.none,
      signer: newLowSSigner(newP256Key()),
    });
    client = new ChannelClient(gateway, {
      channel: 'emr',
      chaincode: 'emr',
      sleep: (millis) => {
        naps.push(millis);
        return Promise.resolve();
      },
    });
  });
  afterAll(() => {
    grpc.close();
    fake.stop();
  });
  beforeEach(() => {
    fake.fail = {};
    fake.onSubmitted = () => undefined;
    fake.validationCodes = [];
    fake.proposals = 0;
    fake.statusRequests = 0;
    fake.submitted.length = 0;
    naps.length = 0;
  });

  it('reports a refusal of the chaincode with its code and details, from the details of endorse', async () => {
    fake.fail.endorse = endorseFailure(['HospitalAMSP', REFUSAL], ['HospitalBMSP', REFUSAL]);
    await expect(client.submit(call)).rejects.toMatchObject({
      kind: 'refused',
      code: 'NOT_PERMITTED',
      details: { role: 'clinician' },
      endorsersDisagree: false,
    });
    expect(fake.submitted).toHaveLength(0);
  });

  it('proposes anew when the endorsers had not yet the same blocks, and gives up as a conflict', async () => {
    fake.fail.endorse = endorseFailure(
      ['HospitalAMSP', 'ProposalResponsePayloads do not match'],
      ['HospitalBMSP', 'ProposalResponsePayloads do not match'],
    );
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'conflict', validationCode: undefined });
    expect(fake.proposals).toBe(6);
    expect(naps).toHaveLength(5);
    expect(fake.submitted).toHaveLength(0);
  });

  it('proposes anew what another majority had endorsed: a member joined or left meanwhile', async () => {
    fake.validationCodes = [ENDORSEMENT_POLICY_FAILURE, 0];
    await expect(client.submit(call)).resolves.toMatchObject({ blockNumber: 7n });
    expect(fake.proposals).toBe(2);
    fake.validationCodes = Array.from({ length: 6 }, () => ENDORSEMENT_POLICY_FAILURE);
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'rejected', validationCode: ENDORSEMENT_POLICY_FAILURE });
  });

  it('reports a refusal from the message of evaluate', async () => {
    fake.fail.evaluate = { code: 2, message: `evaluate call to endorser returned error: ${REFUSAL}` };
    await expect(client.evaluate(call)).rejects.toMatchObject({ kind: 'refused', code: 'NOT_PERMITTED' });
  });

  it('tells when endorsers refuse with different codes', async () => {
    fake.fail.endorse = endorseFailure(['HospitalAMSP', REFUSAL], ['HospitalBMSP', REFUSAL.replace('NOT_PERMITTED', 'NOT_FOUND')]);
    await expect(client.submit(call)).rejects.toMatchObject({
      kind: 'refused',
      endorsersDisagree: true,
      codesByMspId: { HospitalAMSP: 'NOT_PERMITTED', HospitalBMSP: 'NOT_FOUND' },
    });
  });

  // texts as recorded from real Fabric v3.1.5 (shared design, fabric-observed)
  it.each<readonly [string, FakeFailure, string]>([
    [
      'a revoked certificate',
      endorseFailure(['HospitalAMSP', 'error validating proposal: access denied: channel [emr] creator org [HospitalAMSP]']),
      'rejected',
    ],
    [
      'a foreign certificate',
      endorseFailure(['HospitalAMSP', 'access denied: channel [emr] creator org unknown, creator is malformed']),
      'rejected',
    ],
    [
      'a clock out of the window',
      endorseFailure(['HospitalAMSP', 'request unauthorized due to incorrect timestamp 2001-01-01, peer time 2026-01-01']),
      'rejected',
    ],
    [
      'no organisation that could endorse',
      { code: 14, message: 'failed to find any endorsing peers for org(s): HospitalCMSP' },
      'unavailable',
    ],
    [
      'a chaincode that does not run',
      endorseFailure(['HospitalAMSP', 'error in simulation: could not launch chaincode emr_1.0']),
      'unavailable',
    ],
    ['too many requests', { code: 2, message: 'too many requests for /gateway.Gateway, exceeding concurrency limit (500)' }, 'unavailable'],
    ['a definition nobody approved', { code: 9, message: 'no peers available to evaluate chaincode emr in channel emr' }, 'unavailable'],
    ['a malformed refusal line', { code: 2, message: 'chaincode response 500, LIANYI/1 {"code":1}' }, 'unavailable'],
  ])('classifies %s', async (_what, failure, kind) => {
    fake.fail = { endorse: failure, evaluate: failure };
    await expect(client.submit(call)).rejects.toMatchObject({ kind });
    await expect(client.evaluate(call)).rejects.toMatchObject({ kind });
    expect(fake.submitted).toHaveLength(0);
  });

  it('quotes nothing of what a peer said in its own message', async () => {
    fake.fail.endorse = { code: 14, message: 'canary-1234567890' };
    await expect(client.submit(call)).rejects.toMatchObject({ message: expect.not.stringContaining('canary') as unknown });
  });

  it('proposes anew after an MVCC or phantom conflict, with pauses', async () => {
    fake.validationCodes = [11, 12, 0];
    await expect(client.submit(call)).resolves.toMatchObject({ blockNumber: 7n });
    expect(fake.proposals).toBe(3);
    expect(naps).toHaveLength(2);
  });

  it('proposes anew when a block came between two endorsements, and says so when it lasts', async () => {
    const differ = 'ProposalResponsePayloads do not match (base64): …';
    fake.fail.endorse = endorseFailure(['HospitalAMSP', differ], ['HospitalBMSP', differ]);
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'conflict', validationCode: undefined });
    expect(fake.proposals).toBe(6);
    expect(fake.submitted).toEqual([]);
  });

  it('proposes anew when one endorser is behind the first, which had agreed, and passes the refusal on when it lasts', async () => {
    const behind = {
      ...endorseFailure(['HospitalBMSP', REFUSAL]),
      message: 'failed to collect enough transaction endorsements, see attached details for more info',
    };
    fake.fail.endorse = behind;
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'refused', code: 'NOT_PERMITTED', endorsersDisagree: true });
    expect(fake.proposals).toBe(6);
  });

  it('proposes once when all endorsers refuse alike', async () => {
    fake.fail.endorse = endorseFailure(['HospitalAMSP', REFUSAL]);
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'refused', endorsersDisagree: false });
    expect(fake.proposals).toBe(1);
  });

  it('gives up on a conflict after six proposals', async () => {
    fake.validationCodes = Array.from({ length: 20 }, () => 11);
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'conflict', validationCode: 11 });
    expect(fake.proposals).toBe(6);
  });

  it.each([8, 9, 255])('does not repeat a transaction with validation code %i', async (code) => {
    fake.validationCodes = [code];
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'rejected', validationCode: code });
    expect(fake.proposals).toBe(1);
  });

  it('believes the peer’s block when the orderers’ answer is unclear (SmartBFT: 39 of 39 were committed)', async () => {
    fake.fail.submit = { code: 10, message: 'request already processed' };
    await expect(client.submit(call)).resolves.toMatchObject({ blockNumber: 7n });
    expect(fake.proposals).toBe(1);
  });

  it('reports a refusal of all orderers as rejected and does not wait', async () => {
    const message =
      'received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation failed: permission denied';
    fake.fail.submit = {
      code: 14,
      message: 'insufficient number of orderers',
      details: [
        { mspId: 'AMSP', message },
        { mspId: 'BMSP', message },
      ],
    };
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'rejected' });
    expect(fake.statusRequests).toBe(0);
  });

  it('sends the same bytes again while no block has them, then reports an unknown outcome with the transaction id', async () => {
    fake.fail.commitStatus = { code: 4, message: 'deadline exceeded' };
    await expect(client.submit(call)).rejects.toMatchObject({
      kind: 'outcome-unknown',
      transactionId: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
    });
    expect(fake.submitted).toHaveLength(4);
    expect(new Set(fake.submitted.map((bytes) => Buffer.from(bytes).toString('hex'))).size).toBe(1);
    expect(fake.proposals).toBe(1);
  });

  it('ends with the block that has what was sent a second time: a leader had ended with the first', async () => {
    fake.fail.commitStatus = { code: 4, message: 'deadline exceeded' };
    fake.onSubmitted = (count) => {
      if (count === 2) fake.fail = {};
    };
    await expect(client.submit(call)).resolves.toMatchObject({ blockNumber: 7n });
    expect(fake.proposals).toBe(1);
  });

  it('does not take a refused second sending for a refusal of the first, which may still come into a block', async () => {
    const info = 'received unsuccessful response from orderer: status=BAD_REQUEST, info=duplicate';
    const refused = { code: 14, message: 'insufficient number of orderers', details: [{ mspId: 'AMSP', message: info }] };
    fake.fail.commitStatus = { code: 4, message: 'deadline exceeded' };
    fake.onSubmitted = () => {
      fake.fail.submit = refused;
    };
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'outcome-unknown' });
    expect(fake.submitted).toHaveLength(1);
  });

  it('does not send again through a peer that is gone', async () => {
    fake.fail.commitStatus = { code: 14, message: 'unavailable' };
    await expect(client.submit(call)).rejects.toMatchObject({ kind: 'outcome-unknown' });
    expect(fake.submitted).toHaveLength(1);
  });

  it('answers for a transaction id it is asked about', async () => {
    fake.validationCodes = [10];
    await expect(client.commitStatus('ab'.repeat(32))).resolves.toEqual({
      transactionId: 'ab'.repeat(32),
      blockNumber: 7n,
      validationCode: 10,
    });
  });
});
