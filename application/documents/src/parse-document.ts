import { DomainError, type ErrorCode, type Json, parseStrictJson, StrictJsonError, type StrictJsonProblem } from '@lianyi/domain';
import { looksLike } from './looks-like';

/** 32 MiB: a long discharge file with images fits, a study does not; studies are stored by reference. */
export const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
/** FHIR nests by questionnaire groups and extensions; real documents stay below 20. */
const MAX_DEPTH = 64;
/** A whole history of 32 MiB without white space has some 1.3 million; more is built to keep a reader busy. */
const MAX_VALUES = 1_500_000;

const refusals: Readonly<Record<StrictJsonProblem, readonly [code: ErrorCode, message: string]>> = {
  TOO_LARGE: ['DOCUMENT_TOO_LARGE', 'the document is too large'],
  TOO_MANY: ['DOCUMENT_TOO_LARGE', `the document holds more than ${MAX_VALUES} values`],
  TOO_DEEP: ['DOCUMENT_TOO_DEEP', `the document nests deeper than ${MAX_DEPTH} levels`],
  DUPLICATE_KEY: ['DOCUMENT_DUPLICATE_KEY', 'an object has the same key twice'],
  FORBIDDEN_KEY: ['DOCUMENT_NOT_JSON', 'an object has a key that no FHIR element has'],
  LONE_SURROGATE: ['DOCUMENT_NOT_JSON', 'a text is not well-formed Unicode'],
  NUMBER_RANGE: ['DOCUMENT_NOT_JSON', 'a number is out of range'],
  SYNTAX: ['DOCUMENT_NOT_JSON', 'the document is not JSON'],
};

/**
 * Reads the bytes of a document as JSON that every reader reads the same way.
 *
 * @throws {@link DomainError} `DOCUMENT_OTHER_FORMAT` · `DOCUMENT_EMPTY` · `DOCUMENT_TOO_LARGE` · `DOCUMENT_NOT_UTF8` · `DOCUMENT_NOT_JSON` ·
 * `DOCUMENT_DUPLICATE_KEY` · `DOCUMENT_TOO_DEEP`; details hold a position, never text.
 */
export function parseDocument(bytes: Uint8Array, maxBytes: number): Json {
  assertSize(bytes, maxBytes);
  try {
    return parseStrictJson(decodeUtf8(bytes), { maxBytes, maxDepth: MAX_DEPTH, maxValues: MAX_VALUES });
  } catch (error) {
    assertNoOtherFormat(bytes, error);
    if (!(error instanceof StrictJsonError)) throw error;
    const [code, message] = refusals[error.problem];
    throw new DomainError(code, message, { characterOffset: error.offset }, { cause: error });
  }
}

/** @throws {@link DomainError} `DOCUMENT_EMPTY`, `DOCUMENT_TOO_LARGE` */
export function assertSize(bytes: Uint8Array, maxBytes: number): void {
  if (bytes.length === 0) throw new DomainError('DOCUMENT_EMPTY', 'the document is empty');
  if (bytes.length > maxBytes) throw new DomainError('DOCUMENT_TOO_LARGE', `the document has more than ${maxBytes} bytes`);
}

/** Whoever has another format learns which it is, not at which character it is no JSON. */
function assertNoOtherFormat(bytes: Uint8Array, cause: unknown): void {
  const format = looksLike(bytes);
  if (format !== undefined) throw new DomainError('DOCUMENT_OTHER_FORMAT', undefined, { looksLike: format }, { cause });
}

/** Keeps a byte order mark as a character, which JSON then refuses (RFC 8259 §8.1). */
function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new DomainError('DOCUMENT_NOT_UTF8', 'the document is not UTF-8', {}, { cause: error });
  }
}
