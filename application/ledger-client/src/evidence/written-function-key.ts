import { functionKeyIdOf, type FunctionKeyId, matchingArea, type MspId, resharedKeyIdOf, transactions } from '@lianyi/domain';
import { hashOfDeals } from '@lianyi/domain/deciding';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type FunctionKeyFact, type MemberFact, type SaidFunctionKey } from './member-facts';

const { functionKeys, functionDeals } = matchingArea.entities;

/** Whether a key is one of a key that hospitals hold together, or of what was dealt for it. */
export function isOfFunctionKey(type: string | undefined): boolean {
  return type === functionKeys.objectType || type === functionDeals.objectType;
}

/**
 * What hospitals say of a key that they hold together, with their own signatures: who opened it for whom, what each has dealt, and which deals each has
 * found right. Each says it once: what is written later, by whomever, changes nothing.
 */
export function functionKeyFacts(
  { value }: BlockWrite,
  { objectType, parts: [keyId, dealer] }: { readonly objectType: string; readonly parts: readonly string[] },
  asked: Asked | undefined,
): readonly MemberFact[] {
  if (asked === undefined || !(value instanceof Uint8Array)) return [];
  const fact = objectType === functionDeals.objectType ? dealIn(asked, dealer) : (openedIn(asked) ?? acceptedIn(asked));
  return fact === undefined || keyOf(fact) !== keyId ? [] : [fact];
}

function keyOf(fact: FunctionKeyFact): FunctionKeyId {
  return fact.kind === 'functionKey' ? fact.said.keyId : fact.keyId;
}

function openedIn({ entry, input, mspId }: Asked): FunctionKeyFact | undefined {
  const said = entry.name === transactions.OpenFunctionKey.name ? openedBy(input, mspId) : undefined;
  const known = entry.name === transactions.ReshareFunctionKey.name ? resharedBy(input, mspId) : said;
  return known && { kind: 'functionKey', said: known };
}

function openedBy(input: unknown, mspId: MspId): SaidFunctionKey | undefined {
  const { keyId, nonce, holders, threshold } = transactions.OpenFunctionKey.request.parse(input);
  return keyId === functionKeyIdOf({ mspId, nonce }) ? { keyId, mspId, holders, threshold } : undefined;
}

function resharedBy(input: unknown, mspId: MspId): SaidFunctionKey | undefined {
  const { keyId, ...of } = transactions.ReshareFunctionKey.request.parse(input);
  const { nonce, formerKeyId, dealers, holders, threshold } = of;
  if (keyId !== resharedKeyIdOf({ mspId, ...of })) return undefined;
  return { keyId, mspId, holders, threshold, reshares: { keyId: formerKeyId, dealers, nonce } };
}

function acceptedIn({ entry, input, mspId }: Asked): FunctionKeyFact | undefined {
  if (entry.name !== transactions.AcceptFunctionShares.name) return undefined;
  return { kind: 'functionAcceptance', mspId, ...transactions.AcceptFunctionShares.request.parse(input) };
}

function dealIn({ entry, input, mspId }: Asked, dealer: string | undefined): FunctionKeyFact | undefined {
  if (entry.name !== transactions.DealFunctionShares.name || mspId !== dealer) return undefined;
  const { keyId, commitments, possession, shares } = transactions.DealFunctionShares.request.parse(input);
  return { kind: 'functionDeal', keyId, mspId, commitments, dealSha256: hashOfDeals([{ mspId, commitments, possession, shares }]) };
}
