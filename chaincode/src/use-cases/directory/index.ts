import { type directoryArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as confirmStaff from './confirm-staff';
import * as groups from './groups';
import * as readDirectory from './read-directory';
import * as registerOrganisation from './register-organisation';
import * as registerStaff from './register-staff';
import * as revokeStaff from './revoke-staff';
import * as updateEndpoint from './update-endpoint';
import * as updateStaffDuty from './update-staff-duty';

const useCases = {
  ...confirmStaff,
  ...groups,
  ...readDirectory,
  ...registerOrganisation,
  ...registerStaff,
  ...revokeStaff,
  ...updateEndpoint,
  ...updateStaffDuty,
};
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const directoryUseCases = useCases satisfies UseCasesOf<typeof directoryArea, typeof useCases>;
