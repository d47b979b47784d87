import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Who acts for a patient. */
@Info({ title: 'DelegationContract', description: 'Who acts for a patient, in what and until when.' })
export class DelegationContract extends LedgerContract implements ContractOf<'DelegationContract'> {
  constructor() {
    super('DelegationContract');
  }

  @Transaction()
  AppointDelegate(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AppointDelegate', request);
  }

  @Transaction()
  ProposeDelegation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeDelegation', request);
  }

  @Transaction()
  ConfirmDelegation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmDelegation', request);
  }

  @Transaction()
  EndDelegation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'EndDelegation', request);
  }

  @Transaction(false)
  GetDelegation(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetDelegation', request);
  }

  @Transaction(false)
  ListDelegations(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListDelegations', request);
  }
}
