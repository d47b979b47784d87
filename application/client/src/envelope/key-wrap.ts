import {
  canonicalJson,
  DomainError,
  hashOfKey,
  type MspId,
  type PublicKey,
  type Sha256,
  type TicketId,
  type VersionIdentity,
} from '@lianyi/domain';
import { concatBytes, utf8 } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { rawPublicKey } from '../signing/p256';
import { KEY_BYTES } from './cobblestone';
import { isCommittedKey } from './data-key';

/** The first byte of a wrapped key, so that a post-quantum suite can follow. */
const SUITE_P256_SHA256_AES256GCM = 1;
const ENCAPSULATED_BYTES = 65;
const WRAPPED_KEY_BYTES = 1 + ENCAPSULATED_BYTES + KEY_BYTES + 16;

/**
 * The HPKE suite of every wrapped key.
 *
 * @remarks Source: RFC 9180, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; base mode, because what makes a key
 * authentic is the ledger: its commitment and, for a release, the committed ticket.
 */
// its type is that of the module as `import()` loads it, which the compiler finds by itself
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- as said
export async function keyWrapSuite() {
  // loaded when the first key is wrapped: most commands wrap none
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import('@hpke/core');
  return new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

type WrappedRecord = VersionIdentity & {
  /** The commitment of the ledger's record to the data key. */
  dekCommitment: Sha256;
};

/** For whom and for what a data key is wrapped; it unwraps for nothing else. */
export type KeyRecipient =
  | (WrappedRecord & { kind: 'custody'; mspId: MspId; keyEpoch: number })
  | (WrappedRecord & { kind: 'release'; mspId: MspId; ticketId: TicketId });

function infoOf(recipient: KeyRecipient, publicKey: PublicKey): ArrayBuffer {
  return exactBuffer(utf8(canonicalJson({ t: 'lianyi/key-wrap/v1', ...recipient, publicKeyHash: hashOfKey(publicKey) })));
}

/** WebCrypto wants buffers of its own; an array of bytes may be a slice of a larger buffer. */
export function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/** One outcome for every cause, so that nobody learns which check failed. */
function refused(): DomainError {
  return new DomainError('SEAL_BROKEN', 'the wrapped key does not open for this recipient and purpose');
}

/**
 * Wraps a data key to a public key, for one recipient and purpose.
 *
 * @returns 114 bytes: suite ‖ encapsulated key ‖ sealed key.
 */
export async function wrapDataKey(dataKey: Uint8Array, publicKey: PublicKey, recipient: KeyRecipient): Promise<Uint8Array> {
  if (!isCommittedKey(dataKey, recipient, recipient.dekCommitment)) {
    throw refused();
  }
  const suite = await keyWrapSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(exactBuffer(rawPublicKey(publicKey)));
  const sender = await suite.createSenderContext({ recipientPublicKey, info: infoOf(recipient, publicKey) });
  const sealed = await sender.seal(exactBuffer(dataKey));
  return concatBytes([Uint8Array.of(SUITE_P256_SHA256_AES256GCM), new Uint8Array(sender.enc), new Uint8Array(sealed)]);
}

/**
 * Unwraps a data key and checks it against the ledger's commitment.
 *
 * @throws {@link DomainError} `SEAL_BROKEN` — another key, recipient, ticket, patient, record, version or channel, or a changed byte,
 * or a key the ledger did not commit to.
 */
export async function unwrapDataKey(
  wrapped: Uint8Array,
  privateKey: PrivateKey,
  publicKey: PublicKey,
  recipient: KeyRecipient,
): Promise<Uint8Array> {
  if (wrapped.length !== WRAPPED_KEY_BYTES || wrapped[0] !== SUITE_P256_SHA256_AES256GCM) {
    throw refused();
  }
  const dataKey = await openWrapped(wrapped.subarray(1), privateKey, infoOf(recipient, publicKey));
  if (!isCommittedKey(dataKey, recipient, recipient.dekCommitment)) {
    throw refused();
  }
  return dataKey;
}

async function openWrapped(wrapped: Uint8Array, privateKey: PrivateKey, info: ArrayBuffer): Promise<Uint8Array> {
  const suite = await keyWrapSuite();
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(exactBuffer(privateKey.scalar())),
      enc: exactBuffer(wrapped.subarray(0, ENCAPSULATED_BYTES)),
      info,
    });
    return new Uint8Array(await recipient.open(exactBuffer(wrapped.subarray(ENCAPSULATED_BYTES))));
  } catch {
    throw refused();
  }
}
