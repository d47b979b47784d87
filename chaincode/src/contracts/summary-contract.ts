import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Sealed slots by which a patient finds their pseudonyms again. */
@Info({ title: 'SummaryContract', description: 'Sealed slots by which a patient finds their pseudonyms again.' })
export class SummaryContract extends LedgerContract implements ContractOf<'SummaryContract'> {
  constructor() {
    super('SummaryContract');
  }

  @Transaction()
  PutSummarySlot(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PutSummarySlot', request);
  }

  @Transaction(false)
  ListSummarySlots(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListSummarySlots', request);
  }
}
