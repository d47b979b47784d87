import { type z } from 'zod';
import {
  DomainError,
  type DuplicateCase,
  type DuplicateCaseId,
  type Ledger,
  type MspId,
  newRequest,
  type Organisation,
  type OutcomeOf,
  type Pseudonym,
  type SealedToBoth,
  transactions,
} from '@lianyi/domain';
import { memberOperations } from '../member-api/operations';
import { type DuplicateNote, type NoteStep, sealDuplicateNote } from './duplicate-note';
import { assertRegisteredKeys } from './registered-keys';
import { type ComparingRegistrar } from './registrar';
import { lostOf, type WholeList, wholeList } from './whole-list';

/** A case as the own hospital's node opens it. */
export type OpenedCase = z.output<typeof memberOperations.ReadDuplicate.answer>;

/** Every case of the own hospital. */
export function everyCase({ ledger }: Pick<ComparingRegistrar, 'ledger'>): Promise<WholeList<DuplicateCase>> {
  return wholeList((page) => ledger.evaluate(newRequest(transactions.ListDuplicateCases, page)));
}

/** Opens what a case says to the own hospital. */
export function readCase({ node, sign }: Pick<ComparingRegistrar, 'node' | 'sign'>, caseId: DuplicateCaseId): Promise<OpenedCase> {
  return node.askSigned(memberOperations.ReadDuplicate, { caseId }, sign);
}

/**
 * Seals a note to the two hospitals of a case: to keys that each of them has registered itself, whatever a majority has written since.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — the state has other keys of one of them; nothing is sealed
 */
export async function sealFor(
  { ledger, network, node }: Pick<ComparingRegistrar, 'ledger' | 'network' | 'node'>,
  note: DuplicateNote,
  about: { readonly caseId: DuplicateCaseId; readonly step: NoteStep; readonly openerMspId: MspId; readonly partnerMspId: MspId },
): Promise<SealedToBoth> {
  const { caseId, step, openerMspId, partnerMspId } = about;
  const [opener, partner] = await Promise.all([organisationOf(ledger, openerMspId), organisationOf(ledger, partnerMspId)]);
  await assertRegisteredKeys(node, [opener, partner]);
  return sealDuplicateNote(note, { network, caseId, step }, [opener, partner]);
}

function organisationOf(ledger: Ledger, mspId: MspId): Promise<Organisation> {
  return ledger.evaluate(newRequest(transactions.GetOrganisation, { mspId }));
}

/**
 * Agrees that a case is of one person, and tells the other hospital by which pseudonym this one knows them.
 * @throws {@link DomainError} `NOT_FOUND` — the number is not linked here, or not any more; `ANSWER_DIFFERS` — as {@link sealFor}; as
 * {@link Ledger.submit}
 */
export async function proposeMergeOfCase(
  by: ComparingRegistrar,
  caseId: DuplicateCaseId,
): Promise<OutcomeOf<typeof transactions.ProposeMerge>> {
  const { found } = await readCase(by, caseId);
  if (found === undefined) throw notFoundHere(caseId);
  const { openerMspId, partnerMspId } = await by.ledger.evaluate(newRequest(transactions.GetDuplicateCase, { caseId }));
  const { tag, proof, system, pseudonym } = found;
  const sealed = await sealFor(by, { tag, proof, system, pseudonym }, { caseId, step: 'propose', openerMspId, partnerMspId });
  return by.ledger.submit(newRequest(transactions.ProposeMerge, { caseId, sealed }));
}

/**
 * Confirms that a case is of one person.
 * @throws {@link DomainError} `NOT_FOUND` — the number is not linked here any more; `ANSWER_DIFFERS` — what the other hospital has named is no
 * pseudonym of its own; as {@link Ledger.submit}
 */
export async function confirmMergeOfCase(
  by: ComparingRegistrar,
  caseId: DuplicateCaseId,
): Promise<OutcomeOf<typeof transactions.ConfirmMerge>> {
  const { found, otherMspId, state } = await readCase(by, caseId);
  if (found === undefined) throw notFoundHere(caseId);
  const { otherPseudonym } = found;
  if (otherPseudonym === undefined && state === 'mergeProposed') throw differs(caseId);
  if (otherPseudonym !== undefined) {
    // a question leaves no trace in a block: the transaction itself names no pseudonym
    const entry = await by.ledger.evaluate(newRequest(transactions.GetPseudonym, { pseudonym: otherPseudonym }));
    if (entry.mspId !== otherMspId) throw differs(caseId);
  }
  return by.ledger.submit(newRequest(transactions.ConfirmMerge, { caseId }));
}

function notFoundHere(caseId: DuplicateCaseId): DomainError {
  return new DomainError('NOT_FOUND', 'the number of the case is not linked at this hospital', { caseId });
}

function differs(caseId: DuplicateCaseId): DomainError {
  return new DomainError('ANSWER_DIFFERS', 'the other hospital has named no pseudonym of its own', { caseId, field: 'otherPseudonym' });
}

/** A pseudonym of another hospital that is the same person's, and by which case. */
export interface MergedPseudonym {
  readonly mspId: MspId;
  readonly pseudonym: Pseudonym;
  readonly caseId: DuplicateCaseId;
}

/**
 * By which other pseudonyms a person of the own hospital is known elsewhere: what stands on the ledger now, and nothing else; and of how many cases
 * nobody can read what they say, if there are any.
 */
export async function mergedWith(
  by: ComparingRegistrar,
  pseudonym: Pseudonym,
): Promise<{ readonly merged: readonly MergedPseudonym[]; readonly unreadable?: number }> {
  const merged: MergedPseudonym[] = [];
  const { items, unreadable } = await everyCase(by);
  for (const { caseId, state } of items) {
    if (state !== 'merged' && state !== 'unmergeProposed') continue;
    const { found, otherMspId } = await readCase(by, caseId);
    if (found?.pseudonym !== pseudonym || found.otherPseudonym === undefined) continue;
    merged.push({ mspId: otherMspId, pseudonym: found.otherPseudonym, caseId });
  }
  return { merged, ...lostOf(unreadable) };
}
