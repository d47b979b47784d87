import { Info, Transaction } from 'fabric-contract-api';
import { transactions } from '@lianyi/domain';
import { LedgerContext } from '../dispatch/call';
import { handle } from '../dispatch/handle';
import { getOrganisation, getStaff, listEndpoints, listOrganisations, listStaff } from '../transactions/directory/read-directory';
import { registerOrganisation } from '../transactions/directory/register-organisation';
import { registerStaff } from '../transactions/directory/register-staff';
import { revokeStaff } from '../transactions/directory/revoke-staff';
import { updateEndpoint } from '../transactions/directory/update-endpoint';
import { updateStaffDuty } from '../transactions/directory/update-staff-duty';
import { LedgerContract } from './ledger-contract';

/** Organisations, their endpoints and their staff, with the kill switch. */
@Info({ title: 'DirectoryContract', description: 'Organisations, their endpoints and their staff, with the kill switch.' })
export class DirectoryContract extends LedgerContract {
  constructor() {
    super('DirectoryContract');
  }

  @Transaction()
  RegisterOrganisation(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RegisterOrganisation, request, registerOrganisation);
  }

  @Transaction()
  UpdateEndpoint(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.UpdateEndpoint, request, updateEndpoint);
  }

  @Transaction()
  RegisterStaff(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RegisterStaff, request, registerStaff);
  }

  @Transaction()
  UpdateStaffDuty(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.UpdateStaffDuty, request, updateStaffDuty);
  }

  @Transaction()
  RevokeStaff(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.RevokeStaff, request, revokeStaff);
  }

  @Transaction(false)
  GetOrganisation(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetOrganisation, request, getOrganisation);
  }

  @Transaction(false)
  ListOrganisations(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ListOrganisations, request, listOrganisations);
  }

  @Transaction(false)
  ListEndpoints(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ListEndpoints, request, listEndpoints);
  }

  @Transaction(false)
  GetStaff(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.GetStaff, request, getStaff);
  }

  @Transaction(false)
  ListStaff(context: LedgerContext, request: string): Promise<string> {
    return handle(context, transactions.ListStaff, request, listStaff);
  }
}
