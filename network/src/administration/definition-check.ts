import { type ChaincodeSettings, type Consortium } from '../consortium/consortium';
import { compileSignaturePolicy, evaluateRule, peerOfSatisfies, type SignatureRule } from '../embedded/msp/signature-policy';
import { collectionPackage, validationParameter } from '../wire/definition-settings';
import { type common, marshal, peer } from '../wire/proto';
import { parsePolicyText } from '../wire/policy-text';
import { type CommittedDefinition } from './lifecycle';
import { OperatorError, reasonOf } from '../machine/operator-error';

function endorsers(consortium: Consortium): readonly string[] {
  return consortium.organizations.filter((organization) => organization.roles.includes('peer')).map(({ mspId }) => mspId);
}

function refuse(what: string, why: string): never {
  throw new OperatorError('POLICY_REFUSED', `${what}: ${why}`);
}

/** Size of the smallest set of organisations whose peers satisfy the rule; `undefined` if none does. */
function fewestOrganizations(rule: SignatureRule, organizations: readonly string[]): number | undefined {
  const subsets = organizations.reduce<(readonly string[])[]>((all, mspId) => [...all, ...all.map((subset) => [...subset, mspId])], [[]]);
  const sufficient = subsets.filter((subset) => evaluateRule(rule, subset, peerOfSatisfies));
  return sufficient.length === 0 ? undefined : Math.min(...sufficient.map((subset) => subset.length));
}

function namesRole(rule: SignatureRule, role: string): boolean {
  return rule.kind === 'outOf'
    ? rule.rules.some((part) => namesRole(part, role))
    : rule.principal.kind === 'role' && rule.principal.role === role;
}

/**
 * How many organisations a signature policy needs.
 * @throws {@link OperatorError} `POLICY_REFUSED` — it takes any certificate of an organisation for a peer's, needs nobody,
 * or can be fulfilled by nobody.
 */
function organizationsNeeded(what: string, envelope: common.SignaturePolicyEnvelope, organizations: readonly string[]): number {
  const rule = compileSignaturePolicy(envelope);
  if (!rule) return refuse(what, 'its endorsement policy is empty');
  if (namesRole(rule, 'member'))
    return refuse(what, 'its endorsement policy names .member, so any certificate of an organisation could endorse; it must name .peer');
  const needed = fewestOrganizations(rule, organizations);
  if (needed === undefined) return refuse(what, `no set of the consortium's peers can fulfil its endorsement policy`);
  if (needed === 0) return refuse(what, 'its endorsement policy needs no endorsement at all');
  return needed;
}

function textNeeds(what: string, text: string, organizations: readonly string[]): number {
  try {
    return organizationsNeeded(what, parsePolicyText(text), organizations);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    return refuse(what, reasonOf(error));
  }
}

function majority(organizations: readonly string[]): number {
  return Math.floor(organizations.length / 2) + 1;
}

/** Refuses policies of the consortium file that protect nothing; called before anything is started. */
export function refuseUnsafePolicies(consortium: Consortium): void {
  const organizations = endorsers(consortium);
  for (const { name, endorsementPolicy, collections } of consortium.chaincodes) {
    if (endorsementPolicy !== undefined) textNeeds(`chaincode ${name}`, endorsementPolicy, organizations);
    for (const collection of collections) {
      if (collection.endorsementPolicy !== undefined)
        textNeeds(`collection ${name}/${collection.name}`, collection.endorsementPolicy, organizations);
    }
  }
}

/** How many organisations a committed definition needs; a reference to the channel's policy counts as its majority. */
function committedNeeds(definition: CommittedDefinition, organizations: readonly string[]): number {
  const what = `the committed definition of ${definition.name} (sequence ${definition.sequence})`;
  const signature = peer.ApplicationPolicy.deserializeBinary(definition.validationParameter).getSignaturePolicy();
  return signature ? organizationsNeeded(what, signature, organizations) : majority(organizations);
}

/**
 * Refuses to serve a channel whose committed definition protects less than the consortium file asks for: somebody with
 * enough approvals may have replaced it since.
 */
export function refuseWeakerDefinitions(consortium: Consortium, committed: readonly CommittedDefinition[]): void {
  const organizations = endorsers(consortium);
  for (const definition of committed) {
    const settings = consortium.chaincodes.find(({ name }) => name === definition.name);
    const text = settings?.endorsementPolicy;
    const wanted = text === undefined ? majority(organizations) : textNeeds(`chaincode ${definition.name}`, text, organizations);
    const needed = committedNeeds(definition, organizations);
    if (needed < wanted) {
      refuse(
        `the committed definition of ${definition.name} (sequence ${definition.sequence})`,
        `it needs ${needed} endorsing organisation${needed === 1 ? '' : 's'}, the consortium file asks for ${wanted}`,
      );
    }
  }
}

/** What has to be done so that the channel has the definition of the consortium file. */
export type DefinitionStep = 'commit' | 'nothing';

/** @throws {@link OperatorError} `STATE_MISMATCH` — the file differs from the committed definition without a new sequence. */
export function definitionStep(settings: ChaincodeSettings, committed: CommittedDefinition | undefined): DefinitionStep {
  if (committed === undefined) {
    if (settings.sequence !== 1)
      throw new OperatorError(
        'STATE_MISMATCH',
        `chaincode ${settings.name} is new on the channel, so its sequence must be 1, not ${settings.sequence}`,
      );
    return 'commit';
  }
  if (settings.sequence === committed.sequence + 1) return 'commit';
  if (settings.sequence !== committed.sequence) {
    throw new OperatorError(
      'STATE_MISMATCH',
      `chaincode ${settings.name} is committed with sequence ${committed.sequence}; the consortium file may say that or ${committed.sequence + 1}, not ${settings.sequence}`,
    );
  }
  const collections = collectionPackage(settings);
  const isSame =
    settings.version === committed.version &&
    settings.initRequired === committed.initRequired &&
    validationParameter(settings).equals(committed.validationParameter) &&
    (collections ? marshal(collections) : Buffer.alloc(0)).equals(committed.collections);
  if (!isSame)
    throw new OperatorError(
      'STATE_MISMATCH',
      `the definition of chaincode ${settings.name} differs from the committed one; raise its sequence to ${committed.sequence + 1} to change it`,
    );
  return 'nothing';
}
