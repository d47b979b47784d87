import { bytesOf, collectionPackage, marshal, type Message, peer, validationParameter } from '@lianyi/fabric-protocol';
import { type ChaincodePackage, type ChaincodeSettings, OperatorError } from '@lianyi/network-model';
import { type PeerClient } from './peer-client';
import { type Call, EndorsersDisagree } from './transaction';

/** How long peers may take to have one another's approvals. */
const AGREEMENT_MILLIS = 10_000;

function lifecycleCall(channelId: string, name: string, args: Message): Call {
  return { channelId, chaincode: '_lifecycle', args: [Buffer.from(name), marshal(args)] };
}

/** Makes the peer a member of the channel. @remarks Source: fabric internal/peer/channel/join.go. */
export async function joinChannel(client: PeerClient, block: Buffer): Promise<void> {
  await client.ask({ channelId: '', chaincode: 'cscc', args: [Buffer.from('JoinChain'), block] });
}

/** Names of the channels the peer is a member of. */
export async function joinedChannels(client: PeerClient): Promise<readonly string[]> {
  const answer = await client.ask({ channelId: '', chaincode: 'cscc', args: [Buffer.from('GetChannels')] });
  return peer.ChannelQueryResponse.deserializeBinary(answer)
    .getChannelsList()
    .map((channel) => channel.getChannelId());
}

/** Installs; a peer that has the package already is left as it is. */
export async function installPackage(client: PeerClient, chaincodePackage: ChaincodePackage): Promise<void> {
  const args = new peer.lifecycle.InstallChaincodeArgs();
  args.setChaincodeInstallPackage(chaincodePackage.bytes);
  try {
    const answer = await client.ask(lifecycleCall('', 'InstallChaincode', args));
    const packageId = peer.lifecycle.InstallChaincodeResult.deserializeBinary(answer).getPackageId();
    if (packageId !== chaincodePackage.packageId)
      throw new Error(`the peer named the package ${packageId}, not ${chaincodePackage.packageId}`);
  } catch (error) {
    if (error instanceof OperatorError && error.message.includes('chaincode already successfully installed')) return;
    throw error;
  }
}

/** The organisation agrees to the definition and says which package its own peer runs for it. */
export async function approveDefinition(
  client: PeerClient,
  channelId: string,
  chaincode: ChaincodeSettings,
  packageId: string,
): Promise<void> {
  const local = new peer.lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new peer.lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  const args = new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs();
  fillDefinition(args, chaincode);
  args.setSource(source);
  await client.submit(lifecycleCall(channelId, 'ApproveChaincodeDefinitionForMyOrg', args), [client]);
}

/** Commits the definition with the endorsement of all given peers; `clients[0]` submits. */
export async function commitDefinition(clients: readonly PeerClient[], channelId: string, chaincode: ChaincodeSettings): Promise<void> {
  const [submitter] = clients;
  if (!submitter) throw new Error('a definition is committed by at least one organisation');
  const args = new peer.lifecycle.CommitChaincodeDefinitionArgs();
  fillDefinition(args, chaincode);
  const until = Date.now() + AGREEMENT_MILLIS;
  for (;;) {
    try {
      await submitter.submit(lifecycleCall(channelId, 'CommitChaincodeDefinition', args), clients);
      return;
    } catch (error) {
      // each organisation waited for its own approval at its own peer; the others' may still be on their way there
      if (!(error instanceof EndorsersDisagree) || Date.now() >= until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

interface DefinitionArgs {
  setName(value: string): void;
  setVersion(value: string): void;
  setSequence(value: number): void;
  setEndorsementPlugin(value: string): void;
  setValidationPlugin(value: string): void;
  setValidationParameter(value: Uint8Array): void;
  setCollections(value?: peer.CollectionConfigPackage): void;
  setInitRequired(value: boolean): void;
}

function fillDefinition(args: DefinitionArgs, chaincode: ChaincodeSettings): void {
  args.setName(chaincode.name);
  args.setVersion(chaincode.version);
  args.setSequence(chaincode.sequence);
  args.setEndorsementPlugin('escc');
  args.setValidationPlugin('vscc');
  args.setValidationParameter(validationParameter(chaincode));
  args.setCollections(collectionPackage(chaincode));
  args.setInitRequired(chaincode.initRequired);
}

/** A definition as the channel has committed it. */
export interface CommittedDefinition {
  readonly name: string;
  readonly version: string;
  readonly sequence: number;
  /** Marshalled peer.ApplicationPolicy. */
  readonly validationParameter: Buffer;
  /** Marshalled peer.CollectionConfigPackage; empty without collections. */
  readonly collections: Buffer;
  readonly initRequired: boolean;
}

export async function committedDefinitions(client: PeerClient, channelId: string): Promise<readonly CommittedDefinition[]> {
  const answer = await client.ask(
    lifecycleCall(channelId, 'QueryChaincodeDefinitions', new peer.lifecycle.QueryChaincodeDefinitionsArgs()),
  );
  return peer.lifecycle.QueryChaincodeDefinitionsResult.deserializeBinary(answer)
    .getChaincodeDefinitionsList()
    .map((definition) => {
      const collections = definition.getCollections();
      return {
        name: definition.getName(),
        version: definition.getVersion(),
        sequence: definition.getSequence(),
        validationParameter: bytesOf(definition.getValidationParameter_asU8()),
        collections: collections ? marshal(collections) : Buffer.alloc(0),
        initRequired: definition.getInitRequired(),
      };
    });
}

/** The package the peer's own organisation approved for the definition; `undefined` if it approved none. */
export async function approvedPackageId(client: PeerClient, channelId: string, chaincode: ChaincodeSettings): Promise<string | undefined> {
  const args = new peer.lifecycle.QueryApprovedChaincodeDefinitionArgs();
  args.setName(chaincode.name);
  args.setSequence(chaincode.sequence);
  try {
    const answer = await client.ask(lifecycleCall(channelId, 'QueryApprovedChaincodeDefinition', args));
    const source = peer.lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(answer).getSource();
    return source?.getLocalPackage()?.getPackageId() ?? undefined;
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    if (error.message.includes('could not fetch approved chaincode definition')) return undefined;
    // a peer made from a snapshot knows what its organisation approved by its hash alone
    if (error.message.includes('private data matching public hash version is not available'))
      return packageInUse(client, channelId, chaincode);
    throw error;
  }
}

/**
 * The installed package that the peer runs for the chaincode: it finds it by the hash of what its organisation approved.
 * @remarks Source: fabric core/chaincode/lifecycle/cache.go update (hashOfCCHash).
 */
async function packageInUse(client: PeerClient, channelId: string, { name, version }: ChaincodeSettings): Promise<string | undefined> {
  const answer = await client.ask(lifecycleCall('', 'QueryInstalledChaincodes', new peer.lifecycle.QueryInstalledChaincodesArgs()));
  return peer.lifecycle.QueryInstalledChaincodesResult.deserializeBinary(answer)
    .getInstalledChaincodesList()
    .find((installed) => {
      const uses = installed.getReferencesMap().get(channelId)?.getChaincodesList() ?? [];
      return uses.some((use) => use.getName() === name && use.getVersion() === version);
    })
    ?.getPackageId();
}
