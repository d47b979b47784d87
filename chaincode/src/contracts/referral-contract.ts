import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** That patients are referred to another hospital and back. */
@Info({ title: 'ReferralContract', description: 'That patients are referred to another hospital and back.' })
export class ReferralContract extends LedgerContract implements ContractOf<'ReferralContract'> {
  constructor() {
    super('ReferralContract');
  }

  @Transaction()
  ProposeReferral(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeReferral', request);
  }

  @Transaction()
  AgreeReferral(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AgreeReferral', request);
  }

  @Transaction()
  WithdrawReferral(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'WithdrawReferral', request);
  }

  @Transaction()
  AnswerReferral(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AnswerReferral', request);
  }

  @Transaction()
  EndReferral(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'EndReferral', request);
  }

  @Transaction(false)
  GetReferral(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetReferral', request);
  }

  @Transaction(false)
  ListReferrals(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListReferrals', request);
  }

  @Transaction(false)
  ListReferralsOfHospital(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListReferralsOfHospital', request);
  }
}
