import {
  DomainError,
  type DuplicateCase,
  duplicateCaseIdOf,
  evaluationIdOf,
  type FunctionKey,
  type FunctionKeyId,
  hashOfJson,
  type Identifier,
  type Ledger,
  type LinkId,
  type MspId,
  newRequest,
  type Output,
  type PairTag,
  Refused,
  type Sha256,
  transactions,
} from '@lianyi/domain';
import { hashOfDealtKey } from '@lianyi/domain/deciding';
import { codeOfFailure, LedgerFailure } from '@lianyi/domain/errors';
import { memberOperations } from '../member-api/operations';
import { newIdNonce } from '../signing/random-id';
import { everyCase, readCase, sealFor } from './duplicate-cases';
import { claimOfNote, isProofOfMatch, matchInputOf, pairSecret, pairTag, proofOfMatch } from './match-tag';
import { type ComparingRegistrar } from './registrar';
import { lostOf, type WholeList, wholeList } from './whole-list';
import { type AnsweredPart, type DealtKey, SharedEvaluation } from './shared-evaluation';

/** What came of asking the other hospitals. */
export interface FoundDuplicates {
  /** How many inputs the registrar has had evaluated today. */
  readonly evaluations: number;
  /** Which hospitals know the number, each with its case; `isNew` if it was opened now. */
  readonly found: readonly (Pick<DuplicateCase, 'caseId' | 'state'> & { readonly mspId: MspId; readonly isNew: boolean })[];
  /** Which could not be asked, have not proved what they said, or could have no case opened with; and why. */
  readonly silent: readonly Silent[];
  /** How many keys and cases of the lists that were read are none, if any: with a hospital of theirs a case may be opened once more. */
  readonly unreadable?: number;
}
interface Silent {
  readonly mspId: MspId;
  readonly code: string;
}
interface Evaluated {
  readonly key: FunctionKey;
  readonly output: Uint8Array;
  readonly evaluations: number;
  readonly unreadable: number;
}
type Link = Output<typeof transactions.ResolveIdentifier>;

/**
 * Looks whether other hospitals know a linked number, and opens a case with each that does.
 *
 * Each call is a committed evaluation under the registrar's name. The number, and what the function makes of it, leave neither this program nor
 * the own hospital's private data; each other hospital sees a tag that only the two of them make.
 * @throws {@link DomainError} `IDENTIFIER_INVALID`; `NOT_FOUND` — there is no key that this hospital holds a share of, or the number is not linked;
 * `LIMIT_REACHED`; `SHARE_WRONG` — the own node takes part in no key; `EVALUATIONS_MISSING`, `EVALUATION_WRONG`; or a LedgerFailure
 */
export async function findDuplicates(by: ComparingRegistrar, identifier: Identifier, linkId: LinkId): Promise<FoundDuplicates> {
  const input = matchInputOf(identifier);
  // before anything is committed: a number that is not linked has nobody to be found
  const link = await by.ledger.evaluate(newRequest(transactions.ResolveIdentifier, { linkId }));
  const { key, output, evaluations, unreadable } = await evaluateByNewestKey(by, input);
  const { keyId, holders } = key;
  const tags = holders
    .filter((mspId) => mspId !== by.mspId)
    .map((mspId) => ({ mspId, tag: pairTag(output, by.mspId, mspId), secret: pairSecret(output, by.mspId, mspId) }));
  const transient = { linkId, keyId, tags };
  await by.ledger.submit(newRequest(transactions.PutMatchTags, { linkId, transientSha256: hashOfJson(transient) }, { transient }));
  const { proved, silent } = await askOthers(by, tags);
  const cases = await casesOf(by, proved, link);
  return { evaluations, found: cases.found, silent: [...silent, ...cases.silent], ...lostOf(unreadable + cases.unreadable) };
}

/**
 * Evaluates by the key that was ready last, of those in which the own hospital's node takes part. In whatever the ledger has beside them, it has
 * not dealt what stands under its name: those who wrote it may know the whole key, and try numbers with it.
 * @throws {@link DomainError} `NOT_FOUND` — there is none; `SHARE_WRONG` — the node takes part in none
 */
async function evaluateByNewestKey(by: ComparingRegistrar, input: Uint8Array): Promise<Evaluated> {
  const { items, unreadable } = await everyKey(by.ledger);
  const ready = items.filter(({ state, holders }) => state === 'ready' && holders.includes(by.mspId));
  let refusal = new DomainError('NOT_FOUND', 'no key is ready that this hospital holds a share of', { entity: 'functionKey' });
  for (const { keyId } of ready.sort((one, other) => (one.changedAt < other.changedAt ? 1 : -1))) {
    try {
      return {
        ...(await evaluateInput(by, await by.ledger.evaluate(newRequest(transactions.GetFunctionKey, { keyId })), input)),
        unreadable,
      };
    } catch (error) {
      if (!isShareWrong(error)) throw error;
      refusal = shareWrong(keyId, by.mspId);
    }
  }
  throw refusal;
}

function isShareWrong(error: unknown): boolean {
  return (error instanceof DomainError || error instanceof Refused) && error.code === 'SHARE_WRONG';
}

function shareWrong(keyId: FunctionKeyId, mspId: MspId): DomainError {
  return new DomainError('SHARE_WRONG', undefined, { keyId, mspId });
}

function everyKey(ledger: Ledger): Promise<WholeList<FunctionKey>> {
  return wholeList((page) => ledger.evaluate(newRequest(transactions.ListFunctionKeys, page)));
}

async function evaluateInput(by: ComparingRegistrar, dealt: DealtKey, input: Uint8Array): Promise<Omit<Evaluated, 'unreadable'>> {
  const evaluation = new SharedEvaluation(dealt, [input]);
  const nonce = newIdNonce();
  const evaluationId = evaluationIdOf({ mspId: by.mspId, actorTag: by.actorTag, nonce });
  const request = { evaluationId, nonce, keyId: dealt.key.keyId, blinded: [...evaluation.blinded] };
  const { result } = await by.ledger.submit(newRequest(transactions.RequestEvaluation, request));
  const { answers, dealtKeySha256 } = await by.node.askSigned(memberOperations.CollectEvaluations, { evaluationId }, by.sign);
  assertFollowed(by.mspId, dealt, dealtKeySha256);
  assertOwnPart(by.mspId, dealt, answers, evaluation);
  const [output = new Uint8Array()] = evaluation.finish(answers);
  return { key: dealt.key, output, evaluations: result.evaluations };
}

/**
 * Holds what the ledger shows of the key against what the own hospital's node has followed: signed by who opened it and those who dealt it, accepted by
 * that hospital, and of one public half with the key before. A majority may write another key that is `ready`, or fewer who are enough.
 * @throws {@link DomainError} `SHARE_WRONG`
 */
function assertFollowed(own: MspId, dealt: DealtKey, dealtKeySha256: Sha256): void {
  if (hashOfDealtKey(dealt) !== dealtKeySha256) throw shareWrong(dealt.key.keyId, own);
}

/** @throws {@link DomainError} `SHARE_WRONG` — the own hospital's share has not made any of the answers */
function assertOwnPart(own: MspId, { key }: DealtKey, answers: readonly AnsweredPart[], evaluation: SharedEvaluation): void {
  if (!answers.some((answer) => answer.mspId === own && evaluation.isRight(answer))) throw shareWrong(key.keyId, own);
}

/** Asks the others whether they know the number, and believes who proves it. */
async function askOthers(
  by: ComparingRegistrar,
  tags: readonly PairTag[],
): Promise<{ readonly proved: readonly PairTag[]; readonly silent: readonly Silent[] }> {
  const questions = tags.map(({ mspId, tag, secret }) => ({
    ...{ mspId, tag },
    proof: proofOfMatch(secret, { step: 'ask', from: by.mspId, to: mspId }),
  }));
  const { found, silent } = await by.node.askSigned(memberOperations.FindDuplicates, { tags: questions }, by.sign);
  const saying = tags.flatMap((pair) => {
    const proof = found.find(({ mspId }) => mspId === pair.mspId)?.proof;
    return proof === undefined
      ? []
      : [{ pair, isProved: isProofOfMatch(pair.secret, proof, { step: 'answer', from: pair.mspId, to: by.mspId }) }];
  });
  const untrue = saying.filter(({ isProved }) => !isProved).map(({ pair: { mspId } }) => ({ mspId, code: 'ANSWER_DIFFERS' }));
  return { proved: saying.filter(({ isProved }) => isProved).map(({ pair }) => pair), silent: [...silent, ...untrue] };
}

/** A case with each that knows the number. What fails with one of them keeps none of the others from theirs. */
async function casesOf(
  by: ComparingRegistrar,
  proved: readonly PairTag[],
  link: Link,
): Promise<Pick<FoundDuplicates, 'found' | 'silent'> & { readonly unreadable: number }> {
  const found: FoundDuplicates['found'][number][] = [];
  const silent: Silent[] = [];
  const { items: known, unreadable } = proved.length === 0 ? { items: [], unreadable: 0 } : await everyCase(by);
  for (const pair of proved)
    try {
      found.push(await caseOf(by, pair, link, known));
    } catch (error) {
      silent.push({ mspId: pair.mspId, code: codeOf(error) });
    }
  return { found, silent, unreadable };
}

/** @throws what is neither a refusal nor a failure of the ledger or the node */
function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code;
  if (error instanceof LedgerFailure) return codeOfFailure(error);
  throw error;
}

/** The case with a hospital that knows the number; one that was dismissed or taken back stays so, until somebody looks at it. */
async function caseOf(
  by: ComparingRegistrar,
  { mspId, tag, secret }: PairTag,
  { pseudonym, system }: Link,
  known: readonly DuplicateCase[],
): Promise<FoundDuplicates['found'][number]> {
  const withThem = known.filter(({ openerMspId, partnerMspId }) => openerMspId === mspId || partnerMspId === mspId);
  for (const { caseId, state } of withThem) {
    const { found } = await readCase(by, caseId);
    if (found?.tag === tag) return { mspId, caseId, state, isNew: false };
  }
  const nonce = newIdNonce();
  const parties = { openerMspId: by.mspId, partnerMspId: mspId };
  const caseId = duplicateCaseIdOf({ mspId: by.mspId, partnerMspId: mspId, nonce });
  const proof = proofOfMatch(secret, claimOfNote({ system, pseudonym }, { step: 'open', from: by.mspId, to: mspId, caseId }));
  const sealed = await sealFor(by, { tag, proof, system, pseudonym }, { caseId, step: 'open', ...parties });
  const { result } = await by.ledger.submit(newRequest(transactions.OpenDuplicateCase, { caseId, nonce, partnerMspId: mspId, sealed }));
  return { mspId, caseId, state: result.state, isNew: true };
}
