import { type ChannelConfig } from './channel-config';
import { type ChannelIdentity, type ChannelPolicies, type EndorsementPolicy, type SignedData } from '../msp/channel-identity';
import { type Principal } from '../msp/principal';
import { decodeKnown } from '../wire/known-fields';
import { ofSignaturePolicyEnvelope } from '../wire/known-messages';
import { bytesOf, common, peer } from '../wire/proto';
import { type ChannelPolicy, evaluatePolicy } from '../policies/policy-tree';
import { compileSignaturePolicy, mspIdsOf, peerOfSatisfies } from '../policies/signature-policy';

const COMPILED_LIMIT = 500;

type Signers = Map<string, ChannelIdentity>;

/** Policies of a channel, always of its newest configuration. */
export class ConfiguredPolicies implements ChannelPolicies {
  readonly #compiled = new Map<string, ChannelPolicy | undefined>();

  constructor(private readonly config: () => ChannelConfig) {}

  evaluate(path: string, signatures: readonly SignedData[]): string | undefined {
    return this.evaluateEndorsement({ kind: 'channel', path }, signatures);
  }

  evaluateEndorsement(policy: EndorsementPolicy, signatures: readonly SignedData[]): string | undefined {
    return this.evaluateIdentities(policy, this.validSigners(signatures));
  }

  identitySatisfies(policy: EndorsementPolicy, identity: ChannelIdentity): boolean {
    return this.evaluateIdentities(policy, [identity]) === undefined;
  }

  /**
   * As {@link evaluate}, of signatures that are told one after another: once those verified satisfy the policy, no more are asked for. (A
   * policy of Fabric that is satisfied stays so with more signers, unless one rule takes a signer from another; then this is the milder.)
   */
  evaluateInTurn(path: string, signatures: Iterable<SignedData>): string | undefined {
    const policy = { kind: 'channel', path } as const;
    const signers: Signers = new Map();
    let refusal = this.evaluateIdentities(policy, []);
    if (refusal === undefined) return undefined;
    for (const signed of signatures) {
      if (!this.#addSigner(signers, signed)) continue;
      refusal = this.evaluateIdentities(policy, [...signers.values()]);
      if (refusal === undefined) return undefined;
    }
    return refusal;
  }

  /** common/policies/policy.go SignatureSetToValidIdentities: each identity once, bad signatures silently dropped. */
  validSigners(signatures: readonly SignedData[]): readonly ChannelIdentity[] {
    const signers: Signers = new Map();
    for (const signed of signatures) this.#addSigner(signers, signed);
    return [...signers.values()];
  }

  /** @returns whether somebody has signed who had not been there yet */
  #addSigner(signers: Signers, { data, identity: serialized, signature }: SignedData): boolean {
    const identity = this.config().msps.deserialize(serialized);
    if (!identity) return false;
    const key = `${identity.mspId}\n${identity.certificate.raw.toString('latin1')}`;
    if (signers.has(key) || !identity.verify(data, signature)) return false;
    signers.set(key, identity);
    return true;
  }

  evaluateIdentities(policy: EndorsementPolicy, signers: readonly ChannelIdentity[]): string | undefined {
    const found = this.#resolve(policy);
    if (!found)
      return policy.kind === 'channel'
        ? `no such policy: '${policy.path.replace(/^\/Channel\//, '')}'`
        : 'the signature policy does not compile';
    const { msps } = this.config();
    return evaluatePolicy(found, signers, (signer: ChannelIdentity, principal: Principal) => msps.satisfies(signer, principal));
  }

  minimalOrganizationSets(policy: EndorsementPolicy): readonly (readonly string[])[] {
    const found = this.#resolve(policy);
    if (!found) return [];
    const organizations = [...new Set(this.config().applicationOrganizations.values())].sort();
    const minimal: (readonly string[])[] = [];
    for (const candidate of subsetsBySize(organizations)) {
      if (minimal.some((smaller) => smaller.every((mspId) => candidate.includes(mspId)))) continue;
      if (evaluatePolicy(found, candidate, peerOfSatisfies) === undefined) minimal.push(candidate);
    }
    return minimal;
  }

  parseApplicationPolicy(bytes: Buffer): EndorsementPolicy | undefined {
    try {
      const policy = peer.ApplicationPolicy.deserializeBinary(bytes);
      if (policy.hasChannelConfigPolicyReference()) return { kind: 'channel', path: policy.getChannelConfigPolicyReference() };
      const envelope = policy.getSignaturePolicy();
      return envelope && { kind: 'signature', envelope: bytesOf(envelope.serializeBinary()) };
    } catch {
      return undefined; // an unreadable policy: the caller refuses
    }
  }

  parseKeyPolicy(bytes: Buffer): EndorsementPolicy | undefined {
    return { kind: 'signature', envelope: bytes };
  }

  /** MSP ids a signature policy names; a channel policy names none. */
  mspIdsNamedBy(policy: EndorsementPolicy): readonly string[] {
    const found = policy.kind === 'signature' ? this.#resolve(policy) : undefined;
    return found?.kind === 'signature' ? mspIdsOf(found.rule) : [];
  }

  #resolve(policy: EndorsementPolicy): ChannelPolicy | undefined {
    if (policy.kind === 'channel') {
      const [root, section, ...names] = policy.path.split('/');
      return root === '' && section === 'Channel' ? this.config().policies.find(names) : undefined;
    }
    const key = policy.envelope.toString('latin1');
    if (!this.#compiled.has(key)) {
      if (this.#compiled.size >= COMPILED_LIMIT) this.#compiled.clear();
      this.#compiled.set(key, compileEnvelope(policy.envelope));
    }
    return this.#compiled.get(key);
  }
}

function compileEnvelope(envelope: Buffer): ChannelPolicy | undefined {
  try {
    const rule = compileSignaturePolicy(decodeKnown(common.SignaturePolicyEnvelope, ofSignaturePolicyEnvelope, envelope));
    return rule && { kind: 'signature', rule };
  } catch {
    return undefined;
  }
}

/** All non-empty subsets, smallest first, each in the order of `items`. 2^n of them: consortia here are small. */
function subsetsBySize(items: readonly string[]): readonly (readonly string[])[] {
  let subsets: (readonly string[])[] = [[]];
  for (const item of items) subsets = [...subsets, ...subsets.map((subset) => [...subset, item])];
  return subsets.filter((subset) => subset.length > 0).sort((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1));
}
