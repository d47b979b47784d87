import { newAuthority } from '@lianyi/test/support/test-certificates';
import { mspIdSchema, sha256 } from '@lianyi/domain';
import { MemberCertificates } from '../member-certificates';
import { addHealthRoutes } from './health-routes';
import { newLogger } from './log';
import { buildServer, type NodeServer } from './server';

const mspId = mspIdSchema.parse('HospitalAMSP');
const identity = { mspId, channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };

describe('the health of a node', () => {
  let server: NodeServer;
  let unreadable: number | undefined;
  let faults: readonly string[];
  let warnings: readonly string[];
  let taken: { definition: string; blockNumber: number } | undefined;

  beforeAll(async () => {
    const authority = await newAuthority('tlsca.a');
    const { cert, key } = await authority.issue('node');
    server = await buildServer({
      tls: { cert: Buffer.from(cert), key: Buffer.from(key) },
      members: new MemberCertificates([{ mspId, caPem: authority.pem }]),
      requestsPerMinute: 100_000,
      logger: newLogger('silent', mspId),
    });
    addHealthRoutes(server, {
      identity,
      index: {
        heights: () => Promise.resolve({ HospitalAMSP: 9 }),
        alarms: () =>
          Promise.resolve([{ name: 'staff-without-command', blockNumber: 7, transactionId: 't', detail: 'HospitalAMSP nobody' }]),
        unreadableBlock: () => Promise.resolve(unreadable),
        ownNameTaken: () => Promise.resolve(taken),
      },
      faults: () => faults,
      warnings: () => warnings,
    });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    unreadable = taken = undefined;
    faults = warnings = [];
  });
  async function health(): Promise<{ code: number; body: unknown }> {
    const { statusCode, body } = await server.inject({ method: 'GET', url: '/healthz' });
    return { code: statusCode, body: JSON.parse(body) };
  }

  it('is well with alarms and warnings, which stop nobody else', async () => {
    warnings = ['soon'];
    const body = { status: 'ok', blocks: { HospitalAMSP: 9 }, faults: [], warnings, alarms: ['staff-without-command: block 7'] };
    expect(await health()).toEqual({ code: 200, body });
  });

  it.each([0, 4, 12_345])(
    'is at fault while block %i has a valid transaction that cannot be read, for no key is released',
    async (block) => {
      unreadable = block;
      const { code, body } = await health();
      expect(code).toBe(503);
      expect(body).toMatchObject({ status: 'degraded', faults: [expect.stringContaining(`block ${block} `)] });
    },
  );

  it('is at fault while others bear the name of the own organisation', async () => {
    taken = { definition: 'hash-of-it', blockNumber: 12 };
    const { code, body } = await health();
    expect(code).toBe(503);
    expect(body).toMatchObject({ status: 'degraded', faults: [expect.stringMatching(/^block 12 .*definition hash-of-it/)] });
  });

  it('names that beside other faults', async () => {
    unreadable = 4;
    faults = ['HospitalBMSP: its peer does not answer'];
    expect((await health()).body).toMatchObject({ faults: [faults[0], expect.stringContaining('no key is released')] });
  });
});
