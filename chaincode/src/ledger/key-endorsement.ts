import { KeyEndorsementPolicy } from 'fabric-shim';

/**
 * The policy that demands a peer of every one of the organisations, in the order given.
 *
 * @throws Error — none is given: such a policy would let anybody change the key.
 * @remarks Source: fabric core/chaincode/shim (statebased KeyEndorsementPolicy): one principal for each organisation, all of them.
 */
export function policyOfOrganisations(mspIds: readonly string[]): Uint8Array {
  if (mspIds.length === 0) {
    throw new Error('a key-level endorsement policy names at least one organisation');
  }
  const policy = new KeyEndorsementPolicy();
  policy.addOrgs('PEER', ...mspIds);
  return policy.getPolicy();
}
