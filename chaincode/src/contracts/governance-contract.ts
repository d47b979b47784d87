import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** What members decide together about access. */
@Info({ title: 'GovernanceContract', description: 'What members decide together about access.' })
export class GovernanceContract extends LedgerContract implements ContractOf<'GovernanceContract'> {
  constructor() {
    super('GovernanceContract');
  }

  @Transaction()
  ProposeParameter(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeParameter', request);
  }

  @Transaction()
  ApproveParameter(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ApproveParameter', request);
  }

  @Transaction()
  WithdrawProposal(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'WithdrawProposal', request);
  }

  @Transaction(false)
  GetParameter(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetParameter', request);
  }

  @Transaction(false)
  ListProposals(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListProposals', request);
  }

  @Transaction()
  ApproveAccess(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ApproveAccess', request);
  }

  @Transaction()
  WithdrawApproval(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'WithdrawApproval', request);
  }

  @Transaction(false)
  ListApprovals(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListApprovals', request);
  }
}
