import { nodesOf, OperatorError, ordersChannel, type Organization, organizationPaths } from '@lianyi/network-model';
import { adoptChaincodes } from './adopt-chaincodes';
import { type ConfigChange } from '../channel-update/config-change';
import { isMember, outlineOf, presentedOrganization, withMember } from '../channel-update/membership-change';
import { isOrdererOrganization, withOrdererOrganization } from '../channel-update/orderer-change';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type Agreement, type SignedEdit, type UpdateResult } from '../session/signed-edit';
import { agreementOn, type ConsortiumChange, editAllChannels, submitAll } from './consortium-edits';
import { refuseEndorsementAtRisk } from './endorsement-risk';
import { joinOrdering, refuseOrdererAtRisk } from './join-ordering';
import { joinPeer } from './join-peer';
import { standingOfJoin } from './membership-standing';
import { noteFolders, refuseFoldersOfOthers } from './newcomer-folders';
import { isKnown, withJoined, withoutJoined } from './organization-record';
import { endpointOf, type OrderingMember, quietEndpoints } from './ordering-service';
import { withStanding } from '../session/standing';

interface Joined {
  readonly organization: string;
  /** `unchanged`: it was a member and everything was in place. */
  readonly result: 'joined' | 'unchanged';
  readonly update?: UpdateResult;
  /** Every channel that its orderer orders, if it has one. */
  readonly ordering?: readonly OrderingMember[];
  readonly peer: string;
  readonly profile: string;
}

interface Joining {
  readonly newcomer: Organization;
  /** Whose administrators sign; as many of the others as are needed, if none is named. */
  readonly signedBy: readonly string[];
  /** Also where too few of the members' nodes work for the majority that then is needed. */
  readonly despiteLostEndorsement: boolean;
}

/**
 * Adds an organisation to the running consortium: writes its certificates and starts its nodes, edits the channels with the
 * signatures their policies need, joins its peer, adopts the chaincode, and has its orderer, if it has one, join ordering. The
 * others work on. Whatever is in place already stays, so that an interrupted run is completed by the next; if the members do
 * not agree, nothing of the newcomer stays.
 * @throws {@link OperatorError} `UNKNOWN_NAME`, `STATE_MISMATCH`, `QUORUM_AT_RISK`, `ENDORSEMENT_AT_RISK`, `NOT_SIGNED`: nothing
 * has changed. Others say what the channels have by then, and which command completes it or takes it back.
 */
export async function addOrganization(session: AdminSession, joining: Joining, progress: Progress): Promise<Joined> {
  const { newcomer, signedBy } = joining;
  refuseUnusable(session, newcomer);
  const wasKnown = await isKnown(session, newcomer);
  if (newcomer.roles.includes('orderer') && !wasKnown) await refuseOrdererAtRisk(session, newcomer);
  await refuseMemberAtRisk(session, joining, progress);
  const about = agreementOn(session, newcomer, signedBy);
  const forget = await writeNewcomer(session, newcomer, progress);
  const edits = await editAllChannels(session, about, welcome(session, newcomer)).catch(async (error: unknown) => {
    if (!wasKnown) await forget();
    throw error;
  });
  return withStanding(
    () => completeJoin(session, newcomer, { about, edits }, progress),
    () => standingOfJoin(session, newcomer),
  );
}

/** Takes a newcomer, whose certificates are written and whose nodes run, into the channels. */
async function completeJoin(
  session: AdminSession,
  newcomer: Organization,
  { about, edits }: { readonly about: Required<Agreement>; readonly edits: readonly SignedEdit[] },
  progress: Progress,
): Promise<Joined> {
  const update = await submitAll(edits, progress);
  const client = await joinPeer(session.ownChannel, newcomer, progress);
  await adoptChaincodes(session.ownChannel, client, progress);
  const ordering = newcomer.roles.includes('orderer') ? await joinOrdering(session, newcomer, about, progress) : [];
  return {
    organization: newcomer.mspId,
    ...(ordering.length > 0 && { ordering }),
    peer: `localhost:${client.node.port}`,
    profile: organizationPaths(session.dataDir, newcomer).connectionProfileJson,
    ...(update && { update }),
    result: update !== undefined || ordering.some(({ isChanged }) => isChanged) ? 'joined' : 'unchanged',
  };
}

/** Counts who would have to endorse with the newcomer as a member, of whom nothing is written yet. */
async function refuseMemberAtRisk(session: AdminSession, joining: Joining, progress: Progress): Promise<void> {
  const { newcomer, despiteLostEndorsement } = joining;
  const others = session.organizations.filter(({ mspId }) => mspId !== newcomer.mspId);
  const before = { ...session.network.consortium, organizations: others };
  const joins = withMember({ organization: newcomer, presented: outlineOf(newcomer), peerPort: 0 }, before);
  const changeOf = (): ConfigChange => (config) => (isMember(config, newcomer.mspId) ? config : joins(config));
  await refuseEndorsementAtRisk([session.ownChannel], { subject: newcomer.mspId, changeOf, despiteLostEndorsement }, progress);
}

/** @throws {@link OperatorError} — its names belong to somebody else, or it is a member with other roles. */
function refuseUnusable({ organizations, dataDir }: AdminSession, wanted: Organization): void {
  const { mspId, name, domain } = wanted;
  const isOther = (other: Organization): boolean => other.mspId !== mspId && (other.name === name || other.domain === domain);
  const holder = organizations.find(isOther);
  if (holder)
    throw new OperatorError('UNKNOWN_NAME', {
      en: `the name ${name} or the domain ${domain} is ${holder.mspId}'s`,
      zh: `名称 ${name} 或域名 ${domain} 已属于 ${holder.mspId}`,
    });
  const same = organizations.find((other) => other.mspId === mspId);
  if (same && (same.name !== name || same.domain !== domain))
    throw new OperatorError('UNKNOWN_NAME', {
      en: `${mspId} is a member already, as ${same.name} (${same.domain})`,
      zh: `${mspId} 已是成员：${same.name}（${same.domain}）`,
    });
  if (!same) refuseFoldersOfOthers(dataDir, wanted);
  const more = wanted.roles.find((role) => same && !same.roles.includes(role));
  if (more !== undefined)
    throw new OperatorError('NOT_BUILT', {
      en: `${mspId} is a member already; giving a member the role ${more} later is not built`,
      zh: `${mspId} 已是成员；没有为成员事后增加角色 ${more} 的功能`,
    });
}

/** Writes the newcomer's certificates and starts its nodes; answers how to undo both, as long as no channel knows it. */
async function writeNewcomer(session: AdminSession, newcomer: Organization, progress: Progress): Promise<() => Promise<void>> {
  const { mspId } = newcomer;
  const hadLeft = session.network.amendments.left.includes(mspId);
  const removeFolders = noteFolders(session.dataDir, newcomer);
  await session.amend((recorded) => withJoined(recorded, newcomer));
  const nodes = nodesOf(newcomer).map(({ name }) => name);
  progress({
    en: `${mspId} has its certificates; ${nodes.join(', ')} run`,
    zh: `${mspId} 的证书已签发；${nodes.join('、')} 已运行`,
  });
  return async () => {
    await session.record((recorded) => withoutJoined(recorded, mspId, hadLeft));
    removeFolders();
  };
}

/** Makes it a member of the consortium's own channel and, with an orderer, of the ordering service of the channels it orders. */
function welcome(session: AdminSession, newcomer: Organization): ConsortiumChange {
  const { dataDir, network } = session;
  const { mspId } = newcomer;
  const others = session.organizations.filter((other) => other.mspId !== mspId);
  const before = { ...network.consortium, organizations: others };
  const presented = presentedOrganization(dataDir, newcomer);
  const joins = withMember({ organization: newcomer, presented, peerPort: session.peerOf(newcomer).node.port }, before);
  return ({ name, isOwn }) =>
    (config) => {
      const orders = ordersChannel(network.consortium, name, newcomer) && !isOrdererOrganization(config, mspId);
      const asMember = isOwn && !isMember(config, mspId) ? joins(config) : config;
      if (!orders) return asMember;
      const endpoints = quietEndpoints(session, asMember, newcomer) ?? [endpointOf(session.ordererOf(newcomer))];
      return withOrdererOrganization(presentedOrganization(dataDir, newcomer), endpoints)(asMember);
    };
}
