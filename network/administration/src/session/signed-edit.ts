import { common, computeConfigUpdate, signedEnvelope } from '@lianyi/fabric-protocol';
import { isReadyWithin, OperatorError, type OrdererEndpoint, type Organization, waitUntil } from '@lianyi/network-model';
import { broadcast } from '../channel-update/broadcast';
import { type ConfigChange } from '../channel-update/config-change';
import { currentConfig } from '../channel-update/current-config';
import { knownTo } from '../channel-update/membership-change';
import { type PeerClient } from '../peer-client';
import { type Progress } from '../progress';
import { administratorOf, collectSignatures, SignedUpdate } from './config-signatures';

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
  /** Sequence of the configuration that holds now. */
  readonly sequence: number;
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
  /** Must have committed the edit at the end; the first is asked for the configuration. */
  readonly witnesses: readonly PeerClient[];
  readonly orderers: readonly OrdererEndpoint[];
}

interface Prepared {
  readonly update: SignedUpdate;
  readonly submitter: Organization;
  /** Asked to order the edit, in this order. */
  readonly orderers: readonly OrdererEndpoint[];
  readonly result: UpdateResult;
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
   * Sends the edit to the orderers and waits until every witness has committed it.
   * @throws {@link OperatorError} `FABRIC_REFUSED` — in the orderers' words; `TIMEOUT`.
   */
  async submit(progress: Progress): Promise<UpdateResult> {
    const { result } = this.#prepared;
    const { witnesses } = this.channel;
    const { signed, notAsked, sequence } = result;
    progress(`signed by ${signed.join(', ')}; not asked: ${notAsked.join(', ') || 'nobody'}`);
    await this.#order();
    await Promise.all(witnesses.map((client) => this.#waitForCommit(client)));
    const where = this.channel.isOwn ? '' : ` of ${this.channel.name}`;
    progress(`configuration ${sequence}${where} is committed at ${witnesses.map(({ node }) => node.name).join(', ')}`);
    return result;
  }

  /**
   * Sends the update until the first witness has committed something newer: an orderer that took it may have ended before it
   * told the others. Twice the same is refused by its versions.
   */
  async #order(): Promise<void> {
    const { dataDir, name, witnesses } = this.channel;
    const { update, submitter, orderers } = this.#prepared;
    const [first] = witnesses;
    if (!first) return;
    let nodes = orderers;
    for (let attempt = 0; attempt < nodes.length; attempt++) {
      const envelope = signedEnvelope('CONFIG_UPDATE', name, update.bytes, administratorOf(dataDir, submitter));
      try {
        const taker = await broadcast(dataDir, nodes, envelope);
        // the next time somebody else is asked first
        nodes = [...nodes.filter((node) => node.name !== taker.name), taker];
      } catch (error) {
        // what was sent before may have been ordered meanwhile, and then comes too late
        if (attempt === 0) throw error;
      }
      if (await isReadyWithin(() => this.#isCommitted(first), { timeoutMillis: RESEND_MILLIS, everyMillis: POLL_MILLIS })) return;
    }
  }

  async #isCommitted(client: PeerClient): Promise<boolean> {
    return (await currentConfig(client, this.channel.name)).getSequence() >= this.#prepared.result.sequence;
  }

  async #waitForCommit(client: PeerClient): Promise<void> {
    const failure = `${client.node.name} did not commit configuration ${this.#prepared.result.sequence}`;
    await waitUntil(failure, () => this.#isCommitted(client), { timeoutMillis: COMMIT_MILLIS, everyMillis: POLL_MILLIS });
  }
}

/**
 * Computes an edit and has administrators sign it. `undefined`: the configuration is as wanted already.
 * @throws {@link OperatorError} `NOT_SIGNED`, `FABRIC_REFUSED`; nothing has been sent.
 */
export async function signEdit(channel: EditedChannel, about: Agreement, change: ConfigChange): Promise<SignedEdit | undefined> {
  const { name, dataDir } = channel;
  const [client] = channel.witnesses;
  const config = client && (await currentConfig(client, name));
  const before = config?.getChannelGroup() ?? new common.ConfigGroup();
  const signers = config ? knownTo(before, about.signers) : [];
  const [submitter] = signers;
  if (!config || !submitter) throw new OperatorError('NOT_SIGNED', 'a channel update needs at least one organisation that signs it');
  const delta = computeConfigUpdate(name, before, change(before));
  if (!delta) return undefined;
  const update = new SignedUpdate(name, config, delta);
  const members = knownTo(before, channel.organizations);
  collectSignatures(dataDir, update, { signers, askAll: about.askAll ?? false, members });
  const notAsked = members.map(({ mspId }) => mspId).filter((mspId) => !update.signed.includes(mspId));
  const isSubject = ({ organization }: OrdererEndpoint): boolean => organization.mspId === about.subjectMspId;
  const orderers = [...channel.orderers.filter((node) => !isSubject(node)), ...channel.orderers.filter(isSubject)];
  const result = { signed: update.signed, notAsked, sequence: config.getSequence() + 1 };
  return new SignedEdit(channel, { update, submitter, orderers, result });
}
