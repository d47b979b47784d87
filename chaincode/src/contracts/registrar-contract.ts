import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import { activateCard, closeCard, suspendCard } from '../transactions/registrar/change-card';
import { linkIdentifier, resolveIdentifier, unlinkIdentifier } from '../transactions/registrar/identifier-links';
import { issueCard } from '../transactions/registrar/issue-card';
import { getCard, getPseudonym } from '../transactions/registrar/read-registrar';
import { registerPatient } from '../transactions/registrar/register-patient';
import { LedgerContract } from './ledger-contract';

/** Patients' pseudonyms, e-cards, and the private links to identifiers. */
@Info({ title: 'RegistrarContract', description: "Patients' pseudonyms, e-cards, and the private links to identifiers." })
export class RegistrarContract extends LedgerContract {
  constructor() {
    super('RegistrarContract');
  }

  @Transaction()
  RegisterPatient(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RegisterPatient, request, registerPatient);
  }

  @Transaction()
  IssueCard(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.IssueCard, request, issueCard);
  }

  @Transaction()
  ActivateCard(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ActivateCard, request, activateCard);
  }

  @Transaction()
  SuspendCard(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.SuspendCard, request, suspendCard);
  }

  @Transaction()
  CloseCard(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.CloseCard, request, closeCard);
  }

  @Transaction(false)
  GetCard(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetCard, request, getCard);
  }

  @Transaction()
  LinkIdentifier(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.LinkIdentifier, request, linkIdentifier);
  }

  @Transaction(false)
  ResolveIdentifier(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ResolveIdentifier, request, resolveIdentifier);
  }

  @Transaction()
  UnlinkIdentifier(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.UnlinkIdentifier, request, unlinkIdentifier);
  }

  @Transaction(false)
  GetPseudonym(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetPseudonym, request, getPseudonym);
  }
}
