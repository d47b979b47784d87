import { tryDecodeKnown } from '../wire/known-fields';
import { ofSerializedIdentity } from '../wire/known-messages';
import { bytesOf, msp } from '../wire/proto';
import { type ChannelIdentity, type MspManager } from './channel-identity';
import { type MspIdentity } from './identity';
import { type Msp } from './msp';
import { parsePrincipal, type Principal, satisfies } from './principal';

/** Identities kept parsed; beyond that the oldest is forgotten. */
const CACHE_LIMIT = 2000;

interface CachedIdentity {
  readonly identity: MspIdentity;
  readonly msp: Msp;
  /** Memo of the MSP's verdict; the MSP's configuration never changes within one manager. */
  verdict?: { readonly reason: string | undefined };
}

function reasonOf(cached: CachedIdentity): string | undefined {
  cached.verdict ??= { reason: cached.msp.invalidReason(cached.identity) };
  return cached.verdict.reason;
}

/** All MSPs of one channel configuration. A new configuration makes a new manager. */
export class ChannelMsps implements MspManager {
  readonly #byId: ReadonlyMap<string, Msp>;
  readonly #cache = new Map<string, CachedIdentity | undefined>();

  constructor(msps: readonly Msp[]) {
    this.#byId = new Map(msps.map((each) => [each.id, each]));
  }

  get mspIds(): readonly string[] {
    return [...this.#byId.keys()].sort();
  }

  deserialize(serialized: Buffer): MspIdentity | undefined {
    return this.#find(serialized)?.identity;
  }

  invalidReason(identity: ChannelIdentity): string | undefined {
    const found = this.#find(identity.serialized);
    return found ? reasonOf(found) : `MSP ${identity.mspId} is not defined on channel`;
  }

  satisfiesPrincipal(identity: ChannelIdentity, principal: msp.MSPPrincipal): boolean {
    return this.satisfies(identity, parsePrincipal(principal));
  }

  satisfies(identity: ChannelIdentity, principal: Principal): boolean {
    const found = this.#find(identity.serialized);
    return found !== undefined && satisfies({ ...found, isValid: () => reasonOf(found) === undefined }, principal);
  }

  tlsRootCertificates(mspId: string): readonly string[] {
    return this.#byId.get(mspId)?.tlsRootCertificates ?? [];
  }

  #find(serialized: Buffer): CachedIdentity | undefined {
    const key = serialized.toString('latin1');
    if (this.#cache.has(key)) return this.#cache.get(key);
    const found = this.#parse(serialized);
    const oldest = this.#cache.size >= CACHE_LIMIT ? this.#cache.keys().next().value : undefined;
    if (oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(key, found);
    return found;
  }

  #parse(serialized: Buffer): CachedIdentity | undefined {
    const parsed = tryDecodeKnown(msp.SerializedIdentity, ofSerializedIdentity, serialized);
    if (parsed === undefined) return undefined; // unknown to every MSP
    const owner = this.#byId.get(parsed.getMspid());
    const identity = owner?.deserialize(Buffer.from(serialized), bytesOf(parsed.getIdBytes_asU8()).toString());
    return owner && identity && { identity, msp: owner };
  }
}
