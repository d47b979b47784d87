import { dekCommitment, newDataKey, objectContext, sealBytes } from '@lianyi/client';
import {
  inOrder,
  parametersCommitment,
  pointInputSchema,
  type PointerNode,
  PointerClient,
  type QueryRows,
  RESULT_CONTENT_TYPE,
  resultCommitment,
} from '@lianyi/client/pointers';
import {
  actorTagSchema,
  canonicalJson,
  DomainError,
  endpointSchema,
  hashOfTemplate,
  instantSchema,
  type Ledger,
  mspIdSchema,
  type PointerQuery,
  pointerQuerySchema,
  type PointerVersion,
  pointerVersionSchema,
  queryTemplateSchema,
  type QueryTemplate,
  Refused,
  sha256,
} from '@lianyi/domain';
import { ticketHolderOf } from '@lianyi/domain/deciding';
import { KeyService } from '../keys/key-service';
import {
  ephemeralKey,
  genesis,
  own,
  permit,
  Ports,
  recordId as pointerId,
  requester,
  ticketId,
  version,
} from '../keys/key-service-world.fixture';
import { AgreedTemplates } from './agreed-templates';
import { type SealedResult } from './member-queries';
import { PointerService } from './pointer-service';
import { queryUnavailable } from './query-database';

const salt = { parameters: 'A'.repeat(43), result: 'B'.repeat(42) + 'A' };
const origin = { requestHash: sha256('request'), actor: { kind: 'staff', mspId: own, actorTag: 'lab' } };
const at = '2026-03-01T09:00:00.000Z';
const template: QueryTemplate = queryTemplateSchema.parse({
  ...{ schemaVersion: 1, mspId: requester, templateId: 'results', version: 1, class: 'laboratory-report', dataLevel: 3 },
  ...{ confidentiality: 'N', view: 'laboratory_results', parameters: [{ name: 'patient', type: 'text' }] },
  columns: [{ name: 'value', type: 'decimal' }],
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
  ...{ state: 'active', proposedAt: at, changedAt: at, origin },
});
const rows: QueryRows = inOrder([{ value: '5.6' }, { value: '4.1' }]);

async function pointerVersion(): Promise<PointerVersion> {
  return pointerVersionSchema.parse({
    ...{ schemaVersion: 1, pseudonym: permit.pseudonym, pointerId, version: 1, operation: 'add', class: 'laboratory-report' },
    ...{ dataLevel: 3, confidentiality: 'N', template: { mspId: requester, templateId: 'results', version: 1 } },
    ...{ templateSha256: hashOfTemplate(template), endpointId: 'query', at, origin },
    parametersCommitment: await parametersCommitment(salt.parameters, version, { patient: 'P-1' }),
    resultCommitment: await resultCommitment(salt.result, version, rows),
  });
}

/** A custodian in which everything is as it should be; each test spoils one thing. */
class Custodian {
  readonly ports = new Ports();
  pointer = pointerVersion();
  template = template;
  rows: QueryRows = rows;
  views = ['laboratory_results'];
  agreed = [{ template: `${requester}/results@1`, sha256: hashOfTemplate(template) }];
  queried = 0;
  failure: DomainError | undefined;
  query: PointerQuery | undefined = pointerQuerySchema.parse({
    ...{ schemaVersion: 1, pseudonym: permit.pseudonym, pointerId, version: 1, parameters: { patient: 'P-1' }, salts: salt },
  });
  asked: unknown[] = [];
  endpoints = [
    endpointSchema.parse({
      ...{ schemaVersion: 1, mspId: own, endpointId: 'query', kind: 'query', host: 'a.example', port: 443 },
      ...{ tlsSha256: sha256('tls'), state: 'active', changedAt: at },
    }),
  ];
  hasDatabase = true;

  #served: PointerService | undefined;

  /** One service for every run of a test: what it remembers, it remembers. */
  get served(): PointerService {
    return (this.#served ??= this.service());
  }

  service(mspId = own): PointerService {
    const evaluate = (): Promise<unknown> =>
      this.query === undefined ? Promise.reject(new Refused('NOT_FOUND', 'not found', {})) : Promise.resolve(this.query);
    return new PointerService({
      identity: { mspId, channel: 'emr', chaincode: 'emr', genesis },
      reader: {
        ticket: () => Promise.resolve({ ...permit, expiresAt: instantSchema.parse('9999-01-01T00:00:00.000Z') }),
        pointerVersion: () => this.pointer,
        queryTemplate: () => Promise.resolve(this.template),
      },
      keyServiceLedger: { evaluate, submit: () => Promise.reject(new Error('unused')) } as unknown as Ledger, // of GetPointerQuery only
      keyService: new KeyService({ mspId: own, channel: 'emr', genesis }, this.ports),
      directory: { endpoints: () => Promise.resolve(this.endpoints) },
      others: {
        run: (endpoint, request) => {
          this.asked.push([endpoint.host, request]);
          return this.service().run(request, requester);
        },
      },
      database: this.hasDatabase ? { rows: () => this.#query() } : undefined,
      agreed: new AgreedTemplates(this.agreed),
      views: this.views,
    });
  }

  #query(): Promise<QueryRows> {
    this.queried += 1;
    return this.failure === undefined ? Promise.resolve(this.rows) : Promise.reject(this.failure);
  }

  run(): Promise<SealedResult> {
    return this.served.run({ ticketId, recordId: pointerId }, requester);
  }
}

/** What a reader's own node hands them. */
function opened({ header, ciphertext }: SealedResult): Promise<QueryRows> {
  const node = { api: { call: () => Promise.resolve({ header, body: ciphertext }), ask: () => Promise.reject(new Error('unused')) } };
  // of `read` only; and no node of this test looks at the proof
  const client = new PointerClient(node as unknown as PointerNode, () => Promise.resolve({} as never));
  const network = { channel: 'emr', genesis };
  return client
    .read({ ticketId, recordId: pointerId, pseudonym: permit.pseudonym, network, mspId: requester, ephemeralKey, witness: 'none' })
    .then((read) => read.rows);
}

const inTurn = <Result>(_custodian: unknown, work: () => Promise<Result>): Promise<Result> => work();

describe('a pointer’s query', () => {
  let custodian: Custodian;
  beforeEach(() => {
    custodian = new Custodian();
  });

  it('is run for a permit, committed before its rows leave, and opened by whom they were sealed to', async () => {
    expect(await opened(await custodian.run())).toEqual(rows);
    expect(custodian.ports.recorded).toHaveLength(1);
  });

  it.each<readonly [string, (spoilt: Custodian) => void, object]>([
    ['a row was changed', (it) => (it.rows = [{ value: '5.61' }, { value: '4.1' }]), { path: 'rows' }],
    ['a row was added', (it) => (it.rows = [...rows, { value: '5.6' }]), { path: 'rows' }],
    ['a row was taken away', (it) => (it.rows = rows.slice(1)), { path: 'rows' }],
    ['the template was written over', (it) => (it.template = { ...template, view: 'everything' }), { path: 'template' }],
    ['other parameters are kept', (it) => (it.query = it.query && { ...it.query, parameters: { patient: 'P-2' } }), { path: 'parameters' }],
  ])('does not leave when %s', async (_why, spoil, details) => {
    spoil(custodian);
    await expect(custodian.run()).rejects.toMatchObject({ code: 'HASH_MISMATCH', details });
    expect(custodian.ports.recorded).toEqual([]);
  });

  it.each<readonly [string, (spoilt: Custodian) => void, string]>([
    ['the node has no database', (it) => (it.hasDatabase = false), 'no-database'],
    ['the view is not offered', (it) => (it.views = ['other_results']), 'view-not-offered'],
    ['the hospital has agreed to no template', (it) => (it.agreed = []), 'template-not-agreed'],
    [
      'it has agreed to what another version says',
      (it) => (it.agreed = it.agreed.map((each) => ({ ...each, template: `${requester}/results@2` }))),
      'template-not-agreed',
    ],
    [
      'it has agreed to something else of this name',
      (it) => (it.agreed = it.agreed.map((each) => ({ ...each, sha256: sha256('another template') }))),
      'template-not-agreed',
    ],
    ['the parameters were purged', (it) => (it.query = undefined), 'parameters-purged'],
  ])('has no answer when %s', async (_why, spoil, obstacle) => {
    spoil(custodian);
    await expect(custodian.run()).rejects.toMatchObject({ code: 'QUERY_UNAVAILABLE', details: { obstacle } });
    expect(custodian.ports.recorded).toEqual([]);
  });

  it.each<readonly [string, object]>([
    ['its labels', { class: 'other', dataLevel: 1, confidentiality: 'U' }],
    ['its conditions', { conditions: [{ column: 'taken_on', is: 'equal', parameter: 'patient' }] }],
    ['its columns', { columns: [{ name: 'note', type: 'text' }] }],
    ['its view', { view: 'other_results' }],
  ])('is not run to be pointed at once others have written over %s', async (_what, changes) => {
    const input = pointInputSchema.parse({
      ...{ pseudonym: permit.pseudonym, pointerId, previousVersion: 1, template: { mspId: requester, templateId: 'results', version: 1 } },
      ...{ endpointId: 'query', parameters: { patient: 'P-1' } },
    });
    expect((await custodian.service().prepare(input, actorTagSchema.parse('lab'))).rows).toEqual(rows);
    custodian.views = ['laboratory_results', 'other_results'];
    custodian.template = queryTemplateSchema.parse({ ...template, ...changes });
    const refused = custodian.service().prepare(input, actorTagSchema.parse('lab'));
    await expect(refused).rejects.toMatchObject({ code: 'QUERY_UNAVAILABLE', details: { obstacle: 'template-not-agreed' } });
    expect(custodian.queried).toBe(1);
  });

  describe('that was refused for what it gives', () => {
    const start = Date.parse('2026-03-01T10:00:00.000Z');
    let now = start;
    beforeEach(() => {
      now = start;
      jest.spyOn(Date, 'now').mockImplementation(() => now);
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it.each<readonly [string, (spoilt: Custodian) => void, string]>([
      ['other rows', (it) => (it.rows = rows.slice(1)), 'HASH_MISMATCH'],
      ['too many bytes', (it) => (it.rows = Array.from({ length: 600 }, () => ({ value: 'x'.repeat(2_000) }))), 'RESULT_TOO_LARGE'],
      ['nothing in time', (it) => (it.failure = queryUnavailable('too-slow')), 'QUERY_UNAVAILABLE'],
    ])('is refused without another look at the database for ten seconds: %s', async (_what, spoil, code) => {
      spoil(custodian);
      for (let times = 0; times < 5; times += 1) await expect(custodian.run()).rejects.toMatchObject({ code });
      expect(custodian.queried).toBe(1);
      now += 9_999;
      await expect(custodian.run()).rejects.toMatchObject({ code });
      expect(custodian.queried).toBe(1);
      now += 1;
      custodian.rows = rows;
      custodian.failure = undefined;
      expect(await opened(await custodian.run())).toEqual(rows);
      expect(custodian.queried).toBe(2);
    });

    it('is run again at once where the database was not there', async () => {
      custodian.failure = queryUnavailable('database');
      await expect(custodian.run()).rejects.toMatchObject({ code: 'QUERY_UNAVAILABLE' });
      custodian.failure = undefined;
      expect(await opened(await custodian.run())).toEqual(rows);
    });
  });

  it('has no answer of more than a mebibyte', async () => {
    custodian.rows = Array.from({ length: 600 }, () => ({ value: 'x'.repeat(2_000) }));
    await expect(custodian.run()).rejects.toMatchObject({ code: 'RESULT_TOO_LARGE' });
  });

  it('is not run for a permit that rests on nobody’s word', async () => {
    custodian.ports.word = { kind: 'unproven' };
    custodian.hasDatabase = false; // who asked it would be told so
    await expect(custodian.run()).rejects.toMatchObject({ code: 'CONSENT_UNPROVEN' });
    expect(custodian.ports.recorded).toEqual([]);
  });

  it('is asked for at the endpoint that the pointer names, and nowhere else', async () => {
    const reader = custodian.service(requester);
    const holder = ticketHolderOf(permit);
    expect(await opened(await reader.read({ ticketId, recordId: pointerId }, holder, inTurn))).toEqual(rows);
    expect(custodian.asked).toEqual([['a.example', { ticketId, recordId: pointerId }]]);
    custodian.endpoints = custodian.endpoints.map((endpoint) => ({ ...endpoint, kind: 'keys' as const }));
    await expect(reader.read({ ticketId, recordId: pointerId }, holder, inTurn)).rejects.toMatchObject({ code: 'MEMBER_UNAVAILABLE' });
  });
});

describe('who reads a pointer', () => {
  /** A custodian that seals what it likes and signs it, as only it can. */
  async function sealedBy(payload: object): Promise<SealedResult> {
    const custodian = new Custodian();
    const pointer = await custodian.pointer;
    const dataKey = newDataKey();
    const context = objectContext({ ...version, custodianMspId: own, contentType: RESULT_CONTENT_TYPE });
    const ciphertext = await sealBytes({ key: dataKey, context }, Buffer.from(canonicalJson(payload)));
    const record = { ...version, cipherSha256: sha256(ciphertext), dekCommitment: dekCommitment(dataKey, version) };
    const keyService = new KeyService({ mspId: own, channel: 'emr', genesis }, custodian.ports);
    const key = await keyService.release({ ticketId, recordId: pointerId }, requester, undefined, () =>
      Promise.resolve({ record, dataKey }),
    );
    return { header: { pointer, custodianMspId: own, key }, ciphertext };
  }
  const honest = { t: 'lianyi/query-result/v1', salt: salt.result, rows };

  it('opens what an honest custodian sealed', async () => {
    expect(await opened(await sealedBy(honest))).toEqual(rows);
  });

  it.each<readonly [string, object]>([
    ['other rows', { ...honest, rows: [{ value: '9.9' }, { value: '4.1' }] }],
    ['the rows in another order', { ...honest, rows: [...rows].reverse() }],
    ['another salt', { ...honest, salt: salt.parameters }],
    ['no rows', { ...honest, rows: [] }],
  ])('finds out that a custodian sealed %s', async (_what, payload) => {
    await expect(opened(await sealedBy(payload))).rejects.toMatchObject({ code: 'HASH_MISMATCH' });
  });

  it.each<readonly [string, (result: SealedResult) => SealedResult, string]>([
    ['the rows of another release', (result) => ({ ...result, ciphertext: Buffer.from('other') }), 'ANSWER_DIFFERS'],
    [
      'another pointer',
      ({ header, ...rest }) => ({ ...rest, header: { ...header, pointer: { ...header.pointer, version: 2 } } }),
      'ANSWER_DIFFERS',
    ],
    [
      'another custodian',
      ({ header, ...rest }) => ({ ...rest, header: { ...header, custodianMspId: mspIdSchema.parse('OtherMSP') } }),
      'SEAL_BROKEN',
    ],
  ])('takes from no node %s', async (_what, bend, code) => {
    const refused = await opened(bend(await sealedBy(honest))).catch((error: unknown) => error);
    expect(refused instanceof DomainError && refused.code).toBe(code);
  });
});
