import { DomainError, encodeError } from '@lianyi/domain';

/** The text of a failure is part of what endorsers sign and stands in peers' logs. Characters; the line is ASCII but for ids. */
const MAX_LINE = 4_096;

/**
 * The line by which an invocation fails.
 *
 * A refusal becomes its wire line. Anything else is a fault of this program or its peer: it answers the same constant on every endorser,
 * with no text that could hold a value.
 */
export function failureLine(error: unknown): string {
  if (!(error instanceof DomainError)) {
    return 'the chaincode failed; its operator finds the fault in the log';
  }
  const line = encodeError(error);
  return line.length <= MAX_LINE ? line : encodeError(new DomainError(error.code, startOf(error.message)));
}

/** The first characters of a text, each whole: half of a pair is no well-formed text, and could not be encoded. */
function startOf(text: string): string {
  return Array.from(text).slice(0, 200).join('');
}

/** Where in the code a fault happened, for the operator; no message, because the peer's may quote a value. */
export function faultTrace(error: unknown): string {
  if (!(error instanceof Error)) {
    return 'a value that is no error was thrown';
  }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return [error.name, ...frames].join('\n');
}
