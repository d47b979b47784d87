import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** What is opened in an emergency without a consent, and its review. */
@Info({ title: 'EmergencyContract', description: 'What is opened in an emergency without a consent, and its review.' })
export class EmergencyContract extends LedgerContract implements ContractOf<'EmergencyContract'> {
  constructor() {
    super('EmergencyContract');
  }

  @Transaction()
  BreakGlass(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'BreakGlass', request);
  }

  @Transaction()
  ShowCardInEmergency(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ShowCardInEmergency', request);
  }

  @Transaction(false)
  ListForEmergency(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListForEmergency', request);
  }

  @Transaction()
  CountersignEmergency(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'CountersignEmergency', request);
  }

  @Transaction()
  PutEmergencyNarrative(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'PutEmergencyNarrative', request);
  }

  @Transaction(false)
  GetEmergencyNarrative(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetEmergencyNarrative', request);
  }

  @Transaction()
  SetEmergencyChoice(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'SetEmergencyChoice', request);
  }

  @Transaction(false)
  GetEmergencyChoice(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetEmergencyChoice', request);
  }

  @Transaction()
  ReviewEmergency(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ReviewEmergency', request);
  }

  @Transaction(false)
  GetEmergency(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetEmergency', request);
  }

  @Transaction(false)
  ListEmergencies(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListEmergencies', request);
  }

  @Transaction(false)
  GetEmergencyStatistics(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetEmergencyStatistics', request);
  }

  @Transaction(false)
  ListOwnEmergencies(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ListOwnEmergencies', request);
  }
}
