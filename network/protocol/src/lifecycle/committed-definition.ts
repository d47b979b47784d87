import { bytesOf, marshal, peer } from '../wire/proto';
import { collectionPackage, type DefinitionSettings, validationParameter } from './definition-settings';

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

/** Definitions in a peer's answer to QueryChaincodeDefinitions. */
export function parseCommittedDefinitions(answer: Buffer): readonly CommittedDefinition[] {
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

/** Whether the channel has committed what the settings say; the sequence is not compared. */
export function hasSameContent(settings: DefinitionSettings, committed: Omit<CommittedDefinition, 'name' | 'sequence'>): boolean {
  const collections = collectionPackage(settings);
  return (
    settings.version === committed.version &&
    settings.initRequired === committed.initRequired &&
    validationParameter(settings).equals(committed.validationParameter) &&
    (collections ? marshal(collections) : Buffer.alloc(0)).equals(committed.collections)
  );
}
