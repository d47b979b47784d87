import { Info, Transaction } from 'fabric-contract-api';
import { LedgerContext } from '../dispatch/call';
import { run } from '../dispatch/run-unit';
import { type ContractOf } from './contract-of';
import { LedgerContract } from './ledger-contract';

/** Patients' pseudonyms, e-cards, and the private links to identifiers. */
@Info({ title: 'RegistrarContract', description: "Patients' pseudonyms, e-cards, and the private links to identifiers." })
export class RegistrarContract extends LedgerContract implements ContractOf<'RegistrarContract'> {
  constructor() {
    super('RegistrarContract');
  }

  @Transaction()
  RegisterPatient(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RegisterPatient', request);
  }

  @Transaction()
  IssueCard(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'IssueCard', request);
  }

  @Transaction()
  ActivateCard(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ActivateCard', request);
  }

  @Transaction()
  SetCardPaperCode(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'SetCardPaperCode', request);
  }

  @Transaction()
  SuspendCard(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'SuspendCard', request);
  }

  @Transaction()
  ReportCardLost(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ReportCardLost', request);
  }

  @Transaction()
  ReplaceCard(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ReplaceCard', request);
  }

  @Transaction()
  CloseCard(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'CloseCard', request);
  }

  @Transaction()
  VerifyCardToken(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'VerifyCardToken', request);
  }

  @Transaction(false)
  GetCard(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetCard', request);
  }

  @Transaction()
  LinkIdentifier(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'LinkIdentifier', request);
  }

  @Transaction(false)
  ResolveIdentifier(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'ResolveIdentifier', request);
  }

  @Transaction()
  UnlinkIdentifier(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'UnlinkIdentifier', request);
  }

  @Transaction()
  RotateKey(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'RotateKey', request);
  }

  @Transaction()
  TakeOverPseudonym(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'TakeOverPseudonym', request);
  }

  @Transaction(false)
  GetPseudonym(context: LedgerContext, request: string): Promise<string> {
    return run(context, 'GetPseudonym', request);
  }
}
