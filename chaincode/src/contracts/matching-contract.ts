import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Numbers that two hospitals know: the function that finds them, and the cases that come of it. */
@Info({
  title: 'MatchingContract',
  description: 'Numbers that two hospitals know: the function that finds them, and the cases that come of it.',
})
export class MatchingContract extends LedgerContract implements ContractOf<'MatchingContract'> {
  constructor() {
    super('MatchingContract');
  }

  @Transaction()
  OpenFunctionKey(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'OpenFunctionKey', request);
  }

  @Transaction()
  ReshareFunctionKey(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ReshareFunctionKey', request);
  }

  @Transaction()
  DealFunctionShares(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'DealFunctionShares', request);
  }

  @Transaction()
  AcceptFunctionShares(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AcceptFunctionShares', request);
  }

  @Transaction()
  ComplainOfShare(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ComplainOfShare', request);
  }

  @Transaction(false)
  GetFunctionKey(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetFunctionKey', request);
  }

  @Transaction(false)
  ListFunctionKeys(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListFunctionKeys', request);
  }

  @Transaction()
  RequestEvaluation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RequestEvaluation', request);
  }

  @Transaction(false)
  GetEvaluation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetEvaluation', request);
  }

  @Transaction(false)
  ListEvaluationDays(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListEvaluationDays', request);
  }

  @Transaction()
  PutMatchTags(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PutMatchTags', request);
  }

  @Transaction(false)
  ResolveMatchTag(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ResolveMatchTag', request);
  }

  @Transaction()
  OpenDuplicateCase(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'OpenDuplicateCase', request);
  }

  @Transaction()
  ProposeMerge(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeMerge', request);
  }

  @Transaction()
  ConfirmMerge(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmMerge', request);
  }

  @Transaction()
  DismissDuplicate(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'DismissDuplicate', request);
  }

  @Transaction()
  ProposeUnmerge(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeUnmerge', request);
  }

  @Transaction()
  ConfirmUnmerge(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmUnmerge', request);
  }

  @Transaction(false)
  GetDuplicateCase(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetDuplicateCase', request);
  }

  @Transaction(false)
  ListDuplicateCases(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListDuplicateCases', request);
  }
}
