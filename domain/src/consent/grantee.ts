import { mayAssertRole } from '../directory/roles';
import { type Organisation, type Staff } from '../directory/entities';
import { DomainError } from '../domain-error';
import { type Grantee } from './entities';

/** What the ledger knows of a grantee; `named` is the staff entry, department or group that the grantee names. */
export type GranteeFacts = {
  readonly organisation: Pick<Organisation, 'kinds'> | undefined;
  readonly named: Pick<Staff, 'mspId'> | undefined;
};

/**
 * Checks that a grantee exists: a consent for nobody gives nothing, and a prohibition for nobody would only seem to forbid.
 * @throws {@link DomainError} `UNKNOWN_GRANTEE` — details name what is unknown: `organisation`, or the grantee's kind.
 */
export function assertKnownGrantee(grantee: Grantee, { organisation, named }: GranteeFacts): void {
  if (organisation === undefined) throw unknown(grantee, 'organisation');
  switch (grantee.kind) {
    case 'organisation':
      return;
    case 'role':
      if (!mayAssertRole(organisation.kinds, grantee.name)) throw unknown(grantee, 'role');
      return;
    case 'person':
    case 'department':
    case 'group':
      if (named === undefined) throw unknown(grantee, grantee.kind);
  }
}

function unknown({ mspId, name }: Grantee, what: Grantee['kind']): DomainError {
  return new DomainError('UNKNOWN_GRANTEE', undefined, { unknown: what, mspId, name });
}
