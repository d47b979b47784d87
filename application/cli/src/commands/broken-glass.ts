import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type BrokenGlass, forgetGlass, keepGlass, keptGlass, loadTicketKey, type LoadedProfile, ticketFolder } from '@lianyi/client/node';
import {
  encodeOutcome,
  hashOfJson,
  type OutcomeOf,
  perform,
  Refused,
  type SignedRequest,
  TICKET_LIFETIME_MS,
  type TicketId,
  ticketIdSchema,
  transactions,
  type Transient,
} from '@lianyi/domain';
import { codeOfFailure, explanationOf, LedgerFailure } from '@lianyi/domain/errors';
import { z } from 'zod';
import { type CommandCall } from '../call';
import { command, type CommandSpec } from '../command-spec';
import { exitCode } from '../exit-code';
import { type LedgerSession } from '../ledger/session';
import { type Block, type CommandOutcome, line, outcome } from '../outcome';
import { RepeatableFailure } from '../repeatable-failure';
import { ask, checkedRequest, committed, dryRun, withSession } from '../transact';
import { showDecision } from './show-decision';
import { answeredWith, type AnsweredAsking } from './ticket-asking';
import { label } from './vocabulary';

const MINUTE_MS = 60_000;
type Narrative = Transient<typeof transactions.PutEmergencyNarrative>;

/** Keeps a narrative in the own hospital's private data. */
export function narrativeRequest(ticketId: TicketId, narrative: Narrative): SignedRequest<typeof transactions.PutEmergencyNarrative> {
  return checkedRequest(transactions.PutEmergencyNarrative, { ticketId, transientSha256: hashOfJson(narrative) }, narrative);
}

/** Asks for the first time; from before it is sent, all is kept that is needed to ask for the same again. @throws RepeatableFailure — no answer has come */
export async function askFirst(
  call: CommandCall,
  session: LedgerSession,
  loaded: LoadedProfile,
  glass: BrokenGlass,
): Promise<OutcomeOf<typeof transactions.BreakGlass>> {
  keepLonger(call, loaded, glass);
  await keepGlass(loaded, glass);
  try {
    return await ask(session, transactions.BreakGlass, glass.request);
  } catch (error) {
    // a member node tells of what it does not know in the words of a refusal
    if (!(error instanceof Refused) || explanationOf(error.code)?.exitClass !== 'refused') throw goingOn(error, glass);
    forgetGlass(loaded, glass.request.ticketId);
    throw error;
  }
}

function goingOn(error: unknown, { request }: BrokenGlass): RepeatableFailure {
  return new RepeatableFailure(error, `lianyi emergency resume ${request.ticketId}`);
}

/** Shows what was decided, and has kept what happened where anything was opened. */
export async function decided(
  session: LedgerSession,
  loaded: LoadedProfile,
  { ticketId, narrative }: { readonly ticketId: TicketId; readonly narrative: Narrative },
  { answered, denials, isDenied }: AnsweredAsking,
): Promise<CommandOutcome> {
  if (isDenied) forgetGlass(loaded, ticketId);
  const untold = isDenied ? undefined : await tell(session, loaded, ticketId, narrative);
  const view = [
    ...showDecision(answered.result, denials),
    ...(untold === undefined ? [] : [notTold(ticketId, untold)]),
    ...committed(answered),
  ];
  const data = { ...encodeOutcome(answered), ...(untold === undefined ? {} : { untold }) };
  return { ...outcome(data, ...view), exitCode: isDenied ? exitCode.denied : exitCode.ok };
}

/** What was opened is opened: where its narrative cannot be kept now, it stays beside the ticket's key. @returns why */
async function tell(session: LedgerSession, loaded: LoadedProfile, ticketId: TicketId, narrative: Narrative): Promise<string | undefined> {
  try {
    await perform(session.ledger, narrativeRequest(ticketId, narrative));
    forgetGlass(loaded, ticketId);
    return undefined;
  } catch (error) {
    if (!(error instanceof LedgerFailure)) throw error;
    return codeOfFailure(error);
  }
}

function notTold(ticketId: TicketId, code: string): Block {
  return line({
    en: `What happened is not kept yet (${code}): \`lianyi emergency tell ${ticketId}\``,
    zh: `经过尚未保存（${code}）：请用 \`lianyi emergency tell ${ticketId}\` 补存`,
  });
}

/** A key's file is forgotten a ticket's lifetime after its own time: of an emergency, that lies so much later, whether an answer comes or not. */
function keepLonger({ terminal }: CommandCall, actor: LoadedProfile, { request }: BrokenGlass): void {
  const from = new Date(terminal.now().getTime() + Math.max(0, request.lastsMinutes * MINUTE_MS - TICKET_LIFETIME_MS));
  utimesSync(join(ticketFolder(actor), `${request.ticketId}.pem`), from, from);
}

/** Goes on with one whose answer did not come. */
export const resumeCommand: CommandSpec = command({
  name: 'resume',
  summary: {
    en: 'ask for the same again, where no answer came to `access emergency` (clinician)',
    zh: '`access emergency` 未得到答复时，重发同一请求（临床人员）',
  },
  detail: {
    en: 'What was asked and what happened are kept beside the ticket’s key, on this machine, until the hospital has them, four days at most. The ledger answers the same request again from what it made: there is no second emergency.',
    zh: '请求与经过保存在本机凭单密钥旁，直至医院收到，最长四天。账本对同一请求按原结果答复，不会产生第二次急诊访问。',
  },
  example: 'TICKET --as clinician',
  arguments: [{ term: '<ticket>', text: label.ticket }],
  input: z.object({ ticket: ticketIdSchema }),
  run: async (call, { ticket }) => {
    const { loaded } = call.actorOf('staff');
    const glass = await keptGlass(loaded, ticket);
    // a glass is broken for a key that is here, or not at all
    await loadTicketKey(loaded, ticket);
    return withSession(call, async (session) => {
      if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.BreakGlass, glass.request)));
      keepLonger(call, loaded, glass);
      const answered = await ask(session, transactions.BreakGlass, glass.request).catch((error: unknown) => {
        throw goingOn(error, glass);
      });
      return decided(
        session,
        loaded,
        { ticketId: ticket, narrative: glass.narrative },
        await answeredWith(loaded, glass.request.recordIds, answered),
      );
    });
  },
});
