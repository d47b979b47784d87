import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import { listForPatient } from '../transactions/audit/list-for-patient';
import { LedgerContract } from './ledger-contract';

/** What happened around a patient. */
@Info({ title: 'AuditContract', description: 'What happened around a patient.' })
export class AuditContract extends LedgerContract {
  constructor() {
    super('AuditContract');
  }

  @Transaction(false)
  ListForPatient(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ListForPatient, request, listForPatient);
  }
}
