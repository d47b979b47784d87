import { type BlockTransaction, CallsOfBlock, type ParsedBlock } from '@lianyi/ledger-client';

/** What a member sees of one pseudonym or one summary slot, from the blocks alone. */
export interface Observation {
  readonly id: string;
  readonly kind: 'pseudonym' | 'slot';
  /** Whose client has carried what is about it. */
  readonly carrier: string;
  /** Everything spelled in its transactions that looks like an id, a key, a hash or a signature. */
  readonly tokens: ReadonlySet<string>;
  /** How large what is about it is: for each transaction and each of its parts, in order. */
  readonly sizes: readonly number[];
  /** When it was written, by the chain: the place of each of its transactions among all. */
  readonly places: readonly number[];
}

/** Sixteen or more characters of ids, base64url and hexadecimal digits: 96 bits at least, so that none is the same by chance. */
const TOKEN = /[A-Za-z0-9_-]{16,}/g;
/** The name of a member in JSON, also in JSON inside of JSON: a word of the schema. Where each hospital shows it once, it would seem to be one patient's. */
const NAME = /"[a-z][A-Za-z]{15,}\\?":/g;
const OBJECT_KEYS = { pseudonym: 'pseudonym', summarySlot: 'slot' } as const;
const VALID = 0;

type Growing = { kind: Observation['kind']; carrier: string; tokens: Set<string>; sizes: number[]; places: number[] };

/** Collects what the blocks of a channel show of each pseudonym and each slot. */
export class Observer {
  readonly #objects = new Map<string, Growing>();
  #place = 0;

  constructor(private readonly chaincode: string) {}

  visit({ transactions }: Pick<ParsedBlock, 'transactions'>): void {
    const calls = new CallsOfBlock(this.chaincode);
    for (const transaction of transactions) {
      this.#place += 1;
      const call = transaction.validationCode === VALID ? calls.of(transaction) : undefined;
      if (call === undefined || call === 'unreadable') continue;
      for (const { key } of call.writes) this.#introduce(key, call.creatorMspId);
      this.#see(transaction, call);
    }
  }

  /** The pseudonyms and slots that were written, in the order of their first writing. */
  observations(): readonly Observation[] {
    return [...this.#objects].map(([id, seen]) => ({ id, ...seen }));
  }

  #introduce(key: string, carrier: string): void {
    const [, objectType = '', id = ''] = key.split('\u0000');
    const kind = OBJECT_KEYS[objectType as keyof typeof OBJECT_KEYS] as Observation['kind'] | undefined;
    if (kind !== undefined && !this.#objects.has(id)) this.#objects.set(id, { kind, carrier, tokens: new Set(), sizes: [], places: [] });
  }

  #see({ envelope, event }: BlockTransaction, { args, writes }: Exclude<ReturnType<CallsOfBlock['of']>, 'unreadable' | undefined>): void {
    // all that stands in the block, whatever it is meant for: arguments, read and write sets, events, certificates, signatures
    const text = Buffer.from(envelope).toString('latin1').replaceAll(NAME, '');
    const tokens = new Set([...text.matchAll(TOKEN)].map(([token]) => token));
    const concerned = [...tokens].filter((token) => this.#objects.has(token));
    const sizes = [
      ...[envelope.length, event?.payload.length ?? 0, ...args.map(({ length }) => length), writes.length],
      ...writes.flatMap(({ key, value }) => [key.length, value instanceof Uint8Array ? value.length : 0]),
    ];
    for (const id of concerned) {
      const seen = this.#objects.get(id);
      for (const token of tokens) seen?.tokens.add(token);
      seen?.sizes.push(...sizes);
      seen?.places.push(this.#place);
    }
  }
}
