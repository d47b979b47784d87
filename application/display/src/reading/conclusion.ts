import { codingsOf, type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { conclusionSections } from '@lianyi/documents/displaying';
import { narrativeText } from './narrative';
import { type DocumentReading, plainText } from './reading';

/** What a report comes to, in its words and codes. */
export function conclusionOfReport(reading: DocumentReading, report: Resource): readonly string[] {
  const coded = reading.concept(report['conclusionCode']);
  const said = plainText(report['conclusion']);
  return [...said.split('\n'), said.includes(coded) ? '' : coded].map((text) => text.trim()).filter((text) => text !== '');
}

/** Whether a section says what its document comes to: an impression, an assessment, the diagnoses. */
export function isConclusion(section: JsonObject): boolean {
  return codingsOf(section['code']).some(({ code }) => conclusionSections.has(code));
}

/**
 * What the whole document comes to: each of its reports, and each section that does.
 *
 * Read by itself it holds no value, no name and no history beyond what its author wrote into it.
 */
export function conclusionOf(reading: DocumentReading, leader: Resource): readonly string[] {
  const reports = reading.within.all.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === 'DiagnosticReport');
  return [...sectionConclusions(reading, leader), ...reports.flatMap((each) => conclusionOfReport(reading, each))];
}

function sectionConclusions(reading: DocumentReading, holder: JsonObject): readonly string[] {
  return reading
    .parts(holder['section'])
    .flatMap((section) => [
      ...(isConclusion(section) ? [...narrativeText(section['text']), ...entryNames(reading, section)] : []),
      ...sectionConclusions(reading, section),
    ]);
}

/** A section without words says what it comes to by what it holds. */
function entryNames(reading: DocumentReading, section: JsonObject): readonly string[] {
  if (narrativeText(section['text']).length > 0) return [];
  return reading.parts(section['entry']).flatMap((reference) => {
    const found = reading.within.find(reference, reading.within.root)?.resource;
    const name = found === undefined ? plainText(reference['display']) : reading.concept(found['code']);
    // a diagnosis that was refuted must not be read as one
    const states = found === undefined ? [] : [found['clinicalStatus'], found['verificationStatus']].map((each) => reading.concept(each));
    const told = states.filter((text) => text !== '').join(', ');
    return name === '' ? [] : [told === '' ? name : `${name} (${told})`];
  });
}
