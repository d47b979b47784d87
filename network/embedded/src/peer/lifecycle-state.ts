import { bytesOf, marshal, peer, sha256OfBytes } from '@lianyi/fabric-protocol';

/** A structure as `_lifecycle` stores it: one key per field and one that names the type. */
interface StoredStructure {
  readonly datatype: string;
  /** Field name → marshalled StateData, in the order of Fabric's Go structure. */
  readonly fields: ReadonlyMap<string, Buffer>;
}

export interface DefinitionParts {
  readonly sequence: number;
  readonly version: string;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  /** Marshalled ApplicationPolicy. */
  readonly validationParameter: Buffer;
  /** Marshalled CollectionConfigPackage. */
  readonly collections: Buffer;
  readonly initRequired: boolean;
}

/** A part of the ledger the structures are kept in: the public namespace or one organisation's implicit collection. */
export interface StructureState {
  get(key: string): Buffer | undefined;
  put(key: string, value: Buffer): void;
  delete(key: string): void;
}

export const namespaces = 'namespaces';
export const chaincodeSources = 'chaincode-sources';

export const metadataKey = (space: string, name: string): string => `${space}/metadata/${name}`;
export const fieldKey = (space: string, name: string, field: string): string => `${space}/fields/${name}/${field}`;
/** What an organisation approved is kept per sequence. */
export const approvalName = (chaincode: string, sequence: number): string => `${chaincode}#${sequence}`;

/** @remarks Source: core/chaincode/lifecycle/lifecycle.go ChaincodeDefinition: its parameters and the sequence. */
export function definitionStructure(parts: DefinitionParts): StoredStructure {
  return {
    datatype: 'ChaincodeDefinition',
    fields: new Map([['Sequence', int64Data(parts.sequence)], ...parametersStructure(parts).fields]),
  };
}

export function parametersStructure(parts: DefinitionParts): StoredStructure {
  const endorsement = new peer.lifecycle.ChaincodeEndorsementInfo();
  endorsement.setVersion(parts.version);
  endorsement.setInitRequired(parts.initRequired);
  endorsement.setEndorsementPlugin(parts.endorsementPlugin);
  const validation = new peer.lifecycle.ChaincodeValidationInfo();
  validation.setValidationPlugin(parts.validationPlugin);
  validation.setValidationParameter(parts.validationParameter);
  return {
    datatype: 'ChaincodeParameters',
    fields: new Map([
      ['EndorsementInfo', bytesData(marshal(endorsement))],
      ['ValidationInfo', bytesData(marshal(validation))],
      ['Collections', bytesData(parts.collections)],
    ]),
  };
}

export function packageStructure(packageId: string): StoredStructure {
  const data = new peer.lifecycle.StateData();
  data.setString(packageId);
  return { datatype: 'ChaincodeLocalPackage', fields: new Map([['PackageID', marshal(data)]]) };
}

/** Of a structure {@link packageStructure} made. */
export function packageIdIn(field: Buffer): string {
  return peer.lifecycle.StateData.deserializeBinary(field).getString();
}

/** Of what {@link parametersStructure} made: `field` answers what is stored. */
export function readParameters(field: (name: string) => Buffer): Omit<DefinitionParts, 'sequence'> {
  const bytes = (name: string): Uint8Array => peer.lifecycle.StateData.deserializeBinary(field(name)).getBytes_asU8();
  const endorsement = peer.lifecycle.ChaincodeEndorsementInfo.deserializeBinary(bytes('EndorsementInfo'));
  const validation = peer.lifecycle.ChaincodeValidationInfo.deserializeBinary(bytes('ValidationInfo'));
  return {
    version: endorsement.getVersion(),
    initRequired: endorsement.getInitRequired(),
    endorsementPlugin: endorsement.getEndorsementPlugin(),
    validationPlugin: validation.getValidationPlugin(),
    validationParameter: bytesOf(validation.getValidationParameter_asU8()),
    collections: bytesOf(bytes('Collections')),
  };
}

function int64Data(value: number): Buffer {
  const data = new peer.lifecycle.StateData();
  data.setInt64(value);
  return marshal(data);
}

function bytesData(value: Buffer): Buffer {
  const data = new peer.lifecycle.StateData();
  data.setBytes(value);
  return marshal(data);
}

function metadataOf(structure: StoredStructure): Buffer {
  const metadata = new peer.lifecycle.StateMetadata();
  metadata.setDatatype(structure.datatype);
  metadata.setFieldsList([...structure.fields.keys()]);
  return marshal(metadata);
}

/** Writes what differs from what is stored. @remarks Source: core/chaincode/lifecycle/serializer.go Serialize. */
export function store(space: string, name: string, structure: StoredStructure, state: StructureState): void {
  const storedMetadata = state.get(metadataKey(space, name));
  const existing = new Map(
    readFields(storedMetadata).map((field) => {
      const key = fieldKey(space, name, field);
      return [key, state.get(key)];
    }),
  );
  for (const [field, value] of structure.fields) {
    const key = fieldKey(space, name, field);
    if (existing.get(key)?.equals(value) !== true) state.put(key, value);
    existing.delete(key);
  }
  const metadata = metadataOf(structure);
  if (storedMetadata?.equals(metadata) !== true) state.put(metadataKey(space, name), metadata);
  for (const key of existing.keys()) state.delete(key);
}

function readFields(metadata: Buffer | undefined): readonly string[] {
  return metadata === undefined ? [] : peer.lifecycle.StateMetadata.deserializeBinary(metadata).getFieldsList();
}

/** Whether exactly this is what is stored already. */
export function isStored(space: string, name: string, structure: StoredStructure, state: Pick<StructureState, 'get'>): boolean {
  if (state.get(metadataKey(space, name)) === undefined) return false;
  return [...structure.fields].every(([field, value]) => state.get(fieldKey(space, name, field))?.equals(value) === true);
}

/**
 * Names of what differs between a structure and the hashes of an organisation's private copy; empty = it is the same.
 * @remarks Source: serializer.go IsSerialized.
 */
export function mismatches(
  space: string,
  name: string,
  structure: StoredStructure,
  hashOf: (key: string) => Buffer | undefined,
): readonly string[] {
  const metadataHash = hashOf(metadataKey(space, name));
  const hashes = [...structure.fields].map(([field, value]) => ({ field, value, stored: hashOf(fieldKey(space, name, field)) }));
  if (metadataHash?.equals(sha256OfBytes(metadataOf(structure))) !== true) return [structure.datatype];
  return hashes.filter(({ value, stored }) => stored?.equals(sha256OfBytes(value)) !== true).map(({ field }) => field);
}
