import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Consortium, loadSigner, OperatorError, ordersChannel, organizationPaths } from '@lianyi/network-model';
import { openChannel, type OrderedChannel } from './channel';
import { buildChannelGenesis, type ChannelSettings } from './genesis-from-consortium';
import { type StateDir } from './state-dir';

/** The channels this process orders, by name. @remarks Source: orderer/common/multichannel/registrar.go. */
export class ChannelRegistrar {
  readonly #channels = new Map<string, OrderedChannel>();

  constructor(private readonly stateDir: StateDir) {}

  readonly find = (name: string): OrderedChannel | undefined => this.#channels.get(name);

  /** In the order of opening. */
  list(): readonly OrderedChannel[] {
    return [...this.#channels.values()];
  }

  /** Opens a channel, or makes it from its settings if its directory is new. */
  async open(settings: ChannelSettings, consortium: Consortium): Promise<OrderedChannel> {
    const dir = this.stateDir.path;
    const orderer = consortium.organizations.find((organization) => ordersChannel(consortium, settings.name, organization));
    if (orderer === undefined)
      throw new OperatorError('STATE_MISMATCH', {
        en: `no member of ${settings.name} runs an orderer`,
        zh: `${settings.name} 的成员都没有排序节点`,
      });
    const channel = await openChannel({
      dir: this.stateDir.channelDir(settings.name),
      name: settings.name,
      genesisBlock: buildChannelGenesis(dir, consortium, settings),
      batch: settings.batch,
      ordererSigner: loadSigner(organizationPaths(dir, orderer).node('orderer').msp, orderer.mspId),
    });
    this.#channels.set(settings.name, channel);
    this.#writeGenesis(channel);
    return channel;
  }

  /** Where a channel's first block lies, for whoever wants to join it. */
  genesisFile(name: string): string {
    return join(this.stateDir.channelDir(name), 'genesis.block');
  }

  /** Takes back a channel that nobody uses yet: nothing of it stays. */
  async remove(name: string): Promise<void> {
    await this.#channels.get(name)?.close();
    this.#channels.delete(name);
    rmSync(this.stateDir.channelDir(name), { recursive: true, force: true });
  }

  #writeGenesis({ name, blocks }: OrderedChannel): void {
    const file = this.genesisFile(name);
    const block = blocks.getBlock(0);
    if (block !== undefined && !existsSync(file)) writeFileSync(file, block, { mode: 0o600 });
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.list().map((channel) => channel.close()));
  }
}
