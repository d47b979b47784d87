import { type Phase, type Ranked, Ranking } from './ranking';

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

/** One connection's place. */
export interface Place extends Connected, Ranked {}

/**
 * Places for connections. Where there is none left, a connection gives way of the site that would hold most, whatever its connections do;
 * if that is the newcomer's own site, of the address there that would. So who holds many keeps out nobody but themself.
 *
 * Who is refused costs the same however many places there are: a stranger's connection is refused before any handshake, and may come again
 * at once.
 */
export class ConnectionPlaces {
  readonly #places = new Set<Place>();
  readonly #sites = new Ranking<Place>();
  /** By site. */
  readonly #addresses = new Map<string, Ranking<Place>>();
  #now = 0;

  constructor(private readonly limits: PlaceLimits) {}

  /** How many are taken. */
  get taken(): number {
    return this.#places.size;
  }

  /** @returns undefined if there is no place, and none that anybody must give up for this */
  enter(holder: Connected): Place | undefined {
    const { address, site } = holder;
    const { all, perSite, perAddress } = this.limits;
    const addresses = this.#addresses.get(site) ?? new Ranking<Place>();
    if (!this.#hasRoom(addresses.sizeOf(address), perAddress, () => addresses.ownToGiveWay(address))) return undefined;
    if (!this.#hasRoom(this.#sites.sizeOf(site), perSite, () => addresses.firstToGiveWay(address))) return undefined;
    if (!this.#hasRoom(this.taken, all, () => firstToGiveWay(this.#sites, addresses, holder))) return undefined;
    const place: Place = { ...holder, phase: 'unserved', since: (this.#now += 1) };
    this.#places.add(place);
    this.#sites.add(site, place);
    // the last one of this site may have given way
    if (!this.#addresses.has(site)) this.#addresses.set(site, addresses);
    addresses.add(address, place);
    return place;
  }

  /** Once more for the same place does nothing. */
  leave(place: Place): void {
    if (!this.#places.delete(place)) return;
    const { address, site } = place;
    this.#sites.remove(site, place);
    const addresses = this.#addresses.get(site);
    addresses?.remove(address, place);
    if (this.#sites.sizeOf(site) === 0) this.#addresses.delete(site);
  }

  /** A request has begun, or the last one has ended: it is the last of those to whom that has happened. */
  change(place: Place, phase: Phase): void {
    if (!this.#places.has(place)) return;
    const { address, site } = place;
    const [addresses, since] = [this.#addresses.get(site), (this.#now += 1)];
    this.#sites.remove(site, place);
    addresses?.remove(address, place);
    place.phase = phase;
    place.since = since;
    this.#sites.add(site, place);
    addresses?.add(address, place);
  }

  #hasRoom(taken: number, most: number, toGiveWay: () => Place | undefined): boolean {
    if (taken < most) return true;
    const place = toGiveWay();
    if (place === undefined) return false;
    this.leave(place);
    place.end();
    return true;
  }
}

/**
 * Size comes before phase: else those who have been served once would hold their places against everybody who has yet to ask. Of the
 * largest, one that has asked for nothing, then one for whom nothing is under way, the one that waits longest; a request under way ends
 * only if its holder has more than the newcomer would. Sites are compared, and within one site its addresses.
 */
function firstToGiveWay(sites: Ranking<Place>, addresses: Ranking<Place>, { site, address }: Connected): Place | undefined {
  if (sites.wouldBeLargest(site)) return addresses.firstToGiveWay(address);
  return sites.firstToGiveWay(site) ?? (sites.wouldBeAmongLargest(site) ? addresses.firstToGiveWay(address) : undefined);
}
