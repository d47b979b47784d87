import { common, envelopesOf, marshal, peer, readEnvelope, type SignedData, tryDecode } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { readersPath, refuseAccess, unknownAtPeer } from './access';
import { type LocalMsp, type LocalPolicy } from './local-msp';
import { type PeerChannels } from './peer-channels';
import { failure, success, type SystemCall, type SystemChaincode } from './system-chaincode';

/** Joins a channel by its first block. Throws the reason why the peer cannot. */
type JoinChannel = (channelId: string, genesisBlock: Buffer) => void;

type Act = (argument: Buffer) => peer.Response;

/** Configuration system chaincode: joins channels and tells their configuration. @remarks Source: core/scc/cscc/configure.go. */
export class ConfigurationChaincode implements SystemChaincode {
  readonly name = 'cscc';
  readonly usesSimulator = false;

  constructor(
    private readonly channels: PeerChannels,
    private readonly join: JoinChannel,
    private readonly localMsp: LocalMsp,
  ) {}

  invoke({ args, creator, proposedChaincode }: SystemCall): peer.Response {
    const [name = '', argument] = [args[0]?.toString(), args[1]];
    const needsArgument = name !== 'GetChannels' && name !== 'JoinBySnapshotStatus';
    if (args.length < 1 || (needsArgument && argument === undefined)) return failure(`Incorrect number of arguments, ${args.length}`);
    if (proposedChaincode !== this.name) {
      return failure(`Rejecting invoke of CSCC from another chaincode, original invocation for '${proposedChaincode}'`);
    }
    const act = this.#actOf(name, creator);
    return act === undefined ? failure(`Requested function ${name} not found.`) : act(argument ?? Buffer.alloc(0));
  }

  #actOf(name: string, creator: SignedData): Act | undefined {
    const local = (policy: LocalPolicy, act: Act): Act => {
      const refusal = this.localMsp.refuse(policy, creator);
      return refusal === undefined ? act : () => failure(`access denied for [${name}]: ${refusal}`);
    };
    switch (name) {
      case 'GetChannels':
        return local('Members', () => this.#getChannels());
      case 'JoinChain':
        return (block) => this.#joinChain(block, creator);
      case 'JoinChainBySnapshot':
        return local('Admins', () => failure('the embedded network does not implement joining by a snapshot: its peers share one ledger'));
      case 'JoinBySnapshotStatus':
        return local('Admins', () => success(marshal(new peer.JoinBySnapshotStatus())));
      case 'GetConfigBlock':
        return (channelId) =>
          this.#onChannel(name, channelId.toString(), creator, `Unknown channel ID, ${channelId.toString()}`, configBlock);
      case 'GetChannelConfig':
        return (channelId) =>
          channelId.length === 0
            ? failure('empty channel name provided')
            : this.#onChannel(name, channelId.toString(), creator, `unknown channel ID, ${channelId.toString()}`, ({ configuration }) =>
                success(configuration.bytes),
              );
      default:
        return undefined;
    }
  }

  #getChannels(): peer.Response {
    const answer = new peer.ChannelQueryResponse();
    answer.setChannelsList(
      this.channels.list().map((name) => {
        const info = new peer.ChannelInfo();
        info.setChannelId(name);
        return info;
      }),
    );
    return success(marshal(answer));
  }

  #joinChain(block: Buffer, creator: SignedData): peer.Response {
    const channelId = channelOf(block);
    if (channelId === undefined)
      return failure('Failed to reconstruct the genesis block, error unmarshalling Block: proto: cannot parse invalid wire-format data');
    const refusal = this.localMsp.refuse('Admins', creator);
    if (refusal !== undefined) return failure(`access denied for [JoinChain][${channelId}]: [${refusal}]`);
    try {
      this.join(channelId, block);
      return success();
    } catch (error) {
      return failure(error instanceof Error ? error.message : String(error));
    }
  }

  #onChannel(
    name: string,
    channelId: string,
    creator: SignedData,
    unknown: string,
    act: (channel: EmbeddedChannel) => peer.Response,
  ): peer.Response {
    const channel = this.channels.find(channelId);
    const refusal = channel === undefined ? unknownAtPeer(channelId) : refuseAccess(channel, readersPath, creator);
    if (refusal !== undefined) return failure(`access denied for [${name}][${channelId}]: ${refusal}`);
    return channel === undefined ? failure(unknown) : act(channel);
  }
}

function configBlock({ blocks, configuration }: EmbeddedChannel): peer.Response {
  const block = blocks.getBlock(configuration.blockNumber);
  return block === undefined ? failure(`no such block number [${configuration.blockNumber}] in index`) : success(block);
}

function channelOf(bytes: Buffer): string | undefined {
  const block = tryDecode(common.Block, bytes);
  const reading = block && readEnvelope(envelopesOf(block)[0] ?? Buffer.alloc(0));
  return reading?.ok ? reading.envelope.channelHeader.getChannelId() : undefined;
}
