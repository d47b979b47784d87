import {
  amendRecord,
  contentOf,
  type MedicalRecord,
  recordClasses,
  recordSchema,
  recordVersionSchema,
  retractRecord,
  sha256,
  sizeBucketOf,
  versionOf,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey, signText } from '../signing.fixture';
import { A, B, hours, labReport, NOW, origin, patient } from '../story.fixture';

describe('a record', () => {
  const cipherSha256 = sha256('cipher');
  const receipt = (mspId: string): object => ({
    statement: {
      t: 'lianyi/receipt/v1',
      objectSha256: cipherSha256,
      versionHash: sha256('version'),
      mspId,
      endpointId: 'vault',
      storedAt: NOW,
    },
    signature: signText('x', newKey()),
  });
  const record = recordSchema.parse({
    schemaVersion: 1,
    pseudonym: patient,
    recordId: labReport,
    version: 1,
    state: 'current',
    custodianMspId: A,
    authorMspId: A,
    class: 'laboratory-report',
    category: 'health-status',
    dataLevel: 3,
    confidentiality: 'N',
    format: 'fhir-r4-json',
    displayProfile: 'cn-lab@1',
    sizeBucket: 12,
    cipherSha256,
    contentCommitment: sha256('content'),
    dekCommitment: sha256('dek'),
    keyEpoch: 1,
    locators: [
      { mspId: A, endpointId: 'vault' },
      { mspId: B, endpointId: 'vault' },
    ],
    receipts: [receipt(A), receipt(B)],
    anchoredAt: hours(-1),
    changedAt: hours(-1),
    origin,
  });
  const better = { ...contentOf(record), cipherSha256: sha256('better') };

  it('is not amended into care of another time, or of an encounter that it was not of', () => {
    const months = (first: string, last = first): object => ({ careMonths: { first, last } });
    const amended = (former: object, next: object): MedicalRecord =>
      amendRecord(recordSchema.parse({ ...record, ...former }), 1, { ...better, ...next }, NOW);
    const taken: readonly (readonly [object, object])[] = [
      [months('2025-06'), months('2025-06')],
      [months('2025-06'), months('2025-05', '2025-07')],
      [months('2025-06'), {}],
      [{ encounter: 'e-1' }, { encounter: 'e-1' }],
      [{ encounter: 'e-1' }, {}],
    ];
    for (const [former, next] of taken) {
      const { careMonths, encounter } = amended(former, next);
      expect({ ...(careMonths && { careMonths }), ...(encounter && { encounter }) }).toEqual(next);
    }
    const refused: readonly (readonly [object, object])[] = [
      [months('2025-05', '2025-07'), months('2025-06')],
      [months('2025-06'), months('2025-07')],
      [{}, months('2025-06')],
      [{ encounter: 'e-1' }, { encounter: 'e-2' }],
      [{}, { encounter: 'e-1' }],
    ];
    for (const [former, next] of refused) expectRefusal('LABEL_LOWERED', () => amended(former, next));
  });

  it('is amended in sight of its present version', () => {
    const amended = amendRecord(record, 1, better, NOW);
    expect(amended).toEqual({ ...record, ...better, version: 2, changedAt: NOW });
    expectRefusal('VERSION_CONFLICT', () => amendRecord(amended, 1, better, NOW));
    expectRefusal('VERSION_CONFLICT', () => amendRecord(record, 2, better, NOW));
  });
  it('is never amended to less protection than it has', () => {
    const guarded = { ...record, dataLevel: 4, confidentiality: 'R' } as const;
    const content = contentOf(guarded);
    expectRefusal('LABEL_LOWERED', () => amendRecord(guarded, 1, { ...content, dataLevel: 3 }, NOW));
    expectRefusal('LABEL_LOWERED', () => amendRecord(guarded, 1, { ...content, confidentiality: 'N' }, NOW));
    expect(amendRecord(guarded, 1, { ...content, dataLevel: 5, confidentiality: 'V' }, NOW)).toMatchObject({
      dataLevel: 5,
      confidentiality: 'V',
    });
  });
  it('keeps its class, wider or narrower, for patients permit and forbid by it', () => {
    const content = contentOf(record);
    for (const other of recordClasses.filter((each) => each !== record.class)) {
      expectRefusal('CLASS_CHANGED', () => amendRecord(record, 1, { ...content, class: other, dataLevel: 5, confidentiality: 'V' }, NOW));
    }
  });
  it('is retracted for ever', () => {
    expectRefusal('VERSION_CONFLICT', () => retractRecord(record, 2, 'other', NOW));
    const retracted = retractRecord(record, 1, 'wrong-patient', NOW);
    expect(retracted).toEqual({ ...record, state: 'retracted', version: 2, retractionReason: 'wrong-patient', changedAt: NOW });
    expectRefusal('ILLEGAL_STATE', () => amendRecord(retracted, 2, better, NOW));
    expectRefusal('ILLEGAL_STATE', () => retractRecord(retracted, 2, 'other', NOW));
  });
  it('leaves an entry of each version', () => {
    const first = versionOf(record, 'anchor', origin);
    expect(recordVersionSchema.parse(first)).toEqual(first);
    expect(first).toMatchObject({ version: 1, operation: 'anchor', at: record.changedAt });
    expect(first).not.toHaveProperty('previousVersion');
    const last = versionOf(retractRecord(amendRecord(record, 1, better, NOW), 2, 'other', NOW), 'retract', origin);
    expect(recordVersionSchema.parse(last)).toMatchObject({
      version: 3,
      previousVersion: 2,
      retractionReason: 'other',
      cipherSha256: better.cipherSha256,
    });
  });
  it('lies at two organisations, at no place twice', () => {
    const withLocators = (locators: readonly object[]): boolean => recordSchema.safeParse({ ...record, locators }).success;
    const [a, b] = [
      { mspId: A, endpointId: 'vault' },
      { mspId: B, endpointId: 'vault' },
    ];
    expect([[a, b], [a], [a, { ...a, endpointId: 'other' }], [a, b, b], []].map(withLocators)).toEqual([true, false, false, false, false]);
  });
  it('tells its size only as a power of two', () => {
    expect([0, 1, 2, 3, 1024, 1025, 2 ** 40].map(sizeBucketOf)).toEqual([0, 0, 1, 2, 10, 11, 40]);
  });
});
