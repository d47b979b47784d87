import { amend, channelsOf, channelView, type Consortium, NO_AMENDMENTS, OperatorError, type Organization } from '@lianyi/network-model';
import { isMember, withoutMember } from '../channel-update/membership-change';
import { withoutOrdererOrganization } from '../channel-update/orderer-change';
import { type Progress } from '../progress';
import { type AdminSession } from '../session/admin-session';
import { type Agreement, type UpdateResult } from '../session/signed-edit';
import { agreementOn, type ConsortiumChange, editAgreeingChannels, type OpenChannel, submitAll } from './consortium-edits';
import { refuseEndorsementAtRisk } from './endorsement-risk';
import { type Leaving, leaveOrdering, refuseLeaveAtRisk } from './leave-ordering';
import { standingOfLeave } from './membership-standing';
import { type OrderingMember } from './ordering-service';
import { withLeft } from './organization-record';
import { withStanding } from '../session/standing';

interface Left {
  readonly organization: string;
  readonly result: 'left' | 'unchanged';
  readonly update?: UpdateResult;
  /** Who orders each channel without it, if it ran an orderer. */
  readonly ordering?: readonly OrderingMember[];
  /** Where it still stands, since those who remain there could not agree without it. */
  readonly open?: readonly OpenChannel[];
}
interface Removal {
  /** MSP id, name or domain. */
  readonly organization: string;
  /** Whose administrators sign; as many of the others as are needed, if none is named. */
  readonly signedBy: readonly string[];
  /** Also where the orderers that remain tolerate no fault any more. */
  readonly despiteLostTolerance: boolean;
  /** Also where too few of the nodes of those who remain work for the majority that then is needed. */
  readonly despiteLostEndorsement: boolean;
}

/** @throws {@link OperatorError} `STATE_MISMATCH` — nobody could take its place, or a definition needs it. */
export function refuseToPart(consortium: Consortium, { mspId, roles }: Organization): void {
  const others = consortium.organizations.filter((other) => other.mspId !== mspId);
  const last = roles.find((role) => role !== 'client' && !others.some((other) => other.roles.includes(role)));
  if (last !== undefined)
    throw new OperatorError('STATE_MISMATCH', {
      en: `${mspId} is the last with the role ${last}; the network could not work without it`,
      zh: `${mspId} 是最后一个具有角色 ${last} 的成员；没有它网络无法工作`,
    });
  const peerless = channelsOf(consortium).find(
    ({ organizations }) =>
      // a channel that is its alone nobody misses
      organizations.includes(mspId) &&
      organizations.length > 1 &&
      !others.some((other) => organizations.includes(other.mspId) && other.roles.includes('peer')),
  );
  if (peerless)
    throw new OperatorError('STATE_MISMATCH', {
      en: `${mspId} is the last member of ${peerless.name} with a peer; nobody else could work on it`,
      zh: `${mspId} 是 ${peerless.name} 最后一个有 peer 节点的成员；此后无人能在其上工作`,
    });
  const staying = amend(consortium, { ...NO_AMENDMENTS, left: [mspId] });
  const named = staying.chaincodes.find(
    ({ endorsementPolicy = '', collections }) =>
      endorsementPolicy.includes(`${mspId}.`) || collections.some(({ members }) => members.includes(mspId)),
  );
  if (named)
    throw new OperatorError('STATE_MISMATCH', {
      en: `the definition of chaincode ${named.name} names ${mspId}; deploy one that does not, first`,
      zh: `链码 ${named.name} 的定义提到 ${mspId}；请先部署不提到它的定义`,
    });
}

/**
 * Removes an organisation from the consortium, signed by the others: refuses what would leave the others stuck, makes sure that
 * they agree, removes its orderer from ordering, if it runs one, then the organisation from every channel that can agree to
 * it, and stops its nodes. What it holds stays in its own folders, what it wrote stays on the ledger. What is done already is
 * passed over, so that an interrupted run is completed by the next.
 * @throws {@link OperatorError} `NOT_SIGNED`, `QUORUM_AT_RISK`, `ENDORSEMENT_AT_RISK`, `STATE_MISMATCH`: nothing has changed.
 * Others say what the channels have by then, and which command completes it or takes it back.
 */
export async function removeOrganization(session: AdminSession, removal: Removal, progress: Progress): Promise<Left> {
  const { organization: name, signedBy, despiteLostTolerance, despiteLostEndorsement } = removal;
  const { amendments, consortium } = session.network;
  if (amendments.left.includes(name)) return { organization: name, result: 'unchanged' };
  const leaver = session.organization(name);
  refuseToPart(consortium, leaver);
  const about = agreementOn(session, leaver, signedBy);
  const farewell = farewellOf(consortium, leaver.mspId);
  // whether the others agree is known before its orderer goes
  const { open } = await editAgreeingChannels(session, about, farewell);
  for (const { channel, reason } of open)
    progress({
      en: `${channel} stays as it is: ${reason}`,
      zh: `${channel} 保持不变：${reason}`,
    });
  const changing = session.channels.filter(({ name: channel }) => !open.some((each) => each.channel === channel));
  await refuseEndorsementAtRisk(changing, { subject: leaver.mspId, changeOf: farewell, despiteLostEndorsement }, progress);
  const leaving = leavingOf(session, leaver, about, open);
  if (leaving) await refuseLeaveAtRisk(leaving.node, leaving.channels, despiteLostTolerance);
  return withStanding(
    () => completeLeave(session, leaver, { about, farewell, leaving, open }, progress),
    () => standingOfLeave(session, leaver),
  );
}

interface Departure {
  readonly about: Required<Agreement>;
  readonly farewell: ConsortiumChange;
  readonly leaving: Leaving | undefined;
  readonly open: readonly OpenChannel[];
}

async function completeLeave(
  session: AdminSession,
  { mspId }: Organization,
  { about, farewell, leaving, open }: Departure,
  progress: Progress,
): Promise<Left> {
  const ordering = leaving ? await leaveOrdering(session, leaving, progress) : [];
  // its orderer's leave has changed the configurations: the edits are made anew
  const update = await submitAll((await editAgreeingChannels(session, about, farewell)).edits, progress);
  await session.record((recorded) => withLeft(recorded, mspId));
  progress({
    en: `the nodes of ${mspId} are stopped; its folders, ledgers and keys stay until 'prune' removes them, a minute from now at the earliest`,
    zh: `${mspId} 的节点已停止；其目录、账本和密钥仍保留，最早一分钟后由 prune 删除`,
  });
  return {
    organization: mspId,
    result: 'left',
    ...(update && { update }),
    ...(ordering.length > 0 && { ordering }),
    ...(open.length > 0 && { open }),
  };
}

/** Removes it from the members, where the majority is one of the channel's own members, and from the ordering service. */
function farewellOf(consortium: Consortium, mspId: string): ConsortiumChange {
  return ({ name }) =>
    (config) => {
      const asMember = isMember(config, mspId) ? withoutMember(mspId, channelView(consortium, name) ?? consortium)(config) : config;
      return withoutOrdererOrganization(mspId)(asMember);
    };
}

/** What its orderer does; `undefined`: it runs none. It leaves the channels that agree. */
function leavingOf(
  session: AdminSession,
  organization: Organization,
  about: Required<Agreement>,
  open: readonly OpenChannel[],
): Leaving | undefined {
  if (!organization.roles.includes('orderer')) return undefined;
  return {
    organization,
    node: session.ordererOf(organization),
    about,
    channels: session.channels.filter(({ name }) => !open.some(({ channel }) => channel === name)),
    isWilling: !about.askAll || about.signers.some(({ mspId }) => mspId === organization.mspId),
  };
}
