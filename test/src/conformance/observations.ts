import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { normalizeObserved, type Outcome } from './outcome';

export type FabricLine = '3.1' | '2.5';
export type Ordering = 'raft' | 'bft';

interface RecordedAnswers {
  readonly fabric: string;
  readonly consensus: string;
  readonly recordedOn: string;
  readonly note: string;
  readonly outcomes: Readonly<Record<string, Outcome>>;
}

// sources and compiled files are equally deep, and the observations lie beside the sources
const folder = resolve(__dirname, '../../src/conformance/observed');
const MAIN = 'fabric-3.1-raft.json';
/** About clocks and the age of certificates Fabric 3.1 alone is asked. */
const askedOf31Alone: ReadonlySet<string> = new Set(['39e', '39e2', '42a', '42b', '42c2', '43a', '43a2', '43b']);
const consensusOf = { raft: 'etcdraft', bft: 'BFT' } as const;

function read(name: string): RecordedAnswers | undefined {
  const path = join(folder, name);
  // a file of ours, written below
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RecordedAnswers) : undefined;
}

/**
 * What a real network answered to the cases. Fabric 3.1 with Raft answered all of them; of the other lines and the other
 * ordering only what they answered otherwise is recorded, so a difference that comes or goes is a failure there.
 */
export class Observations {
  readonly fabric: string;
  readonly #name: string;
  readonly #isMain: boolean;
  readonly #main: RecordedAnswers;
  readonly #own: RecordedAnswers | undefined;
  readonly #heard = new Map<string, Outcome>();

  constructor(
    private readonly line: FabricLine,
    private readonly ordering: Ordering,
  ) {
    this.#name = `fabric-${line}-${ordering}.json`;
    this.#isMain = this.#name === MAIN;
    const main = read(MAIN);
    if (main === undefined) throw new Error(`observed/${MAIN} is missing`);
    this.#main = main;
    this.#own = this.#isMain ? main : read(this.#name);
    this.fabric = this.#own?.fabric ?? line;
  }

  /** `undefined`: nobody has asked a real network yet. */
  answer(id: string): Outcome | undefined {
    const outcome = this.#own?.outcomes[id] ?? this.#main.outcomes[id];
    return outcome && normalizeObserved(outcome);
  }

  /** Ids this network answers otherwise than Fabric 3.1 with Raft. */
  get differences(): readonly string[] {
    return this.#isMain ? [] : Object.keys(this.#own?.outcomes ?? {});
  }

  /** Whether a network of this line is asked at all. */
  isAsked(id: string): boolean {
    return this.line === '3.1' || !askedOf31Alone.has(id);
  }

  ids(): readonly string[] {
    return Object.keys(this.#main.outcomes);
  }

  /** Whether an answer that is recorded as different is the same as on Fabric 3.1 with Raft: then it is no difference. */
  isNoDifference(id: string): boolean {
    const [own, main] = [this.#own?.outcomes[id], this.#main.outcomes[id]];
    return own !== undefined && main !== undefined && isDeepStrictEqual(normalizeObserved(own), normalizeObserved(main));
  }

  /** What a recording has to compare with: what it heard itself, or what Fabric 3.1 with Raft answered when that is asked again. */
  heardOrRecorded(id: string): Outcome | undefined {
    return this.#heard.get(id) ?? (this.#isMain ? this.answer(id) : undefined);
  }

  hear(id: string, outcome: Outcome): void {
    this.#heard.set(id, outcome);
  }

  /** Writes down what was heard: all that Fabric 3.1 with Raft has not answered yet, and of another network what differs. */
  save(fabric: string): void {
    const before = Object.entries(this.#own?.outcomes ?? {}).filter(([id]) => this.#isMain || !this.#heard.has(id));
    const fresh = [...this.#heard].filter(([id, outcome]) =>
      this.#isMain ? this.#main.outcomes[id] === undefined : !isDeepStrictEqual(outcome, this.mainAnswer(id)),
    );
    const record: RecordedAnswers = {
      fabric,
      consensus: consensusOf[this.ordering],
      recordedOn: new Date().toISOString().slice(0, 10),
      note: this.#isMain
        ? 'What a real network answered to the cases of the same ids. Ids, addresses, times and hashes are replaced by <txid>, <addr>, <time>, <hash>.'
        : `What a network of this line (${this.line}) and ordering answered otherwise than ${MAIN} says.`,
      outcomes: Object.fromEntries([...before, ...fresh]),
    };
    writeFileSync(join(folder, this.#name), `${JSON.stringify(record, undefined, 1)}\n`);
  }

  /** What Fabric 3.1 with Raft answered. */
  mainAnswer(id: string): Outcome | undefined {
    const outcome = this.#main.outcomes[id];
    return outcome && normalizeObserved(outcome);
  }
}
