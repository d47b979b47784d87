import { common, computeConfigUpdate, signedEnvelope } from '@lianyi/fabric-protocol';
import { isReadyWithin, OperatorError, type OrdererEndpoint, type Organization, waitUntil } from '@lianyi/network-model';
import { chainState } from '../chain-state';
import { broadcast } from '../channel-update/broadcast';
import { type ConfigChange } from '../channel-update/config-change';
import { currentConfig } from '../channel-update/current-config';
import { knownTo } from '../channel-update/membership-change';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { administratorOf, collectSignatures, SignedUpdate } from './config-signatures';
import { type CommitPlace, fateOf, hasCommitted, type SentUpdate, type UpdateFate } from './edit-commit';

/** Who agrees to an edit, and whom it is about. */
export interface Agreement {
  /** Whose administrators are asked, in this order, no more than the policies need; those the channel does not know are passed over. */
  readonly signers: readonly Organization[];
  /** All of `signers` sign, also where fewer would do. */
  readonly askAll?: boolean;
  /** Who comes or goes: its peers need not commit the edit, and its orderer is asked last. */
  readonly subjectMspId?: string;
}
export interface UpdateResult {
  /** MSP ids. */
  readonly signed: readonly string[];
  readonly notAsked: readonly string[];
  /** Sequence of the configuration that the update led to. */
  readonly sequence: number;
  /** Names of peers that did not answer: they commit the configuration when they run again. Absent: all have it. */
  readonly behind?: readonly string[];
}

const COMMIT_MILLIS = 60_000;
/** Longer than a change of the leader takes (SmartBFT's ViewChangeTimeout 5 s). */
const RESEND_MILLIS = 12_000;
const POLL_MILLIS = 50;

/** The channel an edit is made for. */
interface EditedChannel {
  readonly dataDir: string;
  readonly name: string;
  /** Whether it is the consortium's own channel. */
  readonly isOwn: boolean;
  /** Of the whole network: whoever of them the channel knows may have to sign. */
  readonly organizations: readonly Organization[];
  /** Must have committed the edit at the end; the first is asked for the configuration. All answered just before. */
  readonly witnesses: readonly PeerClient[];
  /** Names of peers that should have, too, but do not answer. */
  readonly silent: readonly string[];
  readonly orderers: readonly OrdererEndpoint[];
}

interface Prepared {
  readonly update: SignedUpdate;
  readonly sent: SentUpdate;
  readonly submitter: Organization;
  /** Asked to order the edit, in this order. */
  readonly orderers: readonly OrdererEndpoint[];
  readonly notAsked: readonly string[];
}

/** A delta of a channel's configuration that all who must have signed; not yet sent. */
export class SignedEdit {
  readonly #prepared: Prepared;

  constructor(
    readonly channel: EditedChannel,
    prepared: Prepared,
  ) {
    this.#prepared = prepared;
  }

  /**
   * Sends the edit to the orderers and waits until every witness that answers has committed it.
   * @throws {@link OperatorError} `FABRIC_REFUSED` — in the orderers' words; `CHANGED_MEANWHILE` — another administrator's
   * update came first, and this one has changed nothing; `TIMEOUT`.
   */
  async submit(progress: Progress): Promise<UpdateResult> {
    const { update, notAsked } = this.#prepared;
    const { signed } = update;
    progress({
      en: `signed by ${signed.join(', ')}; not asked: ${notAsked.join(', ') || 'nobody'}`,
      zh: `签名者：${signed.join('、')}；未询问：${notAsked.join('、') || '无'}`,
    });
    const place = await this.#order();
    const behind = [...this.channel.silent, ...(await this.#waitForWitnesses(place))];
    const there = this.channel.witnesses.map(({ node }) => node.name).filter((name) => !behind.includes(name));
    progress({
      en: `configuration ${place.sequence} of ${this.channel.name} is committed at ${there.join(', ')}`,
      zh: `${this.channel.name} 的第 ${place.sequence} 号配置已在 ${there.join('、')} 提交`,
    });
    if (behind.length > 0)
      progress({
        en: `${behind.join(', ')} does not answer and commits it when it runs again`,
        zh: `${behind.join('、')} 没有应答，恢复运行后会提交`,
      });
    return { signed, notAsked, sequence: place.sequence, ...(behind.length > 0 && { behind }) };
  }

  /**
   * Sends the update until the first witness has committed it: an orderer that took it may have ended before it told the
   * others. Twice the same is refused by its versions.
   */
  async #order(): Promise<CommitPlace> {
    const { dataDir, name, witnesses } = this.channel;
    const { update, submitter, orderers } = this.#prepared;
    const [first] = witnesses;
    if (!first) throw new OperatorError('NOT_RUNNING', { en: `no peer of ${name} answers`, zh: `${name} 没有 peer 节点应答` });
    let nodes = orderers;
    for (let attempt = 0; attempt < nodes.length; attempt++) {
      const envelope = signedEnvelope('CONFIG_UPDATE', name, update.bytes, administratorOf(dataDir, submitter));
      try {
        const taker = await broadcast(dataDir, nodes, envelope);
        // the next time somebody else is asked first
        nodes = [...nodes.filter((node) => node.name !== taker.name), taker];
      } catch (error) {
        // what was sent before may have been ordered meanwhile, and then comes too late
        const place = await this.#placeAt(first);
        if (place) return place;
        if (attempt === 0) throw error;
      }
      const place = await this.#placeWithin(first, RESEND_MILLIS);
      if (place) return place;
    }
    const place = await this.#placeAt(first);
    if (place) return place;
    throw new OperatorError('TIMEOUT', {
      en: `${first.node.name} did not commit an update of ${name} that the orderers took`,
      zh: `${first.node.name} 没有提交 ${name} 的更新，尽管排序节点已接受`,
    });
  }

  /**
   * Where the peer has committed the update; `undefined`: nowhere yet.
   * @throws {@link OperatorError} `CHANGED_MEANWHILE` — instead of it another one.
   */
  async #placeAt(client: PeerClient): Promise<CommitPlace | undefined> {
    const fate = await fateOf(client, this.#prepared.sent);
    if (fate === 'overtaken')
      throw new OperatorError('CHANGED_MEANWHILE', {
        en: `another administrator's update of ${this.channel.name} came first, and this one has changed nothing; run the verb again`,
        zh: `另一位管理员先更新了 ${this.channel.name}，本次没有改动任何内容；请再运行一次`,
      });
    return fate === 'waiting' ? undefined : fate;
  }

  /** The same within a time; an overtaken update may still be on its way, as the orderers apply it anew where it fits. */
  async #placeWithin(client: PeerClient, timeoutMillis: number): Promise<CommitPlace | undefined> {
    let fate: UpdateFate = 'waiting';
    const isPlaced = async (): Promise<boolean> => typeof (fate = await fateOf(client, this.#prepared.sent)) !== 'string';
    await isReadyWithin(isPlaced, { timeoutMillis, everyMillis: POLL_MILLIS });
    return typeof fate === 'string' ? undefined : fate;
  }

  /** Answers the names of those that do not answer any more. */
  async #waitForWitnesses(place: CommitPlace): Promise<readonly string[]> {
    const waits = this.channel.witnesses.map(async (client): Promise<readonly string[]> => {
      const failure = {
        en: `${client.node.name} did not commit configuration ${place.sequence}`,
        zh: `${client.node.name} 没有提交第 ${place.sequence} 号配置`,
      };
      const isThere = (): Promise<boolean> => hasCommitted(client, this.channel.name, place);
      try {
        await waitUntil(failure, isThere, { timeoutMillis: COMMIT_MILLIS, everyMillis: POLL_MILLIS });
        return [];
      } catch (error) {
        // committed by one is committed; who is gone gets it later
        if (error instanceof OperatorError && error.code === 'NOT_RUNNING') return [client.node.name];
        throw error;
      }
    });
    return (await Promise.all(waits)).flat();
  }
}

/**
 * Computes an edit and has administrators sign it. `undefined`: the configuration is as wanted already.
 * @throws {@link OperatorError} `NOT_SIGNED`, `FABRIC_REFUSED`; nothing has been sent.
 */
export async function signEdit(channel: EditedChannel, about: Agreement, change: ConfigChange): Promise<SignedEdit | undefined> {
  const { name, dataDir } = channel;
  const [client] = channel.witnesses;
  // in this order: what is committed between the two is read as a configuration, and no block of ours
  const fromBlock = client ? (await chainState(client, name)).height : 0;
  const config = client && (await currentConfig(client, name));
  const before = config?.getChannelGroup() ?? new common.ConfigGroup();
  const signers = config ? knownTo(before, about.signers) : [];
  const [submitter] = signers;
  if (!config || !submitter)
    throw new OperatorError('NOT_SIGNED', {
      en: 'a channel update needs at least one organisation that signs it',
      zh: '通道更新至少需要一个组织签名',
    });
  const delta = computeConfigUpdate(name, before, change(before));
  if (!delta) return undefined;
  const update = new SignedUpdate(name, config, delta);
  const members = knownTo(before, channel.organizations);
  collectSignatures(dataDir, update, { signers, askAll: about.askAll ?? false, members });
  const notAsked = members.map(({ mspId }) => mspId).filter((mspId) => !update.signed.includes(mspId));
  const isSubject = ({ organization }: OrdererEndpoint): boolean => organization.mspId === about.subjectMspId;
  const orderers = [...channel.orderers.filter((node) => !isSubject(node)), ...channel.orderers.filter(isSubject)];
  const sent = { dataDir, channel: name, update: update.bytes, madeFor: config.getSequence(), fromBlock };
  return new SignedEdit(channel, { update, sent, submitter, orderers, notAsked });
}
