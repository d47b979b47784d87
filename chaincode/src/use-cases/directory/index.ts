import { type directoryArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import { getOrganisation, getStaff, listEndpoints, listOrganisations, listStaff } from './read-directory';
import { registerOrganisation } from './register-organisation';
import { registerStaff } from './register-staff';
import { revokeStaff } from './revoke-staff';
import { updateEndpoint } from './update-endpoint';
import { updateStaffDuty } from './update-staff-duty';

/** What each transaction of the area does. */
export const directoryUseCases = {
  RegisterOrganisation: registerOrganisation,
  UpdateEndpoint: updateEndpoint,
  RegisterStaff: registerStaff,
  UpdateStaffDuty: updateStaffDuty,
  RevokeStaff: revokeStaff,
  GetOrganisation: getOrganisation,
  ListOrganisations: listOrganisations,
  ListEndpoints: listEndpoints,
  GetStaff: getStaff,
  ListStaff: listStaff,
} satisfies UseCases<(typeof directoryArea)['transactions']>;
