import { type PrivateKey, publicKeyOf, unwrapDataKey, wrapDataKey } from '@lianyi/client';
import {
  type ChannelBinding,
  encodeBase64url,
  type Envelope,
  type MspId,
  type PublicKey,
  type RecordVersion,
  type SealedKey,
  sealedKeySchema,
  versionIdentityOf,
} from '@lianyi/domain';

/** What a key kept in custody is bound to. */
export type KeptKey = Pick<RecordVersion, 'pseudonym' | 'recordId' | 'version' | 'dekCommitment' | 'keyEpoch'>;

/** The name of the one suite (RFC 9180 DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM) in an envelope, and its byte on the wire. */
const SUITE = 'HPKE-P256-SHA256-AES256GCM';
const SUITE_BYTE = 1;
const ENCAPSULATED_BYTES = 65;

/** Keeps record keys sealed to this organisation's encapsulation key; the private half never leaves the node. */
export class Custody {
  readonly #publicKey: PublicKey;

  constructor(
    private readonly place: { readonly mspId: MspId; readonly network: ChannelBinding; readonly organisationKeyEpoch: number },
    private readonly privateKey: PrivateKey,
  ) {
    this.#publicKey = publicKeyOf(privateKey);
  }

  async seal(dataKey: Uint8Array, key: KeptKey): Promise<SealedKey> {
    const wrapped = await wrapDataKey(dataKey, this.#publicKey, this.#recipient(key));
    return sealedKeySchema.parse({
      suite: SUITE,
      organisationKeyEpoch: this.place.organisationKeyEpoch,
      enc: encodeBase64url(wrapped.subarray(1, 1 + ENCAPSULATED_BYTES)),
      ciphertext: encodeBase64url(wrapped.subarray(1 + ENCAPSULATED_BYTES)),
    });
  }

  /** @throws {@link DomainError} `SEAL_BROKEN` — not for this organisation, patient, record, version or channel, or not the key the ledger committed to. */
  async open({ envelope }: Envelope, key: KeptKey): Promise<Uint8Array> {
    const wrapped = Buffer.concat([
      Buffer.of(SUITE_BYTE),
      Buffer.from(envelope.enc, 'base64url'),
      Buffer.from(envelope.ciphertext, 'base64url'),
    ]);
    return unwrapDataKey(wrapped, this.privateKey, this.#publicKey, this.#recipient(key));
  }

  #recipient(key: KeptKey): Parameters<typeof wrapDataKey>[2] {
    const { mspId, network } = this.place;
    const { dekCommitment, keyEpoch } = key;
    return { kind: 'custody', ...versionIdentityOf(network, key), dekCommitment, mspId, keyEpoch };
  }
}
