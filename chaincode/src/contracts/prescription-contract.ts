import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** What of a prescription is dispensed, anywhere and once. */
@Info({ title: 'PrescriptionContract', description: 'What of a prescription is dispensed, anywhere and once.' })
export class PrescriptionContract extends LedgerContract implements ContractOf<'PrescriptionContract'> {
  constructor() {
    super('PrescriptionContract');
  }

  @Transaction()
  IssuePrescription(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'IssuePrescription', request);
  }

  @Transaction()
  DispensePrescription(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'DispensePrescription', request);
  }

  @Transaction()
  CancelPrescription(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'CancelPrescription', request);
  }

  @Transaction()
  StopPrescription(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'StopPrescription', request);
  }

  @Transaction(false)
  GetPrescription(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPrescription', request);
  }

  @Transaction(false)
  ListPrescriptions(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListPrescriptions', request);
  }

  @Transaction(false)
  ListDispensings(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListDispensings', request);
  }

  @Transaction(false)
  GetPrescriptionStatistics(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPrescriptionStatistics', request);
  }
}
