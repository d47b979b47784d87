/** How many connections there may be. */
export interface PlaceLimits {
  readonly all: number;
  readonly perSite: number;
  readonly perAddress: number;
}

/** Who has a connection; what ends it when it must give way. */
export interface Connected {
  readonly address: string;
  readonly site: string;
  readonly end: () => void;
}

/** No request has come yet, none is under way, or one is. */
type Phase = 'unserved' | 'idle' | 'busy';

/** One connection's place. */
export interface Place extends Connected {
  phase: Phase;
}

/**
 * Places for connections. Where there is none left, a connection gives way of the site that would hold most, whatever its connections do;
 * if that is the newcomer's own site, of the address there that would. So who holds many keeps out nobody but themself.
 */
export class ConnectionPlaces {
  /** In the order in which their phases began. */
  readonly #places = new Set<Place>();
  readonly #ofAddress = new Map<string, number>();
  readonly #ofSite = new Map<string, number>();

  constructor(private readonly limits: PlaceLimits) {}

  /** How many are taken. */
  get taken(): number {
    return this.#places.size;
  }

  /** @returns undefined if there is no place, and none that anybody must give up for this */
  enter(holder: Connected): Place | undefined {
    const { address, site } = holder;
    const { all, perSite, perAddress } = this.limits;
    if (!this.#hasRoom(holder, this.#ofAddress.get(address), perAddress, (place) => place.address === address)) return undefined;
    if (!this.#hasRoom(holder, this.#ofSite.get(site), perSite, (place) => place.site === site)) return undefined;
    if (!this.#hasRoom(holder, this.taken, all, () => true)) return undefined;
    const place: Place = { ...holder, phase: 'unserved' };
    this.#places.add(place);
    count(this.#ofAddress, address, 1);
    count(this.#ofSite, site, 1);
    return place;
  }

  /** Once more for the same place does nothing. */
  leave(place: Place): void {
    if (!this.#places.delete(place)) return;
    count(this.#ofAddress, place.address, -1);
    count(this.#ofSite, place.site, -1);
  }

  /** A request has begun, or the last one has ended. */
  change(place: Place, phase: Phase): void {
    place.phase = phase;
    // at the end of the order again
    if (this.#places.delete(place)) this.#places.add(place);
  }

  #hasRoom(newcomer: Connected, taken: number | undefined, most: number, isAmong: (place: Place) => boolean): boolean {
    if ((taken ?? 0) < most) return true;
    const place = firstToGiveWay([...this.#places].filter(isAmong), newcomer);
    if (place === undefined) return false;
    this.leave(place);
    place.end();
    return true;
  }
}

/**
 * Size comes before phase: else those who have been served once would hold their places against everybody who has yet to ask. Of the
 * largest, one that has asked for nothing, then one for whom nothing is under way, the one that waits longest; a request under way ends
 * only if its holder has more than the newcomer would.
 */
function firstToGiveWay(places: readonly Place[], newcomer: Connected): Place | undefined {
  const ofSites = ofMost(places, 'site', newcomer);
  const isOwnSite = ofSites.every(({ site }) => site === newcomer.site);
  const ofLargest = isOwnSite ? ofMost(ofSites, 'address', newcomer) : ofSites;
  const first = (phase: Phase): Place | undefined => ofLargest.find((place) => place.phase === phase);
  return first('unserved') ?? first('idle') ?? ofLargest.find((place) => holdsMore(place, newcomer, places));
}

/** Those of the places whose site or address has most of them; the newcomer counts as if it had its place. */
function ofMost(places: readonly Place[], by: 'site' | 'address', newcomer: Connected): readonly Place[] {
  const counts = new Map([[newcomer[by], 1]]);
  for (const place of places) count(counts, place[by], 1);
  const most = Math.max(...counts.values());
  return places.filter((place) => counts.get(place[by]) === most);
}

/** Sites are compared, and within one site its addresses. */
function holdsMore(place: Place, newcomer: Connected, places: readonly Place[]): boolean {
  const by = place.site === newcomer.site ? 'address' : 'site';
  const held = (key: string): number => places.filter((one) => one[by] === key).length;
  return held(place[by]) > held(newcomer[by]) + 1;
}

function count(counts: Map<string, number>, key: string, step: 1 | -1): void {
  const now = (counts.get(key) ?? 0) + step;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
