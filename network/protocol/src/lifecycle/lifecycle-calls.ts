import { marshal, type Message, peer } from '../wire/proto';
import { type NewProposal } from '../wire/transaction';
import { type CommittedDefinition, parseCommittedDefinitions } from './committed-definition';
import { collectionPackage, type DefinitionSettings, validationParameter } from './definition-settings';
import { type LifecyclePeer } from './lifecycle-peer';

const { lifecycle } = peer;

/** A chaincode package as peers install it. */
export interface InstallablePackage {
  /** `<label>:<SHA-256 of the bytes>`. */
  readonly packageId: string;
  readonly bytes: Buffer;
}

function lifecycleCall(channelId: string, name: string, args: Message): NewProposal {
  return { channelId, chaincode: '_lifecycle', args: [Buffer.from(name), marshal(args)] };
}

function says(error: unknown, words: string): boolean {
  return error instanceof Error && error.message.includes(words);
}

/** Installs; a peer that has the package already is left as it is. */
export async function installPackage(at: LifecyclePeer, { packageId, bytes }: InstallablePackage): Promise<void> {
  const args = new lifecycle.InstallChaincodeArgs();
  args.setChaincodeInstallPackage(bytes);
  try {
    const answer = await at.query(lifecycleCall('', 'InstallChaincode', args));
    const named = lifecycle.InstallChaincodeResult.deserializeBinary(answer).getPackageId();
    if (named !== packageId) throw new Error(`the peer named the package ${named}, not ${packageId}`);
  } catch (error) {
    if (!says(error, 'chaincode already successfully installed')) throw error;
  }
}

type DefinitionArgs = peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs;

function fillDefinition<T extends DefinitionArgs>(args: T, settings: DefinitionSettings): T {
  args.setName(settings.name);
  args.setVersion(settings.version);
  args.setSequence(settings.sequence);
  args.setEndorsementPlugin('escc');
  args.setValidationPlugin('vscc');
  args.setValidationParameter(validationParameter(settings));
  args.setCollections(collectionPackage(settings));
  args.setInitRequired(settings.initRequired);
  return args;
}

/** The organisation agrees to the definition and says which package its own peers run for it. */
export async function approveDefinition(
  at: LifecyclePeer,
  channelId: string,
  settings: DefinitionSettings,
  packageId: string,
): Promise<void> {
  const local = new lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageId);
  const source = new lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  const args = fillDefinition(new lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), settings);
  args.setSource(source);
  await at.submit(lifecycleCall(channelId, 'ApproveChaincodeDefinitionForMyOrg', args), [at]);
}

/**
 * Approves, if the organisation has not approved just this already; answers whether that was new.
 * @remarks Source: fabric core/chaincode/lifecycle/lifecycle.go ApproveChaincodeDefinitionForOrg.
 */
export async function approveOnce(at: LifecyclePeer, channelId: string, settings: DefinitionSettings, packageId: string): Promise<boolean> {
  try {
    await approveDefinition(at, channelId, settings, packageId);
    return true;
  } catch (error) {
    if (says(error, 'attempted to redefine') && !says(error, 'with different parameters')) return false;
    throw error;
  }
}

/** The call that commits a definition, which every endorser must answer alike. */
export function commitCall(channelId: string, settings: DefinitionSettings): NewProposal {
  return lifecycleCall(channelId, 'CommitChaincodeDefinition', fillDefinition(new lifecycle.CommitChaincodeDefinitionArgs(), settings));
}

export async function committedDefinitions(at: LifecyclePeer, channelId: string): Promise<readonly CommittedDefinition[]> {
  const call = lifecycleCall(channelId, 'QueryChaincodeDefinitions', new lifecycle.QueryChaincodeDefinitionsArgs());
  return parseCommittedDefinitions(await at.query(call));
}

/** The package the peer's own organisation approved for the definition; `undefined` if it approved none. */
export async function approvedPackageId(at: LifecyclePeer, channelId: string, settings: DefinitionSettings): Promise<string | undefined> {
  const args = new lifecycle.QueryApprovedChaincodeDefinitionArgs();
  args.setName(settings.name);
  args.setSequence(settings.sequence);
  try {
    const answer = await at.query(lifecycleCall(channelId, 'QueryApprovedChaincodeDefinition', args));
    const source = lifecycle.QueryApprovedChaincodeDefinitionResult.deserializeBinary(answer).getSource();
    return source?.getLocalPackage()?.getPackageId() ?? undefined;
  } catch (error) {
    if (says(error, 'could not fetch approved chaincode definition')) return undefined;
    // a peer made from a snapshot knows what its organisation approved by its hash alone
    if (says(error, 'private data matching public hash version is not available')) return packageInUse(at, channelId, settings);
    throw error;
  }
}

/**
 * The installed package that the peer runs for the chaincode: it finds it by the hash of what its organisation approved.
 * @remarks Source: fabric core/chaincode/lifecycle/cache.go update (hashOfCCHash).
 */
async function packageInUse(at: LifecyclePeer, channelId: string, { name, version }: DefinitionSettings): Promise<string | undefined> {
  const answer = await at.query(lifecycleCall('', 'QueryInstalledChaincodes', new lifecycle.QueryInstalledChaincodesArgs()));
  return lifecycle.QueryInstalledChaincodesResult.deserializeBinary(answer)
    .getInstalledChaincodesList()
    .find((installed) => {
      const uses = installed.getReferencesMap().get(channelId)?.getChaincodesList() ?? [];
      return uses.some((use) => use.getName() === name && use.getVersion() === version);
    })
    ?.getPackageId();
}
