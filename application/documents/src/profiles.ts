import { profiledClasses, type RecordClass } from '@lianyi/domain';
import {
  byType,
  hasConclusion,
  hasSections,
  kindCodedIn,
  medicationIsNamed,
  named,
  oneOf,
  resultsAreWhole,
  type Rule,
  sectionsAreWhole,
  valueOfLeader,
} from './profile-rules';

type ProfiledClass = (typeof profiledClasses)[number];

/** A part of a page; what a profile does not place comes last, as the document has it. */
export type PagePart = 'study' | 'specimen' | 'medicines' | 'results' | 'narrative' | 'conclusion' | 'sections' | 'attachments';

/**
 * How documents of a class are shown alike, whoever has written them: what must be there, in which order, and by which names.
 *
 * A version is never changed. The next asks for all that the one before did, so that what fits it fits that too.
 */
export type DisplayProfile = {
  /** The name of the form in China's standard for sharing electronic medical records, and that standard. */
  readonly title: { readonly en: string; readonly zh: string };
  readonly standard: string | undefined;
  readonly order: readonly PagePart[];
  /** By LOINC, which sections come first. */
  readonly sectionOrder: readonly string[];
  /** What each version asks beyond the one before; the first stands at 0. */
  readonly versions: readonly (readonly Rule[])[];
};

const report: readonly PagePart[] = ['specimen', 'study', 'results', 'narrative', 'conclusion', 'sections', 'attachments'];
const document: readonly PagePart[] = ['specimen', 'study', 'results', 'sections', 'narrative', 'conclusion', 'attachments'];

/** What a clinical document of one resource says, and when that was. */
const entries = {
  AllergyIntolerance: [named('code')],
  Condition: [named('code')],
  Procedure: [named('code')],
  Immunization: [named('vaccineCode')],
} as const;
const datedEntries = {
  AllergyIntolerance: [oneOf('clinicalStatus', 'recordedDate', 'onsetDateTime')],
  Condition: [oneOf('onsetDateTime', 'onsetPeriod', 'onsetAge', 'onsetString', 'recordedDate')],
  Procedure: [oneOf('performedDateTime', 'performedPeriod', 'performedString', 'performedAge')],
  Immunization: [oneOf('occurrenceDateTime', 'occurrenceString')],
} as const;

/**
 * The profiles of the classes that have one.
 * @remarks Source: WS/T 500-2016 电子病历共享文档规范, parts 1 (病历概要), 4 (西药处方), 6 (检查报告), 7 (检验报告), 53 (出院小结: order of the
 * sections); HL7 International Patient Summary (order and required sections).
 */
export const displayProfiles: Readonly<Record<ProfiledClass, DisplayProfile>> = {
  'laboratory-report': {
    title: { en: 'Laboratory report', zh: '检验报告' },
    standard: 'WS/T 500.7-2016',
    order: report,
    sectionOrder: [],
    versions: [
      [oneOf('code', 'type'), oneOf('result', 'presentedForm', 'conclusion', 'text', 'section')],
      [
        kindCodedIn('LOINC', 'WS/T'),
        oneOf('issued', 'effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'date'),
        oneOf('result', 'section'),
        resultsAreWhole,
      ],
    ],
  },
  'imaging-report': {
    title: { en: 'Examination report', zh: '检查报告' },
    standard: 'WS/T 500.6-2016',
    order: ['study', 'results', 'narrative', 'conclusion', 'sections', 'attachments'],
    sectionOrder: ['55111-9', '18785-6', '59776-5', '19005-8'],
    versions: [
      [oneOf('conclusion', 'presentedForm', 'series', 'text', 'description', 'media', 'section')],
      [
        byType({ ImagingStudy: [oneOf('series')], Media: [oneOf('content')] }, [
          kindCodedIn('LOINC', 'WS/T'),
          oneOf('issued', 'effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'date'),
          hasConclusion,
          resultsAreWhole,
        ]),
      ],
    ],
  },
  'clinical-document': {
    title: { en: 'Clinical document', zh: '临床文档' },
    standard: 'WS/T 500.53-2016',
    order: document,
    sectionOrder: ['11450-4', '46241-6', '11535-2', '78375-3', '47519-4', '18776-5', '8648-8', '42346-7', '10183-2', '30954-2'],
    versions: [
      [byType(entries, [oneOf('section', 'content', 'text', 'conclusion', 'presentedForm')])],
      [
        byType(datedEntries, [
          kindCodedIn('LOINC', 'WS/T'),
          oneOf('date', 'issued'),
          oneOf('author', 'performer'),
          oneOf('section'),
          sectionsAreWhole,
        ]),
      ],
    ],
  },
  'patient-summary': {
    title: { en: 'Patient summary', zh: '病历概要' },
    standard: 'WS/T 500.1-2016',
    order: document,
    sectionOrder: ['48765-2', '11450-4', '10160-0', '11369-6', '47519-4', '46264-8', '30954-2', '29762-2', '8716-3', '11348-0'],
    versions: [
      [oneOf('section')],
      [kindCodedIn('LOINC', 'WS/T'), oneOf('date'), oneOf('author'), sectionsAreWhole, hasSections('48765-2', '11450-4', '10160-0')],
    ],
  },
  prescription: {
    title: { en: 'Prescription', zh: '西药处方' },
    standard: 'WS/T 500.4-2016',
    order: ['medicines', 'narrative', 'sections', 'attachments'],
    sectionOrder: [],
    versions: [
      [oneOf('medicationCodeableConcept', 'medicationReference')],
      [
        medicationIsNamed,
        oneOf('authoredOn', 'effectiveDateTime', 'effectivePeriod', 'whenHandedOver'),
        oneOf('dosageInstruction', 'dosage'),
      ],
    ],
  },
  observation: {
    title: { en: 'Observation', zh: '观察记录' },
    standard: undefined,
    order: ['specimen', 'results', 'narrative', 'attachments'],
    sectionOrder: [],
    versions: [
      [oneOf('code'), oneOf('valueQuantity', 'valueCodeableConcept', 'valueString', 'component', 'text')],
      [
        kindCodedIn('LOINC', 'SNOMED CT', 'WS/T'),
        oneOf('effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'effectiveTiming', 'issued'),
        valueOfLeader,
      ],
    ],
  },
};

/** The profile of a class; undefined: what it holds is shown as it stands. */
export function profileOfClass(recordClass: RecordClass): DisplayProfile | undefined {
  return profiledClasses.some((each) => each === recordClass) ? displayProfiles[recordClass as ProfiledClass] : undefined; // looked at just before
}
