import {
  DomainError,
  type DuplicateCase,
  duplicateCaseIdOf,
  evaluationIdOf,
  type FunctionKey,
  hashOfJson,
  type Identifier,
  type Ledger,
  type LinkId,
  type MatchTag,
  type MspId,
  newRequest,
  type Output,
  type PairTag,
  transactions,
} from '@lianyi/domain';
import { memberOperations } from '../member-api/operations';
import { newIdNonce } from '../signing/random-id';
import { everyCase, readCase, sealFor } from './duplicate-cases';
import { matchInputOf, pairTag } from './match-tag';
import { type ComparingRegistrar } from './registrar';
import { type DealtKey, SharedEvaluation } from './shared-evaluation';

const PAGE = 100;

/** What came of asking the other hospitals. */
export interface FoundDuplicates {
  /** How many inputs the registrar has had evaluated today. */
  readonly evaluations: number;
  /** Which hospitals know the number, each with its case; `isNew` if it was opened now. */
  readonly found: readonly (Pick<DuplicateCase, 'caseId' | 'state'> & { readonly mspId: MspId; readonly isNew: boolean })[];
  /** Which could not be asked, and why. */
  readonly silent: readonly { readonly mspId: MspId; readonly code: string }[];
}

/**
 * Looks whether other hospitals know a linked number, and opens a case with each that does.
 *
 * Each call is a committed evaluation under the registrar's name. The number, and what the function makes of it, leave neither this program nor
 * the own hospital's private data; each other hospital sees a tag that only the two of them make.
 * @throws {@link DomainError} `IDENTIFIER_INVALID`; `NOT_FOUND` — there is no key that this hospital holds a share of, or the number is not linked;
 * `LIMIT_REACHED`; `EVALUATIONS_MISSING`, `EVALUATION_WRONG`; or a LedgerFailure
 */
export async function findDuplicates(by: ComparingRegistrar, identifier: Identifier, linkId: LinkId): Promise<FoundDuplicates> {
  const input = matchInputOf(identifier);
  // before anything is committed: a number that is not linked has nobody to be found
  const link = await by.ledger.evaluate(newRequest(transactions.ResolveIdentifier, { linkId }));
  const dealt = await newestKey(by);
  const { output, evaluations } = await evaluateInput(by, dealt, input);
  const { keyId, holders } = dealt.key;
  const tags = holders.filter((mspId) => mspId !== by.mspId).map((mspId) => ({ mspId, tag: pairTag(output, by.mspId, mspId) }));
  const transient = { linkId, keyId, tags };
  await by.ledger.submit(newRequest(transactions.PutMatchTags, { linkId, transientSha256: hashOfJson(transient) }, { transient }));
  const { found, silent } = await by.node.askSigned(memberOperations.FindDuplicates, { tags }, by.sign);
  const cases = [];
  for (const pair of tags.filter(({ mspId }) => found.includes(mspId))) cases.push(await caseOf(by, pair, link));
  return { evaluations, found: cases, silent };
}

/** The key that was ready last, of those that the own hospital holds a share of. @throws {@link DomainError} `NOT_FOUND` */
async function newestKey({ ledger, mspId }: ComparingRegistrar): Promise<DealtKey> {
  const keys = (await everyKey(ledger)).filter(({ state, holders }) => state === 'ready' && holders.includes(mspId));
  const [newest] = keys.sort((one, other) => (one.changedAt < other.changedAt ? 1 : -1));
  if (newest === undefined)
    throw new DomainError('NOT_FOUND', 'no key is ready that this hospital holds a share of', { entity: 'functionKey' });
  return ledger.evaluate(newRequest(transactions.GetFunctionKey, { keyId: newest.keyId }));
}

async function everyKey(ledger: Ledger): Promise<FunctionKey[]> {
  const keys: FunctionKey[] = [];
  for (let after: string | undefined; ;) {
    const page = { limit: PAGE, ...(after === undefined ? {} : { after }) };
    const { items, next } = await ledger.evaluate(newRequest(transactions.ListFunctionKeys, page));
    keys.push(...items);
    if (next === undefined) return keys;
    after = next;
  }
}

async function evaluateInput(
  by: ComparingRegistrar,
  dealt: DealtKey,
  input: Uint8Array,
): Promise<{ readonly output: Uint8Array; readonly evaluations: number }> {
  const evaluation = new SharedEvaluation(dealt, [input]);
  const nonce = newIdNonce();
  const evaluationId = evaluationIdOf({ mspId: by.mspId, actorTag: by.actorTag, nonce });
  const request = { evaluationId, nonce, keyId: dealt.key.keyId, blinded: [...evaluation.blinded] };
  const { result } = await by.ledger.submit(newRequest(transactions.RequestEvaluation, request));
  const { answers } = await by.node.askSigned(memberOperations.CollectEvaluations, { evaluationId }, by.sign);
  const [output = new Uint8Array()] = evaluation.finish(answers);
  return { output, evaluations: result.evaluations };
}

/** The case with a hospital that knows the number; one that was dismissed or taken back stays so, until somebody looks at it. */
async function caseOf(
  by: ComparingRegistrar,
  { mspId, tag }: PairTag,
  { pseudonym, system }: Output<typeof transactions.ResolveIdentifier>,
): Promise<FoundDuplicates['found'][number]> {
  const before = await caseWith(by, mspId, tag);
  if (before !== undefined) return { mspId, caseId: before.caseId, state: before.state, isNew: false };
  const nonce = newIdNonce();
  const parties = { openerMspId: by.mspId, partnerMspId: mspId };
  const caseId = duplicateCaseIdOf({ mspId: by.mspId, partnerMspId: mspId, nonce });
  const sealed = await sealFor(by, { tag, system, pseudonym }, { caseId, step: 'open', ...parties });
  const { result } = await by.ledger.submit(newRequest(transactions.OpenDuplicateCase, { caseId, nonce, partnerMspId: mspId, sealed }));
  return { mspId, caseId, state: result.state, isNew: true };
}

async function caseWith(by: ComparingRegistrar, mspId: MspId, tag: MatchTag): Promise<Pick<DuplicateCase, 'caseId' | 'state'> | undefined> {
  const withThem = (await everyCase(by)).filter(({ openerMspId, partnerMspId }) => openerMspId === mspId || partnerMspId === mspId);
  for (const { caseId, state } of withThem) {
    const { found } = await readCase(by, caseId);
    if (found?.tag === tag) return { caseId, state };
  }
  return undefined;
}
