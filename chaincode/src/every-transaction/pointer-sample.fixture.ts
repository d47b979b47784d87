import { hashOfJson, hashOfTemplate, mspIdSchema, pointerIdOf, pseudonymSchema, type TemplateSaid, transactions } from '@lianyi/domain';
import { type Prepared } from './area.fixture';
import { A, B, type Cast, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';

/** What the valid requests about pointers are made of. */

type Json = Readonly<Record<string, unknown>>;

export const templateInput = (cast: Cast, overrides: Json = {}): Json => ({
  templateId: cast.id('template'),
  version: 1,
  class: 'laboratory-report',
  dataLevel: 3,
  confidentiality: 'N',
  view: 'laboratory_results',
  parameters: [{ name: 'patient', type: 'text' }],
  columns: [{ name: 'code', type: 'text' }],
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
  ...overrides,
});

/** What a template of hospital B says. */
const saidBy = (mspId: string, input: Json): TemplateSaid => ({
  ...transactions.ProposeQueryTemplate.request.parse(input),
  mspId: mspIdSchema.parse(mspId),
});

export const propose = async (cast: Cast, mspId: string, overrides: Json = {}): Promise<Json> => {
  const input = templateInput(cast, overrides);
  must(await cast.invoke('ProposeQueryTemplate', input, cast.admin(mspId)));
  const { templateId, version } = input;
  return { mspId, templateId, version, templateSha256: hashOfTemplate(saidBy(mspId, input)) };
};

/** A template of B that A has approved. */
const template = async (cast: Cast, overrides: Json = {}): Promise<Json> => {
  const proposed = await propose(cast, B, overrides);
  must(await cast.invoke('ApproveQueryTemplate', proposed, cast.admin(A)));
  return proposed;
};

export const queryEndpoint = async (cast: Cast, state = 'active'): Promise<void> => {
  const { host, port, tlsSha256 } = cast.endpointInput(A);
  must(await cast.invoke('UpdateEndpoint', { endpointId: 'query', kind: 'query', host, port, tlsSha256, state }, cast.admin(A)));
};

const content = async (cast: Cast): Promise<Json> => {
  const { templateSha256, ...reference } = await template(cast);
  await queryEndpoint(cast);
  return {
    ...{ class: 'laboratory-report', dataLevel: 3, confidentiality: 'N', template: reference, templateSha256, endpointId: 'query' },
    parametersCommitment: sha256Of(cast.id('parameters')),
    resultCommitment: sha256Of(cast.id('result')),
  };
};

export const pointerInput = async ({ cast, patient }: Stage): Promise<Json> => {
  const nonce = cast.nonce();
  const pointerId = pointerIdOf({ mspId: mspIdSchema.parse(A), pseudonym: pseudonymSchema.parse(patient.pseudonym), nonce });
  return { pseudonym: patient.pseudonym, pointerId, nonce, ...(await content(cast)) };
};

export const pointer = async (stage: Stage): Promise<Json> => {
  const input = await pointerInput(stage);
  must(await stage.cast.invoke('AddPointer', input, stage.cast.staff(A, 'recordAdmin')));
  return input;
};

export const update = async (stage: Stage): Promise<Json> => {
  const added = Object.entries(await pointer(stage)).filter(([field]) => field !== 'nonce');
  return { ...Object.fromEntries(added), previousVersion: 1, resultCommitment: sha256Of(stage.cast.id('result')) };
};

export const retired =
  (previousVersion: number) =>
  async ({ cast, patient }: Stage, { input }: Prepared): Promise<void> => {
    const place = { pseudonym: patient.pseudonym, pointerId: input['pointerId'] };
    must(await cast.invoke('RetirePointer', { ...place, previousVersion }, cast.staff(A, 'recordAdmin')));
  };

export const retireTemplate = async ({ cast }: Stage, { input }: Prepared): Promise<void> => {
  const { templateId, version } = input['template'] as Json;
  must(await cast.invoke('RetireQueryTemplate', { templateId, version }, cast.admin(B)));
};

export const querySecret = (): Json => ({
  parameters: { patient: 'P-0042' },
  salts: { parameters: 'c2FsdHNhbHRzYWx0c2FsdA', result: 'c2FsdHNhbHRzYWx0c2FsdA' },
});
export const queryPut = ({ cast, patient }: Stage): Prepared => {
  const transient = querySecret();
  const key = { pseudonym: patient.pseudonym, pointerId: 'somewhere', version: 1 };
  return { input: { ...key, transientSha256: hashOfJson(transient) }, as: cast.staff(A, 'keyService'), bend: { transient } };
};
export const keptQuery = async (stage: Stage): Promise<Prepared> => {
  const { input, as, bend } = queryPut(stage);
  must(await stage.cast.invoke('PutPointerQuery', input, as, bend));
  const { pseudonym, pointerId, version } = input;
  return { input: { pseudonym, pointerId, version }, as };
};
export const unknownPointer = { pointerId: 'nothing' };
