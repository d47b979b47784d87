import { chaincodeMetadata } from './contracts/metadata';
import { newRoutes } from './contracts/routes';
import { LianyiChaincode, type RouterParts } from './dispatch/router';

/** The chaincode with its contracts, ready for the shim. Tests give other parts. */
export function newChaincode(parts: Partial<RouterParts> = {}): LianyiChaincode {
  return new LianyiChaincode({ routes: newRoutes(), metadata: chaincodeMetadata }, parts);
}
