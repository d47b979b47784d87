import {
  applyConfigUpdate,
  common,
  computeConfigUpdate,
  ConfigUpdateRefused,
  ConfiguredPolicies,
  loadSigner,
  marshal,
  newNonce,
  parseChannelConfig,
  signedEnvelope,
  type Signer,
} from '@lianyi/fabric-protocol';
import { ADMIN_USER, OperatorError, type OrdererEndpoint, type Organization, organizationPaths, reasonOf } from '@lianyi/network-model';
import { type OpenNetwork } from '../membership/open-network';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { broadcast } from './broadcast';
import { isMember } from './membership-change';
import { isOrdererOrganization } from './orderer-change';

export interface ChannelUpdate {
  /** Changes a copy of the channel's configuration in place. */
  readonly change: (channel: common.ConfigGroup) => void;
  /** Whose administrators are asked, in this order; no more than the policies need. */
  readonly signers: readonly Organization[];
  /** All of `signers` sign, also where fewer would do. */
  readonly askAll?: boolean;
  /** Peers that must have committed it at the end; all, if absent. */
  readonly witnesses?: readonly PeerClient[];
  /** Whose configuration; the consortium's own channel, if absent. */
  readonly channel?: string;
  /** MSP id of one who comes or goes: its orderer is asked last. */
  readonly but?: string;
}
export interface UpdateResult {
  /** MSP ids. */
  readonly signed: readonly string[];
  readonly notAsked: readonly string[];
  /** Configuration sequence that holds now. */
  readonly sequence: number;
}

const COMMIT_MILLIS = 60_000;
/** Longer than a change of the leader takes (SmartBFT's ViewChangeTimeout 5 s). */
const RESEND_MILLIS = 12_000;
const LOOK_MILLIS = 50;

/**
 * The configuration this peer has committed last.
 * @remarks Source: fabric core/scc/cscc GetChannelConfig; a peer made from a snapshot has no block to answer GetConfigBlock with.
 */
export async function currentConfig(client: PeerClient, channel: string): Promise<common.Config> {
  return common.Config.deserializeBinary(
    await client.query({ channelId: '', chaincode: 'cscc', args: [Buffer.from('GetChannelConfig'), Buffer.from(channel)] }),
  );
}

/** @throws `Error` — its keys are not on this machine. */
export function administratorOf(network: OpenNetwork, organization: Organization): Signer {
  return loadSigner(organizationPaths(network.dataDir, organization).user(ADMIN_USER).msp, organization.mspId);
}

function sign(update: Buffer, signer: Signer): common.ConfigSignature {
  const header = new common.SignatureHeader();
  header.setCreator(signer.serializedIdentity);
  header.setNonce(newNonce());
  const bytes = marshal(header);
  const signature = new common.ConfigSignature();
  signature.setSignatureHeader(bytes);
  signature.setSignature(signer.sign(Buffer.concat([bytes, update])));
  return signature;
}

class SignedUpdate {
  private readonly envelope = new common.ConfigUpdateEnvelope();
  private readonly update: Buffer;
  readonly signed: string[] = [];

  constructor(
    private readonly channel: string,
    private readonly config: common.Config,
    update: common.ConfigUpdate,
  ) {
    this.update = marshal(update);
    this.envelope.setConfigUpdate(this.update);
  }

  signBy(signer: Signer): void {
    this.envelope.addSignatures(sign(this.update, signer));
    this.signed.push(signer.mspId);
  }

  /** What the orderers would refuse it for now; the same rules, applied before anything is sent. */
  refusal(): string | undefined {
    const config = parseChannelConfig(this.config);
    try {
      parseChannelConfig(applyConfigUpdate(this.bytes, { channel: this.channel, config, policies: new ConfiguredPolicies(() => config) }));
      return undefined;
    } catch (error) {
      if (error instanceof ConfigUpdateRefused) return error.message;
      throw new OperatorError('FABRIC_REFUSED', `the new configuration could not be used: ${reasonOf(error)}`, { cause: error });
    }
  }

  get bytes(): Buffer {
    return marshal(this.envelope);
  }
}

function isUnsigned(refusal: string | undefined): boolean {
  return refusal?.includes('not satisfied') === true;
}

/** Has as many administrators sign as are needed. @throws {@link OperatorError} `NOT_SIGNED` naming who is missing. */
function collectSignatures(
  network: OpenNetwork,
  update: SignedUpdate,
  members: readonly Organization[],
  { signers, askAll = false }: ChannelUpdate,
): void {
  let refusal: string | undefined;
  for (const organization of signers) {
    update.signBy(administratorOf(network, organization));
    refusal = update.refusal();
    if (!askAll && !isUnsigned(refusal)) break;
  }
  if (refusal === undefined) return;
  if (!isUnsigned(refusal)) throw new OperatorError('FABRIC_REFUSED', `the update would be refused: ${refusal}`);
  const signed = [...update.signed];
  const others = members.filter(({ mspId }) => !signed.includes(mspId));
  const needed = others.findIndex((organization) => {
    update.signBy(administratorOf(network, organization));
    return update.refusal() === undefined;
  });
  const missing = others.map(({ mspId }) => mspId).join(', ');
  const wanting = needed < 0 ? `no further signature of ${missing || 'anybody'} would do` : `${needed + 1} more of ${missing} must sign`;
  throw new OperatorError('NOT_SIGNED', `signed by ${signed.join(', ') || 'nobody'}; ${wanting}; nothing was sent`);
}

/** An update that all who must have signed, not yet sent. */
export interface PreparedUpdate {
  readonly channel: string;
  readonly update: SignedUpdate;
  readonly submitter: Organization;
  readonly notAsked: readonly string[];
  readonly witnesses: readonly PeerClient[];
  readonly sequence: number;
  /** Who is asked to order it, in this order. */
  readonly orderers: readonly OrdererEndpoint[];
}

/**
 * Computes the update and has administrators sign it; nothing is sent. `undefined` if the configuration is so already.
 * @throws {@link OperatorError} `NOT_SIGNED`, `FABRIC_REFUSED`.
 */
export async function prepareUpdate(network: OpenNetwork, request: ChannelUpdate): Promise<PreparedUpdate | undefined> {
  const { channel = network.channel, witnesses = network.peers } = request;
  const [client] = witnesses;
  const [submitter] = request.signers;
  if (!client || !submitter) throw new OperatorError('NOT_SIGNED', 'a channel update needs at least one organisation that signs it');
  const config = await currentConfig(client, channel);
  const before = config.getChannelGroup() ?? new common.ConfigGroup();
  const after = common.ConfigGroup.deserializeBinary(before.serializeBinary());
  request.change(after);
  const delta = computeConfigUpdate(channel, before, after);
  if (!delta) return undefined;
  const update = new SignedUpdate(channel, config, delta);
  // nobody else's signature counts on it
  const members = network.organizations.filter(({ mspId }) => isMember(before, mspId) || isOrdererOrganization(before, mspId));
  collectSignatures(network, update, members, request);
  const notAsked = members.map(({ mspId }) => mspId).filter((mspId) => !update.signed.includes(mspId));
  const isSure = ({ organization }: OrdererEndpoint): boolean => organization.mspId !== request.but;
  const orderers = [...network.orderers.filter(isSure), ...network.orderers.filter((node) => !isSure(node))];
  return { channel, update, submitter, notAsked, witnesses, sequence: config.getSequence() + 1, orderers };
}

/** Sends a prepared update to the orderers and waits until every witness has committed it. @throws {@link OperatorError} `FABRIC_REFUSED`. */
export async function sendUpdate(network: OpenNetwork, prepared: PreparedUpdate, progress: Progress): Promise<UpdateResult> {
  const { channel, update, notAsked, witnesses, sequence } = prepared;
  progress(`signed by ${update.signed.join(', ')}; not asked: ${notAsked.join(', ') || 'nobody'}`);
  await order(network, prepared);
  await committedEverywhere(channel, witnesses, sequence);
  const where = channel === network.channel ? '' : ` of ${channel}`;
  progress(`configuration ${sequence}${where} is committed at ${witnesses.map(({ node }) => node.name).join(', ')}`);
  return { signed: update.signed, notAsked, sequence };
}

/**
 * Sends the update until one of the witnesses has committed something newer: an orderer that took it may have ended before it
 * told the others. Twice the same is refused by its versions.
 */
async function order(network: OpenNetwork, { channel, update, submitter, witnesses, sequence, orderers }: PreparedUpdate): Promise<void> {
  const [client] = witnesses;
  if (!client) return;
  let nodes = orderers;
  for (let attempt = 0; attempt < nodes.length; attempt++) {
    const envelope = signedEnvelope('CONFIG_UPDATE', channel, update.bytes, administratorOf(network, submitter));
    try {
      const taker = await broadcast(network.dataDir, nodes, envelope);
      // the next time somebody else is asked first
      nodes = [...nodes.filter(({ name }) => name !== taker.name), taker];
    } catch (error) {
      // what was sent before may have been ordered meanwhile, and then comes too late
      if (attempt === 0) throw error;
    }
    if (await hasCommitted(client, channel, sequence, RESEND_MILLIS)) return;
  }
}

async function hasCommitted(client: PeerClient, channel: string, sequence: number, millis: number): Promise<boolean> {
  const until = Date.now() + millis;
  while ((await currentConfig(client, channel)).getSequence() < sequence) {
    if (Date.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
  }
  return true;
}

/**
 * Changes the channel's configuration: computes the update, has administrators sign it, sends it to the orderers and waits
 * until every peer has committed it. `undefined` if the configuration is so already.
 * @throws {@link OperatorError} `NOT_SIGNED`, `FABRIC_REFUSED`; nothing has been sent then.
 */
export async function updateChannel(network: OpenNetwork, request: ChannelUpdate, progress: Progress): Promise<UpdateResult | undefined> {
  const prepared = await prepareUpdate(network, request);
  return prepared && sendUpdate(network, prepared, progress);
}

async function committedEverywhere(channel: string, witnesses: readonly PeerClient[], sequence: number): Promise<void> {
  await Promise.all(
    witnesses.map(async (client) => {
      if (!(await hasCommitted(client, channel, sequence, COMMIT_MILLIS)))
        throw new OperatorError('TIMEOUT', `${client.node.name} did not commit configuration ${sequence} within ${COMMIT_MILLIS} ms`);
    }),
  );
}
