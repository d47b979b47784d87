import { canonicalJson } from './encoding/canonical-json';
import { parseStrictJson } from './encoding/strict-json';
import { type ErrorCode, errors } from './errors/table';

/** Ids and paths that locate a refusal; never values, for peers log them. */
export type ErrorDetails = Readonly<Record<string, string | number>>;

/** A refusal: nothing was written. Its `code` is for programs, its table text for people. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ErrorCode,
    message: string = errors[code].meaning.en,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a refusal looks like after it crossed the wire; a newer chaincode may know codes we do not. */
export type WireError = { readonly code: string; readonly details: ErrorDetails; readonly message: string };

const MARKER = 'LIANYI/1 ';
const WIRE_LIMITS = { maxBytes: 16_384, maxDepth: 4 };

/** Writes a refusal as its line on the wire: `LIANYI/1 {"code":…,"details":…,"message":…}` (ADR 0004). */
export function encodeError(error: DomainError): string {
  return MARKER + canonicalJson({ code: error.code, details: error.details, message: error.message });
}

/**
 * Finds the refusal in a text, wherever a peer or gateway put it (`chaincode response 500, LIANYI/1 {…}`).
 *
 * Undefined when there is none. The text comes from outside: a malformed line is no refusal.
 */
export function decodeError(text: string): WireError | undefined {
  const start = text.indexOf(MARKER);
  if (start < 0) return undefined;
  const body = text.slice(start + MARKER.length, start + MARKER.length + WIRE_LIMITS.maxBytes);
  const json = firstObject(body);
  if (json === undefined) return undefined;
  try {
    const value: unknown = parseStrictJson(json, WIRE_LIMITS);
    return isWireError(value) ? { code: value.code, details: value.details, message: value.message } : undefined;
  } catch {
    return undefined;
  }
}

/** Cuts out the first balanced object, since peers append text of their own. */
function firstObject(text: string): string | undefined {
  let depth = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return text.slice(0, index + 1);
  }
  return undefined;
}

function isWireError(value: unknown): value is WireError {
  if (!isObject(value) || typeof value['code'] !== 'string' || typeof value['message'] !== 'string') return false;
  const details = value['details'];
  return isObject(details) && Object.values(details).every((detail) => typeof detail === 'string' || typeof detail === 'number');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
