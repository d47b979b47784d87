import { DomainError } from '@lianyi/domain';
import { type AskingStaff } from '../acting/permitted-records';
import { type FacadeCall } from './interaction';

/** Who asks and for what. @throws DomainError `PURPOSE_NOT_SAID` — the token has no purpose */
export function askerOf({ staff, purpose, keeps }: Pick<FacadeCall, 'staff' | 'purpose' | 'keeps'>): AskingStaff {
  if (purpose === undefined) throw new DomainError('PURPOSE_NOT_SAID');
  return { staff, purpose, keeps };
}
