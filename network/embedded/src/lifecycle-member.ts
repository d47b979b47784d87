import {
  assembleTransaction,
  common,
  type Endorsed,
  type LifecyclePeer,
  marshal,
  type NewProposal,
  newSignedProposal,
  peer,
  type SignedBytes,
  type Signer,
} from '@lianyi/fabric-protocol';
import { OperatorError } from '@lianyi/network-model';
import { type Endorser, type ProposalResponse } from './peer/endorser';
import { type EmbeddedChannel } from './ledger/embedded-channel';

const OK = 200;

interface LifecycleMemberParts {
  /** The channel as the ordering service has it, ahead of every peer. */
  readonly channel: EmbeddedChannel;
  /** The channel as this member's peer sees it. */
  readonly view: EmbeddedChannel;
  readonly endorser: Endorser;
  /** The organisation's administrator. */
  readonly admin: Signer;
}

/** An organisation's administrator at its first peer, in the peer's own process. */
export class LifecycleMember implements LifecyclePeer {
  constructor(private readonly parts: LifecycleMemberParts) {}

  get mspId(): string {
    return this.parts.endorser.mspId;
  }

  async query(call: NewProposal): Promise<Buffer> {
    const { response } = await this.#propose(newSignedProposal(call, this.parts.admin, Date.now()));
    return Buffer.from(response.getPayload_asU8());
  }

  async submit(call: NewProposal, endorsers: readonly LifecycleMember[]): Promise<void> {
    const { admin } = this.parts;
    const signed = newSignedProposal(call, admin, Date.now());
    const endorsed = await Promise.all(endorsers.map((endorser) => endorser.#endorse(signed)));
    await this.#order(signed.txId, assembleTransaction(signed, endorsed, admin));
  }

  /** Waits until this member's peer, which may lag, has committed what the channel has now. */
  async caughtUp(): Promise<void> {
    const { channel, view } = this.parts;
    await untilHeight(view, channel.state.height);
  }

  async #endorse(signed: SignedBytes): Promise<Endorsed> {
    const { response, payload, endorsement } = await this.#propose(signed);
    if (payload === undefined) throw this.#refusal(response.getMessage());
    return { payload, endorsement };
  }

  #refusal(words: string): OperatorError {
    return new OperatorError('FABRIC_REFUSED', {
      en: `the peer of ${this.mspId} refused: ${words}`,
      zh: `${this.mspId} 的 peer 节点拒绝了：${words}`,
    });
  }

  async #propose(signed: SignedBytes): Promise<ProposalResponse> {
    await this.caughtUp();
    const answer = await this.parts.endorser.process(signed);
    if (answer.kind !== 'response') throw this.#refusal(answer.message);
    const { response } = answer.response;
    if (response.getStatus() !== OK) throw this.#refusal(response.getMessage());
    return answer.response;
  }

  async #order(txId: string, envelope: common.Envelope): Promise<void> {
    const { channel } = this.parts;
    const committed = new Promise<number>((resolve) => {
      const unsubscribe = channel.onBlock(() => {
        const found = channel.blocks.getTransaction(txId);
        if (found === undefined) return;
        unsubscribe();
        resolve(found.validationCode);
      });
    });
    const { status, info } = await channel.broadcast(marshal(envelope));
    if (status !== common.Status.SUCCESS)
      throw new OperatorError('FABRIC_REFUSED', {
        en: `the ordering service refused transaction ${txId}: ${info}`,
        zh: `排序服务拒绝了交易 ${txId}：${info}`,
      });
    const code = await committed;
    if (code !== peer.TxValidationCode.VALID)
      throw new OperatorError('FABRIC_REFUSED', {
        en: `transaction ${txId} was committed as invalid, code ${code}`,
        zh: `交易 ${txId} 提交后被判无效，代码 ${code}`,
      });
  }
}

function untilHeight(channel: EmbeddedChannel, height: number): Promise<void> {
  if (channel.state.height >= height) return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = channel.onBlock(() => {
      if (channel.state.height < height) return;
      unsubscribe();
      resolve();
    });
  });
}
