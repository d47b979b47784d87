import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import { amendPolicy, grantPolicy, revokePolicy } from '../transactions/consent/change-policy';
import { getPolicy, listPolicies, simulate } from '../transactions/consent/read-policies';
import { LedgerContract } from './ledger-contract';

/** What patients permit and forbid. */
@Info({ title: 'ConsentContract', description: 'What patients permit and forbid.' })
export class ConsentContract extends LedgerContract {
  constructor() {
    super('ConsentContract');
  }

  @Transaction()
  GrantPolicy(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GrantPolicy, request, grantPolicy);
  }

  @Transaction()
  AmendPolicy(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.AmendPolicy, request, amendPolicy);
  }

  @Transaction()
  RevokePolicy(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RevokePolicy, request, revokePolicy);
  }

  @Transaction(false)
  GetPolicy(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetPolicy, request, getPolicy);
  }

  @Transaction(false)
  ListPolicies(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ListPolicies, request, listPolicies);
  }

  @Transaction(false)
  Simulate(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.Simulate, request, simulate);
  }
}
