import { type consentArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import { amendPolicy, grantPolicy, revokePolicy } from './change-policy';
import { getPolicy, listPolicies, simulate } from './read-policies';

/** What each transaction of the area does. */
export const consentUseCases = {
  GrantPolicy: grantPolicy,
  AmendPolicy: amendPolicy,
  RevokePolicy: revokePolicy,
  GetPolicy: getPolicy,
  ListPolicies: listPolicies,
  Simulate: simulate,
} satisfies UseCases<(typeof consentArea)['transactions']>;
