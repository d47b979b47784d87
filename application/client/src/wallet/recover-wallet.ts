import {
  type Delegation,
  type DelegationId,
  DomainError,
  encodeBase64url,
  hashOfKey,
  type IdNonce,
  type Instant,
  type Ledger,
  type MspId,
  type NetworkIdentity,
  newRequest,
  type Output,
  type Pseudonym,
  pseudonymOf,
  Refused,
  type Relationship,
  relationshipStateSchema,
  type Sha256,
  type SignedRequest,
  SLOTS_AT_ONCE,
  type SummarySlot,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { publicKeyOf } from '../signing/p256';
import { signPatientCommand } from '../signing/sign-request';
import { earlierRelationshipNonce, oneTimeKey, relationshipNonce } from './derived-keys';
import { counterOf, LEAP } from './reconcile';
import { hashOfWord, openSlot, ownSlotId, type SlotContent } from './summary-slot';
import { type ChainName, chainName, type HeldCard, type WalletContent, type WalletRelationship } from './wallet-content';

/** After so many slots that are not there, none is looked for: a wallet leaves none out but by a write that failed. */
const GAP = 8;
/** No more slots than these are asked for: a node can make up as many as it likes, none of which opens. */
const MOST_SLOTS = 1_024;
/** So many pseudonyms beyond the last slot are looked for by themselves: registered, and lost before the wallet could write. */
const BEYOND = 2;
/** How long a node is waited for at most that has too many questions of this address, in seconds; after that the recovery is told to come later. */
const LONGEST_WAIT_SECONDS = 20;
const MILLIS = 1_000;
/** More organisations than a consortium has. */
const ORGANISATIONS = 100;

export interface RecoveryOptions {
  readonly network: NetworkIdentity;
  /** Any member's node. It sees which slots and pseudonyms are one patient's. */
  readonly ledger: Ledger;
  readonly now: () => Instant;
}

/** One pseudonym that came back, with its keys. */
export type Recovered = {
  readonly pseudonym: Pseudonym;
  /** Of somebody else's pseudonym: the delegation whose keys came back. */
  readonly delegationId?: DelegationId;
  readonly mspId: MspId;
  /** By its slot, or by trying the seed at each hospital. */
  readonly by: 'slot' | 'seed';
  /** What the ledger has now: of the relationship, or of the delegation; `unregistered` — not the pseudonym, not the delegation; `none` — no relationship. */
  readonly state: Relationship['state'] | Delegation['state'] | 'unregistered' | 'none';
};

/** One slot that did not come back as a pseudonym, and why. */
export type Lost = {
  /** Which of the wallet's slots, from 0 on. */
  readonly slot: number;
  /** `sealed-by-another` — the seed does not open it; `key-unknown` — the ledger announces a key that is none of the seed's. */
  readonly why: 'sealed-by-another' | 'key-unknown';
};

export type Recovery = {
  readonly content: WalletContent;
  readonly recovered: readonly Recovered[];
  readonly lost: readonly Lost[];
};

type Row = { readonly relationship: WalletRelationship; readonly cards: readonly HeldCard[]; readonly told: Recovered };
type ChainEntry = { readonly nextKeyHash: Sha256; readonly delegation?: Delegation['state'] };
type Found = Readonly<{ index: number; by: Recovered['by']; says: SlotContent; version: number }>;

/**
 * Makes a wallet's content anew from its seed and the ledger. Only questions are asked: it can be broken off and repeated at will.
 *
 * The ledger is told of by the node that is asked. A node that keeps something back makes the wallet poorer and nothing else: what another
 * one tells later is added ({@link mergeRecovered}). A key that it names wrongly is found out with the first command.
 * @throws {@link DomainError} `NOTHING_TO_RECOVER` — there is no slot and no pseudonym of this seed; LedgerFailure
 */
export async function recoverWallet(seed: Uint8Array, options: RecoveryOptions): Promise<Recovery> {
  return new RecoveryRun(seed, options).run();
}

class RecoveryRun {
  readonly #lost: Lost[] = [];

  constructor(
    private readonly seed: Uint8Array,
    private readonly options: RecoveryOptions,
  ) {}

  async run(): Promise<Recovery> {
    const slots = await this.#slots();
    const last = Math.max(-1, ...slots.keys());
    const found = latestOfEach([...slots].flatMap(([index, slot]) => this.#opened(index, slot)));
    const opened = new Set(found.map(({ index }) => index));
    const held = new Set(found.flatMap(({ says }) => (says.delegationId === undefined ? [says.pseudonym] : [])));
    const missing = Array.from({ length: last + 1 + BEYOND }, (_none, index) => index).filter((index) => !opened.has(index));
    found.push(...(await this.#bySeed(missing)).filter(({ says }) => !held.has(says.pseudonym)));
    const rows: Row[] = [];
    for (const each of found) {
      const row = await this.#present(each);
      if (row !== undefined) rows.push(row);
    }
    if (rows.length === 0 && this.#lost.length === 0) throw new DomainError('NOTHING_TO_RECOVER');
    const cards = [...new Map(rows.flatMap((row) => row.cards).map((card) => [card.cardId, card])).values()];
    return {
      content: {
        seed: encodeBase64url(this.seed),
        relationships: rows.map(({ relationship }) => relationship),
        ...(cards.length === 0 ? {} : { cards }),
        isRecoverable: true,
      },
      recovered: rows.map(({ told }) => told),
      lost: this.#lost,
    };
  }

  /** Every slot that the ledger has, by its number; the last {@link GAP} that were asked for are not there. */
  async #slots(): Promise<ReadonlyMap<number, SummarySlot>> {
    const { genesis } = this.options.network;
    const found = new Map<number, SummarySlot>();
    for (let from = 0; from < MOST_SLOTS && from - Math.max(-1, ...found.keys()) <= GAP; from += SLOTS_AT_ONCE) {
      const ids = Array.from({ length: SLOTS_AT_ONCE }, (_none, offset) => ownSlotId(this.seed, { genesis, index: from + offset }));
      const { slots } = await this.#ask(newRequest(transactions.ListSummarySlots, { slotIds: ids }));
      for (const slot of slots) {
        const offset = ids.indexOf(slot.slotId);
        if (offset !== -1) found.set(from + offset, slot);
      }
    }
    return found;
  }

  #opened(index: number, slot: SummarySlot): readonly Found[] {
    const says = openSlot(this.seed, { genesis: this.options.network.genesis, index }, slot);
    if (says !== undefined) return [{ index, by: 'slot', says, version: slot.version }];
    this.#lost.push({ slot: index, why: 'sealed-by-another' });
    return [];
  }

  /** Pseudonyms whose slot was never written, or does not open, which follow from the seed, the number of the slot and the organisation: not only hospitals register. */
  async #bySeed(missing: readonly number[]): Promise<Found[]> {
    if (missing.length === 0) return [];
    const { items } = await this.#ask(newRequest(transactions.ListOrganisations, { limit: ORGANISATIONS }));
    const found: Found[] = [];
    for (const index of missing) {
      for (const { mspId } of items) {
        for (const nonce of [relationshipNonce(this.seed, { index, mspId }), earlierRelationshipNonce(this.seed, index)]) {
          const says = await this.#sayingOf(nonce, mspId);
          if (says !== undefined) found.push({ index, by: 'seed', says, version: 0 });
        }
      }
    }
    return found;
  }

  /** What a slot would say of the pseudonym that a nonce makes at a hospital; undefined if the ledger does not know it. */
  async #sayingOf(nonce: IdNonce, mspId: MspId): Promise<SlotContent | undefined> {
    const pseudonym = pseudonymOf({ mspId, firstKeyHash: hashOfKey(publicKeyOf(oneTimeKey(this.seed, nonce, 0))), nonce });
    if ((await this.#known(newRequest(transactions.GetPseudonym, { pseudonym }))) === undefined) return undefined;
    return { t: 'lianyi/summary/v1', version: 1, pseudonym, nonce, mspId, counter: 0, cards: [], at: this.options.now() };
  }

  /** The relationship as the ledger has it now. Undefined if the seed has no key of it, which is told. */
  async #present({ index, by, says, version }: Found): Promise<Row | undefined> {
    const { nonce, mspId, past, cards, readUntil } = says;
    const chain = chainName(says);
    const entry = await this.#entryOf(chain);
    const hashAt = (counter: number): ReturnType<typeof hashOfKey> => hashOfKey(publicKeyOf(oneTimeKey(this.seed, nonce, counter)));
    const counter = entry === undefined ? says.counter : counterOf(says, hashAt, entry.nextKeyHash);
    if (counter === undefined) {
      this.#lost.push({ slot: index, why: 'key-unknown' });
      return undefined;
    }
    const state = entry === undefined ? 'unregistered' : (entry.delegation ?? (await this.#stateOf(says, counter)));
    // what the patient's relationship is, the delegate learns with their next command
    const known = chain.delegationId === undefined ? relationshipStateSchema.safeParse(state).data : undefined;
    const relationship: WalletRelationship = {
      ...{ ...chain, nonce, mspId, counter, commands: [] },
      // what the lost wallet has signed is used up with the first command, before anything else is signed; whatever a node says of it
      ...{ firstUnused: Math.max(counter, says.counter) + LEAP, rotateFirst: 'due' as const },
      ...(past === undefined ? {} : { past }),
      ...(known === undefined ? {} : { state: known }),
      ...(readUntil === undefined ? {} : { inbox: { until: readUntil, read: [] } }),
      slot: { index, version, ...(version === 0 ? {} : { holds: hashOfWord(says), counter: says.counter }) },
    };
    return { relationship, cards: cards.map((cardId) => ({ cardId, pseudonym: chain.pseudonym })), told: { ...chain, mspId, by, state } };
  }

  /** The next key of a chain, and of a delegation its state; undefined if the ledger does not know it. */
  async #entryOf({ pseudonym, delegationId }: ChainName): Promise<ChainEntry | undefined> {
    if (delegationId === undefined) return this.#known(newRequest(transactions.GetPseudonym, { pseudonym }));
    const entry = await this.#known(newRequest(transactions.GetDelegation, { pseudonym, delegationId }));
    return entry === undefined ? undefined : { nextKeyHash: entry.nextKeyHash, delegation: entry.state };
  }

  /** What the ledger has of the relationship, asked as the patient, whose present key is known by now. */
  async #stateOf({ pseudonym, nonce, mspId }: SlotContent, counter: number): Promise<Relationship['state'] | 'none'> {
    const request = newRequest(transactions.GetRelationship, { pseudonym, mspId });
    const signer = {
      ...{ network: this.options.network, pseudonym },
      privateKey: oneTimeKey(this.seed, nonce, counter),
      nextPrivateKey: oneTimeKey(this.seed, nonce, counter + 1),
    };
    const proof = signPatientCommand(signer, { transaction: request.entry, input: request.input }, this.options.now());
    return (await this.#known({ ...request, proof }))?.state ?? 'none';
  }

  async #known<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry> | undefined> {
    try {
      return await this.#ask(request);
    } catch (error) {
      if (error instanceof Refused && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  /** Asks, and waits where the node says that this address has asked enough for now. */
  async #ask<Entry extends TransactionEntry>(request: SignedRequest<Entry>): Promise<Output<Entry>> {
    for (;;) {
      try {
        return await this.options.ledger.evaluate(request);
      } catch (error) {
        const seconds = error instanceof Refused && error.code === 'RATE_LIMITED' ? Number(error.details['retryAfterSeconds']) : Number.NaN;
        if (!(seconds > 0 && seconds <= LONGEST_WAIT_SECONDS)) throw error;
        await new Promise((resolve) => setTimeout(resolve, seconds * MILLIS));
      }
    }
  }
}

/** One of each chain of keys: a wallet that had to move to another slot has left the earlier one as it was. */
function latestOfEach(found: readonly Found[]): Found[] {
  const latest = new Map<string, Found>();
  for (const each of [...found].sort((one, other) => one.index - other.index)) latest.set(keyOf(each.says), each);
  return [...latest.values()];
}

/**
 * A wallet with what was recovered from the same seed: what it holds stays as it is, what it lacks is added.
 * @throws {@link DomainError} `ALREADY_EXISTS` — the wallet is another seed's
 */
export function mergeRecovered(present: WalletContent, recovered: WalletContent): WalletContent {
  if (present.seed !== recovered.seed) throw new DomainError('ALREADY_EXISTS', 'the wallet there is another one, and stays as it is');
  const held = new Set(present.relationships.map(keyOf));
  const taken = new Set(present.relationships.map(({ slot }) => slot?.index));
  const added = recovered.relationships
    .filter((relationship) => !held.has(keyOf(relationship)))
    .map((relationship) => (taken.has(relationship.slot?.index) ? withoutSlot(relationship) : relationship));
  const slots = new Map(recovered.relationships.map((relationship) => [keyOf(relationship), relationship.slot]));
  const kept = present.relationships.map((relationship) => {
    const slot = relationship.slot ?? slots.get(keyOf(relationship));
    return slot === undefined ? relationship : { ...relationship, slot };
  });
  const { cards = [] } = present;
  const newCards = (recovered.cards ?? []).filter(({ cardId }) => !cards.some((card) => card.cardId === cardId));
  const all = [...cards, ...newCards];
  return { ...present, relationships: [...kept, ...added], ...(all.length === 0 ? {} : { cards: all }), isRecoverable: true };
}

/** For somebody else's pseudonym a wallet has keys of its own, which say nothing of its own pseudonyms. */
function keyOf({ pseudonym, delegationId }: ChainName): string {
  return `${pseudonym} ${delegationId ?? ''}`;
}

function withoutSlot(relationship: WalletRelationship): WalletRelationship {
  const kept = { ...relationship };
  delete kept.slot;
  return kept;
}
