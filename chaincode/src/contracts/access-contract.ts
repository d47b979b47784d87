import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Requests to read, and the decision on each. */
@Info({ title: 'AccessContract', description: 'Requests to read, and the decision on each.' })
export class AccessContract extends LedgerContract implements ContractOf<'AccessContract'> {
  constructor() {
    super('AccessContract');
  }

  @Transaction()
  RequestAccess(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RequestAccess', request);
  }

  @Transaction()
  OpenOwnRecords(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'OpenOwnRecords', request);
  }

  @Transaction(false)
  ListPermitted(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListPermitted', request);
  }

  @Transaction()
  CloseTicket(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'CloseTicket', request);
  }

  @Transaction(false)
  GetDecision(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetDecision', request);
  }

  @Transaction(false)
  GetTicketStanding(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetTicketStanding', request);
  }

  @Transaction(false)
  ExplainAccess(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ExplainAccess', request);
  }
}
