import { collectionPackage, marshal, peer, type Signer, validationParameter } from '@lianyi/fabric-protocol';
import { type ChaincodeSettings, type ChaincodeSource, OperatorError } from '@lianyi/network-model';
import { approvedPackageHash, isApproved } from './peer/approvals';
import { type Endorser } from './peer/endorser';
import { approvalHashOf } from './peer/installed-packages';
import { lifecycleNamespace } from './peer/lifecycle-names';
import { type ChaincodeDefinition, type EmbeddedChannel } from './ports';
import { submitTransaction, untilHeight } from './submit-transaction';

export interface LifecycleMember {
  readonly endorser: Endorser;
  /** The channel as this member's peer sees it. */
  readonly view: EmbeddedChannel;
  /** The organisation's administrator. */
  readonly admin: Signer;
}

type Arguments = peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs;

/**
 * Brings the chain's definition of a chaincode to what the consortium defines: each organisation approves, then all
 * commit, as transactions of the channel. Does nothing when the chain already says so; code that changed since is a new
 * package, which each organisation approves anew.
 */
export async function defineChaincode(
  channel: EmbeddedChannel,
  source: ChaincodeSource,
  members: readonly LifecycleMember[],
): Promise<void> {
  const { settings } = source;
  const current = channel.definitions.get(settings.name);
  if (current?.sequence === settings.sequence) {
    refuseChange(current, settings);
    const wanted = approvalHashOf(source.chaincodePackage.packageId);
    const missing = members.filter(({ endorser: { mspId } }) => {
      return !isApproved(channel, mspId, current) || approvedPackageHash(channel.state, mspId, current)?.equals(wanted) !== true;
    });
    await approve(channel, source, missing);
    return;
  }
  const next = (current?.sequence ?? 0) + 1;
  if (settings.sequence !== next) {
    throw new OperatorError(
      'STATE_MISMATCH',
      `chaincode ${settings.name} is at sequence ${next - 1} on the chain; the consortium definition must say ${next === 1 ? '1' : `${next - 1} or ${next}`}`,
    );
  }
  await approve(channel, source, members);
  const [first] = members;
  if (first === undefined) return;
  const args = [Buffer.from('CommitChaincodeDefinition'), marshal(fill(new peer.lifecycle.CommitChaincodeDefinitionArgs(), settings))];
  const endorsers = members.map(({ endorser }) => endorser);
  await submitTransaction(channel, { chaincode: lifecycleNamespace, args, signer: first.admin, endorsers });
  await seenByAll(channel, members);
}

/** Waits until peers that lag have committed what the others have. */
async function seenByAll(channel: EmbeddedChannel, members: readonly LifecycleMember[]): Promise<void> {
  const { height } = channel.state;
  await Promise.all(members.map(({ view }) => untilHeight(view, height)));
}

/** One transaction per organisation: each writes to its own implicit collection. */
async function approve(
  channel: EmbeddedChannel,
  { settings, chaincodePackage }: ChaincodeSource,
  members: readonly LifecycleMember[],
): Promise<void> {
  const local = new peer.lifecycle.ChaincodeSource.Local();
  local.setPackageId(chaincodePackage.packageId);
  const approved = new peer.lifecycle.ChaincodeSource();
  approved.setLocalPackage(local);
  const request = fill(new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), settings);
  request.setSource(approved);
  const args = [Buffer.from('ApproveChaincodeDefinitionForMyOrg'), marshal(request)];
  await Promise.all(
    members.map(({ endorser, admin }) =>
      submitTransaction(channel, { chaincode: lifecycleNamespace, args, signer: admin, endorsers: [endorser] }),
    ),
  );
  await seenByAll(channel, members);
}

function fill<T extends Arguments>(args: T, settings: ChaincodeSettings): T {
  args.setSequence(settings.sequence);
  args.setName(settings.name);
  args.setVersion(settings.version);
  args.setInitRequired(settings.initRequired);
  args.setValidationParameter(validationParameter(settings));
  const collections = collectionPackage(settings);
  if (collections !== undefined) args.setCollections(collections);
  return args;
}

function refuseChange(current: ChaincodeDefinition, settings: ChaincodeSettings): void {
  const collections = collectionPackage(settings);
  const isSame =
    current.version === settings.version &&
    current.validationParameter.equals(validationParameter(settings)) &&
    current.collectionConfigPackage.equals(collections === undefined ? Buffer.alloc(0) : marshal(collections));
  if (isSame) return;
  throw new OperatorError(
    'STATE_MISMATCH',
    `chaincode ${settings.name} is committed at sequence ${current.sequence} with another version, policy or collections; raise its sequence in the consortium definition`,
  );
}
