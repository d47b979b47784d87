import { type CountedGrant, type Request, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type CommandOutcome, outcome, table } from '../outcome';
import { everyPage } from '../every-page';
import { type LedgerSession } from '../ledger/session';
import { ask, checkedRequest, dryRun, withSession } from '../transact';
import { grantRow } from './grant-row';
import { restOfPage } from './paging';
import { label } from './vocabulary';
import { momentText } from '../moment';

type PolicyKey = Request<typeof transactions.GetPolicy>;

/** Every version of a policy, oldest first, each with the time from which it held. */
export async function showPolicyVersions(call: CommandCall, key: PolicyKey): Promise<CommandOutcome> {
  return withSession(call, async (session) => {
    if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.GetPolicy, key)));
    const { versions, ...rest } = await versionsOf(session, key);
    const present = versions.at(-1);
    return outcome(
      { items: versions, ...rest },
      table(
        [{ en: 'from', zh: '起始' }, label.version, label.state, label.provisions],
        versions.map((grant) => versionRow(call, grant, grant !== present)),
      ),
      ...restOfPage(rest),
    );
  });
}

/** Every version of a policy, oldest first; the last is the present one. And how many entries are none, if any. */
export async function versionsOf(
  session: LedgerSession,
  key: PolicyKey,
): Promise<{ readonly versions: readonly CountedGrant[]; readonly unreadable?: number }> {
  // the present one first: if it is replaced meanwhile, it is among the earlier ones as well, and is told once
  const { result: present } = await ask(session, transactions.GetPolicy, key);
  const { items, ...rest } = await everyPage((page) => ask(session, transactions.ListPolicyVersions, { ...key, ...page }));
  return { versions: [...items.filter(({ version }) => version < present.version), present], ...rest };
}

/** Of a version is told what it said and since when; to whom, whoever asks knows. */
function versionRow(call: CommandCall, grant: CountedGrant, isReplaced: boolean): ReturnType<typeof grantRow> {
  const [, ...row] = grantRow(grant, call.terminal.timeZone, isReplaced);
  return [momentText(grant.changedAt, call.terminal), ...row];
}
