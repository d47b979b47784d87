import { BinaryReader } from 'google-protobuf';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A text field whose bytes are no UTF-8; the words are those of Fabric's decoder. */
export class MalformedText extends Error {
  override readonly name = 'MalformedText';

  constructor() {
    super('string field contains invalid UTF-8');
  }
}

/**
 * Has every message of this process refused whose text is not well-formed, as Fabric's decoder does: google-protobuf drops
 * or passes on such bytes, and the text it makes of them means another one, or cannot be sent on.
 * @remarks Source: protobuf language guide, "string"; Fabric's answers: test/src/conformance/cases/malformed-text.ts.
 */
export function refuseMalformedText(): void {
  BinaryReader.prototype.readString = function (this: BinaryReader): string {
    const bytes = this.readBytes();
    try {
      return utf8.decode(bytes);
    } catch {
      throw new MalformedText();
    }
  };
}

/** What Fabric's decoder says of bytes that it cannot decode. */
export function decodingFault(error: unknown): string {
  return error instanceof MalformedText ? error.message : 'proto: cannot parse invalid wire-format data';
}
