import { CommanderError } from 'commander';
import { ConsortiumError, fileFaultOf, OperatorError, type OperatorErrorCode } from '@lianyi/network-model';

/** 0 = done, 1 = it failed, 2 = the command line or a file it names is at fault. */
export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

const usageErrors: ReadonlySet<OperatorErrorCode> = new Set<OperatorErrorCode>(['CHAINCODE_FOLDER', 'UNKNOWN_NAME']);

export interface CliFailure {
  readonly exitCode: number;
  readonly code: string;
  /** One sentence for people; empty when commander has printed its own. */
  readonly sentence: string;
}

/** What to print and how to exit for anything a command threw. */
export function describeFailure(thrown: unknown): CliFailure {
  const error = fileFaultOf(thrown) ?? thrown;
  if (error instanceof CommanderError)
    return { exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage, code: error.code, sentence: '' };
  if (error instanceof ConsortiumError) return { exitCode: exitCodes.usage, code: 'CONSORTIUM', sentence: withCause(error) };
  if (error instanceof OperatorError) {
    return { exitCode: usageErrors.has(error.code) ? exitCodes.usage : exitCodes.failed, code: error.code, sentence: error.message };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { exitCode: exitCodes.failed, code: 'UNFORESEEN', sentence: `unforeseen failure: ${text}` };
}

function withCause(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
