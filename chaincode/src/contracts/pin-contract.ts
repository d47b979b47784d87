import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** A PIN by which a lost wallet comes back. */
@Info({ title: 'PinContract', description: 'A PIN by which a lost wallet comes back.' })
export class PinContract extends LedgerContract implements ContractOf<'PinContract'> {
  constructor() {
    super('PinContract');
  }

  @Transaction()
  StorePin(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'StorePin', request);
  }

  @Transaction()
  RemovePin(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RemovePin', request);
  }

  @Transaction()
  TryPin(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'TryPin', request);
  }

  @Transaction()
  ConfirmPin(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmPin', request);
  }

  @Transaction(false)
  GetPin(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPin', request);
  }

  @Transaction(false)
  GetPinOf(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPinOf', request);
  }
}
