import { PATIENT_SOURCE, type Value } from '../facts/fact';
import { type Contradiction, type FactNode, isCorrection, isDenial, isNegated, type Saying } from '../nodes';
import { analyteOf, isSameAmount } from '../units';

/** Statuses of which two cannot be so at once; what corrects another is not its contradiction. */
const PRESENT = ['active', 'recurrence', 'relapse'];
const PAST = ['inactive', 'remission', 'resolved'];
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

/** The gravest first: by which somebody is harmed soonest. */
const WEIGHTS: readonly Contradiction['why'][] = [
  'other-blood-group',
  'allergy-denied',
  'patient-disagrees',
  'other-value',
  'other-status',
];

export function contradictionsIn(nodes: readonly FactNode[]): readonly Contradiction[] {
  const within = nodes.flatMap(({ id, codes, sayings }): readonly Contradiction[] => [
    ...(differInValue(sayings, codes) ? [{ why: 'other-value' as const, nodes: [id] }] : []),
    ...(differInStatus(sayings) ? [{ why: 'other-status' as const, nodes: [id] }] : []),
  ]);
  const all = [
    ...within,
    ...sameMoment(nodes),
    ...bloodGroups(nodes),
    ...deniedAllergies(nodes),
    ...disputed(nodes),
    ...besidePatient(nodes),
  ];
  return all.sort((one, other) => WEIGHTS.indexOf(one.why) - WEIGHTS.indexOf(other.why));
}

function differInValue(sayings: readonly Saying[], codes: readonly string[]): boolean {
  // where some correct, what they say counts, and must be one
  const corrections = sayings.filter(isCorrection);
  const said = corrections.length > 0 ? corrections : sayings.filter((saying) => !isDenial(saying));
  return differ(said.map(({ value }) => ({ value, codes })));
}

/** Whether two of them say another thing: each is held against each other one, for what cannot be compared with one can be with another. */
function differ(said: readonly { readonly value: Value | undefined; readonly codes: readonly string[] }[]): boolean {
  return said.some((one, at) => said.slice(at + 1).some((other) => isOther(one.value, other.value, one.codes)));
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

/**
 * What the patient says stands in nodes of its own, beside a hospital's of the same thing: one contradiction for each of theirs at most and kind. Where one
 * hospital at least says the same value of a day, it is that one of several.
 */
function besidePatient(nodes: readonly FactNode[]): readonly Contradiction[] {
  const isPatients = ({ sayings }: FactNode): boolean => sayings.some(({ place }) => place.custodian === PATIENT_SOURCE);
  const hospitals = nodes.filter((node) => !isPatients(node));
  return nodes.filter(isPatients).flatMap((own): readonly Contradiction[] => {
    const same = hospitals.filter((other) => isOfTheSame(own, other));
    // results of one moment are compared with any other of it
    const valued = same.filter(({ value, time }) => value !== undefined && !(own.time?.precision === 'time' && time?.precision === 'time'));
    const otherwise = valued.filter((other) => isOther(own.value, other.value, own.codes));
    const denied = same.filter(
      ({ sayings }) => differInStatus([...own.sayings, ...sayings]) && !differInStatus(sayings) && !differInStatus(own.sayings),
    );
    return [
      ...(otherwise.length > 0 && otherwise.length === valued.length ? [between('other-value', own, otherwise)] : []),
      ...(denied.length > 0 ? [between('other-status', own, denied)] : []),
    ];
  });
}

function between(why: Contradiction['why'], own: FactNode, others: readonly FactNode[]): Contradiction {
  return { why, nodes: [own, ...others].map(({ id }) => id) };
}

/** Of one kind and code, and of one time; an allergy lasts. */
function isOfTheSame(one: FactNode, other: FactNode): boolean {
  const isSameTime = one.kind === 'allergy' || one.time?.millis === other.time?.millis;
  return one.type === other.type && isSameTime && one.codes.some((code) => other.codes.includes(code));
}

/** Two results of one test at one moment that were not found to be one. */
function sameMoment(nodes: readonly FactNode[]): readonly Contradiction[] {
  const byMoment = new Map<string, FactNode[]>();
  for (const node of nodes) {
    if (node.kind !== 'result' || isNegated(node) || node.value === undefined || node.time?.precision !== 'time') continue;
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
    const of = nodes
      .filter(({ kind, codes, value }) => kind === 'result' && value !== undefined && codes.includes(code))
      .filter((node) => !isNegated(node));
    const between = of.filter((one) => of.some((other) => isOther(one.value, other.value, one.codes)));
    return between.length === 0 ? [] : [{ why: 'other-blood-group' as const, nodes: between.map(({ id }) => id) }];
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
    // an allergy that says no category may be of any
    const against = claimed.filter(({ categories }) => category === 'any' || categories.length === 0 || categories.includes(category));
    return against.length === 0 ? [] : [{ why: 'allergy-denied', nodes: [denial, ...against].map(({ id }) => id) }];
  });
}
const OVER = /\b(refuted|entered-in-error|resolved|inactive)\b/;
