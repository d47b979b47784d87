import { type Message, peer, sha256OfBytes } from '@lianyi/fabric-protocol';
import { type EmbeddedChannel } from '../ledger/embedded-channel';
import { type ChaincodeDefinition } from '../ledger/chaincode-definition';
import { type CommittedState } from '../ledger/committed-state';
import { committedParts, describe, type LifecycleScope, privateState } from './lifecycle-definitions';
import { implicitCollectionOf, lifecycleNamespace } from './lifecycle-names';
import {
  approvalName,
  chaincodeSources,
  fieldKey,
  metadataKey,
  mismatches,
  namespaces,
  packageIdIn,
  parametersStructure,
  readParameters,
  type StructureState,
} from './lifecycle-state';

const { lifecycle } = peer;

/** Whether an organisation's approval of exactly this definition is on the ledger: only then its peer runs it. */
export function isApproved(channel: Pick<EmbeddedChannel, 'state'>, mspId: string, definition: ChaincodeDefinition): boolean {
  const hashOf = (key: string): Buffer | undefined =>
    channel.state.getPrivateHash(lifecycleNamespace, implicitCollectionOf(mspId), sha256OfBytes(key))?.value;
  const name = approvalName(definition.name, definition.sequence);
  return mismatches(namespaces, name, parametersStructure(committedParts(definition)), hashOf).length === 0;
}

/** Hash of the package id an organisation approved for a definition; every peer knows it. `undefined`: it approved none. */
export function approvedPackageHash(
  state: CommittedState,
  mspId: string,
  { name, sequence }: Pick<ChaincodeDefinition, 'name' | 'sequence'>,
): Buffer | undefined {
  const key = fieldKey(chaincodeSources, approvalName(name, sequence), 'PackageID');
  return state.getPrivateHash(lifecycleNamespace, implicitCollectionOf(mspId), sha256OfBytes(key))?.value;
}

/** Sequence 0 asks for the newest. @remarks Source: core/chaincode/lifecycle/lifecycle.go QueryApprovedChaincodeDefinition. */
export function queryApproved(scope: LifecycleScope, argument: Buffer): Message {
  const args = lifecycle.QueryApprovedChaincodeDefinitionArgs.deserializeBinary(argument);
  const name = args.getName();
  const organization = privateState(scope);
  const sequence = args.getSequence() === 0 ? newestApproved(scope, name, organization) : args.getSequence();
  if (organization.get(metadataKey(namespaces, approvalName(name, sequence))) === undefined) {
    throw new Error(
      `could not fetch approved chaincode definition (name: '${name}', sequence: '${sequence}') on channel '${scope.channel.name}'`,
    );
  }
  const result = new lifecycle.QueryApprovedChaincodeDefinitionResult();
  result.setSequence(sequence);
  fillApproved(result, approvalName(name, sequence), organization);
  return result;
}

export function queryAllApproved(scope: LifecycleScope): Message {
  const { simulator, mspId } = scope;
  const organization = privateState(scope);
  const prefix = metadataKey(namespaces, '');
  const names = simulator.privateKeys(lifecycleNamespace, implicitCollectionOf(mspId), prefix, `${prefix}\x7f`);
  const result = new lifecycle.QueryApprovedChaincodeDefinitionsResult();
  result.setApprovedChaincodeDefinitionsList(
    names.map((key) => {
      const approval = key.slice(prefix.length);
      const [name = '', sequence = ''] = approval.split('#');
      const entry = new lifecycle.QueryApprovedChaincodeDefinitionsResult.ApprovedChaincodeDefinition();
      entry.setName(name);
      entry.setSequence(Number(sequence));
      fillApproved(entry, approval, organization);
      return entry;
    }),
  );
  return result;
}

function newestApproved({ channel }: LifecycleScope, name: string, organization: StructureState): number {
  const committed = channel.definitions.get(name)?.sequence ?? 0;
  const next = organization.get(metadataKey(namespaces, approvalName(name, committed + 1)));
  return next === undefined ? committed : committed + 1;
}

type Approved =
  | peer.lifecycle.QueryApprovedChaincodeDefinitionResult
  | peer.lifecycle.QueryApprovedChaincodeDefinitionsResult.ApprovedChaincodeDefinition;

function fillApproved(message: Approved, approval: string, organization: StructureState): void {
  describe(
    message,
    readParameters((field) => organization.get(fieldKey(namespaces, approval, field)) ?? Buffer.alloc(0)),
  );
  const stored = organization.get(fieldKey(chaincodeSources, approval, 'PackageID'));
  const packageId = stored === undefined ? '' : packageIdIn(stored);
  const source = new lifecycle.ChaincodeSource();
  if (packageId === '') {
    source.setUnavailable(new lifecycle.ChaincodeSource.Unavailable());
  } else {
    const local = new lifecycle.ChaincodeSource.Local();
    local.setPackageId(packageId);
    source.setLocalPackage(local);
  }
  message.setSource(source);
}
