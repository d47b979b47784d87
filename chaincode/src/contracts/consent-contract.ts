import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** What patients permit and forbid. */
@Info({ title: 'ConsentContract', description: 'What patients permit and forbid.' })
export class ConsentContract extends LedgerContract implements ContractOf<'ConsentContract'> {
  constructor() {
    super('ConsentContract');
  }

  @Transaction()
  GrantPolicy(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GrantPolicy', request);
  }

  @Transaction()
  AmendPolicy(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AmendPolicy', request);
  }

  @Transaction()
  RevokePolicy(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RevokePolicy', request);
  }

  @Transaction(false)
  GetPolicy(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPolicy', request);
  }

  @Transaction(false)
  ListPolicyVersions(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListPolicyVersions', request);
  }

  @Transaction(false)
  ListPolicies(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListPolicies', request);
  }
}
