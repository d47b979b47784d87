import { chaincodeMetadata } from '@lianyi/chaincode';

/** What fabric-contract-api says of the contract classes, as a person reads it in a diff: keys sorted, two spaces a level. */
export function metadataText(): string {
  return `${JSON.stringify(JSON.parse(chaincodeMetadata()), null, 2)}\n`;
}
