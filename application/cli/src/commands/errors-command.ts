import { denyReasonCodes, errorCodes } from '@lianyi/domain/errors';
import { CliProblem, cliProblems } from '../cli-problem';
import { type CommandSpec } from '../command-spec';
import { explainCode } from '../explain-code';
import { fields, outcome, type CommandOutcome, table } from '../outcome';

const label = {
  code: { en: 'code', zh: '代码' },
  origin: { en: 'kind', zh: '类别' },
  meaning: { en: 'meaning', zh: '含义' },
  remedy: { en: 'remedy', zh: '处理办法' },
} as const;

const origins = {
  refusal: { en: 'refusal of the ledger', zh: '账本拒绝受理' },
  'deny-reason': { en: 'reason of a denial', zh: '不予许可的理由' },
  client: { en: 'failure on this side', zh: '本地故障' },
} as const;

/** Codes are API; this is their dictionary, in both languages whatever `--lang` says. */
export const errorsCommands: readonly CommandSpec[] = [
  // without a schema: this command answers before anything else is loaded
  {
    name: '',
    summary: { en: 'explain a code (without one: list all)', zh: '解释一个代码（不给代码则列出全部）' },
    example: 'STALE_KEY',
    arguments: [{ term: '[code]', text: { en: 'e.g. STALE_KEY', zh: '例如 STALE_KEY' } }],
    flags: [],
    run: (_, { code }) => Promise.resolve(typeof code === 'string' ? explainOne(code.toUpperCase()) : listAll()),
  },
];

function explainOne(code: string): CommandOutcome {
  const explanation = explainCode(code);
  if (explanation === undefined) throw new CliProblem('USAGE', code);
  const { origin, meaning, remedy } = explanation;
  return outcome(
    { code, origin, meaning, remedy },
    fields([
      [label.code, code],
      [label.origin, origins[origin]],
      [{ en: 'meaning', zh: 'meaning' }, meaning.en],
      [{ en: 'remedy', zh: 'remedy' }, remedy.en],
      [{ en: '含义', zh: '含义' }, meaning.zh],
      [{ en: '处理办法', zh: '处理办法' }, remedy.zh],
    ]),
  );
}

function listAll(): CommandOutcome {
  const codes = [...errorCodes, ...denyReasonCodes, ...Object.keys(cliProblems)];
  const entries = codes.flatMap((code) => {
    const explanation = explainCode(code);
    return explanation === undefined ? [] : [{ code, ...explanation }];
  });
  return outcome(
    entries,
    table(
      [label.code, label.origin, label.meaning],
      entries.map(({ code, origin, meaning }) => [code, origins[origin], meaning]),
    ),
  );
}
