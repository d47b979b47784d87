import { DomainError, type Input, type Output, type transactions } from '@lianyi/domain';
import { assertOfCase } from '@lianyi/domain/deciding';
import { ledTo } from '../led-to';
import { type ReadScope } from '../scope';
import { asStaff } from '../standing';
import { dealsOf } from './deals-of';

type GetKey = typeof transactions.GetFunctionKey;
type ListKeys = typeof transactions.ListFunctionKeys;
type GetEvaluationEntry = typeof transactions.GetEvaluation;
type ListDays = typeof transactions.ListEvaluationDays;
type GetCase = typeof transactions.GetDuplicateCase;
type ListCases = typeof transactions.ListDuplicateCases;

export async function GetFunctionKey(scope: ReadScope, { keyId }: Input<GetKey>): Promise<Output<GetKey>> {
  const key = await scope.ledger.functionKeys.get(keyId);
  return { key, deals: [...(await dealsOf(scope, key))] };
}

export function ListFunctionKeys({ ledger }: ReadScope, page: Input<ListKeys>): Promise<Output<ListKeys>> {
  return ledger.functionKeys.list([], page);
}

export function GetEvaluation({ ledger }: ReadScope, { evaluationId }: Input<GetEvaluationEntry>): Promise<Output<GetEvaluationEntry>> {
  return ledger.evaluations.get(evaluationId);
}

export function ListEvaluationDays({ ledger }: ReadScope, { mspId, ...page }: Input<ListDays>): Promise<Output<ListDays>> {
  return ledger.evaluationDays.list([mspId], page);
}

/** One that there is not answers as one of other organisations: nobody learns which there are. */
export async function GetDuplicateCase({ ledger, actor }: ReadScope, { caseId }: Input<GetCase>): Promise<Output<GetCase>> {
  const duplicate = await ledger.duplicateCases.find(caseId);
  if (duplicate === undefined) throw new DomainError('NOT_PERMITTED', 'the case concerns two other organisations', { caseId });
  assertOfCase(duplicate, asStaff(actor).mspId);
  return duplicate;
}

export async function ListDuplicateCases({ ledger, actor }: ReadScope, page: Input<ListCases>): Promise<Output<ListCases>> {
  const { mspId } = asStaff(actor);
  return ledTo(
    await ledger.duplicateCasesOf.list([mspId], page),
    ({ caseId }) => ledger.duplicateCases.find(caseId),
    (found) => found.openerMspId === mspId || found.partnerMspId === mspId,
  );
}
