import { type Confidentiality, confidentialities, type DataLevel, encounterIdSchema, recordClasses, type RecordClass } from '../index';
import { monthsSchema } from '../instant';
import { forbid, hours, permit, question, record } from '../story.fixture';
import { coversApartFromTime, LABELS_UNSAID, mayHold, needsNamed, shortfallsOf } from './provision';
import { type KnownQuestion } from './question';

const known = (changes: Partial<KnownQuestion['record']> = {}): KnownQuestion => ({ ...question(), record: { ...record, ...changes } });

describe('what a permission has to name', () => {
  it('is nothing of an ordinary record, and the label and the level where they are restricted', () => {
    expect(needsNamed({ confidentiality: 'N', dataLevel: 4 })).toStrictEqual({});
    expect(needsNamed({ confidentiality: 'R', dataLevel: 1 })).toStrictEqual({ confidentiality: 'R' });
    expect(needsNamed({ confidentiality: 'V', dataLevel: 5 })).toStrictEqual({ confidentiality: 'V', maxDataLevel: 5 });
    expect(needsNamed({ confidentiality: 'U', dataLevel: 5 })).toStrictEqual({ maxDataLevel: 5 });
    expect(LABELS_UNSAID).toEqual(['U', 'L', 'M', 'N']);
  });
});

describe('what a record may hold', () => {
  it('is of its own class; anything, where the class does not say; and observations in what reports them', () => {
    const held = (recordClass: RecordClass): readonly RecordClass[] => recordClasses.filter((part) => mayHold(recordClass, part));
    for (const recordClass of recordClasses) {
      const isOfAnything = recordClass === 'history' || recordClass === 'other' || recordClass === 'patient-summary';
      const reports = recordClass === 'laboratory-report' || recordClass === 'imaging-report' || recordClass === 'clinical-document';
      const ofImages = recordClass === 'imaging-report' || recordClass === 'imaging-index' ? ['imaging-report', 'imaging-index'] : [];
      const inside = [recordClass, ...(reports ? ['observation'] : []), ...ofImages];
      const expected = recordClasses.filter((part) => inside.includes(part));
      expect([recordClass, held(recordClass)]).toEqual([recordClass, isOfAnything ? [...recordClasses] : expected]);
    }
  });
});

describe('what a provision lacks', () => {
  const levels: readonly DataLevel[] = [1, 2, 3, 4, 5];
  const coveredLevels = (provision: ReturnType<typeof permit>): readonly DataLevel[] =>
    levels.filter((dataLevel) => coversApartFromTime(provision, known({ dataLevel })));
  const coveredLabels = (provision: ReturnType<typeof permit>): readonly Confidentiality[] =>
    confidentialities.filter((confidentiality) => coversApartFromTime(provision, known({ confidentiality })));

  it('is a level above its own or below it', () => {
    expect([permit(), permit({ maxDataLevel: 2 }), permit({ maxDataLevel: 5 })].map(coveredLevels)).toEqual([[1, 2, 3, 4], [1, 2], levels]);
    expect([forbid(), forbid({ minDataLevel: 3 })].map(coveredLevels)).toEqual([levels, [3, 4, 5]]);
  });
  it('is a label that it does not name', () => {
    expect([permit(), permit({ confidentiality: ['R'] })].map(coveredLabels)).toEqual([['U', 'L', 'M', 'N'], ['R']]);
    expect([forbid(), forbid({ confidentiality: ['R', 'V'] })].map(coveredLabels)).toEqual([
      ['U', 'L', 'M', 'N', 'R', 'V'],
      ['R', 'V'],
    ]);
  });
  it('is all of it, time first, in one order', () => {
    const provision = permit({
      ...{ validFrom: hours(1), purposes: ['HRESCH'], classes: ['prescription'], maxDataLevel: 2, confidentiality: ['R'] },
      authorMspIds: ['HospitalBMSP'],
    });
    const scope = ['PURPOSE_NOT_ALLOWED', 'CLASS_NOT_COVERED', 'LEVEL_NEEDS_APPROVAL', 'LABEL_NOT_COVERED', 'RECORD_NOT_COVERED'];
    expect(shortfallsOf(provision, known())).toEqual(['NOT_YET_VALID', ...scope]);
    expect(shortfallsOf(permit({ validUntil: hours(0) }), known())).toEqual(['EXPIRED']);
    expect(shortfallsOf(permit(), known())).toEqual([]);
    expect(coversApartFromTime(provision, known())).toBe(false);
    expect(coversApartFromTime(permit({ validFrom: hours(1) }), known())).toBe(true);
  });

  const spring = monthsSchema.parse({ first: '2025-03', last: '2025-05' });
  const months = (first: string, last: string) => monthsSchema.parse({ first, last });
  const visit = encounterIdSchema.parse('visit-1');
  type Narrowed = Parameters<typeof permit>[0] & Parameters<typeof forbid>[0];
  it.each<readonly [string, Narrowed, Partial<KnownQuestion['record']>, boolean, boolean]>([
    ['its own author', { authorMspIds: ['HospitalAMSP'] }, {}, true, true],
    ['another author', { authorMspIds: ['HospitalBMSP'] }, {}, false, false],
    ['its own id', { recordIds: ['rec-other', 'rec-lab'] }, {}, true, true],
    ['another id', { recordIds: ['rec-other'] }, {}, false, false],
    ['a period around it', { recordPeriod: { from: hours(-200), until: hours(-50) } }, {}, true, true],
    ['a period that begins with it', { recordPeriod: { from: hours(-100), until: hours(-50) } }, {}, true, true],
    ['a period that ends with it', { recordPeriod: { from: hours(-200), until: hours(-100) } }, {}, false, false],
    ['months, and it says none', { careMonths: spring }, {}, false, true],
    ['months, and all of its are among them', { careMonths: spring }, { careMonths: months('2025-03', '2025-04') }, true, true],
    ['months, and some of its are among them', { careMonths: spring }, { careMonths: months('2025-05', '2025-06') }, false, true],
    ['months, and none of its are among them', { careMonths: spring }, { careMonths: months('2025-06', '2025-06') }, false, false],
    ['a visit, and it says none', { encounters: ['visit-1'] }, {}, false, true],
    ['a visit that is its own', { encounters: ['visit-1'] }, { encounter: visit }, true, true],
    ['a visit that is another', { encounters: ['visit-2'] }, { encounter: visit }, false, false],
    ['its own class', { classes: ['laboratory-report'] }, {}, true, true],
    ['a class of what it may hold', { classes: ['observation'] }, {}, false, true],
    ['a class of what it may hold and one of something else', { classes: ['prescription', 'observation'] }, {}, false, true],
    ['a class of something else', { classes: ['prescription'] }, {}, false, false],
  ])('is the record, narrowed to %s: to permit, and to forbid', (_to, narrowed, changes, permits, forbids) => {
    expect(coversApartFromTime(permit(narrowed), known(changes))).toBe(permits);
    expect(coversApartFromTime(forbid(narrowed), known(changes))).toBe(forbids);
  });
});
