import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** What happened around a patient. */
@Info({ title: 'AuditContract', description: 'What happened around a patient.' })
export class AuditContract extends LedgerContract implements ContractOf<'AuditContract'> {
  constructor() {
    super('AuditContract');
  }

  @Transaction(false)
  ListForPatient(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListForPatient', request);
  }

  @Transaction(false)
  ListOwnersActs(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListOwnersActs', request);
  }

  @Transaction(false)
  ListDisclosures(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListDisclosures', request);
  }
}
