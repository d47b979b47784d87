import { type ChaincodeSettings } from '../consortium/consortium';
import { OperatorError } from '../machine/operator-error';
import { collectionPackage, validationParameter } from '../wire/definition-settings';
import { marshal, peer } from '../wire/proto';
import { packageIdOf } from './chaincode/start-chaincode';
import { type Endorser } from './peer/endorser';
import { isApproved } from './peer/approvals';
import { lifecycleNamespace } from './peer/lifecycle-names';
import { type ChaincodeDefinition, type EmbeddedChannel, type Signer } from './ports';
import { submitTransaction } from './submit-transaction';

export interface LifecycleMember {
  readonly endorser: Endorser;
  /** The organisation's administrator. */
  readonly admin: Signer;
}

type Arguments = peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs;

/**
 * Brings the chain's definition of a chaincode to what the consortium defines: each organisation approves, then all
 * commit, as transactions of the channel. Does nothing when the chain already says so.
 */
export async function defineChaincode(
  channel: EmbeddedChannel,
  settings: ChaincodeSettings,
  members: readonly LifecycleMember[],
): Promise<void> {
  const current = channel.definitions.get(settings.name);
  if (current?.sequence === settings.sequence) {
    refuseChange(current, settings);
    const missing = members.filter(({ endorser }) => !isApproved(channel, endorser.mspId, current));
    await approve(channel, settings, missing);
    return;
  }
  const next = (current?.sequence ?? 0) + 1;
  if (settings.sequence !== next) {
    throw new OperatorError(
      'STATE_MISMATCH',
      `chaincode ${settings.name} is at sequence ${next - 1} on the chain; the consortium definition must say ${next === 1 ? '1' : `${next - 1} or ${next}`}`,
    );
  }
  await approve(channel, settings, members);
  const [first] = members;
  if (first === undefined) return;
  const args = [Buffer.from('CommitChaincodeDefinition'), marshal(fill(new peer.lifecycle.CommitChaincodeDefinitionArgs(), settings))];
  const endorsers = members.map(({ endorser }) => endorser);
  await submitTransaction(channel, { chaincode: lifecycleNamespace, args, signer: first.admin, endorsers });
}

/** One transaction per organisation: each writes to its own implicit collection. */
async function approve(channel: EmbeddedChannel, settings: ChaincodeSettings, members: readonly LifecycleMember[]): Promise<void> {
  const local = new peer.lifecycle.ChaincodeSource.Local();
  local.setPackageId(packageIdOf(settings));
  const source = new peer.lifecycle.ChaincodeSource();
  source.setLocalPackage(local);
  const request = fill(new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs(), settings);
  request.setSource(source);
  const args = [Buffer.from('ApproveChaincodeDefinitionForMyOrg'), marshal(request)];
  await Promise.all(
    members.map(({ endorser, admin }) =>
      submitTransaction(channel, { chaincode: lifecycleNamespace, args, signer: admin, endorsers: [endorser] }),
    ),
  );
}

function fill<T extends Arguments>(args: T, settings: ChaincodeSettings): T {
  args.setSequence(settings.sequence);
  args.setName(settings.name);
  args.setVersion(settings.version);
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
