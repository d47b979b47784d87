import { type Sentence } from '@lianyi/network-model';

/** How far one orderer had come at one look. */
export interface OrdererHeight {
  readonly name: string;
  /** `undefined`: its process runs and it did not answer. One that is stopped is not looked at. */
  readonly height: number | undefined;
}

interface Standing {
  readonly height: number | undefined;
  readonly sinceMillis: number;
}

/**
 * Finds orderers that froze while they say that all is well: their height stands still although others went on. SmartBFT
 * 1.0.1 can lock itself up so; only a restart helps. One that answers nothing for as long counts as
 * frozen, too. Pure: it is told the time and the heights.
 */
export class LagDetector {
  readonly #standing = new Map<string, Standing>();

  constructor(private readonly patienceMillis: number) {}

  /** Names of the orderers to restart now. */
  look(heights: readonly OrdererHeight[], nowMillis: number): readonly string[] {
    const highest = Math.max(...heights.map(({ height }) => height ?? -1));
    // if none answers, it is not one orderer that froze
    if (highest < 0) return [];
    return heights.filter((orderer) => this.#isFrozen(orderer, highest, nowMillis)).map(({ name }) => name);
  }

  #isFrozen({ name, height }: OrdererHeight, highest: number, nowMillis: number): boolean {
    const before = this.#standing.get(name);
    // one that is level with the others may stand still as long as it likes
    if (before === undefined || height === highest || before.height !== height) {
      this.#standing.set(name, { height, sinceMillis: nowMillis });
      return false;
    }
    if (nowMillis - before.sinceMillis < this.patienceMillis) return false;
    this.#standing.delete(name);
    return true;
  }
}

interface WatchdogSettings {
  /** By channel. */
  readonly heights: () => Promise<ReadonlyMap<string, readonly OrdererHeight[]>>;
  readonly restart: (name: string, reason: Sentence) => Promise<void>;
  readonly lookMillis?: number;
  readonly patienceMillis?: number;
}

/** Looks at the orderers' heights again and again and has frozen ones restarted, one at a time. */
export class OrdererWatchdog {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly #detectors = new Map<string, LagDetector>();

  constructor(private readonly settings: WatchdogSettings) {}

  start(): void {
    this.#timer = setTimeout(() => {
      void this.#look().finally(() => {
        if (!this.#stopped) this.start();
      });
    }, this.settings.lookMillis ?? 2_000);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #detectorOf(channel: string): LagDetector {
    // a healthy orderer that fell behind catches up in well under this; traffic stalls for its peers meanwhile
    const detector = this.#detectors.get(channel) ?? new LagDetector(this.settings.patienceMillis ?? 10_000);
    this.#detectors.set(channel, detector);
    return detector;
  }

  async #look(): Promise<void> {
    const heights = await this.settings.heights();
    const [frozen] = [...heights].flatMap(([channel, ofChannel]) => this.#detectorOf(channel).look(ofChannel, Date.now()));
    if (frozen === undefined || this.#stopped) return;
    try {
      // one at a time: the channel needs a quorum of the others
      await this.settings.restart(frozen, {
        en: 'its height stood still while the other orderers went on',
        zh: '其高度停滞，而其他排序节点仍在前进',
      });
    } catch {
      // the supervisor has reported it and goes on trying
    }
  }
}
