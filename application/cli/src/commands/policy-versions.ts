import { type Grant, type Output, perform, type Request, transactions } from '@lianyi/domain';
import { type CommandCall } from '../call';
import { type LedgerSession } from '../ledger/session';
import { type CommandOutcome, outcome, table } from '../outcome';
import { ask, checkedRequest, dryRun, withSession } from '../transact';
import { grantRow } from './grant-row';
import { label } from './vocabulary';
import { momentText } from '../moment';

type PolicyKey = Request<typeof transactions.GetPolicy>;
type Versions = Output<typeof transactions.ListPolicyVersions>;

/** How many are read at once. */
const PAGE = 100;

/** Every version of a policy, oldest first, each with the time from which it held. */
export async function showPolicyVersions(call: CommandCall, key: PolicyKey): Promise<CommandOutcome> {
  return withSession(call, async (session) => {
    const request = checkedRequest(transactions.GetPolicy, key);
    if (call.options.dryRun) return dryRun(await session.unsent(request));
    // the present one first: if it is replaced meanwhile, it is among the earlier ones as well, and is shown once
    const { result: present } = await perform(session.ledger, request);
    const earlier = (await replacedVersions(session, key)).filter(({ version }) => version < present.version);
    const versions = [...earlier, present];
    return outcome(
      { items: versions },
      table(
        [{ en: 'from', zh: '起始' }, label.version, label.state, label.provisions],
        versions.map((grant) => versionRow(call, grant)),
      ),
    );
  });
}

async function replacedVersions(session: LedgerSession, key: PolicyKey): Promise<readonly Grant[]> {
  const found: Grant[] = [];
  for (let page: Versions | undefined; page === undefined || page.next !== undefined;) {
    const after = page?.next === undefined ? {} : { after: page.next };
    page = (await ask(session, transactions.ListPolicyVersions, { ...key, limit: PAGE, ...after })).result;
    found.push(...page.items);
  }
  return found;
}

/** Of a version is told what it said and since when; to whom, whoever asks knows. */
function versionRow(call: CommandCall, grant: Grant): ReturnType<typeof grantRow> {
  const [, ...row] = grantRow(grant, call.terminal.timeZone, true);
  return [momentText(grant.changedAt, call.terminal), ...row];
}
