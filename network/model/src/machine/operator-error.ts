import { ZodError } from 'zod';
import { type Sentence } from './sentence';

/** What can go wrong while a network is operated; each has one sentence and, where there is one, a remedy. */
export const OPERATOR_ERROR_CODES = [
  'FABRIC_MISSING',
  'FABRIC_VERSION',
  'PORT_IN_USE',
  'ALREADY_RUNNING',
  'NOT_RUNNING',
  'STATE_INCOMPLETE',
  'STATE_MISMATCH',
  'CHANGED_MEANWHILE',
  'DISK',
  'POLICY_REFUSED',
  'CHAINCODE_FOLDER',
  'NODE_FAILED',
  'FABRIC_REFUSED',
  'TIMEOUT',
  'UNKNOWN_NAME',
  'NOT_SIGNED',
  'QUORUM_AT_RISK',
  'ENDORSEMENT_AT_RISK',
  'CERTIFICATE_REFUSED',
  'NOT_CONFIRMED',
  'NOT_BUILT',
] as const;
export type OperatorErrorCode = (typeof OPERATOR_ERROR_CODES)[number];

/** A failure an operator can act upon: printed as one sentence, without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  /** In both languages. Programs, and the words of Fabric, have English only. */
  readonly sentence: Sentence;

  constructor(
    readonly code: OperatorErrorCode,
    sentence: string | Sentence,
    options?: ErrorOptions,
  ) {
    const both = typeof sentence === 'string' ? { en: sentence, zh: sentence } : sentence;
    super(both.en, options);
    this.sentence = both;
  }
}

/** The text of anything thrown, for use inside another sentence. */
export function reasonOf(error: unknown): string {
  // a schema's own text is JSON of several lines
  if (error instanceof ZodError) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** The same in both languages, as far as it is known in both. */
export function sentenceOf(error: unknown): Sentence {
  if (error instanceof OperatorError) return error.sentence;
  const words = reasonOf(error);
  return { en: words, zh: words };
}

/** The `code` of a failed system call (`ENOENT`, `ENOSPC`, `EADDRINUSE`), if it is one. */
export function systemCode(error: unknown): string | undefined {
  // not instanceof Error: under a test runner the errors of Node's own modules are of another realm
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** How a system says that there is no room: disk, quota, limit on the size of a file. */
const NO_ROOM = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const NO_RIGHT = ['EACCES', 'EPERM', 'EROFS'];
const NOT_AS_LEFT = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY'];

/** What a failed system call on a file means for an operator; `undefined` if it is another failure. */
export function fileFaultOf(error: unknown): OperatorError | undefined {
  const code = systemCode(error) ?? '';
  const because = `: ${reasonOf(error)}`;
  const fault = (of: OperatorErrorCode, sentence: string): OperatorError => new OperatorError(of, sentence + because, { cause: error });
  if (NO_ROOM.includes(code)) return fault('DISK', 'there is no room left on the disk');
  if (NO_RIGHT.includes(code)) return fault('DISK', 'a file may not be written or read');
  if (NOT_AS_LEFT.includes(code)) return fault('STATE_INCOMPLETE', 'a file is not as the network left it; put it back');
  return undefined;
}
