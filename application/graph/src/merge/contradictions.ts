import { type Value } from '../facts/fact';
import { type Contradiction, type FactNode, isDenial, type Saying } from '../nodes';
import { analyteOf, isSameAmount } from '../units';

/** Statuses of which two cannot be so at once; what corrects another is not its contradiction. */
const PRESENT = ['active', 'recurrence', 'relapse'];
const PAST = ['inactive', 'remission', 'resolved'];
const CORRECTED = new Set(['amended', 'corrected', 'appended']);
/** ABO and Rh: of one person there is one. */
const BLOOD_GROUPS = ['http://loinc.org|883-9', 'http://loinc.org|10331-7', 'http://loinc.org|882-1'];
const SNOMED = 'http://snomed.info/sct';
/** SNOMED CT: no known allergy, at all or of one category of FHIR's. */
const DENIALS: ReadonlyMap<string, string> = new Map([
  [`${SNOMED}|716186003`, 'any'],
  [`${SNOMED}|409137002`, 'medication'],
  [`${SNOMED}|429625007`, 'food'],
  [`${SNOMED}|428607008`, 'environment'],
]);

export function contradictionsIn(nodes: readonly FactNode[]): readonly Contradiction[] {
  const within = nodes.flatMap(({ id, codes, sayings }): readonly Contradiction[] => [
    ...(differInValue(sayings, codes) ? [{ why: 'other-value' as const, nodes: [id] }] : []),
    ...(differInStatus(sayings) ? [{ why: 'other-status' as const, nodes: [id] }] : []),
  ]);
  return [...within, ...sameMoment(nodes), ...bloodGroups(nodes), ...deniedAllergies(nodes), ...disputed(nodes)];
}

function differInValue(sayings: readonly Saying[], codes: readonly string[]): boolean {
  const said = sayings.filter(({ status }) => !CORRECTED.has(status));
  const [first] = said;
  return said.some((saying) => first !== undefined && isOther(first.value, saying.value, codes));
}

function isOther(one: Value | undefined, other: Value | undefined, codes: readonly string[]): boolean {
  if (one === undefined || other === undefined || one.kind !== other.kind) return false;
  if (one.kind === 'quantity' && other.kind === 'quantity') return !isSameAmount(one, other, analyteOf(codes));
  if (one.kind === 'coded' && other.kind === 'coded')
    return one.codes.length > 0 && other.codes.length > 0 && !one.codes.some((code) => other.codes.includes(code));
  return one.kind === 'text' && other.kind === 'text' && one.text !== other.text;
}

/** One says that it was so, another that it was not; or one that it still is, another that it is over. */
function differInStatus(sayings: readonly Saying[]): boolean {
  const statuses = sayings.map(({ status }) => status.split(' '));
  const says = (those: readonly string[]): boolean => statuses.some((status) => status.some((each) => those.includes(each)));
  return (sayings.some(isDenial) && !sayings.every(isDenial)) || (says(PRESENT) && says(PAST));
}

/** Two results of one test at one moment that were not found to be one. */
function sameMoment(nodes: readonly FactNode[]): readonly Contradiction[] {
  const byMoment = new Map<string, FactNode[]>();
  for (const node of nodes) {
    if (node.kind !== 'result' || node.value === undefined || node.time?.precision !== 'time') continue;
    for (const code of node.codes) {
      const key = `${code} ${node.time.millis}`;
      byMoment.set(key, [...(byMoment.get(key) ?? []), node]);
    }
  }
  const pairs = [...byMoment.values()].flatMap((at) =>
    at.flatMap((one, place) =>
      at
        .slice(place + 1)
        .filter((other) => !shareRecord(one, other) && isOther(one.value, other.value, one.codes))
        .map((other) => [one.id, other.id] as const),
    ),
  );
  const distinct = new Map(pairs.map((pair) => [pair.join('\n'), pair]));
  return [...distinct.values()].map((pair) => ({ why: 'other-value', nodes: pair }));
}

function shareRecord(one: FactNode, other: FactNode): boolean {
  return one.sayings.some(({ place }) => other.sayings.some((saying) => saying.place.recordId === place.recordId));
}

function bloodGroups(nodes: readonly FactNode[]): readonly Contradiction[] {
  return BLOOD_GROUPS.flatMap((code) => {
    const of = nodes.filter(({ kind, codes, value }) => kind === 'result' && value !== undefined && codes.includes(code));
    const [first] = of;
    const others = of.filter((node) => first !== undefined && isOther(first.value, node.value, node.codes));
    return first === undefined || others.length === 0
      ? []
      : [{ why: 'other-blood-group' as const, nodes: [first, ...others].map(({ id }) => id) }];
  });
}

/** What the patient does not agree with: all that a record of theirs says. */
function disputed(nodes: readonly FactNode[]): readonly Contradiction[] {
  const byRecord = new Map<string, string[]>();
  for (const { id, sayings } of nodes) {
    for (const { place } of sayings) {
      if (place.disagreement !== undefined) byRecord.set(place.recordId, [...(byRecord.get(place.recordId) ?? []), id]);
    }
  }
  return [...byRecord.values()].map((ids) => ({ why: 'patient-disagrees', nodes: [...new Set(ids)] }));
}

/** What is denied of one category says nothing of the others. */
function deniedAllergies(nodes: readonly FactNode[]): readonly Contradiction[] {
  const allergies = nodes.filter(({ kind, sayings }) => kind === 'allergy' && !sayings.every(({ status }) => OVER.test(status)));
  const deniedBy = ({ codes }: FactNode): string | undefined => codes.map((code) => DENIALS.get(code)).find((each) => each !== undefined);
  const claimed = allergies.filter((node) => deniedBy(node) === undefined);
  return allergies.flatMap((denial) => {
    const category = deniedBy(denial);
    if (category === undefined) return [];
    const against = claimed.filter(({ categories }) => category === 'any' || categories.includes(category));
    return against.length === 0 ? [] : [{ why: 'allergy-denied', nodes: [denial, ...against].map(({ id }) => id) }];
  });
}
const OVER = /\b(refuted|entered-in-error|resolved|inactive)\b/;
