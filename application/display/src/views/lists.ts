import { isObject, type Resource } from '@lianyi/documents/json-object';
import { type PageBlock, type PageRow, type PageText } from '../reading/page';
import { type DocumentReading, plainText } from '../reading/reading';
import { choiceText, dosageText, notesOf, periodText, quantityText, timeText } from '../reading/values';
import { words } from '../reading/words';

/** How resources of a type are listed: the names of the columns, and the cells of one. */
type ListOf = {
  readonly heading: PageText;
  readonly columns: readonly PageText[];
  readonly widths?: readonly number[];
  readonly cells: (reading: DocumentReading, resource: Resource) => readonly string[];
};

const joined = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('; ');

/** A state, and whether it is confirmed: what is refuted must not be read as a finding. */
function stateOf(reading: DocumentReading, resource: Resource): string {
  return joined(
    reading.concept(resource['clinicalStatus']),
    reading.concept(resource['verificationStatus']),
    reading.word(resource['status']),
  );
}

const medicines: ListOf = {
  heading: words.medicines,
  columns: [words.medicine, words.dosage, words.quantity, words.period, words.status],
  widths: [0.24, 0.34, 0.13, 0.14, 0.15],
  cells: (reading, resource) => [
    medicineOf(reading, resource),
    reading
      .parts(resource['dosageInstruction'] ?? resource['dosage'])
      .map((each) => dosageText(each, reading, resource))
      .join('; '),
    quantityOf(reading, resource),
    joined(timeText(resource['authoredOn']), choiceText(reading, resource, 'effective', resource), timeText(resource['whenHandedOver'])),
    joined(
      resource['doNotPerform'] === true ? reading.say({ en: 'DO NOT GIVE', zh: '禁止给药' }) : '',
      reading.word(resource['status']),
      reading.word(resource['intent']),
      reading.concept(resource['reasonCode']),
      ...notesOf(resource['note'], reading, resource),
    ),
  ],
};

function medicineOf(reading: DocumentReading, resource: Resource): string {
  const found = reading.within.find(resource['medicationReference'], resource)?.resource;
  if (found !== undefined) reading.shown.add(found);
  return choiceText(reading, resource, 'medication', resource);
}

function quantityOf(reading: DocumentReading, resource: Resource): string {
  const dispense = resource['dispenseRequest'];
  const given = quantityText(resource['quantity']);
  if (!isObject(dispense)) return given;
  const repeats = plainText(dispense['numberOfRepeatsAllowed']);
  return joined(given, quantityText(dispense['quantity']), repeats === '' ? '' : `${reading.say(words.repeats)}: ${repeats}`);
}

function reactionsOf(reading: DocumentReading, resource: Resource): string {
  return reading
    .parts(resource['reaction'])
    .map((each) =>
      joined(
        reading.concept(each['manifestation']),
        reading.word(each['severity']),
        timeText(each['onset']),
        plainText(each['description']),
      ),
    )
    .join('; ');
}

const lists: Readonly<Record<string, ListOf>> = {
  MedicationRequest: medicines,
  MedicationStatement: medicines,
  MedicationDispense: medicines,
  MedicationAdministration: medicines,
  AllergyIntolerance: {
    heading: words.allergies,
    columns: [words.substance, words.reaction, words.criticality, words.onset, words.status],
    cells: (reading, resource) => [
      reading.concept(resource['code']),
      reactionsOf(reading, resource),
      joined(reading.word(resource['criticality']), reading.concept(resource['category'])),
      joined(choiceText(reading, resource, 'onset', resource), timeText(resource['recordedDate'])),
      joined(stateOf(reading, resource), ...notesOf(resource['note'], reading, resource)),
    ],
  },
  Condition: {
    heading: words.problems,
    columns: [words.problem, words.severity, words.site, words.onset, words.status],
    cells: (reading, resource) => [
      reading.concept(resource['code']),
      reading.concept(resource['severity']),
      reading.concept(resource['bodySite']),
      joined(choiceText(reading, resource, 'onset', resource), choiceText(reading, resource, 'abatement', resource)) ||
        timeText(resource['recordedDate']),
      joined(stateOf(reading, resource), ...notesOf(resource['note'], reading, resource)),
    ],
  },
  Immunization: {
    heading: words.immunizations,
    columns: [words.vaccine, words.date, words.dose, words.lot, words.status],
    cells: (reading, resource) => [
      joined(reading.concept(resource['vaccineCode']), reading.named(resource['manufacturer'], resource)),
      choiceText(reading, resource, 'occurrence', resource),
      joined(
        quantityText(resource['doseQuantity']),
        ...reading.parts(resource['protocolApplied']).map((each) => choiceText(reading, each, 'doseNumber', resource)),
        reading.concept(resource['route']),
        reading.concept(resource['site']),
      ),
      joined(plainText(resource['lotNumber']), timeText(resource['expirationDate'])),
      joined(reading.word(resource['status']), reading.concept(resource['statusReason']), ...notesOf(resource['note'], reading, resource)),
    ],
  },
  Procedure: {
    heading: words.procedures,
    columns: [words.procedure, words.date, words.site, words.reason, words.status],
    cells: (reading, resource) => [
      reading.concept(resource['code']),
      choiceText(reading, resource, 'performed', resource),
      reading.concept(resource['bodySite']),
      joined(reading.concept(resource['reasonCode']), reading.named(resource['reasonReference'], resource)),
      joined(reading.word(resource['status']), reading.concept(resource['outcome']), ...notesOf(resource['note'], reading, resource)),
    ],
  },
  Encounter: {
    heading: words.encounters,
    columns: [words.kind, words.period, words.department, words.reason, words.status],
    cells: (reading, resource) => [
      joined(reading.concept(resource['class']), reading.concept(resource['type'])),
      periodText(resource['period']),
      reading.named(resource['serviceProvider'], resource),
      joined(
        reading.concept(resource['reasonCode']),
        ...reading.parts(resource['diagnosis']).map((each) => reading.named(each['condition'], resource)),
      ),
      reading.word(resource['status']),
    ],
  },
};

/** Of lists that say no others: a name, what is said of it, and three short cells. */
const WIDTHS = [0.28, 0.24, 0.16, 0.15, 0.17];

/** Whether resources of a type are listed beside each other. */
export function isListed({ resourceType }: Resource): boolean {
  return Object.hasOwn(lists, resourceType);
}

/** What a list of resources of its type is called; undefined: they are not listed. */
export function headingOf({ resourceType }: Resource): PageText | undefined {
  return new Map(Object.entries(lists)).get(resourceType)?.heading;
}

/** A table of resources that are listed alike; each is shown once. */
export function listBlocks(reading: DocumentReading, resources: readonly Resource[], hasHeading = true): readonly PageBlock[] {
  const blocks: PageBlock[] = [];
  for (const list of new Set(Object.values(lists))) {
    const rows = resources
      .filter((each) => lists[each.resourceType] === list && !reading.shown.has(each) && reading.hasRoom())
      .map((each): PageRow => {
        reading.shown.add(each);
        return { cells: list.cells(reading, each), depth: 0, ...(each['doNotPerform'] === true && { mark: 'critical' as const }) };
      });
    if (rows.length === 0) continue;
    if (hasHeading) blocks.push({ kind: 'heading', level: 2, text: reading.say(list.heading) });
    blocks.push(withoutEmptyColumns({ columns: list.columns.map((each) => reading.say(each)), rows, widths: list.widths ?? WIDTHS }));
  }
  return blocks;
}

type TableParts = { readonly columns: readonly string[]; readonly rows: readonly PageRow[]; readonly widths: readonly number[] };

/** A column in which nothing stands takes room from those that hold something. */
function withoutEmptyColumns({ columns, rows, widths }: TableParts): PageBlock {
  const isKept = (_cell: unknown, at: number): boolean => at === 0 || rows.some(({ cells }) => cells[at] !== '');
  const kept = widths.filter(isKept);
  const sum = kept.reduce((one, other) => one + other, 0);
  return {
    kind: 'table',
    columns: columns.filter(isKept),
    rows: rows.map((row) => ({ ...row, cells: row.cells.filter(isKept) })),
    widths: kept.map((width) => width / sum),
  };
}
