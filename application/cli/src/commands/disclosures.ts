import { type Disclosure, type Instant, type Pseudonym, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { everyPage } from '../every-page';
import { type Text } from '../language';
import { type Block, type Cell, type CommandOutcome, line, outcome, table } from '../outcome';
import { ask, checkedRequest, dryRun, withSession } from '../transact';
import { restOfPage } from './paging';
import { label } from './vocabulary';
import { wordText } from './words';

/** How many lines are read at once. */
const PAGE = 100;

/** From its beginning (inclusive) to its end (exclusive). */
type Period = { readonly since?: Instant; readonly until?: Instant };

/** The patient's accounting of disclosures: each key that was released, and each copy that was handed on. */
export async function showDisclosures(call: CommandCall, pseudonym: Pseudonym, period: Period): Promise<CommandOutcome> {
  const asked = { pseudonym, ...period };
  return withSession(
    call,
    async (session) => {
      if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.ListDisclosures, { ...asked, limit: PAGE })));
      const { items, ...rest } = await everyPage((page) => ask(session, transactions.ListDisclosures, { ...asked, ...page }));
      return outcome({ items, ...rest }, ...shown(items, rest.unreadable !== undefined), ...restOfPage(rest));
    },
    pseudonym,
  );
}

/** Of a list with lines that are none nobody knows that nothing was disclosed. */
function shown(items: readonly Disclosure[], hasGaps: boolean): readonly Block[] {
  if (items.length === 0 && hasGaps) return [];
  if (items.length === 0)
    return [
      line({
        en: 'By the word of the node that was asked, no key has left: nothing was disclosed.',
        zh: '据所询节点所述，没有密钥发出：没有任何披露。',
      }),
    ];
  return [
    table(
      [{ en: 'when', zh: '时间' }, { en: 'to whom', zh: '披露给' }, label.purpose, label.record, { en: 'rule', zh: '依据' }],
      items.map((each) => [
        each.at,
        receiverOf(each),
        each.purpose === undefined ? undefined : wordText(each.purpose),
        each.recordIds.join(', '),
        ruleOf(each),
      ]),
    ),
  ];
}

function receiverOf({ to, handedOnBy }: Disclosure): Cell {
  if (to === undefined) return undefined;
  if (to.own === 'patient') return { en: 'the patient', zh: '患者本人' };
  if (to.own === 'delegate') return { en: 'who acts for the patient', zh: '患者的代理人' };
  const who = [to.mspId, to.actorTag].filter((part) => part !== undefined).join(':');
  return handedOnBy === undefined ? who : { en: `${who}, handed on by ${handedOnBy}`, zh: `${who}，由 ${handedOnBy} 转交` };
}

function ruleOf({ provisionIds = [], emergency }: Disclosure): Text | string {
  if (emergency === undefined) return provisionIds.join(', ');
  return { en: `emergency: ${emergency}`, zh: `急诊：${wordText(emergency).zh}` };
}
