import { canonicalJson, DomainError, hashOfKey, type PublicKey } from '@lianyi/domain';
import { concatBytes, utf8, utf8Text } from '../crypto/bytes';
import { type PrivateKey } from '../crypto/private-key';
import { exactBuffer, keyWrapSuite } from '../envelope/key-wrap';
import { publicKeyOf, rawPublicKey } from '../signing/p256';

/** The first byte of what is sealed, so that a post-quantum suite can follow: that of wrapped keys. */
const SUITE = 1;
const ENCAPSULATED_BYTES = 65;
const NOTE_BYTES = 512;

/** What a message is about and for whom, with a type of its own: it opens as nothing else. No secret. */
export type MessageContext = Readonly<Record<string, string | number>> & { readonly t: `lianyi/${string}` };

function infoOf(context: MessageContext, publicKey: PublicKey): ArrayBuffer {
  return exactBuffer(utf8(canonicalJson({ ...context, publicKeyHash: hashOfKey(publicKey) })));
}

/** Seals bytes to an organisation's encapsulation key (RFC 9180, base mode): suite ‖ encapsulated key ‖ sealed bytes. */
export async function sealMessage(message: Uint8Array, publicKey: PublicKey, context: MessageContext): Promise<Uint8Array> {
  const suite = await keyWrapSuite();
  const recipientPublicKey = await suite.kem.deserializePublicKey(exactBuffer(rawPublicKey(publicKey)));
  const sender = await suite.createSenderContext({ recipientPublicKey, info: infoOf(context, publicKey) });
  const sealed = await sender.seal(exactBuffer(message));
  return concatBytes([Uint8Array.of(SUITE), new Uint8Array(sender.enc), new Uint8Array(sealed)]);
}

/** @throws {@link DomainError} `SEAL_BROKEN` — for another key, about something else, or a changed byte; which, nobody learns */
export async function openMessage(sealed: Uint8Array, privateKey: PrivateKey, context: MessageContext): Promise<Uint8Array> {
  try {
    if (sealed[0] !== SUITE) throw new TypeError('another suite');
    const suite = await keyWrapSuite();
    const recipient = await suite.createRecipientContext({
      recipientKey: await suite.kem.deserializePrivateKey(exactBuffer(privateKey.scalar())),
      enc: exactBuffer(sealed.subarray(1, 1 + ENCAPSULATED_BYTES)),
      info: infoOf(context, publicKeyOf(privateKey)),
    });
    return new Uint8Array(await recipient.open(exactBuffer(sealed.subarray(1 + ENCAPSULATED_BYTES))));
  } catch {
    throw new DomainError('SEAL_BROKEN', 'the message does not open for this organisation and purpose');
  }
}

/** Bytes of one size, whatever a note says: its JSON, and zeros behind it. */
export function paddedNote(note: unknown): Uint8Array {
  const text = utf8(canonicalJson(note));
  if (text.length > NOTE_BYTES) throw new TypeError('the note is too long');
  const padded = new Uint8Array(NOTE_BYTES);
  padded.set(text);
  return padded;
}

/** The text of a note without the zeros behind it. */
export function textOfNote(padded: Uint8Array): string {
  const end = padded.indexOf(0);
  return utf8Text(end === -1 ? padded : padded.subarray(0, end));
}
