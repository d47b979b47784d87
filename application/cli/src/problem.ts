import { CommanderError } from 'commander';
import type { ZodError } from 'zod';
import {
  codeOfFailure,
  connectionCauseOf,
  DomainError,
  explanationOf,
  LedgerFailure,
  NoAnswer,
  Refused,
  unknownCode,
  wordsOfCause,
} from '@lianyi/domain/errors';
import { CliProblem, cliProblems } from './cli-problem';
import { wrapHanging } from './columns';
import { exitCode, type ExitCode } from './exit-code';
import { type SpokenLanguage, type Text } from './language';
import type { ProfileProblem } from '@lianyi/client/node';
import { printable, say } from './render';
import { RepeatableFailure } from './repeatable-failure';
import { usageDetail } from './usage-detail';

/** A failure as it is told: the code is API, the sentences are for people, the detail names a place. */
export interface Problem {
  readonly code: string;
  readonly meaning: Text;
  readonly remedy: Text;
  readonly detail?: Text | string;
  readonly exitCode: ExitCode;
  /** Of a transaction that was sent: what to ask the ledger for. */
  readonly transactionId?: string;
  /** Options with which the same command may be given again. */
  readonly repeatWith?: string;
}

/** Finds code, sentences and exit code of whatever was thrown. */
export function problemOf(error: unknown): Problem {
  return error instanceof RepeatableFailure ? { ...ofCause(error.cause), repeatWith: error.repeatWith } : ofCause(error);
}

function ofCause(error: unknown): Problem {
  if (error instanceof CliProblem) return ofCli(error.code, error.detail);
  if (error instanceof CommanderError) return ofCli('USAGE', usageDetail(error));
  if (isProfileProblem(error)) return ofCli(error.code, [error.details.file, ...(error.details.issues ?? [])].join('; '));
  if (error instanceof DomainError) return ofDomainError(error);
  // input is checked before it is signed; what does not fit after that is the answer
  if (isZodError(error)) return ofCli('NOT_AN_ANSWER', error.issues.map(({ path }) => path.join('.')).join(', '));
  if (error instanceof NoAnswer && error.misfits !== undefined) return ofCli('NOT_AN_ANSWER', error.misfits.join(', '));
  if (error instanceof LedgerFailure) return ofLedgerFailure(error);
  const ofSystem = systemProblem(error);
  if (ofSystem !== undefined) return ofSystem;
  return ofCli('INTERNAL', error instanceof Error ? error.name : 'not an error');
}

/** One sentence, the remedy, and where it is, in whole words within `columns` (may be infinite). Sentences may come from another member's node: nothing in them steers the terminal. */
export function renderProblem(problem: Problem, language: SpokenLanguage, columns: number): string {
  const colon = { en: ': ', zh: '：' }[language];
  const details = problem.detail === undefined ? [] : say(problem.detail, language).split('\n');
  const transaction =
    problem.transactionId === undefined ? [] : [`${{ en: 'transaction', zh: '交易号' }[language]}${colon}${problem.transactionId}`];
  const again =
    problem.repeatWith === undefined ? [] : [`${{ en: 'to repeat it', zh: '重试时加' }[language]}${colon}${problem.repeatWith}`];
  const indented = [...details, ...transaction, ...again, `→ ${problem.remedy[language]}`].map(
    (text) => `  ${wrapHanging(printable(text), '  ', columns)}\n`,
  );
  return `${wrapHanging(printable(`${problem.code}${colon}${problem.meaning[language]}`), '  ', columns)}\n${indented.join('')}`;
}

export function problemJson(problem: Problem, language: SpokenLanguage): string {
  const { code, transactionId, repeatWith } = problem;
  const detail = problem.detail === undefined ? undefined : say(problem.detail, language);
  const error = {
    code,
    message: problem.meaning[language],
    remedy: problem.remedy[language],
    detail,
    transactionId,
    repeatWith,
    exitCode: problem.exitCode,
  };
  return `${JSON.stringify({ error })}\n`;
}

function ofDomainError(error: DomainError): Problem {
  const cause = connectionCauseOf(error);
  return ofCode(error.code, error.message, { ...(cause === undefined ? {} : { cause }), ...error.details });
}

function ofCli(code: keyof typeof cliProblems, detail: Text | string): Problem {
  const { meaning, remedy, exit } = cliProblems[code];
  return { code, meaning, remedy, exitCode: exit, ...(detail === '' ? {} : { detail }) };
}

/** A code of the ledger or of a member node; a newer one may know codes that we do not, then its own sentence is all there is. */
function ofCode(code: string, message: string, details: Readonly<Record<string, unknown>>): Problem {
  const explanation = explanationOf(code);
  const { transactionId, ...rest } = details;
  // the table's own sentence says it better, unless the thrower knew more
  const detail = detailOf(message === explanation?.meaning.en ? undefined : message, rest);
  return {
    code,
    meaning: explanation?.meaning ?? { en: message, zh: message },
    remedy: explanation?.remedy ?? {
      en: 'Read docs/error-codes.md of the node’s version.',
      zh: '请查阅该节点版本的 docs/error-codes.md。',
    },
    exitCode: exitCode[(explanation ?? unknownCode).exitClass],
    ...(detail === undefined ? {} : { detail }),
    ...(typeof transactionId === 'string' ? { transactionId } : {}),
  };
}

/** Where it is, and why in words where the cause has some. */
function detailOf(message: string | undefined, { cause, ...places }: Readonly<Record<string, unknown>>): Text | string | undefined {
  const words = wordsOfCause(cause);
  const named = Object.entries({ ...places, ...(words === undefined && cause !== undefined ? { cause } : {}) });
  const shown = named.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const said = [...(message === undefined ? [] : [message]), ...shown].join('; ');
  if (words === undefined) return said === '' ? undefined : said;
  const before = said === '' ? '' : `${said}\n`;
  return { en: `${before}${words.en}`, zh: `${before}${words.zh}` };
}

/** A member node explains its own codes, also those this version does not know; an administrator meets the ledger without one. */
function ofLedgerFailure(failure: LedgerFailure): Problem {
  if (failure instanceof Refused) {
    const disagreement = failure.endorsersDisagree ? { endorsers: failure.codesByMspId } : {};
    const { meaning, remedy, exitClass } = failure.explanation ?? {};
    return {
      ...ofCode(failure.code, failure.message, { ...failure.details, ...disagreement }),
      ...(meaning === undefined ? {} : { meaning }),
      ...(remedy === undefined ? {} : { remedy }),
      ...(exitClass === undefined ? {} : { exitCode: exitCode[exitClass] }),
    };
  }
  const cause = connectionCauseOf(failure);
  const details = {
    ...('transactionId' in failure && typeof failure.transactionId === 'string' ? { transactionId: failure.transactionId } : {}),
    ...(cause === undefined ? {} : { cause }),
  };
  return ofCode(codeOfFailure(failure), failure.message, details);
}

/** What the operating system says no to, by the place it names; the sentence of the table says what to do. */
const systemCodes: Readonly<Record<string, keyof typeof cliProblems>> = {
  EADDRINUSE: 'PORT_IN_USE',
  EADDRNOTAVAIL: 'ADDRESS_NOT_HERE',
  ENOTFOUND: 'ADDRESS_NOT_HERE',
  EAI_AGAIN: 'ADDRESS_NOT_HERE',
  EACCES: 'FILE_UNREADABLE',
  EPERM: 'FILE_UNREADABLE',
  ENOENT: 'FILE_UNREADABLE',
  ENOTDIR: 'FILE_UNREADABLE',
  EISDIR: 'FILE_UNREADABLE',
  ELOOP: 'FILE_UNREADABLE',
  ENAMETOOLONG: 'FILE_UNREADABLE',
  EROFS: 'FILE_UNREADABLE',
  EBUSY: 'FILE_UNREADABLE',
  EIO: 'FILE_UNREADABLE',
  EMFILE: 'FILE_UNREADABLE',
  ENFILE: 'FILE_UNREADABLE',
  EEXIST: 'FILE_EXISTS',
  ENOTEMPTY: 'FILE_EXISTS',
};

/** No room, whose sentence the table of the ledger and of nodes has. */
const noRoom: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

function systemProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const own = (key: string): unknown => Object.getOwnPropertyDescriptor(error, key)?.value;
  const place = ['address', 'hostname', 'port', 'path'].flatMap((key) => {
    const value = own(key);
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
  const detail = [place.join(':'), error.code].filter((text) => text !== '').join(' ');
  if (noRoom.has(error.code)) return ofCode('STORAGE_FULL', detail, {});
  const code = isRefusedPort(error.code, own('syscall')) ? 'PORT_NOT_ALLOWED' : systemCodes[error.code];
  return code === undefined ? undefined : ofCli(code, detail);
}

function isRefusedPort(code: string, syscall: unknown): boolean {
  return (code === 'EACCES' || code === 'EPERM') && (syscall === 'listen' || syscall === 'bind');
}

/** Told by its name, as below. */
function isProfileProblem(error: unknown): error is ProfileProblem {
  return error instanceof Error && error.name === 'ProfileProblem';
}

/** Told by its name: nothing here must load the schema library, because most failures come before any schema. */
function isZodError(error: unknown): error is ZodError {
  return error instanceof Error && error.name === 'ZodError';
}
