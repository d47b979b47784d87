/** No request has come yet, none is under way, or one is. */
export type Phase = 'unserved' | 'idle' | 'busy';

/** What is ranked: in which phase it is, and which of all has come into its phase when, the earlier the smaller. */
export interface Ranked {
  phase: Phase;
  since: number;
}

/** What one holder has, each phase in the order of `since`. */
type Held<Item> = Readonly<Record<Phase, Set<Item>>>;

/**
 * Holders by how much they hold. Each question is answered from counts that are kept, and looks at nobody of whom the answer cannot be: no
 * more than one of each of the largest holders, and at none of these if all that they have is busy and must not give way.
 */
export class Ranking<Item extends Ranked> {
  readonly #holders = new Map<string, Held<Item>>();
  /** By how much they hold; in each phase the holders who have something in it. */
  readonly #levels = new Map<number, Held<Held<Item>>>();
  /** What the largest holds. */
  #most = 0;

  sizeOf(name: string): number {
    const held = this.#holders.get(name);
    return held === undefined ? 0 : sizeOf(held);
  }

  /** An item is newer in its phase than all that are there. */
  add(name: string, item: Item): void {
    const held = this.#holders.get(name) ?? nothing<Item>();
    this.#holders.set(name, held);
    this.#withdraw(held);
    held[item.phase].add(item);
    this.#enter(held);
    this.#most = Math.max(this.#most, sizeOf(held));
  }

  remove(name: string, item: Item): void {
    const held = this.#holders.get(name);
    if (held?.[item.phase].has(item) !== true) return;
    this.#withdraw(held);
    held[item.phase].delete(item);
    if (sizeOf(held) === 0) this.#holders.delete(name);
    else this.#enter(held);
    // whoever held most holds one less now, or somebody else does hold as much
    if (!this.#levels.has(this.#most)) this.#most -= 1;
  }

  /** Whether nobody else would hold as much with one item more. */
  wouldBeLargest(name: string): boolean {
    return this.sizeOf(name) + 1 > this.#most;
  }

  /** Whether others, too, hold as much as this one would. */
  wouldBeAmongLargest(name: string): boolean {
    return this.sizeOf(name) + 1 === this.#most;
  }

  /**
   * For one item more of a holder: of those who would then hold most the oldest that is unserved, else the oldest idle one; a busy one only
   * if they hold more than the newcomer would.
   */
  firstToGiveWay(name: string): Item | undefined {
    if (this.wouldBeLargest(name)) return this.ownToGiveWay(name);
    const largest = this.#levels.get(this.#most);
    const own = this.wouldBeAmongLargest(name) ? this.#holders.get(name) : undefined;
    const among = (phase: Phase): Item | undefined => oldest(phase, largest?.[phase] ?? [], own);
    return among('unserved') ?? among('idle') ?? (this.wouldBeAmongLargest(name) ? undefined : among('busy'));
  }

  /** Of the holder's own. */
  ownToGiveWay(name: string): Item | undefined {
    const own = this.#holders.get(name);
    return first(own?.unserved) ?? first(own?.idle);
  }

  #enter(held: Held<Item>): void {
    const size = sizeOf(held);
    const level = this.#levels.get(size) ?? nothing<Held<Item>>();
    this.#levels.set(size, level);
    for (const phase of PHASES) if (held[phase].size > 0) level[phase].add(held);
  }

  #withdraw(held: Held<Item>): void {
    const size = sizeOf(held);
    const level = this.#levels.get(size);
    if (level === undefined) return;
    for (const phase of PHASES) level[phase].delete(held);
    if (sizeOf(level) === 0) this.#levels.delete(size);
  }
}

const PHASES: readonly Phase[] = ['unserved', 'idle', 'busy'];

function nothing<Item>(): Held<Item> {
  return { unserved: new Set(), idle: new Set(), busy: new Set() };
}

function sizeOf({ unserved, idle, busy }: Held<unknown>): number {
  return unserved.size + idle.size + busy.size;
}

function first<Item>(items: Set<Item> | undefined): Item | undefined {
  return items?.values().next().value;
}

function oldest<Item extends Ranked>(phase: Phase, holders: Iterable<Held<Item>>, own: Held<Item> | undefined): Item | undefined {
  let found = first(own?.[phase]);
  for (const held of holders) {
    const item = first(held[phase]);
    if (item !== undefined && (found === undefined || item.since < found.since)) found = item;
  }
  return found;
}
