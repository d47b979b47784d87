import { type Room } from './frame-reader';

/** What all who are connected share, and how much of it one of them may have. */
export interface SenderBounds {
  readonly places: number;
  /** Of one address or certificate. */
  readonly placesOfOne: number;
  readonly roomBytes: number;
  readonly roomBytesOfOne: number;
}

/** Who holds a place: an address until a certificate is shown, then that. */
export class SenderPlace implements Room {
  hasSpoken = false;
  isCertified = false;
  /** Of frames that have not ended. */
  heldBytes = 0;

  constructor(
    public from: string,
    readonly giveWay: () => void,
    private readonly places: SenderPlaces,
  ) {}

  /** Something that was said was kept. With a certificate nobody takes the place away from here on; without one it is the last to be taken. */
  spoke(): void {
    this.hasSpoken = true;
    this.places.spoke(this);
  }

  take(bytes: number): boolean {
    return this.places.takeRoom(this, bytes);
  }

  give(bytes: number): void {
    this.heldBytes -= bytes;
  }

  /** @returns whether whoever has shown a certificate has a place left */
  isNamed(certificate: string): boolean {
    this.isCertified = this.places.rename(this, certificate);
    return this.isCertified;
  }

  leave(): void {
    this.places.leave(this);
  }
}

/**
 * The places and the room of a server of MLLP. One address, or certificate, has a share of both. Where they are full, the oldest that has said nothing
 * which was kept gives way to who comes: whoever only holds a place, or begins a frame and does not end it, keeps nobody out. Where all have spoken, it is
 * the one that has been silent the longest, unless it has shown a certificate: a word that anybody may say is good for no place that lasts.
 */
export class SenderPlaces {
  /** The one that has been silent the longest first. */
  readonly #held = new Set<SenderPlace>();

  constructor(private readonly bounds: SenderBounds) {}

  /** @returns undefined: every place is somebody's who has spoken and shown a certificate */
  enter(from: string, giveWay: () => void): SenderPlace | undefined {
    const own = this.#of(from);
    if (own.length >= this.bounds.placesOfOne && !this.#clear(own)) return undefined;
    if (this.#held.size >= this.bounds.places && !this.#clear(this.#ofMost())) return undefined;
    const place = new SenderPlace(from, giveWay, this);
    this.#held.add(place);
    return place;
  }

  leave(place: SenderPlace): void {
    this.#held.delete(place);
  }

  spoke(place: SenderPlace): void {
    if (this.#held.delete(place)) this.#held.add(place);
  }

  rename(place: SenderPlace, from: string): boolean {
    const own = this.#of(from);
    if (own.length >= this.bounds.placesOfOne && !this.#clear(own)) return false;
    place.from = from;
    return true;
  }

  takeRoom(place: SenderPlace, bytes: number): boolean {
    const { roomBytes, roomBytesOfOne } = this.bounds;
    const fits = (places: readonly SenderPlace[], most: number): boolean => {
      const others = (): readonly SenderPlace[] => places.filter((each) => this.#held.has(each));
      while (sumOf(others()) + bytes > most) {
        if (!this.#clear(others().filter((each) => each !== place && each.heldBytes > 0))) return false;
      }
      return true;
    };
    if (!fits(this.#of(place.from), roomBytesOfOne) || !fits([...this.#held], roomBytes)) return false;
    place.heldBytes += bytes;
    return true;
  }

  #of(from: string): readonly SenderPlace[] {
    return [...this.#held].filter((place) => place.from === from);
  }

  /** The places of whoever has the most of those that say nothing; where all have spoken, of those without a certificate. */
  #ofMost(): readonly SenderPlace[] {
    const all = [...this.#held];
    const mute = all.filter(({ hasSpoken }) => !hasSpoken);
    const giving = mute.length > 0 ? mute : all.filter(({ isCertified }) => !isCertified);
    const counts = new Map<string, number>();
    for (const { from } of giving) counts.set(from, (counts.get(from) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    return giving.filter(({ from }) => counts.get(from) === most);
  }

  /** Has one of these give way: the oldest mute one, else the one without a certificate that has been silent the longest. */
  #clear(among: readonly SenderPlace[]): boolean {
    const gives = among.find(({ hasSpoken }) => !hasSpoken) ?? among.find(({ isCertified }) => !isCertified);
    if (gives === undefined) return false;
    this.#held.delete(gives);
    gives.giveWay();
    return true;
  }
}

function sumOf(places: readonly SenderPlace[]): number {
  return places.reduce((sum, { heldBytes }) => sum + heldBytes, 0);
}
