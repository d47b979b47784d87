import { isObject, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { type Pair } from '../reading/page';
import { type DocumentReading, plainText } from '../reading/reading';
import { choiceText, periodText, timeText } from '../reading/values';
import { words } from '../reading/words';
import { addressText } from './generic';

type Said = readonly [name: { readonly en: string; readonly zh: string }, value: string];

const pairsOf = (reading: DocumentReading, said: readonly Said[]): readonly Pair[] =>
  said.filter(([, value]) => value !== '').map(([name, value]): Pair => [reading.say(name), value]);

/** Whose document it is: as the document has its patient, else as it refers to them. */
export function patientPairs(reading: DocumentReading, leader: Resource): readonly Pair[] {
  const reference = leader['subject'] ?? leader['patient'];
  const found =
    leader.resourceType === 'Patient'
      ? leader
      : (reading.within.find(reading.parts(reference)[0], leader)?.resource ?? onlyPatient(reading, leader));
  if (found?.resourceType !== 'Patient') {
    // a page that names nobody could be anybody's
    const named = reading.named(reference, leader) || reading.parts(reference).map(unnamed).join('; ');
    return pairsOf(reading, [[words.patient, named]]);
  }
  reading.shown.add(found);
  return pairsOf(reading, [
    [words.patient, reading.nameOf(found)],
    [words.sex, reading.word(found['gender'])],
    [words.born, timeText(found['birthDate'])],
    [words.number, identifiersOf(reading, found)],
    ...(leader === found ? contactOf(reading, found) : []),
  ]);
}

/** What is left of a reference that has no name and leads to nothing in the document. */
function unnamed({ reference, identifier }: JsonObject): string {
  return (isObject(identifier) ? plainText(identifier['value']) : '') || plainText(reference);
}

/** Whose a collection is, if it holds one patient. */
function onlyPatient(reading: DocumentReading, leader: Resource): Resource | undefined {
  if (leader.resourceType !== 'Bundle') return undefined;
  const patients = reading.within.all.filter(({ resource }) => resource.resourceType === 'Patient');
  return patients.length === 1 ? patients[0]?.resource : undefined;
}

function contactOf(reading: DocumentReading, patient: Resource): readonly Said[] {
  return [
    [{ en: 'Address', zh: '地址' }, reading.parts(patient['address']).map(addressText).join('; ')],
    [
      { en: 'Contact', zh: '联系方式' },
      reading
        .parts(patient['telecom'])
        .map(({ value }) => plainText(value))
        .join('; '),
    ],
  ];
}

function identifiersOf(reading: DocumentReading, resource: JsonObject): string {
  return reading
    .parts(resource['identifier'])
    .map(({ type, value }) => [reading.concept(type), plainText(value)].filter((text) => text !== '').join(' '))
    .filter((text) => text !== '')
    .slice(0, 4)
    .join('; ');
}

/** What kind of document it is, when and by whom it was written, in which department and on whose order. */
export function documentPairs(reading: DocumentReading, leader: Resource): readonly Pair[] {
  const named = (element: string): string => reading.named(leader[element], leader);
  const encounter = encounterOf(reading, leader);
  const said: readonly Said[] = [
    [words.kind, reading.concept(leader['type'] ?? leader['category'])],
    [words.status, reading.word(leader['status'])],
    [words.number, leader.resourceType === 'Patient' ? '' : identifiersOf(reading, leader)],
    [words.encounter, encounter],
    [words.requester, named('requester') || orderedBy(reading, leader)],
    [words.collected, collectedOf(reading, leader)],
    [words.examined, choiceText(reading, leader, 'effective', leader)],
    [words.issued, timeText(leader['issued'])],
    [words.date, timeText(leader['date'] ?? leader['authoredOn'])],
    [words.author, named('author')],
    [words.performer, performersOf(reading, leader)],
    [words.interpreter, named('resultsInterpreter')],
    [words.custodian, named('custodian')],
    [
      words.related,
      reading
        .parts(leader['relatesTo'])
        .map((each) => [reading.word(each['code']), relatedOf(each)].filter((text) => text !== '').join(' '))
        .join('; '),
    ],
  ];
  return pairsOf(reading, said);
}

/** The other document, as it is named. */
function relatedOf({ target, targetIdentifier, targetReference }: JsonObject): string {
  const named = [target, targetReference].find(isObject);
  const identifier = targetIdentifier ?? named?.['identifier'];
  return (
    [plainText(named?.['display']), isObject(identifier) ? plainText(identifier['value']) : '', plainText(named?.['reference'])].find(
      (text) => text !== '',
    ) ?? ''
  );
}

/** Performers are references, or say in which part they have acted. */
function performersOf(reading: DocumentReading, leader: Resource): string {
  return reading
    .parts(leader['performer'])
    .map((each) => reading.named('actor' in each ? each['actor'] : each, leader))
    .filter((text) => text !== '')
    .join('; ');
}

function encounterOf(reading: DocumentReading, leader: Resource): string {
  const found = reading.within.find(leader['encounter'], leader)?.resource;
  if (found === undefined) return reading.named(leader['encounter'], leader);
  reading.shown.add(found);
  const parts = [
    reading.concept(found['class']),
    reading.concept(found['type']),
    periodText(found['period']),
    reading.named(found['serviceProvider'], found),
  ];
  return parts.filter((text) => text !== '').join(', ');
}

function orderedBy(reading: DocumentReading, leader: Resource): string {
  return reading
    .parts(leader['basedOn'])
    .map((reference) => {
      const order = reading.within.find(reference, leader)?.resource;
      if (order === undefined) return plainText(reference['display']);
      reading.shown.add(order);
      return [reading.named(order['requester'], order), reading.concept(order['code'])].filter((text) => text !== '').join(', ');
    })
    .filter((text) => text !== '')
    .join('; ');
}

function collectedOf(reading: DocumentReading, leader: Resource): string {
  const times = reading.parts(leader['specimen']).flatMap((reference) => {
    const collection = reading.parts(reading.within.find(reference, leader)?.resource['collection'])[0];
    return collection === undefined ? [] : [choiceText(reading, collection, 'collected', leader)];
  });
  return [...new Set(times)].filter((text) => text !== '').join('; ');
}

/** On what a report was made. */
export function specimenText(reading: DocumentReading, leader: Resource): string {
  return reading
    .parts(leader['specimen'])
    .map((reference) => {
      const specimen = reading.within.find(reference, leader)?.resource;
      if (specimen === undefined) return plainText(reference['display']);
      reading.shown.add(specimen);
      const collection = reading.parts(specimen['collection'])[0];
      const site = collection === undefined ? '' : reading.concept(collection['bodySite']);
      return [reading.concept(specimen['type']), site].filter((text) => text !== '').join(', ');
    })
    .filter((text) => text !== '')
    .join('; ');
}
