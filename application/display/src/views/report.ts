import { type PagePart } from '@lianyi/documents/displaying';
import { isObject, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { conclusionOfReport } from '../reading/conclusion';
import { linesOfMarkup, narrativeText } from '../reading/narrative';
import { type PageBlock, type PageRow } from '../reading/page';
import { type DocumentReading, plainText } from '../reading/reading';
import { attachmentText, timeText } from '../reading/values';
import { words } from '../reading/words';
import { specimenText } from './about';
import { missingRow, observationRows, tableOfResults } from './observations';

/** The parts of a report, each by itself; the profile says in which order they stand. */
export function reportParts(reading: DocumentReading, report: Resource): Partial<Record<PagePart, readonly PageBlock[]>> {
  const conclusion = conclusionOfReport(reading, report);
  const specimen = specimenText(reading, report);
  return {
    specimen: specimen === '' ? [] : [{ kind: 'pairs', pairs: [[reading.say(words.specimen), specimen]] }],
    study: studyBlocks(reading, report),
    results: resultBlocks(reading, reading.parts(report['result']), report),
    narrative: narrativeBlocks(reading, report),
    conclusion:
      conclusion.length === 0
        ? []
        : [
            { kind: 'heading', level: 2, text: reading.say(words.conclusion) },
            { kind: 'text', paragraphs: conclusion, isConclusion: true },
          ],
    attachments: attachmentBlocks(reading, [
      ...reading.parts(report['presentedForm']),
      ...reading.parts(report['content']).flatMap(({ attachment }) => (isObject(attachment) ? [attachment] : [])),
    ]),
  };
}

/** Results that are named somewhere, in that order. */
function resultBlocks(reading: DocumentReading, references: readonly JsonObject[], from: Resource): readonly PageBlock[] {
  const rows = references.flatMap((reference): readonly PageRow[] => {
    const found = reading.within.find(reference, from)?.resource;
    if (found?.resourceType === 'Observation') return observationRows(reading, found);
    return found === undefined ? [missingRow(reading, reference, from, 0)] : [];
  });
  return headed(reading.say(words.results), tableOfResults(reading, rows));
}

/** Blocks under their heading; none: no heading. */
export function headed(text: string, blocks: readonly PageBlock[]): readonly PageBlock[] {
  return blocks.length === 0 ? [] : [{ kind: 'heading', level: 2, text }, ...blocks];
}

/** The narrative of a resource, where nothing else of it says the same. */
function narrativeBlocks(reading: DocumentReading, resource: Resource): readonly PageBlock[] {
  const lines = narrativeText(resource['text']);
  const status = isObject(resource['text']) ? resource['text']['status'] : undefined;
  // what was generated from the elements says what they say
  if (lines.length === 0 || (status === 'generated' && resource['result'] !== undefined)) return [];
  return textBlocks(reading, reading.say(words.narrative), lines);
}

export function textBlocks(reading: DocumentReading, heading: string, lines: readonly string[]): readonly PageBlock[] {
  const paragraphs = lines.filter(() => reading.hasRoom());
  return paragraphs.length === 0
    ? []
    : [
        { kind: 'heading', level: 2, text: heading },
        { kind: 'text', paragraphs },
      ];
}

/** What is attached is named; its text is shown, where it is one. A picture or a PDF is opened from the document itself. */
export function attachmentBlocks(reading: DocumentReading, attachments: readonly JsonObject[]): readonly PageBlock[] {
  const rows = attachments.map((each): PageRow => ({ cells: [attachmentText(each, reading)], depth: 0 }));
  if (rows.length === 0) return [];
  const texts = attachments.flatMap((each) => textBlocks(reading, plainText(each['title']) || reading.say(words.contained), linesOf(each)));
  return [
    { kind: 'heading', level: 2, text: reading.say(words.attachments) },
    { kind: 'table', columns: [reading.say(words.contained)], rows },
    ...texts,
  ];
}

function linesOf({ contentType, data }: JsonObject): readonly string[] {
  const type = /^text\/(plain|html)\b|^application\/xhtml\b/.exec(plainText(contentType).toLowerCase());
  if (type === null || typeof data !== 'string') return [];
  const text = new TextDecoder('utf-8').decode(Uint8Array.from(atob(data.slice(0, 400_000)), (character) => character.charCodeAt(0)));
  return type[1] === 'plain' ? text.split('\n') : linesOfMarkup(text);
}

/** An imaging study and its series, of itself or as a report names it. */
function studyBlocks(reading: DocumentReading, report: Resource): readonly PageBlock[] {
  const named = reading.parts(report['imagingStudy']).flatMap((reference) => {
    const found = reading.within.find(reference, report)?.resource;
    return found === undefined ? [] : [found];
  });
  const studies = report.resourceType === 'ImagingStudy' ? [report] : named;
  return studies.flatMap((study) => {
    reading.shown.add(study);
    const rows = reading.parts(study['series']).map((series): PageRow => {
      const cells = [
        reading.concept(series['modality']),
        reading.concept(series['bodySite']),
        plainText(series['description']),
        plainText(series['numberOfInstances']),
        timeText(series['started']),
      ];
      return { cells, depth: 0 };
    });
    const columns = [words.modality, words.site, words.description, words.instances, words.date].map((each) => reading.say(each));
    const about = [plainText(study['description']), timeText(study['started']), reading.concept(study['reasonCode'])].filter(
      (text) => text !== '',
    );
    return [
      { kind: 'heading', level: 2, text: reading.say(words.study) } as const,
      ...(about.length === 0 ? [] : [{ kind: 'text', paragraphs: about } as const]),
      ...(rows.length === 0 ? [] : [{ kind: 'table', columns, rows } as const]),
    ];
  });
}
