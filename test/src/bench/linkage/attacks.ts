import { createHash } from 'node:crypto';
import { type Observation } from './observe';

/** The group that an attack puts each observation into, in the order of the observations. */
export type Partition = readonly string[];

/** Values of fewer bytes are no ids, keys or hashes; a short text of such letters is a word. */
const ID_BYTES = 16;

/**
 * Joins whatever has an id, a key, a hash or a signature in common, or one that another one hashes to, directly or through others.
 *
 * A patient has one pseudonym and one slot at each hospital. What two things of a kind at one hospital show is therefore no patient's own: a
 * certificate, a clerk's key, the network's name.
 * @returns with the tokens that joined something
 */
export function joinByTokens(observations: readonly Observation[]): { readonly partition: Partition; readonly shared: readonly string[] } {
  const holders = new Map<string, readonly number[]>();
  for (const [index, { tokens }] of observations.entries())
    for (const token of tokens) holders.set(token, [...(holders.get(token) ?? []), index]);
  const groups = new Groups(observations.length);
  const shared: string[] = [];
  for (const [token, showing] of holders) {
    if (!isOnePatients(observations, showing)) continue;
    const hashed = hashesOf(token).flatMap((hash) => holders.get(hash) ?? []);
    const together = [...new Set([...showing, ...hashed])];
    const [first, ...others] = together;
    if (first === undefined || others.length === 0 || !isOnePatients(observations, together)) continue;
    shared.push(token);
    for (const other of others) groups.join(first, other);
  }
  return { partition: groups.partition(), shared };
}

function isOnePatients(observations: readonly Observation[], showing: readonly number[]): boolean {
  const places = showing.map((index) => `${observations[index]?.kind ?? ''} ${observations[index]?.carrier ?? ''}`);
  return new Set(places).size === places.length;
}

/** What a token hashes to, as text and as the bytes it spells. */
function hashesOf(token: string): readonly string[] {
  const bytes = Buffer.from(token, 'base64url');
  return (bytes.length >= ID_BYTES ? [token, bytes] : [token]).flatMap((form) => {
    const hash = createHash('sha256').update(form).digest();
    return [hash.toString('base64url'), hash.toString('hex')];
  });
}

/** Joins, of each two hospitals, the things of a kind that are most alike in size, one with one. */
export function joinBySizes(observations: readonly Observation[]): Partition {
  const lengths = Math.max(...observations.map(({ sizes }) => sizes.length));
  const vectors = observations.map(({ sizes }) => Array.from({ length: lengths }, (_none, index) => sizes[index] ?? 0));
  return joinAlike(observations, scaled(vectors));
}

/** The same by when they were written: the first and last place, how many, and how far apart. */
export function joinByTime(observations: readonly Observation[]): Partition {
  return joinAlike(observations, scaled(observations.map(({ places }) => [places[0] ?? 0, places.at(-1) ?? 0, places.length])));
}

/** Gives each slot to the pseudonym of the same carrier that was last written before its first write: a device writes it after a command. */
export function joinSlotsByTime(observations: readonly Observation[]): Partition {
  const written = observations
    .flatMap(({ places, kind, carrier }, index) => (kind === 'pseudonym' ? places.map((place) => ({ place, carrier, index })) : []))
    .sort((one, other) => one.place - other.place);
  const groups = new Groups(observations.length);
  for (const [index, { kind, carrier, places }] of observations.entries()) {
    if (kind === 'pseudonym') continue;
    const votes = new Map<number, number>();
    for (const place of places) {
      const before = written.findLast((each) => each.carrier === carrier && each.place < place);
      if (before !== undefined) votes.set(before.index, (votes.get(before.index) ?? 0) + 1);
    }
    const [best] = [...votes].sort(([, one], [, other]) => other - one);
    if (best !== undefined) groups.join(index, best[0]);
  }
  return groups.partition();
}

/** One-to-one between each two carriers, the nearest pairs first. */
function joinAlike(observations: readonly Observation[], vectors: readonly (readonly number[])[]): Partition {
  const groups = new Groups(observations.length);
  const byPlace = new Map<string, number[]>();
  // by their ids, which are random: in the order of writing, those that are equally alike would be told apart by time
  const byId = [...observations.entries()].sort(([, one], [, other]) => (one.id < other.id ? -1 : 1));
  for (const [index, { kind, carrier }] of byId) {
    const place = `${kind} ${carrier}`;
    byPlace.set(place, [...(byPlace.get(place) ?? []), index]);
  }
  const places = [...byPlace.entries()];
  for (const [position, [place, ones]] of places.entries()) {
    for (const [otherPlace, others] of places.slice(position + 1)) {
      if (place.split(' ')[0] === otherPlace.split(' ')[0]) pairNearest(ones, others, vectors, groups);
    }
  }
  return groups.partition();
}

function pairNearest(ones: readonly number[], others: readonly number[], vectors: readonly (readonly number[])[], groups: Groups): void {
  const pairs = ones.flatMap((one) =>
    others.map((other) => ({ one, other, distance: distanceOf(vectors[one] ?? [], vectors[other] ?? []) })),
  );
  pairs.sort((left, right) => left.distance - right.distance);
  const taken = new Set<number>();
  for (const { one, other } of pairs) {
    if (taken.has(one) || taken.has(other)) continue;
    taken.add(one).add(other);
    groups.join(one, other);
  }
}

function distanceOf(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += ((one[index] ?? 0) - (other[index] ?? 0)) ** 2;
  return sum;
}

/** Each column with mean 0 and deviation 1, so that none counts more for its unit. */
function scaled(vectors: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const columns = vectors[0]?.length ?? 0;
  const spread = Array.from({ length: columns }, (_none, column) => {
    const values = vectors.map((vector) => vector[column] ?? 0);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return { mean, deviation };
  });
  const useful = spread.flatMap(({ deviation }, column) => (deviation > 0 ? [column] : []));
  return vectors.map((vector) =>
    useful.map((column) => ((vector[column] ?? 0) - (spread[column]?.mean ?? 0)) / (spread[column]?.deviation ?? 1)),
  );
}

/** Disjoint sets (Tarjan). */
class Groups {
  readonly #parents: number[];

  constructor(size: number) {
    this.#parents = Array.from({ length: size }, (_none, index) => index);
  }

  join(one: number, other: number): void {
    this.#parents[this.#rootOf(one)] = this.#rootOf(other);
  }

  partition(): Partition {
    return this.#parents.map((_parent, index) => String(this.#rootOf(index)));
  }

  #rootOf(index: number): number {
    let root = index;
    for (let parent = this.#parents[root]; parent !== undefined && parent !== root; parent = this.#parents[root]) {
      this.#parents[root] = this.#parents[parent] ?? parent;
      root = parent;
    }
    return root;
  }
}
