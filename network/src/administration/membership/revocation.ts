import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Organization } from '../../consortium/consortium';
import { type Certificate, parseCertificate, parseRevocationList, type RevocationList } from '../../embedded/msp/certificate';
import { openAuthority } from '../../fabric-ca/open-authority';
import { ADMIN_USER, organizationPaths, userNames } from '../../organizations/layout';
import { type Withdrawn } from '../../organizations/authority';
import { bytesOf, type common, type msp } from '../../wire/proto';
import { changeMsp, groupsOf, mspConfigOf } from '../channel-update/msp-config';
import { currentConfig, type UpdateResult, updateChannel } from '../channel-update/update-channel';
import { OperatorError, reasonOf } from '../../machine/operator-error';
import { type Revoked } from './certificates';
import { type OpenNetwork } from './open-network';

function refuse(sentence: string): never {
  throw new OperatorError('CERTIFICATE_REFUSED', `${sentence}; nothing was sent`);
}

function authoritiesOf(config: msp.FabricMSPConfig): readonly Certificate[] {
  return [...config.getRootCertsList_asU8(), ...config.getIntermediateCertsList_asU8()].flatMap(
    (pem) => parseCertificate(bytesOf(pem).toString('utf8')) ?? [],
  );
}

/**
 * Refuses a list that would do harm or nothing. Fabric's orderers take one without an AuthorityKeyIdentifier, and then every
 * identity of the organisation is denied, its administrator too, so nobody could take it back (msp/mspimplvalidate.go).
 * @throws {@link OperatorError} `CERTIFICATE_REFUSED`.
 */
export function checkRevocationList(pem: string, mspId: string, authorities: readonly Certificate[]): RevocationList {
  const label = /-----BEGIN ([^-]+)-----/.exec(pem)?.[1];
  if (label !== 'X509 CRL')
    refuse(`a revocation list must be PEM with the label 'X509 CRL', not ${label === undefined ? 'something else' : `'${label}'`}`);
  const list = parsed(pem);
  const { authorityKeyId } = list;
  if (authorityKeyId === undefined) refuse(`the revocation list has no AuthorityKeyIdentifier; it would lock all of ${mspId} out`);
  const authority = authorities.find(({ subjectKeyId }) => subjectKeyId === authorityKeyId);
  if (!authority || !list.isSignedBy(authority)) refuse(`the revocation list is not one of ${mspId}'s own certificate authority`);
  return list;
}

function parsed(pem: string): RevocationList {
  try {
    return parseRevocationList(pem);
  } catch (error) {
    return refuse(`the revocation list cannot be read: ${reasonOf(error)}`);
  }
}

function configuredMsp(channel: common.ConfigGroup, mspId: string): msp.FabricMSPConfig {
  const [group] = groupsOf(channel, mspId);
  return group ? mspConfigOf(group) : refuse(`${mspId} is not a member of the channel`);
}

const listsOf = (config: msp.FabricMSPConfig): readonly string[] =>
  config.getRevocationListList_asU8().map((pem) => bytesOf(pem).toString('utf8'));

/** Serial numbers the channel's configuration calls revoked, by organisation's domain. */
export async function revokedOnChannel(network: OpenNetwork): Promise<Revoked> {
  const [client] = network.peers;
  const channel = client && (await currentConfig(client, network.channel)).getChannelGroup();
  if (!channel) return new Map();
  return new Map(
    network.organizations.flatMap(({ mspId, domain }) => {
      const [group] = groupsOf(channel, mspId);
      const serials = group ? listsOf(mspConfigOf(group)).flatMap((pem) => [...parseRevocationList(pem).revokedSerialNumbers]) : [];
      return serials.length === 0 ? [] : [[domain, new Set(serials)] as const];
    }),
  );
}

export interface Revocation {
  readonly organization: string;
  readonly serialNumbers: readonly string[];
  /** `unchanged`: the channel called all of them revoked already. */
  readonly result: 'revoked' | 'unchanged';
  readonly update?: UpdateResult;
}

/** Serial number of a user's certificate. The administrator who signs the update cannot take back a revocation of himself. */
function serialOf(network: OpenNetwork, organization: Organization, user: string): string {
  if (!userNames(organization).includes(user)) {
    throw new OperatorError('UNKNOWN_NAME', `${organization.mspId} has no user ${user}; there are ${userNames(organization).join(', ')}`);
  }
  if (user === ADMIN_USER) refuse(`${ADMIN_USER} signs ${organization.mspId}'s updates; revoked, nobody of it could sign another`);
  const file = join(
    organizationPaths(network.dataDir, organization).user(user).msp,
    'signcerts',
    `${user}@${organization.domain}-cert.pem`,
  );
  return parseCertificate(readFileSync(file, 'utf8'))?.serialNumber ?? refuse(`${file} is no certificate`);
}

async function ownList(network: OpenNetwork, organization: Organization, withdrawn: Withdrawn): Promise<string> {
  const authority = openAuthority(network.dataDir, organization);
  try {
    return await authority.revoke(withdrawn);
  } finally {
    authority.close();
  }
}

/** Revokes a user's certificate on the channel: a list by the organisation's CA, an update signed by its administrator alone. */
export async function revokeUser(network: OpenNetwork, name: string, user: string, progress: (line: string) => void): Promise<Revocation> {
  const organization = network.organization(name);
  const serialNumber = serialOf(network, organization, user);
  const former = (await revokedOnChannel(network)).get(organization.domain) ?? new Set<string>();
  if (former.has(serialNumber)) return { organization: organization.mspId, serialNumbers: [serialNumber], result: 'unchanged' };
  const commonName = `${user}@${organization.domain}`;
  const pem = await ownList(network, organization, { commonName, serialNumber, former });
  progress(`${organization.mspId}'s certificate authority revoked ${commonName} (serial number ${serialNumber})`);
  return publish(network, organization, pem, progress);
}

/** Publishes a list that the organisation's own CA has made, e.g. fabric-ca's. */
export async function publishRevocationList(
  network: OpenNetwork,
  name: string,
  pem: string,
  progress: (line: string) => void,
): Promise<Revocation> {
  return publish(network, network.organization(name), pem, progress);
}

/** A new list of the same CA takes the place of its former one; it must not forget anybody. */
async function publish(
  network: OpenNetwork,
  organization: Organization,
  pem: string,
  progress: (line: string) => void,
): Promise<Revocation> {
  const { mspId } = organization;
  const [client] = network.peers;
  const channel = client && (await currentConfig(client, network.channel)).getChannelGroup();
  if (!channel) throw new OperatorError('NOT_RUNNING', 'no peer answers');
  const config = configuredMsp(channel, mspId);
  const list = checkRevocationList(pem, mspId, authoritiesOf(config));
  const replaced = listsOf(config).filter((former) => parseRevocationList(former).authorityKeyId === list.authorityKeyId);
  const forgotten = replaced
    .flatMap((former) => [...parseRevocationList(former).revokedSerialNumbers])
    .find((serial) => !list.revokedSerialNumbers.has(serial));
  if (forgotten !== undefined) refuse(`the list leaves out serial number ${forgotten}, which is revoked already`);
  const kept = listsOf(config).filter((former) => !replaced.includes(former));
  const change = (group: common.ConfigGroup): void => {
    changeMsp(group, mspId, (next) => {
      next.setRevocationListList([...kept, pem].map((each) => Buffer.from(each)));
    });
  };
  const update = await updateChannel(network, { change, signers: [organization] }, progress);
  return {
    organization: mspId,
    serialNumbers: [...list.revokedSerialNumbers],
    result: update ? 'revoked' : 'unchanged',
    ...(update && { update }),
  };
}
