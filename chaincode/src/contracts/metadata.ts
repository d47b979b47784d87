/* eslint-disable @typescript-eslint/no-require-imports -- the class is not in the package's typed surface */
import { canonicalJson } from '@lianyi/domain';
import { type Contract, JSONSerializer } from 'fabric-contract-api';
import { contracts } from './index';

type Metadata = { readonly contracts: Readonly<Record<string, unknown>> };
type ChaincodeFromContractConstructor = new (
  contracts: readonly (new () => Contract)[],
  serializers: unknown,
  metadata: unknown,
  title: string,
  version: string,
) => { readonly metadata: Metadata };

/**
 * What fabric-contract-api says of the contract classes: the chaincode's declared surface, as tools ask for it.
 *
 * Made anew each time, because it is asked for rarely and compiles a schema validator that nothing else here needs.
 */
export function chaincodeMetadata(): string {
  const ChaincodeFromContract = require('fabric-shim/lib/contract-spi/chaincodefromcontract') as ChaincodeFromContractConstructor;
  const serializers = { transaction: 'json', serializers: { json: JSONSerializer } };
  // a copy, for it adds its own system contract to the list
  return canonicalJson(
    JSON.parse(JSON.stringify(new ChaincodeFromContract(Object.values(contracts), serializers, {}, 'emr', '0.1.0').metadata)),
  );
}
