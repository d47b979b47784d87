import { canonicalJson, instantOf, pointerIdOf, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { A, cardiologistB, nonce, NOW, person, type Person, pseudonym, recordAdminA, signedBy } from './member-chain.fixture';
import { B, MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const pointerId = pointerIdOf({ mspId: A, pseudonym, nonce });
const mallory = person('AMSP', 'mallory', ['recordAdmin']);
const content = {
  ...{ class: 'laboratory-report', dataLevel: 3, confidentiality: 'N', endpointId: 'query' },
  ...{ template: { mspId: 'BMSP', templateId: 'results', version: 1 }, templateSha256: sha256('template') },
  ...{ parametersCommitment: sha256('parameters'), resultCommitment: sha256('rows') },
};
const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: A, actorTag: 'records' } };
const at = instantOf(NOW);
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
});
