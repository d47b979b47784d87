import { type Consortium } from '../consortium/consortium';
import { loadSigner } from '../crypto/signer';
import { OperatorError } from '../machine/operator-error';
import { organizationPaths } from '../organizations/layout';
import { openChannel } from './channel';
import { buildChannelGenesis, type ChannelSettings } from './genesis-from-consortium';
import { type EmbeddedChannel } from './ports';
import { type StateDir } from './state-dir';

/** The channels this process orders, by name. @remarks Source: orderer/common/multichannel/registrar.go. */
export class ChannelRegistrar {
  private readonly channels = new Map<string, EmbeddedChannel>();

  constructor(private readonly stateDir: StateDir) {}

  readonly find = (name: string): EmbeddedChannel | undefined => this.channels.get(name);

  /** In the order of opening. */
  list(): readonly EmbeddedChannel[] {
    return [...this.channels.values()];
  }

  /** Opens a channel, or makes it from its settings if its directory is new. */
  async open(settings: ChannelSettings, consortium: Consortium): Promise<EmbeddedChannel> {
    const dir = this.stateDir.path;
    const orderer = consortium.organizations.find(({ roles }) => roles.includes('orderer'));
    if (orderer === undefined) throw new OperatorError('STATE_MISMATCH', 'no organisation of the consortium runs an orderer');
    const channel = await openChannel({
      dir: this.stateDir.channelDir(settings.name),
      name: settings.name,
      genesisBlock: buildChannelGenesis(dir, consortium, settings),
      batch: settings.batch,
      ordererSigner: loadSigner(organizationPaths(dir, orderer).node('orderer').msp, orderer.mspId),
    });
    this.channels.set(settings.name, channel);
    return channel;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.list().map((channel) => channel.close()));
  }
}
