import { type SimulationResults } from '../sim/simulator';

/** One chaincode (or one of its collections) a transaction touched, for planning who else must endorse. */
export interface CalledChaincode {
  readonly chaincode: string;
  /** '' = the public state. */
  readonly collection: string;
  /** Marshalled policies of written keys that have their own. */
  readonly keyPolicies: readonly Buffer[];
  /** All written keys have their own policy: the chaincode's does not count. */
  readonly disregardsNamespacePolicy: boolean;
  readonly noPrivateReads: boolean;
}

const validationParameter = 'VALIDATION_PARAMETER';
const systemNamespaces: ReadonlySet<string> = new Set(['_lifecycle', 'lscc', 'cscc', 'qscc', 'escc', 'vscc']);

function isSystemChaincode(name: string): boolean {
  return systemNamespaces.has(name);
}

/** @remarks Source: core/endorser/endorser.go buildChaincodeInterest. */
export function buildInterest(results: SimulationResults): readonly CalledChaincode[] {
  const required = new Map<string, Map<string, boolean>>();
  const keyPolicies = new Map<string, Buffer[]>();
  const collectionsOf = (chaincode: string): Map<string, boolean> => {
    const found = required.get(chaincode) ?? new Map([['', false]]);
    required.set(chaincode, found);
    return found;
  };
  for (const { namespace, collection, metadata } of results.writtenKeys) {
    const collections = collectionsOf(namespace);
    const policy = metadata?.get(validationParameter);
    if (policy === undefined) collections.set(collection, true);
    else keyPolicies.set(namespace, [...(keyPolicies.get(namespace) ?? []), policy]);
  }
  for (const namespace of results.namespaces) if (!required.has(namespace)) required.set(namespace, new Map([['', true]]));
  for (const [namespace, collections] of results.privateReads)
    for (const collection of collections) collectionsOf(namespace).set(collection, true);
  return [...required]
    .filter(([chaincode]) => !isSystemChaincode(chaincode))
    .flatMap(([chaincode, collections]) => callsOf(chaincode, collections, keyPolicies.get(chaincode) ?? [], results));
}

function callsOf(
  chaincode: string,
  collections: ReadonlyMap<string, boolean>,
  keyPolicies: readonly Buffer[],
  results: SimulationResults,
): CalledChaincode[] {
  const needsNamespacePolicy = collections.get('') === true;
  return [...collections.keys()]
    .filter((collection) => collection !== '' || keyPolicies.length > 0 || needsNamespacePolicy)
    .map((collection) => ({
      chaincode,
      collection,
      keyPolicies: collection === '' ? keyPolicies : [],
      disregardsNamespacePolicy: collection === '' && keyPolicies.length > 0 && !needsNamespacePolicy,
      noPrivateReads: collection !== '' && results.privateReads.get(chaincode)?.has(collection) !== true,
    }));
}
