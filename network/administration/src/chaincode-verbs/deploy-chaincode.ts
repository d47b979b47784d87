import {
  approvedPackageId,
  approveOnce,
  bringToDefinition,
  type CommittedDefinition,
  committedDefinitions,
  type DefinitionStep,
  installEverywhere,
} from '@lianyi/fabric-protocol';
import {
  type Amendments,
  type ChaincodePackage,
  type ChaincodeSettings,
  definitionStep,
  type DeployedChaincode,
  digestOfFolder,
  isReadyWithin,
  OperatorError,
  packageLabel,
  packChaincode,
  versionKey,
  waitUntil,
  withDeployment,
} from '@lianyi/network-model';
import { refuseUnsafePolicies } from '../definition-check';
import { type ChannelHandle } from '../session/channel-handle';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { type Standing, withStanding } from '../session/standing';

export interface DeployRequest {
  readonly name: string;
  /** As it runs, if absent. */
  readonly version?: string;
  /** The next one, if absent. */
  readonly sequence?: number;
  readonly folder: string;
  /** As committed, if absent; `''` takes the channel's. */
  readonly endorsementPolicy?: string;
  /** As it runs, if absent. */
  readonly initRequired?: boolean;
  /** As it runs, if absent. */
  readonly collections?: ChaincodeSettings['collections'];
}
export interface Deployed {
  readonly name: string;
  readonly channel: string;
  readonly version: string;
  readonly sequence: number;
  readonly packageId: string;
  /** Names of its private data collections. */
  readonly collections: readonly string[];
  /** `unchanged`: the channel had exactly this definition already. */
  readonly result: 'committed' | 'unchanged';
}

const SETTLING = { timeoutMillis: 30_000, everyMillis: 50 };
/** Calls that the old version is still answering when the definition changes. */
const DRAIN_MILLIS = 1_000;

export function packageOf(settings: ChaincodeSettings, folder: string): ChaincodePackage {
  return packChaincode(packageLabel(settings), digestOfFolder(folder));
}

export async function committedDefinition(channel: ChannelHandle, name: string): Promise<CommittedDefinition | undefined> {
  const [client] = channel.peers;
  return client && (await committedDefinitions(client, channel.name)).find((definition) => definition.name === name);
}

/** @throws {@link OperatorError} `POLICY_REFUSED` — the members of the channel cannot fulfil a policy, or it protects nothing. */
function refuseUnsafe(channel: ChannelHandle, settings: ChaincodeSettings): void {
  refuseUnsafePolicies({ ...channel.consortium, chaincodes: [settings] });
}

/**
 * The definition to bring about; the running one's settings, of this channel or another, where the request says nothing.
 * @throws {@link OperatorError} `UNKNOWN_NAME`, `STATE_MISMATCH`, `POLICY_REFUSED`.
 */
export function settingsFor(channel: ChannelHandle, request: DeployRequest, committed: CommittedDefinition | undefined): ChaincodeSettings {
  const { name } = request;
  const isSame = (chaincode: ChaincodeSettings): boolean => chaincode.name === name;
  const running = channel.consortium.chaincodes.find(isSame);
  const known = running ?? channel.session.network.consortium.chaincodes.find(isSame);
  const version = request.version ?? known?.version;
  if (version === undefined)
    throw new OperatorError('UNKNOWN_NAME', {
      en: `chaincode ${request.name} is new here, so its version must be said`,
      zh: `链码 ${request.name} 在此是新的，必须指明版本`,
    });
  const settings = { name, version, channels: [channel.name], ...rulesFor(channel, request, running, known) };
  const former = committed?.sequence ?? 0;
  const next = isCommitted({ ...settings, sequence: former }, committed) ? former : former + 1;
  const wanted = { ...settings, sequence: request.sequence ?? next };
  refuseUnsafe(channel, wanted);
  return wanted;
}

type Rules = Pick<ChaincodeSettings, 'initRequired' | 'collections' | 'endorsementPolicy'>;

/** A policy names organisations, so it is kept on its own channel only. */
function rulesFor(channel: ChannelHandle, request: DeployRequest, running?: ChaincodeSettings, known?: ChaincodeSettings): Rules {
  const policy = request.endorsementPolicy ?? running?.endorsementPolicy;
  return {
    initRequired: request.initRequired ?? known?.initRequired ?? false,
    collections: collectionsFor(channel, request, known),
    ...(policy && { endorsementPolicy: policy }),
  };
}

/** @throws {@link OperatorError} `STATE_MISMATCH` — a collection is of an organisation that is not on the channel. */
function collectionsFor(channel: ChannelHandle, request: DeployRequest, known?: ChaincodeSettings): ChaincodeSettings['collections'] {
  const members = new Set(channel.organizations.map(({ mspId }) => mspId));
  const collections = request.collections ?? known?.collections ?? [];
  for (const { name, members: owners } of collections) {
    const foreign = owners.find((mspId) => !members.has(mspId));
    if (foreign !== undefined)
      throw new OperatorError('STATE_MISMATCH', {
        en: `collection ${request.name}/${name} is ${foreign}'s too, which is no member of ${channel.name}; say others with --collections-config, or deploy it under another name`,
        zh: `集合 ${request.name}/${name} 也属于 ${foreign}，而它不是 ${channel.name} 的成员；请用 --collections-config 指定其他集合，或以另一名称部署`,
      });
  }
  return collections;
}

function isCommitted(settings: ChaincodeSettings, committed: CommittedDefinition | undefined): boolean {
  if (!committed) return false;
  try {
    return definitionStep(settings, committed) === 'nothing';
  } catch (error) {
    if (error instanceof OperatorError && error.code === 'STATE_MISMATCH') return false;
    throw error;
  }
}

/** Other code under the version that runs would be indistinguishable from it: both packages would carry one label. */
function refuseCodeOfSameVersion(channel: ChannelHandle, settings: ChaincodeSettings, { packageId }: ChaincodePackage): void {
  const running = channel.session.network.chaincodes.find(({ name, version }) => name === settings.name && version === settings.version);
  if (!running || running.packageId === packageId) return;
  throw new OperatorError('STATE_MISMATCH', {
    en: `the code in that folder is not what runs as ${settings.name} ${settings.version}; give it a version of its own (--version)`,
    zh: `该目录中的代码不是正在运行的 ${settings.name} ${settings.version}；请给它另一个版本号（--version）`,
  });
}

function withIncoming({ format, joined, left, channels, chaincodes }: Amendments, incoming?: DeployedChaincode): Amendments {
  return { format, joined, left, channels, chaincodes, ...(incoming && { incoming }) };
}

/** Whether it is this one whose services run beside the others; another verb may have put another in its place. */
function isIncoming({ incoming }: Amendments, { settings }: DeployedChaincode): boolean {
  return incoming !== undefined && versionKey(incoming.settings) === versionKey(settings);
}

/**
 * Starts the services of a version beside what runs, as its installation needs them.
 * @throws {@link OperatorError} `POLICY_REFUSED`, `STATE_MISMATCH`, `CHAINCODE_FOLDER`; nothing has been started.
 */
export async function stage(channel: ChannelHandle, incoming: DeployedChaincode): Promise<void> {
  refuseUnsafe(channel, incoming.settings);
  refuseCodeOfSameVersion(channel, incoming.settings, packageOf(incoming.settings, incoming.folder));
  await channel.session.amend((recorded) => withIncoming(recorded, incoming));
}

/** Makes a committed version the one that runs; the services of the former version are stopped. */
export async function settle(channel: ChannelHandle, deployed: DeployedChaincode): Promise<void> {
  await everyPeerKnows(channel, deployed.settings);
  await new Promise((resolve) => setTimeout(resolve, DRAIN_MILLIS));
  const { consortium } = channel.session.network;
  await channel.session.record((recorded) => {
    const settled = withDeployment(consortium, recorded, deployed);
    return isIncoming(recorded, deployed) ? settled : withIncoming(settled, recorded.incoming);
  });
}

/** A peer that has not committed the definition yet still asks the former version. */
async function everyPeerKnows(channel: ChannelHandle, { name, sequence }: ChaincodeSettings): Promise<void> {
  for (const client of channel.allPeers) {
    const knows = async (): Promise<boolean> =>
      (await committedDefinitions(client, channel.name)).some((definition) => definition.name === name && definition.sequence >= sequence);
    await waitUntil(
      {
        en: `${client.node.name} did not commit sequence ${sequence} of ${name}`,
        zh: `${client.node.name} 没有提交 ${name} 的序号 ${sequence}`,
      },
      knows,
      SETTLING,
    );
  }
}

/**
 * All at once; who has approved just this already stays as it is.
 * @throws {@link OperatorError} `POLICY_REFUSED` — nobody has been asked.
 */
export async function approveEverywhere(
  channel: ChannelHandle,
  settings: ChaincodeSettings,
  packageId: string,
  clients: readonly PeerClient[],
  progress: Progress,
): Promise<void> {
  refuseUnsafe(channel, settings);
  await Promise.all(
    clients.map(async (client) => {
      reportApproval(client, await approveOnce(client, channel.name, settings, packageId), settings, progress);
    }),
  );
}

function reportApproval({ mspId }: PeerClient, isNew: boolean, { sequence }: ChaincodeSettings, progress: Progress): void {
  progress(
    isNew
      ? { en: `${mspId} approved sequence ${sequence}`, zh: `${mspId} 已批准序号 ${sequence}` }
      : { en: `${mspId} had approved sequence ${sequence} already`, zh: `${mspId} 此前已批准序号 ${sequence}` },
  );
}

/**
 * Brings a chaincode to the version of a folder on a running network: services started beside the old ones, package
 * installed, approved by every organisation, committed, old services stopped. Clients go on meanwhile: what was endorsed
 * before the commit and ordered after it is invalidated (MVCC_READ_CONFLICT) and has to be proposed again. An earlier
 * version is taken back the same way, under the next sequence.
 */
export async function deployChaincode(channel: ChannelHandle, request: DeployRequest, progress: Progress): Promise<Deployed> {
  const committed = await committedDefinition(channel, request.name);
  const settings = settingsFor(channel, request, committed);
  const { packageId, label, bytes } = packageOf(settings, request.folder);
  const described = {
    name: settings.name,
    channel: channel.name,
    version: settings.version,
    sequence: settings.sequence,
    packageId,
    collections: settings.collections.map(({ name }) => name),
  };
  refuseCodeOfSameVersion(channel, settings, { packageId, label, bytes });
  const step = definitionStep(settings, committed);
  const approved = await Promise.all(channel.peers.map((client) => approvedPackageId(client, channel.name, settings)));
  const runs = channel.consortium.chaincodes.some(
    ({ name, version, sequence }) => name === settings.name && version === settings.version && sequence === settings.sequence,
  );
  if (step === 'nothing' && runs && approved.every((id) => id === packageId)) return { ...described, result: 'unchanged' };
  const deployment = { incoming: { settings, folder: request.folder }, packageId, label, bytes, step };
  await withStanding(
    () => carryOut(channel, deployment, progress),
    () => standingOfDeployment(channel, settings),
  );
  return { ...described, result: 'committed' };
}

interface Deployment extends ChaincodePackage {
  readonly incoming: DeployedChaincode;
  readonly step: DefinitionStep;
}

async function carryOut(
  channel: ChannelHandle,
  { incoming, packageId, label, bytes, step }: Deployment,
  progress: Progress,
): Promise<void> {
  const { settings } = incoming;
  await stage(channel, incoming);
  progress({
    en: `services of ${settings.name} ${settings.version} run`,
    zh: `${settings.name} ${settings.version} 的服务已运行`,
  });
  try {
    await installEverywhere(channel.allPeers, [{ packageId, bytes }]);
    progress({
      en: `installed ${packageId.slice(0, label.length + 13)}… at ${channel.allPeers.length} peers`,
      zh: `已在 ${channel.allPeers.length} 个 peer 节点安装 ${packageId.slice(0, label.length + 13)}…`,
    });
    await bringToDefinition(
      channel.peers,
      { channel: channel.name, settings, packageId, step },
      {
        poll: isReadyWithin,
        onApproved: (client, isNew) => {
          reportApproval(client, isNew, settings, progress);
        },
      },
    );
  } catch (error) {
    // what was approved binds nobody until it is committed; the services must not stay
    await channel.session.record((recorded) => (isIncoming(recorded, incoming) ? withIncoming(recorded) : recorded));
    throw error;
  }
  progress({
    en: `committed ${settings.name} ${settings.version} as sequence ${settings.sequence}`,
    zh: `已提交 ${settings.name} ${settings.version}，序号 ${settings.sequence}`,
  });
  await settle(channel, incoming);
}

/** Which definition holds after a deployment that failed. */
async function standingOfDeployment(channel: ChannelHandle, { name, sequence }: ChaincodeSettings): Promise<Standing> {
  const [client] = await channel.answering();
  const committed = client && (await committedDefinitions(client, channel.name)).find((definition) => definition.name === name);
  const holds = committed
    ? {
        en: `has ${name} ${committed.version} with sequence ${committed.sequence}`,
        zh: `有 ${name} ${committed.version}，序号 ${committed.sequence}`,
      }
    : { en: `has no definition of ${name}`, zh: `没有 ${name} 的定义` };
  const isThere = committed !== undefined && committed.sequence >= sequence;
  return {
    found: client
      ? { en: `${channel.name} ${holds.en}`, zh: `${channel.name} ${holds.zh}` }
      : { en: `no peer of ${channel.name} says what it has`, zh: `${channel.name} 没有 peer 节点说明其现状` },
    next: isThere
      ? {
          en: 'the same deployCC completes it; an earlier version is taken back by deployCC under the next sequence',
          zh: '再次运行同一 deployCC 可完成；要退回较早版本，请用 deployCC 以下一序号部署',
        }
      : { en: 'nothing of it is in force; the same deployCC tries again', zh: '没有任何内容生效；可再次运行同一 deployCC' },
  };
}
