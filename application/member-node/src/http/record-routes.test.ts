import { memberOperations, newPrivateKey, publicKeyOf, signedAs, signStaffRequest } from '@lianyi/client';
import { actorTagSchema, hashOfKey, instantOf, type Ledger, mspIdSchema, sha256, type StaffProof } from '@lianyi/domain';
import { StaffGate } from '../check-caller';
import { MemberCertificates } from '../member-certificates';
import { newAuthority } from '@lianyi/test/support/test-certificates';
import { admitEverybody } from '../testing';
import { newLogger } from './log';
import { addRecordRoutes, type RecordRouteServices } from './record-routes';
import { buildServer, type NodeServer } from './server';

const identity = { mspId: mspIdSchema.parse('HospitalBMSP'), channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const actorTag = actorTagSchema.parse('cardiologist-1');
const privateKey = newPrivateKey();
const staff = {
  mspId: identity.mspId,
  actorTag,
  roles: ['clinician'],
  state: 'active',
  dutyWindows: [],
  publicKeyHash: hashOfKey(publicKeyOf(privateKey)),
};

describe('POST /v1/access/:ticketId/document', () => {
  const asked: unknown[] = [];
  let server: NodeServer;

  beforeAll(async () => {
    const authority = await newAuthority('tlsca.HospitalBMSP');
    const pair = await authority.issue('node');
    server = await buildServer({
      tls: { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) },
      members: new MemberCertificates([{ mspId: identity.mspId, caPem: authority.pem }]),
      requestsPerMinute: 1_000,
      logger: newLogger('silent', identity.mspId),
    });
    const ledger = { evaluate: () => Promise.resolve(staff) } as unknown as Ledger; // the one answer that the gate reads
    const documents = {
      read: (request: unknown, reader: string) => {
        asked.push({ request, reader });
        return Promise.reject(new Error('far enough'));
      },
    };
    const admission = admitEverybody(ledger);
    const services = {
      identity,
      admission,
      staff: new StaffGate(identity, ledger, admission),
      records: {},
      documents,
      maxDocumentBytes: 1_000,
    };
    addRecordRoutes(server, services as unknown as RecordRouteServices); // no test here prepares or publishes
  });
  afterAll(() => server.close());
  beforeEach(() => {
    asked.length = 0;
  });

  const input = { ticketId: 'ticket-1', recordId: 'record-1' };
  const sign = (signed: unknown = input): StaffProof =>
    signStaffRequest(
      { network: identity, mspId: identity.mspId, actorTag, privateKey },
      { transaction: signedAs(memberOperations.ReadDocument), input: signed },
      instantOf(Date.now()),
    );
  const post = async (ticketId: string, body: object): Promise<unknown> =>
    (await server.inject({ method: 'POST', url: `/v1/access/${ticketId}/document`, payload: body })).json();

  it('reads what the clinician signed for', async () => {
    await post('ticket-1', { input, proof: sign() });
    expect(asked).toEqual([{ request: input, reader: actorTag }]);
  });

  it('does not read under another ticket than the signed one', async () => {
    expect(await post('ticket-2', { input, proof: sign() })).toMatchObject({ code: 'PROOF_MISMATCH', details: { field: 'ticketId' } });
    expect(asked).toEqual([]);
  });

  it.each([
    ['another record than the signed one', { input: { ...input, recordId: 'record-2' }, proof: sign() }, 'PROOF_MISMATCH'],
    [
      'a proof for another operation',
      { input, proof: { ...sign(), statement: { ...sign().statement, transaction: 'MemberNode:Other' } } },
      'PROOF_MISMATCH',
    ],
    ['a signature of something else', { input, proof: { ...sign(), signature: sign({}).signature } }, 'BAD_SIGNATURE'],
    ['no proof', { input }, 'INVALID_REQUEST'],
  ])('does not read for %s', async (_what, body, code) => {
    expect(await post('ticket-1', body)).toMatchObject({ code });
    expect(asked).toEqual([]);
  });
});
