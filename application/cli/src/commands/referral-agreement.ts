import {
  type CountedGrant,
  type Output,
  type ProvisionDraft,
  provisionDraftSchema,
  type Referral,
  type ReferralKey,
  type Request,
  transactions,
} from '@lianyi/domain';
import { provisionOfReferral, REFERRAL_LASTS_MS } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { everyPage } from '../every-page';
import { type LedgerSession } from '../ledger/session';
import { type Block, type CommandOutcome } from '../outcome';
import { ask, checkedRequest, sendRequest, withSession } from '../transact';
import { withEvidence } from './consent-evidence';

/** Clocks differ: so much less than the longest time is agreed to, and so long after its end a provision is kept in the policy. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** What the patient says besides of what a referral opens. */
type Agreeing = Pick<Extract<ProvisionDraft, { effect: 'permit' }>, 'maxDataLevel' | 'confidentiality' | 'handling' | 'uses'> & {
  readonly days?: number;
};

type View = (result: Output<typeof transactions.WithdrawReferral>) => readonly Block[];

/** Agrees to a referral as the ledger has it: the policy of whom it names, as it is, and the one provision more. */
export function agreeToReferral(call: CommandCall, key: ReferralKey, said: Agreeing, view: View): Promise<CommandOutcome> {
  return withSession(
    call,
    async (session) => {
      const { referral } = (await ask(session, transactions.GetReferral, key)).result;
      const { to } = referral;
      const present = await activePolicy(session, referral);
      const kept = (present?.provisions ?? []).filter((each) => isKept(call, each));
      const provisions = [...kept, provisionFor(call, referral, said)];
      const subject = { pseudonym: key.pseudonym, grantee: to, provisions };
      const { evidence } = withEvidence(call, transactions.GrantPolicy, subject);
      const input: Request<typeof transactions.AgreeReferral> = {
        ...{ ...key, grantee: to, provisions },
        ...(present === undefined ? {} : { previousVersion: present.version }),
        ...(evidence === undefined ? {} : { evidence }),
      };
      return sendRequest(call, session, checkedRequest(transactions.AgreeReferral, input), view);
    },
    key.pseudonym,
  );
}

/** Withdraws a referral, and leaves the rest of the policy as it is. */
export function withdrawReferral(call: CommandCall, key: ReferralKey, view: View): Promise<CommandOutcome> {
  return withSession(
    call,
    async (session) => {
      const { referral } = (await ask(session, transactions.GetReferral, key)).result;
      const present = await activePolicy(session, referral);
      const policy = present === undefined ? undefined : policyWithout(referral, present);
      const input = { ...key, ...(policy === undefined ? {} : { policy }) };
      return sendRequest(call, session, checkedRequest(transactions.WithdrawReferral, input), view);
    },
    key.pseudonym,
  );
}

function policyWithout(
  { referralId, to }: Referral,
  { version, provisions }: CountedGrant,
): Request<typeof transactions.WithdrawReferral>['policy'] {
  const others = provisions.filter(({ provisionId }) => provisionId !== provisionOfReferral(referralId));
  if (others.length === provisions.length) return undefined;
  return { grantee: to, previousVersion: version, ...(others.length === 0 ? {} : { provisions: others }) };
}

async function activePolicy(session: LedgerSession, { pseudonym, to }: Referral): Promise<CountedGrant | undefined> {
  const { items } = await everyPage((page) => ask(session, transactions.ListPolicies, { pseudonym, ...page }));
  return items.find(
    ({ grantee, state }) => state === 'active' && grantee.kind === to.kind && grantee.mspId === to.mspId && grantee.name === to.name,
  );
}

/** What is long over is left out, so that a policy does not fill with referrals of former years. */
function isKept(call: CommandCall, { validUntil }: ProvisionDraft): boolean {
  return validUntil === undefined || validUntil > new Date(call.terminal.now().getTime() - CLOCKS_DIFFER_MS).toISOString();
}

function provisionFor(call: CommandCall, { referralId, recordIds }: Referral, { days, ...said }: Agreeing): ProvisionDraft {
  const lastsMs =
    days === undefined ? REFERRAL_LASTS_MS - CLOCKS_DIFFER_MS : Math.min(days * 86_400_000, REFERRAL_LASTS_MS - CLOCKS_DIFFER_MS);
  const draft = provisionDraftSchema.safeParse({
    ...{ provisionId: referralId, effect: 'permit', purposes: ['TREAT'], recordIds, uses: 100, handling: 'view' },
    ...said,
    validUntil: new Date(call.terminal.now().getTime() + lastsMs).toISOString(),
  });
  if (!draft.success) throw new CliProblem('USAGE', '--labels, --max-level, --uses, --days');
  return draft.data;
}
