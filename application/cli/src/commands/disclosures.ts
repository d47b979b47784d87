import { type Instant, type Pseudonym, transactions } from '@lianyi/domain';
import { type Disclosure, disclosuresOf } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { type Block, type CommandOutcome, line, outcome, table } from '../outcome';
import { everyPage } from '../every-page';
import { ask, checkedRequest, dryRun, withSession } from '../transact';
import { whoOf } from './audit-line';
import { restOfPage } from './paging';
import { label } from './vocabulary';
import { wordText } from './words';

/** How many lines are read at once. */
const PAGE = 100;

type Period = { readonly from?: Instant; readonly until?: Instant };

/** The patient's accounting of disclosures: every key that has left, from the whole audit, since a question may be older than the period. */
export async function showDisclosures(call: CommandCall, pseudonym: Pseudonym, period: Period): Promise<CommandOutcome> {
  return withSession(call, async (session) => {
    if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.ListForPatient, { pseudonym, limit: PAGE })));
    const { items: lines, ...rest } = await everyPage((page) => ask(session, transactions.ListForPatient, { pseudonym, ...page }));
    const items = disclosuresOf(lines, period);
    return outcome({ items, ...rest }, ...shown(items, rest.unreadable !== undefined), ...restOfPage(rest));
  });
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
      items.map(({ at, to, purpose, recordIds, provisionIds }) => [
        at,
        to === undefined ? undefined : whoOf(to),
        purpose === undefined ? undefined : wordText(purpose),
        recordIds?.join(', '),
        provisionIds?.join(', '),
      ]),
    ),
  ];
}
