import {
  hashOfTemplate,
  idNonceSchema,
  type Ledger,
  mspIdSchema,
  pointerIdOf,
  type Proof,
  pseudonymSchema,
  type QueryTemplate,
  queryTemplateSchema,
  sha256,
  sha256Schema,
  type SignedRequest,
  type TransactionEntry,
  versionIdentityOf,
} from '@lianyi/domain';
import { PointerClient, type PointerNode, type PointerToWrite } from './pointer-client';
import { parametersCommitment, resultCommitment } from './query-result';
import { pointInputSchema, type PreparedPointer } from './schemas';

const at = '2026-03-01T09:00:00.000Z';
const own = mspIdSchema.parse('AMSP');
const network = { channel: 'emr', genesis: sha256('block 0') };
const nonce = idNonceSchema.parse('A'.repeat(22));
const pseudonym = pseudonymSchema.parse('psn-1');
const pointerId = pointerIdOf({ mspId: own, pseudonym, nonce });
const salts = { parameters: 'A'.repeat(43), result: 'B'.repeat(42) + 'A' };
const rows = [{ value: '4.1' }];
const template: QueryTemplate = queryTemplateSchema.parse({
  ...{ schemaVersion: 1, mspId: own, templateId: 'notes', version: 1, class: 'clinical-document', dataLevel: 4, confidentiality: 'R' },
  ...{ view: 'psychiatry_notes', parameters: [{ name: 'patient', type: 'text' }], columns: [{ name: 'value', type: 'decimal' }] },
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
  ...{ state: 'active', proposedAt: at, changedAt: at },
  origin: { requestHash: sha256('request'), actor: { kind: 'staff', mspId: own, actorTag: 'admin' } },
});
const templateSha256 = hashOfTemplate(template);
const input = pointInputSchema.parse({
  ...{ pseudonym, pointerId, nonce, template: { mspId: own, templateId: 'notes', version: 1 }, endpointId: 'query' },
  parameters: { patient: 'P-1' },
});
const pointed: PointerToWrite = { ...input, network, templateSha256 };

/** What an honest node prepares by the template that the ledger has. */
async function preparedBy({ class: recordClass, dataLevel, confidentiality, ...said }: QueryTemplate): Promise<PreparedPointer> {
  const version = versionIdentityOf(network, { pseudonym, recordId: pointerId, version: 1 });
  const prepared = {
    ...{ pseudonym, pointerId, nonce, class: recordClass, dataLevel, confidentiality, template: input.template, endpointId: 'query' },
    templateSha256: hashOfTemplate({ class: recordClass, dataLevel, confidentiality, ...said }),
    parametersCommitment: await parametersCommitment(salts.parameters, version, input.parameters),
    resultCommitment: await resultCommitment(salts.result, version, rows),
  };
  return { transaction: 'AddPointer', input: prepared, salts: salts as never, rows };
}

/** A hospital's own node, over a ledger in which anything may stand for the template. */
class Node {
  readonly asked: string[] = [];
  readonly submitted: unknown[] = [];

  constructor(public registered: QueryTemplate) {}

  get client(): PointerClient {
    const node = {
      api: {
        ask: (): Promise<PreparedPointer> => {
          this.asked.push('PreparePointer');
          return preparedBy(this.registered);
        },
        call: () => Promise.reject(new Error('unused')),
      },
      ledger: {
        evaluate: () => Promise.resolve(this.registered),
        submit: (request: SignedRequest<TransactionEntry>) => {
          this.submitted.push(request.input);
          return Promise.resolve({ result: {} });
        },
      } as unknown as Ledger, // of GetQueryTemplate and AddPointer only
    };
    // nothing in this test looks at a proof
    return new PointerClient(node as unknown as PointerNode, () => Promise.resolve({} as Proof));
  }
}

const forgeries: readonly (readonly [string, Partial<QueryTemplate>])[] = [
  ['the labels', { class: 'laboratory-report', dataLevel: 1, confidentiality: 'N' }],
  ['the conditions', { conditions: [{ column: 'taken_on', is: 'equal', parameter: 'patient' }] }],
  ['the columns', { columns: [{ name: 'value', type: 'text' }] }],
  ['the view', { view: 'everything' }],
];

describe('who points', () => {
  it('signs the labels and the hash of the template that is meant, and the rows that were shown', async () => {
    const node = new Node(template);
    const prepared = await node.client.prepare(pointed);
    expect((await node.client.review(pointed, prepared)).input).toMatchObject({ class: 'clinical-document', dataLevel: 4, templateSha256 });
    expect(node.submitted).toEqual([]);
    await node.client.publish(pointed, prepared);
    expect(node.submitted).toEqual([(await preparedBy(template)).input]);
  });

  it.each(forgeries)('has no query run by a template of which others have written over %s', async (_what, forged) => {
    const node = new Node({ ...template, ...forged });
    await expect(node.client.prepare(pointed)).rejects.toMatchObject({ code: 'ANSWER_DIFFERS', details: { field: 'template' } });
    expect(node.asked).toEqual([]);
  });

  it.each(forgeries)('signs nothing where others write over %s once the rows are shown', async (_what, forged) => {
    const node = new Node(template);
    await node.client.prepare(pointed);
    node.registered = { ...template, ...forged };
    const prepared = await preparedBy(node.registered);
    await expect(node.client.review(pointed, prepared)).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
    await expect(node.client.publish(pointed, prepared)).rejects.toMatchObject({ code: 'ANSWER_DIFFERS', details: { field: 'template' } });
    expect(node.submitted).toEqual([]);
  });

  it('signs nothing by a template that nobody meant', async () => {
    const node = new Node(template);
    const meant = { ...pointed, templateSha256: sha256Schema.parse(sha256('another')) };
    await expect(node.client.prepare(meant)).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
    await expect(node.client.publish(meant, await preparedBy(template))).rejects.toMatchObject({ code: 'ANSWER_DIFFERS' });
    expect(node.submitted).toEqual([]);
  });
});
