import { type CommandFate, type CommandState, type SignedCommand, type SummaryReport, type WalletReport } from '@lianyi/client';
import { encodeOutcome, qualifiedName } from '@lianyi/domain';
import { type Text } from '../language';
import { type CommandOutcome, fields, line, outcome, table } from '../outcome';
import { type Told } from '@lianyi/client/node';
import { byWhoseWord, committed, showSummary, summaryData } from '../transact';
import { label } from './vocabulary';

const words: Readonly<Record<CommandState, Text>> = {
  committed: { en: 'committed', zh: '已提交' },
  superseded: { en: 'never will be: another of your commands was committed', zh: '不会提交：已提交的是您的另一条命令' },
  sent: { en: 'not committed so far; can still be', zh: '尚未提交；仍可能提交' },
  refused: { en: 'refused by a member, not committed so far; can still be', zh: '遭某成员拒绝，尚未提交；仍可能提交' },
  passed: { en: 'its key was used up; by which command, only the audit tells', zh: '其密钥已被用掉；由哪条命令用掉，只能查审计' },
};

/** A command as it is named to its patient: what, and when it was signed; the rest stands on the ledger or nowhere. */
export function briefly({ transaction, proof }: SignedCommand): { readonly transaction: string; readonly signedAt: string } {
  return { transaction: qualifiedName(transaction), signedAt: proof.statement.issuedAt };
}

/** What became of commands, and by whose word. */
export function showReport(told: Told, { pseudonym, commands, sentAgain }: WalletReport, summary: SummaryReport): CommandOutcome {
  const fates = commands.map((command) => ({ ...briefly(command), state: command.state, ...byWhich(command) }));
  const rows = commands.map((command) => {
    const { transaction, signedAt } = briefly(command);
    return [transaction, signedAt, words[command.state], byWhich(command).by?.transaction];
  });
  const head = [{ en: 'command', zh: '命令' }, { en: 'signed', zh: '签名时间' }, label.state, { en: 'committed instead', zh: '实际提交' }];
  const view = [
    fields([[label.pseudonym, pseudonym], byWhoseWord(told)]),
    line(''),
    table(head, rows, { en: 'no command is open; in step with the ledger', zh: '没有未决的命令，与账本一致' }),
    ...(sentAgain === undefined ? [] : [line({ en: 'The last was sent again.', zh: '最后一条已重新发送。' }), ...committed(sentAgain)]),
    ...showSummary(summary),
  ];
  const sent = sentAgain === undefined ? {} : encodeOutcome(sentAgain);
  return outcome({ pseudonym, ...told, commands: fates, isSentAgain: sentAgain !== undefined, ...sent, ...summaryData(summary) }, ...view);
}

function byWhich({ by }: CommandFate): { readonly by?: ReturnType<typeof briefly> } {
  return by === undefined ? {} : { by: briefly(by) };
}
