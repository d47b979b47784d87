import { memberOperations } from '@lianyi/client';
import { type Ledger, mspIdSchema, Refused, type SignedRequest, type TransactionEntry } from '@lianyi/domain';
import { itemCommitmentOf } from '@lianyi/domain/deciding';
import { admitEverybody } from '../testing';
import { addRecognitionRoutes } from './recognition-routes';
import { type NodeServer } from './server';
import { newServerOf } from './server.fixture';

const [own, other] = ['HospitalAMSP', 'HospitalBMSP'].map((id) => mspIdSchema.parse(id)) as [
  ReturnType<typeof mspIdSchema.parse>,
  ReturnType<typeof mspIdSchema.parse>,
];
const salt = Buffer.alloc(32, 7).toString('base64url');
const opening = { askId: 'm1', itemId: 'potassium', salt };

describe('the question for an equivalent result', () => {
  let server: NodeServer;
  /** What was asked of the own peer, and of which other member. */
  const asked: string[] = [];
  /** Whose the pseudonym is; undefined: nobody's. */
  let hospital: string | undefined;

  beforeEach(async () => {
    asked.length = 0;
    hospital = own;
    server = await newServerOf(own, 10_000);
    const evaluate = ({ entry }: SignedRequest<TransactionEntry>): Promise<unknown> => {
      asked.push(entry.name);
      if (entry.name === 'ResolveRecognition') return Promise.resolve({ found: true, recordId: 'rec-1' });
      return Promise.resolve({ askId: opening.askId, pseudonym: 'psn-1', itemCommitment: itemCommitmentOf(opening) });
    };
    const ledger = { evaluate } as unknown as Ledger; // asked for a question, and to answer it
    addRecognitionRoutes(server, {
      identity: { mspId: own },
      admission: admitEverybody(ledger),
      actor: ledger,
      reader: {
        pseudonym: () =>
          hospital === undefined ? Promise.reject(new Refused('NOT_FOUND', 'nobody', {})) : Promise.resolve({ mspId: hospital } as never),
      },
      directory: { endpoints: () => Promise.resolve([{ kind: 'keys', state: 'active' }] as never) },
      others: {
        ask: (_endpoint, operation, body) => {
          asked.push(`other: ${operation.id} ${JSON.stringify(body)}`);
          return Promise.resolve({ found: false } as never);
        },
      },
    });
  });
  afterEach(() => server.close());

  const find = async (body: object): Promise<readonly [number, unknown]> => {
    const { statusCode, body: answer } = await server.inject({ method: 'POST', url: memberOperations.FindRecognised.path, payload: body });
    const told = JSON.parse(answer) as { readonly code?: string };
    return [statusCode, told.code ?? told];
  };

  it('is answered by the own peers where the patient is of the own hospital, whoever asks', async () => {
    expect(await find({ mspId: other, ...opening })).toEqual([200, { found: true, recordId: 'rec-1' }]);
    expect(asked).toEqual(['GetRecognition', 'ResolveRecognition']);
  });

  it('is carried to the patient’s hospital for own staff', async () => {
    hospital = other;
    expect(await find({ mspId: own, ...opening })).toEqual([200, { found: false }]);
    expect(asked).toEqual(['GetRecognition', `other: FindRecognised ${JSON.stringify({ mspId: own, ...opening })}`]);
  });

  it.each<readonly [string, object, string]>([
    ['another item', { itemId: 'sodium' }, 'HASH_MISMATCH'],
    ['another salt', { salt: Buffer.alloc(32, 8).toString('base64url') }, 'HASH_MISMATCH'],
    ['a short salt', { salt: 'c2FsdA' }, 'INVALID_REQUEST'],
  ])('costs one question of a stranger with %s', async (_what, more, code) => {
    expect((await find({ mspId: own, ...opening, ...more }))[1]).toBe(code);
    expect(asked.filter((name) => name !== 'GetRecognition')).toEqual([]);
  });

  it('is carried for no other member’s staff, and of nobody’s patient answered as one of whom there is nothing', async () => {
    hospital = other;
    expect((await find({ mspId: other, ...opening }))[1]).toBe('NOT_FOUND');
    hospital = undefined;
    expect(await find({ mspId: own, ...opening })).toEqual([200, { found: false }]);
    expect(asked).toEqual(['GetRecognition', 'GetRecognition']);
  });
});
