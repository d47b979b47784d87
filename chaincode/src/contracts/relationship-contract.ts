import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import {
  acceptRelationship,
  getRelationship,
  rejectRelationship,
  resumeRelationship,
  suspendRelationship,
  terminateRelationship,
} from '../transactions/relationship/change-relationship';
import { proposeRelationship } from '../transactions/relationship/propose-relationship';
import { LedgerContract } from './ledger-contract';

/** What binds a patient and a hospital. */
@Info({ title: 'RelationshipContract', description: 'What binds a patient and a hospital.' })
export class RelationshipContract extends LedgerContract {
  constructor() {
    super('RelationshipContract');
  }

  @Transaction()
  ProposeRelationship(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ProposeRelationship, request, proposeRelationship);
  }

  @Transaction()
  AcceptRelationship(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.AcceptRelationship, request, acceptRelationship);
  }

  @Transaction()
  RejectRelationship(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RejectRelationship, request, rejectRelationship);
  }

  @Transaction()
  SuspendRelationship(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.SuspendRelationship, request, suspendRelationship);
  }

  @Transaction()
  ResumeRelationship(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ResumeRelationship, request, resumeRelationship);
  }

  @Transaction()
  TerminateRelationship(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.TerminateRelationship, request, terminateRelationship);
  }

  @Transaction(false)
  GetRelationship(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetRelationship, request, getRelationship);
  }
}
