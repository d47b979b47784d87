import { memberOperations } from '@lianyi/client';
import {
  type Ledger,
  mspIdSchema,
  type Output,
  pseudonymSchema,
  recordIdSchema,
  Refused,
  saltSchema,
  type SignedRequest,
  type TransactionEntry,
  type transactions,
} from '@lianyi/domain';
import { correctionCommitmentOf } from '@lianyi/domain/deciding';
import { admitEverybody } from '../testing';
import { addCorrectionRoutes } from './correction-routes';
import { type NodeServer } from './server';
import { newServerOf } from './server.fixture';

const [mspId, other] = ['HospitalAMSP', 'HospitalBMSP'].map((id) => mspIdSchema.parse(id));
const key = { pseudonym: pseudonymSchema.parse('psn-1'), recordId: recordIdSchema.parse('rec-1'), number: 1 };
const words = { text: 'it was the left knee', salt: saltSchema.parse('c2FsdHNhbHRzYWx0c2FsdA') };
const place = { ...key, part: 'reason' } as const;
const correction = {
  ...{ ...key, recordVersion: 1, custodianMspId: mspId },
  reasonCommitment: correctionCommitmentOf({ ...place, ...words }),
};

describe('what is said of a correction', () => {
  let server: NodeServer;
  /** What went to the ledger. */
  const carried: SignedRequest<TransactionEntry>[] = [];
  let found: object | undefined;

  beforeEach(async () => {
    carried.length = 0;
    found = correction;
    server = await newServerOf(mspIdSchema.parse(mspId), 10_000);
    const submit = (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
      carried.push(request);
      return Promise.resolve({ result: place });
    };
    const evaluate = (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
      carried.push(request);
      if (found === undefined) return Promise.reject(new Refused('NOT_FOUND', 'There is no such entry.', { entity: 'correction' }));
      return Promise.resolve({ correction: found, state: 'open', isOverdue: false } as unknown as Output<
        typeof transactions.GetCorrection
      >);
    };
    const ledger = { evaluate, submit } as unknown as Ledger; // asked for a correction, and given its words
    addCorrectionRoutes(server, { identity: { mspId: mspIdSchema.parse(mspId) }, admission: admitEverybody(ledger), actor: ledger });
  });
  afterEach(() => server.close());

  const tell = async (body: object): Promise<{ readonly status: number; readonly body: string }> => {
    const { statusCode, body: answer } = await server.inject({ method: 'POST', url: memberOperations.TellCorrection.path, payload: body });
    return { status: statusCode, body: answer };
  };

  it('is kept by the node’s key service where it is what was committed to', async () => {
    expect(await tell({ ...place, ...words })).toEqual({ status: 200, body: '{"part":"reason"}' });
    expect(carried.map(({ entry }) => entry.name)).toEqual(['GetCorrection', 'PutCorrectionText']);
    expect(carried[1]).toMatchObject({ input: place, transient: words });
    expect(JSON.stringify(carried[1]?.input)).not.toContain(words.text);
  });

  it.each<readonly [string, object, number, string]>([
    ['other words', { text: 'it was the right knee' }, 422, 'HASH_MISMATCH'],
    ['another salt', { salt: 'QUFBQUFBQUFBQUFBQUFBQQ' }, 422, 'HASH_MISMATCH'],
    ['a part that nobody has said', { part: 'disagreement' }, 422, 'HASH_MISMATCH'],
    ['words that are too long', { text: 'x'.repeat(4_001) }, 400, 'INVALID_REQUEST'],
    ['a field that is none', { by: 'me' }, 400, 'INVALID_REQUEST'],
  ])('is refused as %s, and nothing is committed', async (_what, changes, status, code) => {
    const answered = await tell({ ...place, ...words, ...changes });
    expect([answered.status, answered.body]).toEqual([status, expect.stringContaining(code)]);
    expect(carried.filter(({ entry }) => entry.kind === 'submit')).toEqual([]);
  });

  it('of another hospital’s is answered in the very words of one that nobody has asked for', async () => {
    found = { ...correction, custodianMspId: other };
    const elsewhere = await tell({ ...place, ...words });
    found = undefined;
    const nowhere = await tell({ ...place, ...words });
    const said = ({ body }: { readonly body: string }) => {
      const { instance: _instance, ...rest } = JSON.parse(body) as Readonly<Record<string, unknown>>;
      return rest;
    };
    expect(elsewhere.status).toBe(404);
    expect([elsewhere.status, said(elsewhere)]).toEqual([nowhere.status, said(nowhere)]);
    expect(carried.filter(({ entry }) => entry.kind === 'submit')).toEqual([]);
  });
});
