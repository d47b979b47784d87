import { hashOfVersion, NETWORK_PARAMETER, type RecordContent, type VersionIdentity, versionIdentityOf } from '@lianyi/domain';
import { type ReceiptClaim } from '@lianyi/domain/deciding';
import { type WriteScope } from '../scope';
import { endpointsOf } from './endpoints-of';

/** What the receipts of a version must prove: its object, at the places it names, deposited for this very version on this channel. */
export async function claimOfVersion(
  { ledger, channel }: WriteScope,
  version: Pick<VersionIdentity, 'pseudonym' | 'recordId' | 'version'>,
  { cipherSha256, locators, receipts }: RecordContent,
): Promise<ReceiptClaim> {
  const [endpoints, { genesis }] = await Promise.all([endpointsOf(ledger, locators), ledger.parameters.get(NETWORK_PARAMETER)]);
  return { cipherSha256, locators, receipts, endpoints, versionHash: hashOfVersion(versionIdentityOf({ channel, genesis }, version)) };
}
