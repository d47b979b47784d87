import { type Fact, PATIENT_SOURCE, type Value } from '../facts/fact';
import { analyteOf, isSameAmount } from '../units';

/**
 * Which facts are told twice: groups of places in `facts`, each fact in one.
 *
 * Two are one where their maker's name is the same (an identifier with its system, and a code), or where they say the same of the same moment: code,
 * time and, of a result, value and specimen. What happens several times a day is told apart by the time of day; where documents say the day alone it
 * stays two. Identifiers of one system that differ are two things, whatever else is the same. Facts without a code are never joined, nor is what the
 * patient says with what a hospital does.
 */
export function sameFacts(facts: readonly Fact[]): readonly (readonly number[])[] {
  const groups = new Groups(facts);
  const buckets = new Map<string, number[]>();
  for (const [at, fact] of facts.entries()) {
    for (const key of keysOf(fact)) {
      const bucket = buckets.get(key);
      if (bucket === undefined) buckets.set(key, [at]);
      else bucket.push(at);
    }
  }
  for (const [key, bucket] of buckets) {
    const isNamed = key.startsWith(NAMED);
    for (const [place, at] of bucket.entries()) joinFirst(groups, facts, { at, earlier: bucket.slice(0, place), isNamed });
  }
  return groups.all();
}

const NAMED = 'named ';

/** Under each of these stand facts that may be one. */
function keysOf(fact: Fact): readonly string[] {
  const { kind, type, codes, identifiers } = fact;
  // an encounter and a study are what their name says; anything else may be a part of what is named
  const isItself = kind === 'encounter' || kind === 'imaging';
  const parts = codes.length === 0 && isItself ? [''] : codes;
  const named = identifiers.flatMap((identifier) => (isItself ? [''] : parts).map((code) => `${NAMED}${type} ${identifier} ${code}`));
  const when = momentKey(fact);
  const said = when === undefined ? [] : codes.map((code) => `said ${type} ${code} ${when}`);
  return [...named, ...said];
}

/** How exactly a time must be said for two to be one; an allergy is one as long as it lasts. */
function momentKey({ kind, time }: Fact): string | undefined {
  if (kind === 'allergy') return 'always';
  if (time === undefined) return undefined;
  if (time.precision === 'time') return String(time.millis);
  const happensOnceADay = kind === 'problem' || kind === 'immunization' || kind === 'medicine';
  return happensOnceADay && time.precision === 'day' ? time.text : undefined;
}

function joinFirst(
  groups: Groups,
  facts: readonly Fact[],
  { at, earlier, isNamed }: { readonly at: number; readonly earlier: readonly number[]; readonly isNamed: boolean },
): void {
  const fact = facts[at];
  const found = earlier.find((other) => {
    const there = facts[other];
    return (
      fact !== undefined &&
      there !== undefined &&
      (isNamed || (saysTheSame(fact, there) && groups.areOfOtherRecords(at, other))) &&
      groups.mayJoin(at, other)
    );
  });
  if (found !== undefined) groups.join(at, found);
}

/** Of the same code and moment. */
function saysTheSame(one: Fact, other: Fact): boolean {
  if (one.specimen !== '' && other.specimen !== '' && one.specimen !== other.specimen) return false;
  return isSameValue(one.value, other.value, analyteOf(one.codes));
}

function isSameValue(one: Value | undefined, other: Value | undefined, analyte: string | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.kind === 'quantity' && other.kind === 'quantity') return isSameAmount(one, other, analyte);
  if (one.kind === 'coded' && other.kind === 'coded') {
    return (
      one.codes.some((code) => other.codes.includes(code)) || (one.codes.length + other.codes.length === 0 && one.label === other.label)
    );
  }
  return one.kind === 'text' && other.kind === 'text' && one.text === other.text;
}

/** Union-find over facts, that remembers how each group is named. */
class Groups {
  readonly #parent: number[];
  readonly #names: Map<string, Set<string>>[];
  readonly #records: Set<string>[];
  readonly #arePatients: readonly boolean[];

  constructor(facts: readonly Fact[]) {
    this.#parent = facts.map((_, at) => at);
    this.#arePatients = facts.map(({ place }) => place.custodian === PATIENT_SOURCE);
    this.#records = facts.map(({ place }) => new Set([place.recordId]));
    this.#names = facts.map(({ identifiers }) => {
      const names = new Map<string, Set<string>>();
      for (const identifier of identifiers) {
        const system = identifier.slice(0, identifier.lastIndexOf('|'));
        names.set(system, (names.get(system) ?? new Set()).add(identifier));
      }
      return names;
    });
  }

  /** Whether no system has named the two differently, and both are hospitals' or both the patient's. */
  mayJoin(one: number, other: number): boolean {
    if (this.#arePatients[one] !== this.#arePatients[other]) return false;
    const [mine, theirs] = [this.#names[this.#root(one)], this.#names[this.#root(other)]];
    return [...(mine ?? [])].every(([system, names]) => {
      const others = theirs?.get(system);
      return others === undefined || [...names].some((name) => others.has(name));
    });
  }

  /** A document that says a thing twice means two, and so does the one that says them again: each has its own. */
  areOfOtherRecords(one: number, other: number): boolean {
    const [mine, theirs] = [this.#records[this.#root(one)], this.#records[this.#root(other)]];
    return [...(mine ?? [])].every((record) => theirs?.has(record) !== true);
  }

  join(one: number, other: number): void {
    const [from, to] = [this.#root(one), this.#root(other)];
    if (from === to) return;
    this.#parent[from] = to;
    for (const record of this.#records[from] ?? []) this.#records[to]?.add(record);
    for (const [system, names] of this.#names[from] ?? []) {
      const kept = this.#names[to]?.get(system) ?? new Set();
      for (const name of names) kept.add(name);
      this.#names[to]?.set(system, kept);
    }
  }

  all(): readonly (readonly number[])[] {
    const groups = new Map<number, number[]>();
    for (const at of this.#parent.keys()) {
      const root = this.#root(at);
      groups.set(root, [...(groups.get(root) ?? []), at]);
    }
    return [...groups.values()];
  }

  #root(at: number): number {
    let root = at;
    for (let up = this.#parent[root] ?? root; up !== root; up = this.#parent[root] ?? root) root = up;
    // the way there is shortened, so that a long row of copies costs each step once
    for (let each = at; each !== root;) {
      const up = this.#parent[each] ?? root;
      this.#parent[each] = root;
      each = up;
    }
    return root;
  }
}
