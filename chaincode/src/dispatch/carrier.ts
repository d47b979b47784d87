import { createHash, X509Certificate } from 'node:crypto';
import { type ChaincodeStub, ClientIdentity } from 'fabric-shim';
import { type ActorTag, actorTagSchema, DomainError, type MspId, mspIdSchema, sha256, type Sha256 } from '@lianyi/domain';
import { isOneCertificate } from '@lianyi/domain/deciding';

/** What Fabric's NodeOUs make of a certificate (msp/mspimplsetup.go). */
export type CarrierRole = 'admin' | 'client';

/** Who carried the transaction: what its certificate says, and nothing that a request says. */
export type Carrier = {
  readonly mspId: MspId;
  readonly role: CarrierRole;
  /** Hash of the certificate's public key (SPKI DER). Not `getID()`, which does not tell the MSP. */
  readonly keyHash: Sha256;
  /** Whether the certificate is a member node's: only those carry what others have signed into the ledger. */
  readonly isNode: boolean;
  /** The staff member whom this certificate names, if it names one. */
  readonly actorTag?: ActorTag;
};

const ACTOR_TAG_ATTRIBUTE = 'lianyi.actorTag';
const NODE_ATTRIBUTE = 'lianyi.carrier';
const MAX_CACHED = 1_000;

/**
 * Reads certificates, each only once: parsing costs half of a small transaction.
 *
 * The peer has verified the certificate's chain before; the cache holds what its bytes say, which never changes.
 */
export class CarrierReader {
  readonly #known = new Map<string, Carrier>();

  /** @throws {@link DomainError} `NOT_PERMITTED` — not a client's or an administrator's certificate. */
  read(stub: ChaincodeStub): Carrier {
    const { mspid, idBytes } = stub.getCreator();
    const cacheKey = `${mspid}:${createHash('sha256').update(idBytes).digest('base64url')}`;
    const known = this.#known.get(cacheKey);
    if (known !== undefined) {
      return known;
    }
    const carrier = parseCarrier(stub, mspid, idBytes);
    if (this.#known.size >= MAX_CACHED) {
      this.#known.clear();
    }
    this.#known.set(cacheKey, carrier);
    return carrier;
  }
}

function parseCarrier(stub: ChaincodeStub, mspid: string, idBytes: Uint8Array): Carrier {
  const mspId = mspIdSchema.safeParse(mspid);
  const certificate = isOneCertificate(idBytes) ? parseCertificate(idBytes) : undefined;
  const role = certificate === undefined ? undefined : nodeUnit(certificate);
  if (!mspId.success || certificate === undefined || role === undefined) {
    throw new DomainError('NOT_PERMITTED', 'the identity is not one certificate, or neither a client’s nor an administrator’s');
  }
  const actorTag = actorTagSchema.safeParse(attribute(stub, ACTOR_TAG_ATTRIBUTE));
  return {
    mspId: mspId.data,
    role,
    isNode: attribute(stub, NODE_ATTRIBUTE) === 'true',
    keyHash: sha256(certificate.publicKey.export({ type: 'spki', format: 'der' })),
    ...(actorTag.success ? { actorTag: actorTag.data } : {}),
  };
}

function parseCertificate(idBytes: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(idBytes);
  } catch {
    return undefined; // to the caller the same as a certificate of the wrong kind
  }
}

function nodeUnit(certificate: X509Certificate): CarrierRole | undefined {
  // typed as a string, but several OUs arrive as an array
  const unit: unknown = certificate.toLegacyObject().subject.OU;
  const units: readonly unknown[] = Array.isArray(unit) ? unit : [unit];
  if (units.includes('admin')) {
    return 'admin';
  }
  return units.includes('client') ? 'client' : undefined;
}

/**
 * One attribute of Fabric CA's extension (1.2.3.4.5.6.7.8.1).
 *
 * Only what the certificate itself names counts, and only text.
 */
function attribute(stub: ChaincodeStub, name: string): string | undefined {
  const bag: unknown = Reflect.get(new ClientIdentity(stub), 'attrs');
  if (typeof bag !== 'object' || bag === null || !Object.hasOwn(bag, name)) {
    return undefined;
  }
  const value: unknown = Reflect.get(bag, name);
  return typeof value === 'string' ? value : undefined;
}
