import { bringToDefinition, type CommittedDefinition } from '@lianyi/fabric-protocol';
import { type ChaincodeSource, definitionStep, isReadyWithin } from '@lianyi/network-model';
import { type LifecycleMember } from './lifecycle-member';
import { approvedPackageHash, isApproved } from './peer/approvals';
import { approvalHashOf } from './peer/installed-packages';
import { type EmbeddedChannel } from './ledger/embedded-channel';
import { type ChaincodeDefinition } from './ledger/chaincode-definition';

/**
 * Brings the channel to what the consortium defines, and waits until every member's peer has it. Code that changed since is
 * a new package, which each organisation approves anew.
 * @throws {@link OperatorError} `STATE_MISMATCH` — the channel has another definition of that sequence, or one too far away.
 */
export async function defineChaincode(
  channel: EmbeddedChannel,
  { settings, chaincodePackage: { packageId } }: ChaincodeSource,
  members: readonly LifecycleMember[],
): Promise<void> {
  const current = channel.definitions.get(settings.name);
  const step = definitionStep(settings, current && committedForm(current));
  const wantedHash = approvalHashOf(packageId);
  const hasApproved = ({ mspId }: LifecycleMember): boolean =>
    current !== undefined &&
    isApproved(channel, mspId, current) &&
    approvedPackageHash(channel.state, mspId, current)?.equals(wantedHash) === true;
  await bringToDefinition(members, { channel: channel.name, settings, packageId, step }, { poll: isReadyWithin, hasApproved });
  await Promise.all(members.map((member) => member.caughtUp()));
}

function committedForm({ name, version, sequence, initRequired, ...definition }: ChaincodeDefinition): CommittedDefinition {
  const { validationParameter, collectionConfigPackage: collections } = definition;
  return { name, version, sequence, initRequired, validationParameter, collections };
}
