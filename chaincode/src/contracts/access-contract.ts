import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import { requestAccess } from '../transactions/access/request-access';
import { closeTicket, getDecision } from '../transactions/access/tickets';
import { LedgerContract } from './ledger-contract';

/** Requests to read, and the decision on each. */
@Info({ title: 'AccessContract', description: 'Requests to read, and the decision on each.' })
export class AccessContract extends LedgerContract {
  constructor() {
    super('AccessContract');
  }

  @Transaction()
  RequestAccess(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RequestAccess, request, requestAccess);
  }

  @Transaction()
  CloseTicket(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.CloseTicket, request, closeTicket);
  }

  @Transaction(false)
  GetDecision(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetDecision, request, getDecision);
  }
}
