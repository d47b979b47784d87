import { type RecordClass } from '@lianyi/domain';
import { isPart, leaderOf, type PagePart, profileOfClass, withinDocument } from '@lianyi/documents/displaying';
import { isObject, type Resource } from '@lianyi/documents/json-object';
import { conclusionOf } from './reading/conclusion';
import { narrativeText } from './reading/narrative';
import { type PageBlock, type PageLanguage, type LaidOutPage, type PageText } from './reading/page';
import { DocumentReading, plainText } from './reading/reading';
import { documentPairs, patientPairs } from './views/about';
import { genericPairs } from './views/generic';
import { headingOf, isListed, listBlocks } from './views/lists';
import { observationRows, observedAt, tableOfResults } from './views/observations';
import { attachmentBlocks, headed, reportParts, textBlocks } from './views/report';
import { entryBlocks, sectionBlocks } from './views/sections';
import { warnings, words } from './reading/words';

/** What is known of a document besides its content. */
export type Known = {
  /** In whose form it is written. */
  readonly recordClass: RecordClass;
  /** The display profile that it fits: `laboratory-report@2`. */
  readonly displayProfile: string;
  readonly language: PageLanguage;
  /** Which record it is of; left out: none that is known. */
  readonly source?: readonly string[];
  /** What must be known before anything else, such as that its hospital has retracted it. */
  readonly warnings?: readonly string[];
};

const USUAL_ORDER: readonly PagePart[] = [
  'specimen',
  'study',
  'medicines',
  'results',
  'sections',
  'narrative',
  'conclusion',
  'attachments',
];

/** Lays a document out, by the display profile of its class, as every hospital's documents are. Pure: the same document gives the same page. */
export function layOut(resource: Resource, known: Known): LaidOutPage {
  const within = withinDocument(resource);
  const reading = new DocumentReading(within, known.language);
  const leader = leaderOf(within).resource;
  const profile = profileOfClass(known.recordClass);
  reading.shown.add(resource).add(leader);
  const about: readonly PageBlock[] = [
    { kind: 'pairs', pairs: patientPairs(reading, leader) },
    { kind: 'pairs', pairs: documentPairs(reading, leader) },
  ];
  const heading = headingOf(leader);
  // an allergy by itself is no discharge summary, though of the same class
  const form =
    known.recordClass === 'clinical-document' && heading !== undefined ? { title: heading, standard: undefined } : { ...profile };
  const parts = partsOf(reading, leader, profile?.sectionOrder ?? []);
  const title = titleOf(reading, leader, form.title);
  const order = [...new Set([...(profile?.order ?? []), ...USUAL_ORDER])];
  const blocks = [...about, ...order.flatMap((part) => parts[part] ?? []), ...restOf(reading)];
  return {
    language: known.language,
    title,
    warnings: [
      ...(known.warnings ?? []),
      ...warningsOf(reading, leader, profile !== undefined && known.displayProfile.startsWith('unstructured@')),
    ],
    blocks: blocks.filter((block) => (block.kind === 'heading' ? block.text !== title : block.kind !== 'pairs' || block.pairs.length > 0)),
    conclusion: conclusionOf(new DocumentReading(within, known.language), leader),
    source: [...(known.source ?? []), sourceOf(reading, known.displayProfile, form.standard)],
  };
}

/** A document that is a text and nothing more. */
export function pageOfText(
  text: string,
  { language, source = [], warnings: known = [] }: Pick<Known, 'language' | 'source' | 'warnings'>,
): LaidOutPage {
  const reading = new DocumentReading(withinDocument({ resourceType: 'Binary' }), language);
  const blocks = textBlocks(
    reading,
    reading.say(words.narrative),
    text.split('\n').map((line) => plainText(line)),
  );
  const cut = reading.isCut ? [reading.say(warnings.cut)] : [];
  return { language, title: reading.say(words.contained), warnings: [...known, ...cut], blocks, conclusion: [], source };
}

function partsOf(reading: DocumentReading, leader: Resource, order: readonly string[]): Partial<Record<PagePart, readonly PageBlock[]>> {
  if (leader.resourceType === 'Observation') {
    const when = observedAt(reading, leader);
    const rows = headed(reading.say(words.results), tableOfResults(reading, observationRowsOf(reading, leader)));
    return { results: when === '' ? rows : [{ kind: 'pairs', pairs: [[reading.say(words.examined), when]] }, ...rows] };
  }
  if (isListed(leader)) {
    reading.shown.delete(leader);
    return { medicines: listBlocks(reading, [leader]), narrative: ownNarrative(reading, leader) };
  }
  if (leader.resourceType === 'Composition') return { sections: sectionBlocks(reading, leader, order) };
  if (['DiagnosticReport', 'ImagingStudy', 'DocumentReference'].includes(leader.resourceType)) return reportParts(reading, leader);
  if (leader.resourceType === 'Media') return { attachments: attachmentBlocks(reading, reading.parts(leader['content'])) };
  if (leader.resourceType === 'Bundle') return {};
  return { sections: [{ kind: 'pairs', pairs: genericPairs(reading, leader) }], narrative: ownNarrative(reading, leader) };
}

/** The words of a resource, unless they were generated from what is shown. */
function ownNarrative(reading: DocumentReading, leader: Resource): readonly PageBlock[] {
  const { text } = leader;
  if (!isObject(text) || text['status'] === 'generated') return [];
  return textBlocks(reading, reading.say(words.narrative), narrativeText(text));
}

function observationRowsOf(reading: DocumentReading, leader: Resource): ReturnType<typeof observationRows> {
  reading.shown.delete(leader);
  return observationRows(reading, leader);
}

/** What no part of the page has shown: nothing that the document holds is left out unseen. */
function restOf(reading: DocumentReading): readonly PageBlock[] {
  const rest = reading.within.all
    .map(({ resource }) => resource)
    .filter((each) => !reading.shown.has(each) && each.resourceType !== 'Bundle');
  if (rest.length === 0) return [];
  const listed = listBlocks(reading, rest.filter(isListed));
  const others = entryBlocks(
    reading,
    rest.filter((each) => !isListed(each)),
  );
  return [...listed, ...(others.length === 0 ? [] : [{ kind: 'heading', level: 2, text: reading.say(words.other) } as const, ...others])];
}

function titleOf(reading: DocumentReading, leader: Resource, ofClass?: PageText): string {
  const own = plainText(leader['title']) || (leader.resourceType === 'DiagnosticReport' ? reading.concept(leader['code']) : '');
  const form = ofClass === undefined ? '' : reading.say(ofClass);
  const kind = leader.resourceType === 'Bundle' ? reading.say(words.collection) : leader.resourceType;
  return [own, own.includes(form) ? '' : form].filter((text) => text !== '').join(' · ') || kind;
}

function warningsOf(reading: DocumentReading, leader: Resource, isUnfit: boolean): readonly string[] {
  const all = reading.within.all.map(({ resource }) => resource);
  const statuses = [leader, ...all.filter(({ resourceType }) => resourceType === 'DiagnosticReport')].map(({ status }) => status);
  const isAny = (...codes: readonly string[]): boolean => statuses.some((status) => codes.some((each) => each === status));
  const found = [
    all.some(isPart) ? warnings.part : undefined,
    isUnfit ? warnings.unstructured : undefined,
    isAny('registered', 'partial', 'preliminary', 'draft') ? warnings.preliminary : undefined,
    isAny('cancelled', 'entered-in-error') ? warnings.cancelled : undefined,
    isAny('amended', 'corrected', 'appended') ? warnings.amended : undefined,
    all.some(hasModifier) ? warnings.modifier : undefined,
    reading.isCut ? warnings.cut : undefined,
    reading.hasReckoned ? warnings.reckoned : undefined,
  ];
  return found.flatMap((each) => (each === undefined ? [] : [reading.say(each)]));
}

/** FHIR: whoever does not know a modifier extension must not show the element as if it did. */
function hasModifier(resource: Resource): boolean {
  const waiting: unknown[] = [resource];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    if (typeof each !== 'object' || each === null) continue;
    for (const [name, value] of Object.entries(each)) {
      if (name === 'modifierExtension') return true;
      if (name !== 'contained' && name !== 'entry') waiting.push(value);
    }
  }
  return false;
}

function sourceOf(reading: DocumentReading, displayProfile: string, standard?: string): string {
  return `${reading.say(words.shownBy)}: ${displayProfile}${standard === undefined ? '' : ` (${standard})`}`;
}
