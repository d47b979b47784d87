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
 * Places for connections. Where there is none left, somebody who has asked for nothing yet gives way, then somebody for whom nothing is
 * under way: of the site that holds most of them the one that waits longest. So who holds many keeps out nobody but themself.
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
    if (!this.#hasRoom(this.#ofAddress.get(address), perAddress, (place) => place.address === address)) return undefined;
    if (!this.#hasRoom(this.#ofSite.get(site), perSite, (place) => place.site === site)) return undefined;
    if (!this.#hasRoom(this.taken, all, () => true) && !this.#takeFromLargestSite(site)) return undefined;
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

  #hasRoom(taken: number | undefined, most: number, isAmong: (place: Place) => boolean): boolean {
    if ((taken ?? 0) < most) return true;
    return this.#end(firstToGiveWay([...this.#places].filter(isAmong)));
  }

  /** Where all are busy, a site that holds more than the one that comes would hold. */
  #takeFromLargestSite(newcomer: string): boolean {
    const oldest = oldestOfLargestSite([...this.#places]);
    const isLarger = (this.#ofSite.get(oldest?.site ?? '') ?? 0) > (this.#ofSite.get(newcomer) ?? 0) + 1;
    return isLarger && this.#end(oldest);
  }

  #end(place: Place | undefined): boolean {
    if (place === undefined) return false;
    this.leave(place);
    place.end();
    return true;
  }
}

function firstToGiveWay(places: readonly Place[]): Place | undefined {
  const of = (phase: Phase): Place | undefined => oldestOfLargestSite(places.filter((place) => place.phase === phase));
  return of('unserved') ?? of('idle');
}

function oldestOfLargestSite(places: readonly Place[]): Place | undefined {
  const bySite = Map.groupBy(places, ({ site }) => site);
  let largest: readonly Place[] = [];
  for (const ofSite of bySite.values()) if (ofSite.length > largest.length) largest = ofSite;
  return largest[0];
}

function count(counts: Map<string, number>, key: string, step: 1 | -1): void {
  const now = (counts.get(key) ?? 0) + step;
  if (now > 0) counts.set(key, now);
  else counts.delete(key);
}
