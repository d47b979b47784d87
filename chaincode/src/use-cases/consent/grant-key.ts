import { type Grantee, type MspId, type Pseudonym } from '@lianyi/domain';

/** Whose grant it is, and to whom. */
export type GrantKey = { readonly pseudonym: Pseudonym; readonly grantee: Grantee };

/** The key parts of a grant. */
export function keyOfGrant({ pseudonym, grantee }: GrantKey): [Pseudonym, Grantee['kind'], MspId, Grantee['name']] {
  return [pseudonym, grantee.kind, grantee.mspId, grantee.name];
}
