import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** What binds a patient and a hospital. */
@Info({ title: 'RelationshipContract', description: 'What binds a patient and a hospital.' })
export class RelationshipContract extends LedgerContract implements ContractOf<'RelationshipContract'> {
  constructor() {
    super('RelationshipContract');
  }

  @Transaction()
  ProposeRelationship(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeRelationship', request);
  }

  @Transaction()
  AcceptRelationship(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'AcceptRelationship', request);
  }

  @Transaction()
  RejectRelationship(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RejectRelationship', request);
  }

  @Transaction()
  SuspendRelationship(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'SuspendRelationship', request);
  }

  @Transaction()
  ResumeRelationship(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ResumeRelationship', request);
  }

  @Transaction()
  ProposeTermination(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ProposeTermination', request);
  }

  @Transaction()
  TerminateRelationship(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'TerminateRelationship', request);
  }

  @Transaction(false)
  GetRelationship(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetRelationship', request);
  }
}
