import { type z } from 'zod';
import { type Origin } from '../actor';
import { hashOfJson } from '../crypto/sha256';
import { DomainError } from '../domain-error';
import { type Sha256 } from '../encoding/values';
import { type FunctionKeyId, type MspId } from '../ids';
import { type Instant } from '../instant';
import { nextState, type StateTable } from '../state-table';
import { type FunctionDeal, type FunctionKey, type FunctionKeyState, type functionDealSchema } from './entities';

export type FunctionKeyCommand = 'deal' | 'dealLast' | 'accept' | 'acceptLast' | 'complain' | 'supersede';

/** A key that failed stays so: who takes part in the next one is another question than who was at fault. Of one whose shares were dealt anew, nobody answers with the earlier ones. */
export const functionKeyTable: StateTable<FunctionKeyState, FunctionKeyCommand> = {
  dealing: { deal: 'dealing', dealLast: 'accepting' },
  accepting: { accept: 'accepting', acceptLast: 'ready', complain: 'failed' },
  ready: { supersede: 'superseded' },
  failed: {},
  superseded: {},
};

/** What binds a deal's proof to its key and dealer. */
export function contextOfDeal(genesis: Sha256, keyId: FunctionKeyId, mspId: MspId): string {
  return `${genesis} ${keyId} ${mspId}`;
}

/** @throws {@link DomainError} `NOT_PERMITTED` — whoever opens it holds no share of it */
export function openFunctionKey(
  opened: Pick<FunctionKey, 'keyId' | 'mspId' | 'holders' | 'threshold'>,
  now: Instant,
  origin: Origin,
): FunctionKey {
  const { keyId, mspId, holders, threshold } = opened;
  const parties = { keyId, mspId, holders, threshold };
  const key: FunctionKey = {
    schemaVersion: 1,
    ...parties,
    state: 'dealing',
    dealt: [],
    accepted: [],
    openedAt: now,
    changedAt: now,
    origin,
  };
  assertHolder(key, mspId);
  return key;
}

/** Who deals: every holder, or of a key whose shares are dealt anew those of the former one who were chosen. */
export function dealersOf({ holders, reshares }: Pick<FunctionKey, 'holders' | 'reshares'>): readonly MspId[] {
  return reshares?.dealers ?? holders;
}

/**
 * Opens a key whose shares are dealt anew, to other holders or to the same, by as many of the former one's holders as it takes.
 * @throws {@link DomainError} `NOT_PERMITTED` — whoever opens it, or a dealer, holds no share of the former key; `ILLEGAL_STATE` — the former key is not
 * in use; `INVALID_REQUEST` — not as many dealers as the former key's threshold
 */
export function reshareFunctionKey(
  former: FunctionKey,
  opened: Pick<FunctionKey, 'keyId' | 'mspId' | 'holders' | 'threshold'> & Omit<Exclude<FunctionKey['reshares'], undefined>, 'keyId'>,
  now: Instant,
  origin: Origin,
): FunctionKey {
  const { keyId, mspId, holders, threshold, dealers, nonce } = opened;
  for (const each of [mspId, ...dealers]) assertHolder(former, each);
  nextState(functionKeyTable, former.state, 'supersede');
  if (dealers.length !== former.threshold) throw misfit('input.dealers');
  const reshares = { keyId: former.keyId, dealers, nonce };
  return {
    schemaVersion: 1,
    keyId,
    mspId,
    holders,
    threshold,
    state: 'dealing',
    dealt: [],
    accepted: [],
    reshares,
    openedAt: now,
    changedAt: now,
    origin,
  };
}

/** A key after another with the same public half has taken its place. @throws {@link DomainError} `ILLEGAL_STATE` — it is not in use, or another has */
export function supersedeFunctionKey(former: FunctionKey, now: Instant): FunctionKey {
  return { ...former, state: nextState(functionKeyTable, former.state, 'supersede'), changedAt: now };
}

/** @throws {@link DomainError} `NOT_PERMITTED` */
function assertDealer(key: FunctionKey, mspId: MspId): void {
  if (!dealersOf(key).includes(mspId))
    throw new DomainError('NOT_PERMITTED', 'the organisation deals nothing for this key', { keyId: key.keyId });
}

/** @throws {@link DomainError} `NOT_PERMITTED` */
export function assertHolder({ holders, keyId }: FunctionKey, mspId: MspId): void {
  if (!holders.includes(mspId)) throw new DomainError('NOT_PERMITTED', 'the organisation holds no share of this key', { keyId });
}

type Deal = Pick<z.output<typeof functionDealSchema>, 'mspId' | 'commitments' | 'shares'>;

/**
 * The key after one holder more has dealt.
 * @throws {@link DomainError} `NOT_PERMITTED` — no dealer; `ILLEGAL_STATE` — all have dealt; `INVALID_REQUEST` — not as many commitments as the
 * threshold, or not one share for each holder in their order
 */
export function withDeal(key: FunctionKey, { mspId, commitments, shares }: Deal, now: Instant): FunctionKey {
  assertDealer(key, mspId);
  const dealt = [...key.dealt, mspId];
  const state = nextState(functionKeyTable, key.state, dealt.length === dealersOf(key).length ? 'dealLast' : 'deal');
  if (commitments.length !== key.threshold) throw misfit('input.commitments');
  const isForAll = shares.length === key.holders.length && shares.every((share, index) => share.mspId === key.holders[index]);
  if (!isForAll) throw misfit('input.shares');
  return { ...key, state, dealt, changedAt: now };
}

function misfit(path: string): DomainError {
  return new DomainError('INVALID_REQUEST', undefined, { path, problem: 'not what the key says' });
}

/** The hash by which a holder names everything that was dealt. @param deals - in the order of the holders */
export function hashOfDeals(deals: readonly Pick<FunctionDeal, 'mspId' | 'commitments' | 'possession' | 'shares'>[]): Sha256 {
  return hashOfJson(deals.map(({ mspId, commitments, possession, shares }) => ({ mspId, commitments, possession, shares })));
}

type Terms = Pick<FunctionKey, 'keyId' | 'mspId' | 'holders' | 'threshold' | 'reshares'>;

/** What its opener says of a key, and nothing of how far it is. */
export function termsOf({ keyId, mspId, holders, threshold, reshares }: FunctionKey): Terms {
  return { keyId, mspId, holders, threshold, ...(reshares === undefined ? {} : { reshares }) };
}

/** The hash of all that a key is evaluated by: who holds it and how many of them are enough, which the state has beside the deals, and what was dealt. */
export function hashOfDealtKey({ key, deals }: { readonly key: FunctionKey; readonly deals: Parameters<typeof hashOfDeals>[0] }): Sha256 {
  return hashOfJson({ terms: termsOf(key), deals: hashOfDeals(deals) });
}

/**
 * The key after one holder more has found everything right.
 * @returns the very key when the holder has accepted before
 * @throws {@link DomainError} `NOT_PERMITTED` — no holder; `ILLEGAL_STATE`; `HASH_MISMATCH` — it has checked something else
 */
export function withAcceptance(
  key: FunctionKey,
  { mspId, dealsSha256 }: { readonly mspId: MspId; readonly dealsSha256: Sha256 },
  deals: readonly FunctionDeal[],
  now: Instant,
): FunctionKey {
  assertHolder(key, mspId);
  if (key.accepted.includes(mspId)) return key;
  const accepted = [...key.accepted, mspId];
  const state = nextState(functionKeyTable, key.state, accepted.length === key.holders.length ? 'acceptLast' : 'accept');
  if (hashOfDeals(deals) !== dealsSha256) throw new DomainError('HASH_MISMATCH', undefined, { field: 'dealsSha256' });
  return { ...key, state, accepted, changedAt: now };
}

/**
 * The key after a holder has complained of a share.
 * @throws {@link DomainError} `NOT_PERMITTED` — no holder, of no holder, or who has accepted; `ILLEGAL_STATE`
 */
export function withComplaint(key: FunctionKey, by: MspId, dealer: MspId, now: Instant): FunctionKey {
  assertHolder(key, by);
  assertDealer(key, dealer);
  const state = nextState(functionKeyTable, key.state, 'complain');
  if (key.accepted.includes(by))
    throw new DomainError('NOT_PERMITTED', 'the organisation has accepted what was dealt', { keyId: key.keyId });
  return { ...key, state, complaint: { by, dealer }, changedAt: now };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — not all holders have accepted it yet, it failed, or its shares were dealt anew */
export function assertReady({ state }: FunctionKey): void {
  if (state !== 'ready') throw new DomainError('ILLEGAL_STATE', undefined, { state, command: 'evaluate' });
}
