import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Whether a patient can decide, and whether they live. */
@Info({ title: 'CapacityContract', description: 'Whether a patient can decide, and whether they live.' })
export class CapacityContract extends LedgerContract implements ContractOf<'CapacityContract'> {
  constructor() {
    super('CapacityContract');
  }

  @Transaction()
  DeclareIncapacity(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'DeclareIncapacity', request);
  }

  @Transaction()
  ConfirmIncapacity(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmIncapacity', request);
  }

  @Transaction(false)
  GetIncapacity(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetIncapacity', request);
  }

  @Transaction()
  ProposeDeath(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeDeath', request);
  }

  @Transaction()
  ConfirmDeath(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ConfirmDeath', request);
  }

  @Transaction()
  DisputeDeath(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'DisputeDeath', request);
  }

  @Transaction()
  RevokeDeath(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RevokeDeath', request);
  }

  @Transaction(false)
  GetDeath(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetDeath', request);
  }
}
