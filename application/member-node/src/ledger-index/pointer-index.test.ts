import { X509Certificate } from 'node:crypto';
import { canonicalJson, hashOfTemplate, instantOf, mspIdSchema, pointerIdOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  A,
  administered,
  cardiologistB,
  certificates,
  nonce,
  NOW,
  person,
  type Person,
  pseudonym,
  recordAdminA,
  signedBy,
} from './member-chain.fixture';
import { B, MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const pointerId = pointerIdOf({ mspId: A, pseudonym, nonce });
const mallory = person('AMSP', 'mallory', ['recordAdmin']);
const templateFields = transactions.ProposeQueryTemplate.request.parse({
  ...{ templateId: 'results', version: 1, class: 'laboratory-report', dataLevel: 3, confidentiality: 'N', view: 'laboratory_results' },
  parameters: [{ name: 'patient', type: 'text' }],
  columns: [{ name: 'value', type: 'decimal' }],
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
});
type Fields = typeof templateFields;
const ofB = { mspId: mspIdSchema.parse('BMSP') };
const hashOf = (fields: Fields): string => hashOfTemplate({ ...ofB, ...fields });
const templateSha256 = hashOf(templateFields);
const content = {
  ...{ class: 'laboratory-report', dataLevel: 3, confidentiality: 'N', endpointId: 'query' },
  ...{ template: { mspId: 'BMSP', templateId: 'results', version: 1 }, templateSha256 },
  ...{ parametersCommitment: sha256('parameters'), resultCommitment: sha256('rows') },
};
const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: A, actorTag: 'records' } };
const at = instantOf(NOW);
const templateKey = '\u0000queryTemplate\u0000BMSP\u0000results\u0000000001\u0000';
/** The administrator whose certificate the tests use. */
const administratorOf = (mspId: string): object => {
  const spki = new X509Certificate(certificates.admin).publicKey.export({ type: 'spki', format: 'der' });
  return { kind: 'administrator', mspId, keyHash: sha256(spki) };
};
/** A template of B as the chaincode writes it, but for what is said. */
const templateEntry = (state: string, changes: object = {}): string =>
  canonicalJson({ schemaVersion: 1, ...ofB, ...templateFields, state, proposedAt: at, changedAt: at, origin, ...changes });
const proposed = (fields = templateFields, written: object = fields, by = 'BMSP'): Call =>
  administered(by, transactions.ProposeQueryTemplate, fields, { [templateKey]: templateEntry('proposed', written) });
const approved = (hash = templateSha256, by = 'CMSP', written: object = {}): Call => {
  const input = { ...ofB, templateId: 'results', version: 1, templateSha256: hash };
  return administered(by, transactions.ApproveQueryTemplate, input, {
    [templateKey]: templateEntry('active', { approvedBy: administratorOf(by), ...written }),
  });
};
const templateRetired = (by = 'BMSP', written: object = {}): Call => {
  const writes = { [templateKey]: templateEntry('retired', { approvedBy: administratorOf('CMSP'), ...written }) };
  return administered(by, transactions.RetireQueryTemplate, { templateId: 'results', version: 1 }, writes);
};
const forgedFields: Fields = { ...templateFields, dataLevel: 1, conditions: [{ column: 'taken_on', is: 'equal', parameter: 'patient' }] };
const byForged = { template: content.template, templateSha256: hashOf(forgedFields), dataLevel: 1 } as const;
const pointerKey = `\u0000pointer\u0000${pseudonym}\u0000${pointerId}\u0000`;
const versionKey = (version: number): string =>
  `\u0000pointerVersion\u0000${pseudonym}\u0000${pointerId}\u0000${String(version).padStart(6, '0')}\u0000`;

function written(
  version: number,
  operation: 'add' | 'update' | 'retire',
  changes: object = {},
  ofVersion: object = changes,
): Call['writes'] {
  const state = operation === 'retire' ? 'retired' : 'current';
  const pointer = { schemaVersion: 1, pseudonym, pointerId, version, ...content, origin };
  return {
    [pointerKey]: canonicalJson({ ...pointer, state, custodianMspId: A, addedAt: at, changedAt: at, ...changes }),
    [versionKey(version)]: canonicalJson({ ...pointer, operation, at, ...ofVersion }),
  };
}

const added = (by: Person = recordAdminA, writes = written(1, 'add'), time = NOW): Call =>
  signedBy(by, transactions.AddPointer, { pseudonym, pointerId, nonce, ...content }, writes, time);
const updated = (version: number, writes = written(version, 'update')): Call =>
  signedBy(recordAdminA, transactions.UpdatePointer, { pseudonym, pointerId, previousVersion: version - 1, ...content }, writes);
const retired = (version: number): Call =>
  signedBy(recordAdminA, transactions.RetirePointer, { pseudonym, pointerId, previousVersion: version - 1 }, written(version, 'retire'));

describe('whether a pointer is the word of the hospital that keeps the data', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.say(chain.granted());
    await chain.add(proposed(), approved());
  });
  const word = (): Promise<string> => chain.wordOn(cardiologistB, { recordIds: [pointerId], grantVersions: [{ grantee: B, version: 1 }] });

  it('is given for one that its staff has added, updated and retired', async () => {
    expect(await word()).toBe('record');
    for (const call of [added(), updated(2), retired(3)]) {
      await chain.add(call);
      expect(await word()).toBe('given');
    }
    expect(chain.names()).toEqual([]);
  });

  it.each<readonly [string, () => Call, string]>([
    ['by nobody’s command', () => chain.forged(written(1, 'add') ?? {}), 'record-without-command'],
    ['by somebody nobody has registered', () => added(mallory), 'record-without-command'],
    ['in another hospital’s name', () => ({ ...added(), creatorMspId: 'BMSP' }), 'record-without-command'],
    ['that was said long ago', () => ({ ...added(), atMillis: NOW - 10 * MINUTE }), 'record-without-command'],
    ['less protected than was said', () => added(recordAdminA, written(1, 'add', { dataLevel: 1 })), 'record-not-as-commanded'],
    ['of another class', () => added(recordAdminA, written(1, 'add', { class: 'prescription' })), 'record-not-as-commanded'],
    ['with other rows', () => added(recordAdminA, written(1, 'add', { resultCommitment: sha256('other') })), 'record-not-as-commanded'],
    ['by another template', () => added(recordAdminA, written(1, 'add', { templateSha256: sha256('other') })), 'record-not-as-commanded'],
    ['kept by another', () => added(recordAdminA, written(1, 'add', { custodianMspId: 'BMSP' }, {})), 'record-not-as-commanded'],
    ['added at another time', () => added(recordAdminA, written(1, 'add', { addedAt: instantOf(NOW + 1) }, {})), 'record-not-as-commanded'],
    [
      'whose version says something else',
      () => added(recordAdminA, written(1, 'add', {}, { endpointId: 'other' })),
      'record-not-as-commanded',
    ],
    [
      'without its version',
      () => added(recordAdminA, { [pointerKey]: written(1, 'add')?.[pointerKey] ?? null }),
      'record-not-as-commanded',
    ],
  ])('names one %s, and it opens nothing', async (_what, forged, alarm) => {
    await chain.add(forged());
    expect(chain.names()).toEqual([alarm]);
    expect(await word()).toBe('record');
  });

  it('names one that others write over, until its hospital says it anew', async () => {
    await chain.add(added());
    await chain.add(chain.forged({ [pointerKey]: written(2, 'update', { confidentiality: 'U' })?.[pointerKey] ?? null }));
    expect(chain.names()).toEqual(['record-without-command']);
    expect(await word()).toBe('record');
    await chain.add(updated(3));
    expect(await word()).toBe('given');
  });

  it('takes an update of the version that stands there only, and none of a retired one', async () => {
    await chain.add(added());
    await chain.add(updated(3));
    expect(chain.names()).toEqual(['record-without-command']);
    await chain.add(retired(4));
    await chain.add(updated(5));
    expect(chain.names()).toEqual(['record-without-command', 'record-without-command']);
    expect(await word()).toBe('record');
  });

  describe('by a template that others have written over', () => {
    /** What A's staff sign for the template as they are shown it, and what the honest chaincode writes for it. */
    const addedByForged = (): Call =>
      signedBy(
        recordAdminA,
        transactions.AddPointer,
        { pseudonym, pointerId, nonce, ...content, ...byForged },
        written(1, 'add', byForged),
      );

    it('is nobody’s word, though its hospital has signed it, and opens nothing', async () => {
      await chain.add(chain.forged({ [templateKey]: templateEntry('active', { approvedBy: administratorOf('CMSP'), ...forgedFields }) }));
      expect(chain.names()).toEqual(['template-without-command']);
      await chain.add(addedByForged());
      expect(chain.names()).toEqual(['template-without-command', 'pointer-without-template']);
      expect(await word()).toBe('record');
      // also after the forged entry was put back, which is another thing that nobody has said
      await chain.add(chain.forged({ [templateKey]: templateEntry('active', { approvedBy: administratorOf('CMSP') }) }));
      expect(chain.names().slice(2)).toEqual(['template-without-command']);
      expect(await word()).toBe('record');
      expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    });

    it('is its hospital’s word again once it is said by the true one', async () => {
      await chain.add(chain.forged({ [templateKey]: templateEntry('active', forgedFields) }), addedByForged());
      await chain.add(updated(2));
      expect(await word()).toBe('given');
      expect(chain.names()).toEqual(['template-without-command', 'pointer-without-template']);
    });

    it('leaves what was pointed at before as it is', async () => {
      await chain.add(added());
      await chain.add(chain.forged({ [templateKey]: templateEntry('active', forgedFields) }));
      expect(await word()).toBe('given');
    });
  });

  it('is given by a template that another has proposed and approved as it is written, and not once it is retired', async () => {
    await chain.add(templateRetired());
    expect(chain.names()).toEqual([]);
    await chain.add(added());
    expect(chain.names()).toEqual(['pointer-without-template']);
    expect(await word()).toBe('record');
    await chain.add(retired(2));
    expect(chain.names()).toEqual(['pointer-without-template']);
  });
});

describe('whether a query template is the word of two organisations', () => {
  const used = usePatientChain();
  const writes = (value: string | null): Record<string, string | null> => ({ [templateKey]: value });

  it.each<readonly [string, () => readonly Call[], readonly string[]]>([
    ['proposed, approved and retired by whom the chaincode asks', () => [proposed(), approved(), templateRetired()], []],
    ['proposed in another organisation’s name', () => [proposed(templateFields, {}, 'CMSP')], ['template-without-command']],
    ['written by nobody’s command', () => [used().forged(writes(templateEntry('active')))], ['template-without-command']],
    ['proposed otherwise than was said', () => [proposed(templateFields, { dataLevel: 1 })], ['template-not-as-commanded']],
    ['proposed as if it were approved', () => [proposed(templateFields, { state: 'active' })], ['template-not-as-commanded']],
    ['approved by who proposed it', () => [proposed(), approved(templateSha256, 'BMSP')], ['template-without-command']],
    ['approved before it was proposed', () => [approved()], ['template-without-command']],
    ['approved by another hash', () => [proposed(), approved(hashOf(forgedFields), 'CMSP', forgedFields)], ['template-without-command']],
    [
      'changed while it is approved',
      () => [proposed(), approved(templateSha256, 'CMSP', { view: 'other' })],
      ['template-not-as-commanded'],
    ],
    [
      'approved by another than is written',
      () => [proposed(), approved(templateSha256, 'AMSP', { approvedBy: administratorOf('CMSP') })],
      ['template-not-as-commanded'],
    ],
    ['retired by another organisation', () => [proposed(), templateRetired('CMSP')], ['template-without-command']],
    ['proposed anew', () => [proposed(), approved(), proposed(forgedFields)], ['template-without-command']],
    ['taken away', () => [proposed(), used().forged(writes(null))], ['template-without-command']],
    ['proposed long ago', () => [{ ...proposed(), atMillis: NOW - 10 * MINUTE }], ['template-without-command']],
  ])('is told of one %s', async (_what, calls, alarms) => {
    for (const call of calls()) await used().add(call);
    expect(used().names()).toEqual(alarms);
    expect(
      used()
        .audit.report()
        .alarms.map(({ name }) => name),
    ).toEqual(alarms);
  });
});
