import { CommanderError } from 'commander';
import { ConsortiumError, fileFaultOf, OperatorError, type Sentence } from '@lianyi/network-model';
import { exitCodes, failureTable } from './failure-table';
import { type HelpLanguage } from './language';
import { usageLines, UsageProblem } from './usage';

interface CliFailure {
  readonly exitCode: number;
  readonly code: string;
  /** One sentence about this failure; absent for a wrong command line. */
  readonly sentence?: Sentence;
  /** Lines that go before the sentence, in the reader's language. */
  readonly lines: readonly string[];
}

/** What to print and how to exit for anything a command threw. */
export function describeFailure(thrown: unknown, language: HelpLanguage): CliFailure {
  const error = fileFaultOf(thrown) ?? thrown;
  if (error instanceof CommanderError || error instanceof UsageProblem) return usageFailure(error, language);
  if (error instanceof ConsortiumError) return { exitCode: exitCodes.usage, code: 'CONSORTIUM', sentence: error.sentence, lines: [] };
  if (error instanceof OperatorError) {
    const { exit, meaning, remedy } = failureTable[error.code];
    const colon = { en: ': ', zh: '：' }[language];
    const lines = [`${error.code}${colon}${meaning[language]}`, `  → ${remedy[language]}`];
    return { exitCode: exit, code: error.code, sentence: error.sentence, lines };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    exitCode: exitCodes.failed,
    code: 'UNFORESEEN',
    sentence: { en: `unforeseen failure: ${text}`, zh: `未预料的错误：${text}` },
    lines: [],
  };
}

/** commander prints its help itself; it ends that with an error of exit code 0. */
function usageFailure(error: CommanderError | UsageProblem, language: HelpLanguage): CliFailure {
  const code = error instanceof CommanderError ? error.code : 'lianyi.usage';
  if (error instanceof CommanderError && error.exitCode === 0) return { exitCode: exitCodes.done, code, lines: [] };
  const isHelp = code === 'commander.help';
  return { exitCode: exitCodes.usage, code, lines: isHelp ? [] : usageLines(error, language) };
}
