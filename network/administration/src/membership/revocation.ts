import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesOf,
  type Certificate,
  changeMsp,
  type common,
  groupsOf,
  type msp,
  mspConfigOf,
  parseCertificate,
  parseRevocationList,
  type RevocationList,
} from '@lianyi/fabric-protocol';
import {
  ADMIN_USER,
  keepRevocationList,
  openAuthority,
  OperatorError,
  type Organization,
  organizationPaths,
  readRevocationLists,
  reasonOf,
  serialNumbersIssued,
  userNames,
  type Withdrawn,
} from '@lianyi/network-model';
import { updateChannel, type UpdateResult } from '../channel-update/update-channel';
import { type Progress } from '../progress';
import { type Revoked } from './certificates';
import { type OpenNetwork } from './open-network';
import { channelNames, groupOf, peersOn } from './ordering-service';

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

const listsOf = (config: msp.FabricMSPConfig): readonly string[] =>
  config.getRevocationListList_asU8().map((pem) => bytesOf(pem).toString('utf8'));

const serialNumbersIn = (lists: readonly string[]): readonly string[] =>
  lists.flatMap((pem) => [...parseRevocationList(pem).revokedSerialNumbers]);

/** An organisation as one of the channels that know it has it. */
interface Standing {
  readonly channel: string;
  readonly authorities: readonly Certificate[];
  readonly lists: readonly string[];
}
/** A channel that could not be asked, or not be changed. */
interface Failure {
  readonly channel: string;
  readonly reason: unknown;
}
interface Standings {
  readonly standings: readonly Standing[];
  readonly failures: readonly Failure[];
}

function standingOf(channel: string, group: common.ConfigGroup): Standing {
  const config = mspConfigOf(group);
  return { channel, authorities: authoritiesOf(config), lists: listsOf(config) };
}

/** On every channel, as a member or as one that only orders: who is revoked on one only goes on on the others. */
async function standingsOf(network: OpenNetwork, { mspId }: Organization): Promise<Standings> {
  const [standings, failures]: [Standing[], Failure[]] = [[], []];
  for (const channel of channelNames(network)) {
    try {
      const [group] = groupsOf(await groupOf(network, channel), mspId);
      if (group) standings.push(standingOf(channel, group));
    } catch (reason) {
      failures.push({ channel, reason });
    }
  }
  return { standings, failures };
}

/** Serial numbers that the channels' configurations call revoked: by organisation's domain one set for each channel that knows it. */
export async function revokedOnChannels(network: OpenNetwork): Promise<Revoked> {
  const sets = network.organizations.map(async (organization) => {
    const { standings } = await standingsOf(network, organization);
    return [organization.domain, standings.map(({ lists }) => new Set(serialNumbersIn(lists)))] as const;
  });
  return new Map(await Promise.all(sets));
}

export interface Revocation {
  readonly organization: string;
  /** All that the list revokes. */
  readonly serialNumbers: readonly string[];
  /** `unchanged`: every channel had the list already. */
  readonly result: 'revoked' | 'unchanged';
  /** Channels that know the organisation, and have the list now. */
  readonly channels: readonly string[];
  /** Of the first channel that was changed. */
  readonly update?: UpdateResult;
}

/**
 * Serial numbers of all certificates a user was issued: one that was renewed is good until it ends. The administrator who signs
 * the update cannot take back a revocation of himself.
 */
function serialNumbersOf(network: OpenNetwork, organization: Organization, user: string): readonly string[] {
  if (!userNames(organization).includes(user)) {
    throw new OperatorError('UNKNOWN_NAME', `${organization.mspId} has no user ${user}; there are ${userNames(organization).join(', ')}`);
  }
  if (user === ADMIN_USER) refuse(`${ADMIN_USER} signs ${organization.mspId}'s updates; revoked, nobody of it could sign another`);
  const paths = organizationPaths(network.dataDir, organization);
  const commonName = `${user}@${organization.domain}`;
  const file = join(paths.user(user).msp, 'signcerts', `${commonName}-cert.pem`);
  const current = existsSync(file)
    ? [parseCertificate(readFileSync(file, 'utf8'))?.serialNumber ?? refuse(`${file} is no certificate`)]
    : [];
  const all = [...new Set([...current, ...serialNumbersIssued(paths, commonName)])];
  return all.length > 0 ? all : refuse(`${commonName} has no certificate here`);
}

async function ownList(network: OpenNetwork, organization: Organization, withdrawn: Withdrawn): Promise<string> {
  const authority = openAuthority(network.dataDir, organization);
  try {
    return await authority.revoke(withdrawn);
  } finally {
    authority.close();
  }
}

/**
 * Revokes all certificates of a user on every channel: a list by the organisation's CA, updates signed by its administrator
 * alone. What a former call began is completed with the list that it kept.
 */
export async function revokeUser(network: OpenNetwork, name: string, user: string, progress: Progress): Promise<Revocation> {
  const organization = network.organization(name);
  const serialNumbers = serialNumbersOf(network, organization, user);
  const found = await standingsOf(network, organization);
  const kept = readRevocationLists(organizationPaths(network.dataDir, organization).msp);
  const former = new Set(serialNumbersIn([...kept, ...found.standings.flatMap(({ lists }) => lists)]));
  const isSufficient = ({ revokedSerialNumbers }: RevocationList): boolean =>
    [...former, ...serialNumbers].every((serial) => revokedSerialNumbers.has(serial));
  const sufficient = kept.find((pem) => isSufficient(parseRevocationList(pem)));
  if (sufficient !== undefined) return publish(network, organization, found, sufficient, progress);
  const commonName = `${user}@${organization.domain}`;
  const pem = await ownList(network, organization, { commonName, serialNumbers, former });
  progress(`${organization.mspId}'s certificate authority revoked ${commonName} (serial numbers ${serialNumbers.join(', ')})`);
  return publish(network, organization, found, pem, progress);
}

/** Publishes a list that the organisation's own CA has made, e.g. fabric-ca's. */
export async function publishRevocationList(network: OpenNetwork, name: string, pem: string, progress: Progress): Promise<Revocation> {
  const organization = network.organization(name);
  return publish(network, organization, await standingsOf(network, organization), pem, progress);
}

/** A new list of the same CA takes the place of its former one; it must not forget anybody. */
function withList(former: readonly string[], pem: string, list: RevocationList): readonly string[] {
  const isReplaced = (other: string): boolean => parseRevocationList(other).authorityKeyId === list.authorityKeyId;
  const forgotten = serialNumbersIn(former.filter(isReplaced)).find((serial) => !list.revokedSerialNumbers.has(serial));
  if (forgotten !== undefined) refuse(`the list leaves out serial number ${forgotten}, which is revoked already`);
  return [...former.filter((other) => !isReplaced(other)), pem];
}

/** Checked against every channel before anything is sent; kept for the channels made later before it is sent to any. */
async function publish(
  network: OpenNetwork,
  organization: Organization,
  { standings, failures }: Standings,
  pem: string,
  progress: Progress,
): Promise<Revocation> {
  const { mspId } = organization;
  const { msp: folder } = organizationPaths(network.dataDir, organization);
  if (standings.length === 0) {
    refuseIncomplete(failures);
    throw new OperatorError('UNKNOWN_NAME', `no channel knows ${mspId}`);
  }
  const checked = standings.map(({ channel, authorities, lists }) => {
    return { channel, lists: withList(lists, pem, checkRevocationList(pem, mspId, authorities)) };
  });
  const list = parseRevocationList(pem);
  withList(readRevocationLists(folder), pem, list);
  keepRevocationList(folder, list.authorityKeyId ?? '', pem);
  const { updates, missed } = await send(network, organization, checked, progress);
  refuseIncomplete([...failures, ...missed]);
  const [update] = updates;
  return {
    organization: mspId,
    serialNumbers: [...list.revokedSerialNumbers],
    result: update ? 'revoked' : 'unchanged',
    channels: standings.map(({ channel }) => channel),
    ...(update && { update }),
  };
}

async function send(
  network: OpenNetwork,
  organization: Organization,
  changes: readonly Pick<Standing, 'channel' | 'lists'>[],
  progress: Progress,
): Promise<{ readonly updates: readonly UpdateResult[]; readonly missed: readonly Failure[] }> {
  const [updates, missed]: [UpdateResult[], Failure[]] = [[], []];
  for (const { channel, lists } of changes) {
    const change = (group: common.ConfigGroup): void => {
      changeMsp(group, organization.mspId, (config) => {
        config.setRevocationListList(lists.map((each) => Buffer.from(each)));
      });
    };
    const request = { channel, change, signers: [organization], witnesses: peersOn(network, channel) };
    try {
      const update = await updateChannel(network, request, progress);
      if (update) updates.push(update);
    } catch (reason) {
      missed.push({ channel, reason });
    }
  }
  return { updates, missed };
}

/** One channel that cannot be changed now does not keep the others from it; but nobody is told that all is done. */
function refuseIncomplete(missed: readonly Failure[]): void {
  const [first] = missed;
  if (!first) return;
  const names = missed.map(({ channel }) => channel).join(', ');
  const code = first.reason instanceof OperatorError ? first.reason.code : 'FABRIC_REFUSED';
  throw new OperatorError(code, `not revoked on ${names} yet; repeat it when it answers: ${reasonOf(first.reason)}`, {
    cause: first.reason,
  });
}
