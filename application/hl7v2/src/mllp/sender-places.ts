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
  /** Of frames that have not ended. */
  heldBytes = 0;

  constructor(
    public from: string,
    readonly giveWay: () => void,
    private readonly places: SenderPlaces,
  ) {}

  /** From here on nobody takes the place away: what was said was kept. */
  spoke(): void {
    this.hasSpoken = true;
  }

  take(bytes: number): boolean {
    return this.places.takeRoom(this, bytes);
  }

  give(bytes: number): void {
    this.heldBytes -= bytes;
  }

  /** @returns whether whoever has shown a certificate has a place left */
  isNamed(certificate: string): boolean {
    return this.places.rename(this, certificate);
  }

  leave(): void {
    this.places.leave(this);
  }
}

/**
 * The places and the room of a server of MLLP. One address, or certificate, has a share of both. Where they are full, the oldest that has said nothing
 * which was kept gives way to who comes: whoever only holds a place, or begins a frame and does not end it, keeps nobody out.
 */
export class SenderPlaces {
  /** The oldest first. */
  readonly #held = new Set<SenderPlace>();

  constructor(private readonly bounds: SenderBounds) {}

  /** @returns undefined: every place is somebody's who has spoken */
  enter(from: string, giveWay: () => void): SenderPlace | undefined {
    const own = this.#of(from);
    if (own.length >= this.bounds.placesOfOne && !this.#clear(own)) return undefined;
    if (this.#held.size >= this.bounds.places && !this.#clear(this.#ofMostMute())) return undefined;
    const place = new SenderPlace(from, giveWay, this);
    this.#held.add(place);
    return place;
  }

  leave(place: SenderPlace): void {
    this.#held.delete(place);
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

  /** The places of whoever has the most of those that say nothing. */
  #ofMostMute(): readonly SenderPlace[] {
    const mute = [...this.#held].filter(({ hasSpoken }) => !hasSpoken);
    const counts = new Map<string, number>();
    for (const { from } of mute) counts.set(from, (counts.get(from) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    return mute.filter(({ from }) => counts.get(from) === most);
  }

  /** Has the oldest mute one of these give way. */
  #clear(among: readonly SenderPlace[]): boolean {
    const oldest = among.find(({ hasSpoken }) => !hasSpoken);
    if (oldest === undefined) return false;
    this.#held.delete(oldest);
    oldest.giveWay();
    return true;
  }
}

function sumOf(places: readonly SenderPlace[]): number {
  return places.reduce((sum, { heldBytes }) => sum + heldBytes, 0);
}
