import { type Json } from '@lianyi/domain';
import { type JsonObject, type Resource } from '@lianyi/documents/json-object';
import { type GraphSource } from './facts/fact';

/** Numbers that look random and are the same in every run (Park and Miller). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const hospitals = ['HospitalAMSP', 'HospitalBMSP', 'HospitalCMSP'] as const;
/** Codes of C's laboratory, and what they mean. */
export const codeMap: ReadonlyMap<string, string> = new Map([
  ['urn:c:lab|HGB', `${LOINC}|718-7`],
  ['urn:c:lab|GLU', `${LOINC}|2345-7`],
  ['urn:c:lab|K', `${LOINC}|2823-3`],
]);
const tests = [
  { code: '718-7', local: 'HGB', unit: 'g/L', other: 'g/dL', factor: 0.1, low: 90 },
  { code: '2345-7', local: 'GLU', unit: 'mg/dL', other: 'g/L', factor: 0.01, low: 60 },
  { code: '2823-3', local: 'K', unit: 'mmol/L', other: 'mol/L', factor: 0.001, low: 3 },
] as const;
type Test = (typeof tests)[number];

export function observation(said: {
  readonly code: readonly [system: string, code: string];
  readonly at: string;
  readonly amount?: number;
  readonly unit?: string;
  readonly identifier?: readonly [system: string, value: string];
  readonly specimen?: string;
  readonly more?: JsonObject;
}): Resource {
  const { code, at, amount, unit = 'g/L', identifier, specimen, more } = said;
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: code[0], code: code[1], display: code[1] }] },
    effectiveDateTime: at,
    ...(amount === undefined ? {} : { valueQuantity: { value: amount, unit, system: UCUM, code: unit } }),
    ...(identifier === undefined ? {} : { identifier: [{ system: identifier[0], value: identifier[1] }] }),
    ...(specimen === undefined
      ? {}
      : {
          contained: [{ resourceType: 'Specimen', id: 's', type: { text: specimen } }],
          specimen: { reference: '#s' },
        }),
    ...more,
  };
}

/** A document of one hospital. */
export function source(recordId: string, custodian: string, resources: readonly Json[], version = 1): GraphSource {
  const entry = resources.map((resource, at) => ({ fullUrl: `urn:uuid:${recordId}-${at}`, resource }));
  return { recordId, version, custodian, resource: { resourceType: 'Bundle', type: 'collection', entry } };
}

/** One history of a patient with its truth: the tag of what was really one thing, by record and place. */
export interface Labelled {
  readonly sources: readonly GraphSource[];
  readonly truth: ReadonlyMap<string, string>;
}

type Draft = { readonly tag: string; readonly resource: Resource };

/**
 * What three hospitals tell of one patient. Of each result at A a part is told again: by B in another unit, or zone of time; by C under a code of its own.
 * Beside them stands what only looks the same: a minute later, of another specimen, under another number of one laboratory, of the same day alone.
 */
export function labelledHistory(patient: number, results: number): Labelled {
  const random = seeded(patient * 7_919 + 17);
  const drafts = hospitals.map((): Draft[] => []);
  const [atA = [], atB = [], atC = []] = drafts;
  let said = 0;
  for (let at = 0; said < results; at += 1) {
    const test = tests[at % tests.length] ?? tests[0];
    const millis = Date.UTC(2015, 0, 1) + at * 86_400_000 + Math.floor(random() * 80_000) * 1_000;
    const amount = Math.round(test.low * (1 + random()));
    const told = repeated(`p${patient}-${at}`, { test, millis, amount }, at % 8);
    atA.push(...told.a);
    atB.push(...told.b);
    atC.push(...told.c);
    said += told.a.length + told.b.length + told.c.length;
  }
  const truth = new Map<string, string>();
  const sources = drafts.map((of, hospital) => {
    const recordId = `rec-${patient}-${hospital}`;
    for (const [at, { tag }] of of.entries()) truth.set(`${recordId} entry[${at}].resource`, tag);
    return source(
      recordId,
      hospitals[hospital] ?? '',
      of.map(({ resource }) => resource),
    );
  });
  return { sources, truth };
}

interface Told {
  readonly a: readonly Draft[];
  readonly b: readonly Draft[];
  readonly c: readonly Draft[];
}

type Measured = { readonly test: Test; readonly millis: number; readonly amount: number };

function repeated(tag: string, of: Measured, kind: number): Told {
  return kind < 4 ? toldTwice(tag, of, kind) : onlyAlike(tag, of, kind);
}

const one = (resource: Resource, tag: string): Draft => ({ tag, resource });
const utc = (millis: number): string => new Date(millis).toISOString().replace('.000Z', 'Z');
const shanghai = (millis: number): string => `${new Date(millis + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;

function saidOf({ test, millis, amount }: Measured) {
  return { code: [LOINC, test.code] as const, at: utc(millis), amount, unit: test.unit };
}

function toldTwice(tag: string, of: Measured, kind: number): Told {
  const { test, millis, amount } = of;
  const base = saidOf(of);
  const a = [one(observation(base), tag)];
  const inZone = { ...base, at: shanghai(millis) };
  const local = one(observation({ ...base, code: ['urn:c:lab', test.local] }), tag);
  const numbered = { ...base, identifier: ['urn:a:lab', tag] as const };
  switch (kind) {
    case 0: // in another unit
      return { a, b: [one(observation({ ...inZone, amount: Number((amount * test.factor).toFixed(4)), unit: test.other }), tag)], c: [] };
    case 1: // under a code of its own
      return { a, b: [], c: [local] };
    case 2: // everywhere
      return { a, b: [one(observation(inZone), tag)], c: [local] };
    default: // by the laboratory's number, of the time at which it was reported
      return { a: [one(observation(numbered), tag)], b: [one(observation({ ...numbered, at: utc(millis + 7_200_000) }), tag)], c: [] };
  }
}

function onlyAlike(tag: string, of: Measured, kind: number): Told {
  const { millis, amount } = of;
  const base = saidOf(of);
  const day = { ...base, at: utc(millis).slice(0, 10) };
  const pair = (first: Parameters<typeof observation>[0], second: Parameters<typeof observation>[0]): Told => ({
    a: [one(observation(first), tag)],
    b: [one(observation(second), `${tag}-other`)],
    c: [],
  });
  switch (kind) {
    case 4:
      return pair(base, { ...base, at: utc(millis + 60_000) });
    case 5:
      return pair({ ...base, specimen: 'blood' }, { ...base, specimen: 'urine' });
    case 6:
      return pair({ ...base, identifier: ['urn:a:lab', tag] }, { ...base, identifier: ['urn:a:lab', `${tag}-2`] });
    default:
      return { ...pair(day, day), c: [one(observation({ ...base, amount: amount + 1 }), `${tag}-value`)] };
  }
}
