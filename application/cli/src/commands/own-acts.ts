import { transactions } from '@lianyi/domain';
import { command, type CommandSpec } from '../command-spec';
import { table } from '../outcome';
import { transact } from '../transact';
import { whoOf } from './audit-line';
import { ownPage, ownPageFlags, ownPageInput, restOfPage } from './paging';
import { label } from './vocabulary';
import { wordText } from './words';

/** What a hospital did among its own peers. */
export const ownActsCommand: CommandSpec = command({
  name: 'hospital',
  summary: {
    en: 'what the hospital did about the patient among its own peers, such as purging a key (patient)',
    zh: '医院仅在本院节点内办理的与患者有关的事项，如清除密钥（患者）',
  },
  detail: {
    en: 'Each has its line in the private data of the hospital that did it, and no other member sees whom it is about; so each hospital tells its own: --through names another. What it writes there without a transaction, nobody can tell.',
    zh: '每项事务在办理医院的私有数据中都有一条记录，其他成员看不到涉及何人；因此须分别向各医院查询：--through 可指定另一家。若医院绕过交易改动自己的私有数据，他人无从得知。',
  },
  example: '--limit 50 --as patient',
  flags: ownPageFlags,
  input: ownPageInput,
  run: async (call, input) =>
    transact(call, transactions.ListOwnersActs, await ownPage(call, input), ({ items, ...rest }) => [
      table(
        [{ en: 'when', zh: '时间' }, { en: 'what', zh: '事件' }, { en: 'who', zh: '谁' }, label.record, label.ticket],
        items.map(({ at, act, actor, recordIds, ticketId }) => [at, wordText(act), whoOf(actor), recordIds?.join(', '), ticketId]),
      ),
      ...restOfPage(rest),
    ]),
});
