import {
  DomainError,
  type IdNonce,
  type Instant,
  type NetworkIdentity,
  newRequest,
  type Output,
  type Pseudonym,
  type Relationship,
  type SignedRequest,
  type SlotId,
  type SummarySlot,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { base64urlBytes } from '../crypto/bytes';
import { newIdNonce } from '../signing/random-id';
import { signSlotCommand } from '../signing/sign-request';
import { type NoncePlace, relationshipNonce, slotKey } from './derived-keys';
import { hashOfWord, openSlot, ownSlotId, sealSlot, slotWordOf } from './summary-slot';
import {
  type ChainName,
  chainName,
  type HeldSlot,
  isSameChain,
  type WalletContent,
  type WalletRelationship,
  withRelationship,
} from './wallet-content';
import { type WalletStore } from './wallet-store';

type Put = typeof transactions.PutSummarySlot;
/** Before a key position is so far from what the slot says, the slot is written anew; whoever comes back looks twice as far. */
const POSITION_TOLERANCE = 256;

/** A write of a slot, signed, and what it makes of the slot. */
export interface SlotWrite {
  readonly request: SignedRequest<Put>;
  readonly slotId: SlotId;
}

/**
 * The part of a wallet that lets its owner come back: a sealed slot on the ledger for each relationship.
 *
 * Nothing is decided by a slot. What it says is looked up on the ledger again, and a slot that is lost loses one pseudonym's name and no key.
 */
export class WalletSummary {
  constructor(private readonly store: WalletStore) {}

  /** The seed, which a recovery phrase is made of. Whoever has it is the patient. */
  async seed(): Promise<Uint8Array> {
    return base64urlBytes((await this.store.read()).seed);
  }

  /** Gives each relationship a slot from now on: the phrase is being shown, so somebody can come back with it. */
  makeRecoverable(): Promise<void> {
    return this.store.change((content) => ({
      content: withSlots({ ...content, isRecoverable: true }),
      result: undefined,
    }));
  }

  /** The chains of keys whose slot does not say what the wallet knows. A wallet without a phrase has none. */
  async due(): Promise<readonly ChainName[]> {
    const content = await this.store.read();
    return content.relationships.filter((relationship) => isDue(content, relationship)).map(chainName);
  }

  /** The slot of a pseudonym on a channel. @throws {@link DomainError} `NOT_FOUND` — it has none */
  async slotIdOf({ genesis }: NetworkIdentity, chain: ChainName): Promise<SlotId> {
    const content = await this.store.read();
    const { slot } = withSlot(content, chain);
    return ownSlotId(base64urlBytes(content.seed), { genesis, index: slot.index });
  }

  /** Signs the next write of a pseudonym's slot. Signing twice harms nothing: one of the two is committed, and both say what is so. */
  async signWrite(network: NetworkIdentity, chain: ChainName, now: Instant): Promise<SlotWrite> {
    const content = await this.store.read();
    const relationship = withSlot(content, chain);
    const { index, version: writes } = relationship.slot;
    const [seed, place] = [base64urlBytes(content.seed), { genesis: network.genesis, index }];
    const version = writes + 1;
    const slotId = ownSlotId(seed, place);
    const { counter } = relationship;
    const sealed = sealSlot(seed, place, { ...slotWordOf(content, relationship), version, counter, at: now });
    const input = { slotId, version, sealed };
    const signer = { network, slotId, privateKey: slotKey(seed, place, writes), nextPrivateKey: slotKey(seed, place, version) };
    const proof = signSlotCommand(signer, { transaction: transactions.PutSummarySlot, input }, now);
    return { slotId, request: newRequest(transactions.PutSummarySlot, input, { proof }) };
  }

  /**
   * Takes note of what the ledger has of a pseudonym's slot.
   *
   * A slot that says another pseudonym was written by another copy of this wallet; then this one moves on to the next slot.
   */
  adopt({ genesis }: NetworkIdentity, chain: ChainName, slot: SummarySlot): Promise<void> {
    return this.store.change((content) => {
      const relationship = withSlot(content, chain);
      const { index } = relationship.slot;
      const says = openSlot(base64urlBytes(content.seed), { genesis, index }, slot);
      const isOthers = says !== undefined && !isSameChain(says, chain);
      const known = says === undefined ? {} : { holds: hashOfWord(says), counter: says.counter };
      const held: HeldSlot = isOthers ? { index: nextIndex(content), version: 0 } : { index, version: slot.version, ...known };
      return { content: withRelationship(content, { ...relationship, slot: held }), result: undefined };
    });
  }

  /** Leaves a slot whose next key is not the wallet's, which only its members' collusion brings about, and takes the next one. */
  moveOn(chain: ChainName): Promise<void> {
    return this.store.change((content) => {
      const slot = { index: nextIndex(content), version: 0 };
      return { content: withRelationship(content, { ...withSlot(content, chain), slot }), result: undefined };
    });
  }

  /** Takes note of what a command has made of a relationship, in the patient's own entry and in those by which somebody acts for them. */
  async noteOutcome<Entry extends TransactionEntry>(entry: Entry, pseudonym: Pseudonym, result: Output<Entry>): Promise<void> {
    const state = stateIn(entry, result);
    if (state === undefined) return;
    await this.store.change((content) => {
      const isStale = (each: WalletRelationship): boolean => each.pseudonym === pseudonym && each.state !== state;
      if (!content.relationships.some(isStale)) return { content, result: undefined };
      const relationships = content.relationships.map((each) => (isStale(each) ? { ...each, state } : each));
      return { content: { ...content, relationships }, result: undefined };
    });
  }
}

/**
 * What makes a new relationship: in a wallet with a phrase its nonce follows from the seed, its slot and whom it is with.
 * @param of - the hospital; and the pseudonym, if it is there already
 */
export function newRelationshipParts(
  content: WalletContent,
  of: Omit<NoncePlace, 'index'>,
): { readonly nonce: IdNonce; readonly slot?: HeldSlot } {
  if (content.isRecoverable !== true) return { nonce: newIdNonce() };
  const index = nextIndex(content);
  return { nonce: relationshipNonce(base64urlBytes(content.seed), { index, ...of }), slot: { index, version: 0 } };
}

/** A slot for each chain of keys that has none. */
export function withSlots(content: WalletContent): WalletContent {
  let index = nextIndex(content);
  const relationships = content.relationships.map((relationship) => {
    if (relationship.slot !== undefined) return relationship;
    index += 1;
    return { ...relationship, slot: { index: index - 1, version: 0 } };
  });
  return { ...content, relationships };
}

/** The state in the answer of a command about a relationship. */
function stateIn(entry: TransactionEntry, result: unknown): Relationship['state'] | undefined {
  if (entry.contract !== transactions.AcceptRelationship.contract) return undefined;
  return transactions.AcceptRelationship.response.safeParse(result).data?.state;
}

function nextIndex({ relationships }: WalletContent): number {
  return 1 + Math.max(-1, ...relationships.map(({ slot }) => slot?.index ?? -1));
}

function isDue(content: WalletContent, relationship: WalletRelationship): boolean {
  const { slot, counter, past } = relationship;
  if (content.isRecoverable !== true || slot === undefined) return false;
  // what was never registered needs no place; one that has a place says so there
  if (slot.version === 0 && past === 'discarded') return false;
  return slot.holds !== hashOfWord(slotWordOf(content, relationship)) || counter > (slot.counter ?? 0) + POSITION_TOLERANCE;
}

function withSlot(content: WalletContent, chain: ChainName): WalletRelationship & { readonly slot: HeldSlot } {
  const { pseudonym } = chain;
  const found = content.relationships.find((each) => isSameChain(each, chain));
  if (found?.slot === undefined) throw new DomainError('NOT_FOUND', 'the wallet has no summary slot of this pseudonym', { pseudonym });
  return { ...found, slot: found.slot };
}
