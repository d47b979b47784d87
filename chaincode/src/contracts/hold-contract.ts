import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** That nothing of a patient's is purged. */
@Info({ title: 'HoldContract', description: "That nothing of a patient's is purged." })
export class HoldContract extends LedgerContract implements ContractOf<'HoldContract'> {
  constructor() {
    super('HoldContract');
  }

  @Transaction()
  PlaceHold(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PlaceHold', request);
  }

  @Transaction()
  ConfirmHold(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmHold', request);
  }

  @Transaction()
  LiftHold(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'LiftHold', request);
  }

  @Transaction(false)
  GetHolds(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetHolds', request);
  }
}
