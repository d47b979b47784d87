import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  bytesOf,
  type Certificate,
  type common,
  groupsOf,
  type msp,
  mspConfigOf,
  parseCertificate,
  parseRevocationList,
  type RevocationList,
} from '@lianyi/fabric-protocol';
import {
  fileFaultOf,
  ADMIN_USER,
  keepRevocationList,
  openAuthority,
  OperatorError,
  type Organization,
  organizationPaths,
  readRevocationLists,
  serialNumbersIssued,
  userNames,
  type Withdrawn,
  type Sentence,
  sentenceOf,
} from '@lianyi/network-model';
import { withRevocationLists } from '../channel-update/config-change';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type ChannelHandle } from '../session/channel-handle';
import { type UpdateResult } from '../session/signed-edit';
import { type Revoked } from './certificates';

function refuse({ en, zh }: Sentence): never {
  throw new OperatorError('CERTIFICATE_REFUSED', { en: `${en}; nothing was sent`, zh: `${zh}；没有发送任何内容` });
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
    refuse({
      en: `a revocation list must be PEM with the label 'X509 CRL', not ${label === undefined ? 'something else' : `'${label}'`}`,
      zh: `吊销列表必须是标签为 “X509 CRL” 的 PEM，而不是${label === undefined ? '其他内容' : ` “${label}”`}`,
    });
  const list = parsed(pem);
  const { authorityKeyId, missingField } = list;
  if (missingField !== undefined)
    refuse({
      en: `the revocation list lacks ${missingField}, which RFC 5280 demands; have it made anew`,
      zh: `吊销列表缺少 RFC 5280 要求的 ${missingField}；请重新生成`,
    });
  if (authorityKeyId === undefined)
    refuse({
      en: `the revocation list has no AuthorityKeyIdentifier; it would lock all of ${mspId} out`,
      zh: `吊销列表没有 AuthorityKeyIdentifier；它会把 ${mspId} 的所有人拒之门外`,
    });
  const authority = authorities.find(({ subjectKeyId }) => subjectKeyId === authorityKeyId);
  if (!authority || !list.isSignedBy(authority))
    refuse({
      en: `the revocation list is not one of ${mspId}'s own certificate authority`,
      zh: `该吊销列表不是 ${mspId} 自己的证书机构签发的`,
    });
  return list;
}

function parsed(pem: string): RevocationList {
  try {
    return parseRevocationList(pem);
  } catch (error) {
    return refuse({
      en: `the revocation list cannot be read: ${sentenceOf(error).en}`,
      zh: `吊销列表无法读取：${sentenceOf(error).zh}`,
    });
  }
}

/** A list may be in DER, which somebody else has put there: a letter for each byte keeps it. */
const listsOf = (config: msp.FabricMSPConfig): readonly string[] =>
  config.getRevocationListList_asU8().map((list) => bytesOf(list).toString('latin1'));

const serialNumbersIn = (lists: readonly string[]): readonly string[] =>
  lists.flatMap((pem) => [...parseRevocationList(pem).revokedSerialNumbers]);

/** An organisation as one of the channels that know it has it. */
interface Standing {
  readonly channel: ChannelHandle;
  readonly authorities: readonly Certificate[];
  readonly lists: readonly string[];
}
/** A channel that could not be asked, or not be changed. */
interface Failure {
  readonly channel: ChannelHandle;
  readonly reason: unknown;
}
interface Standings {
  readonly standings: readonly Standing[];
  readonly failures: readonly Failure[];
}

function standingOf(channel: ChannelHandle, group: common.ConfigGroup): Standing {
  const config = mspConfigOf(group);
  return { channel, authorities: authoritiesOf(config), lists: listsOf(config) };
}

/** On every channel, as a member or as one that only orders: who is revoked on one only goes on on the others. */
async function standingsOf(session: AdminSession, { mspId }: Organization): Promise<Standings> {
  const [standings, failures]: [Standing[], Failure[]] = [[], []];
  for (const channel of session.channels) {
    try {
      const [group] = groupsOf(await channel.config(), mspId);
      if (group) standings.push(standingOf(channel, group));
    } catch (reason) {
      failures.push({ channel, reason });
    }
  }
  return { standings, failures };
}

/** Serial numbers that the channels' configurations call revoked: by organisation's domain one set for each channel that knows it. */
export async function revokedOnChannels(session: AdminSession): Promise<Revoked> {
  const sets = session.organizations.map(async (organization) => {
    const { standings } = await standingsOf(session, organization);
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
function serialNumbersOf(session: AdminSession, organization: Organization, user: string): readonly string[] {
  if (!userNames(organization).includes(user)) {
    throw new OperatorError('UNKNOWN_NAME', {
      en: `${organization.mspId} has no user ${user}; there are ${userNames(organization).join(', ')}`,
      zh: `${organization.mspId} 没有用户 ${user}；现有 ${userNames(organization).join('、')}`,
    });
  }
  if (user === ADMIN_USER)
    refuse({
      en: `${ADMIN_USER} signs ${organization.mspId}'s updates; revoked, nobody of it could sign another`,
      zh: `${ADMIN_USER} 为 ${organization.mspId} 的更新签名；一旦吊销，该组织无人能再签名`,
    });
  const paths = organizationPaths(session.dataDir, organization);
  const commonName = `${user}@${organization.domain}`;
  const file = join(paths.user(user).msp, 'signcerts', `${commonName}-cert.pem`);
  const current = existsSync(file)
    ? [parseCertificate(readFileSync(file, 'utf8'))?.serialNumber ?? refuse({ en: `${file} is no certificate`, zh: `${file} 不是证书` })]
    : [];
  const all = [...new Set([...current, ...serialNumbersIssued(paths, commonName)])];
  return all.length > 0 ? all : refuse({ en: `${commonName} has no certificate here`, zh: `此处没有 ${commonName} 的证书` });
}

async function ownList(session: AdminSession, organization: Organization, withdrawn: Withdrawn): Promise<string> {
  const authority = openAuthority(session.dataDir, organization);
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
export async function revokeUser(session: AdminSession, name: string, user: string, progress: Progress): Promise<Revocation> {
  const organization = session.organization(name);
  const serialNumbers = serialNumbersOf(session, organization, user);
  const found = await standingsOf(session, organization);
  const kept = readRevocationLists(organizationPaths(session.dataDir, organization).msp);
  const former = new Set(serialNumbersIn([...kept, ...found.standings.flatMap(({ lists }) => lists)]));
  const isSufficient = ({ revokedSerialNumbers }: RevocationList): boolean =>
    [...former, ...serialNumbers].every((serial) => revokedSerialNumbers.has(serial));
  const sufficient = kept.find((pem) => isSufficient(parseRevocationList(pem)));
  if (sufficient !== undefined) return publish(session, organization, found, sufficient, progress);
  const commonName = `${user}@${organization.domain}`;
  const pem = await ownList(session, organization, { commonName, serialNumbers, former });
  progress({
    en: `${organization.mspId}'s certificate authority revoked ${commonName} (serial numbers ${serialNumbers.join(', ')})`,
    zh: `${organization.mspId} 的证书机构已吊销 ${commonName}（序列号 ${serialNumbers.join('、')}）`,
  });
  return publish(session, organization, found, pem, progress);
}

/** Publishes a list that the organisation's own CA has made, e.g. fabric-ca's. */
export async function publishRevocationList(session: AdminSession, name: string, pem: string, progress: Progress): Promise<Revocation> {
  const organization = session.organization(name);
  return publish(session, organization, await standingsOf(session, organization), pem, progress);
}

/** A new list of the same CA takes the place of its former one; it must not forget anybody. */
function withList(former: readonly string[], pem: string, list: RevocationList): readonly string[] {
  const isReplaced = (other: string): boolean => parseRevocationList(other).authorityKeyId === list.authorityKeyId;
  const forgotten = serialNumbersIn(former.filter(isReplaced)).find((serial) => !list.revokedSerialNumbers.has(serial));
  if (forgotten !== undefined)
    refuse({
      en: `the list leaves out serial number ${forgotten}, which is revoked already`,
      zh: `该列表漏掉了已吊销的序列号 ${forgotten}`,
    });
  return [...former.filter((other) => !isReplaced(other)), pem];
}

/** Checked against every channel before anything is sent; kept for the channels made later before it is sent to any. */
async function publish(
  session: AdminSession,
  organization: Organization,
  { standings, failures }: Standings,
  pem: string,
  progress: Progress,
): Promise<Revocation> {
  const { mspId } = organization;
  const { msp: folder } = organizationPaths(session.dataDir, organization);
  if (standings.length === 0) {
    refuseIncomplete(failures);
    throw new OperatorError('UNKNOWN_NAME', { en: `no channel knows ${mspId}`, zh: `没有通道知道 ${mspId}` });
  }
  const checked = standings.map(({ channel, authorities, lists }) => {
    return { channel, lists: withList(lists, pem, checkRevocationList(pem, mspId, authorities)) };
  });
  const list = parseRevocationList(pem);
  withList(readRevocationLists(folder), pem, list);
  keepRevocationList(folder, list.authorityKeyId ?? '', pem);
  const { updates, missed } = await submitLists(organization, checked, progress);
  refuseIncomplete([...failures, ...missed]);
  const [update] = updates;
  return {
    organization: mspId,
    serialNumbers: [...list.revokedSerialNumbers],
    result: update ? 'revoked' : 'unchanged',
    channels: standings.map(({ channel }) => channel.name),
    ...(update && { update }),
  };
}

async function submitLists(
  organization: Organization,
  wanted: readonly Pick<Standing, 'channel' | 'lists'>[],
  progress: Progress,
): Promise<{ readonly updates: readonly UpdateResult[]; readonly missed: readonly Failure[] }> {
  const [updates, missed]: [UpdateResult[], Failure[]] = [[], []];
  for (const { channel, lists } of wanted) {
    try {
      const update = await channel.change({ signers: [organization] }, withRevocationLists(organization.mspId, lists), progress);
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
  const names = missed.map(({ channel }) => channel.name);
  const reason = fileFaultOf(first.reason) ?? first.reason;
  const { en, zh } = sentenceOf(reason);
  const code = reason instanceof OperatorError ? reason.code : 'FABRIC_REFUSED';
  throw new OperatorError(
    code,
    {
      en: `not revoked on ${names.join(', ')} yet; repeat it when it answers: ${en}`,
      zh: `尚未在 ${names.join('、')} 上吊销；待其应答后请重试：${zh}`,
    },
    { cause: first.reason },
  );
}
