import { ActingLedger } from '@lianyi/client';
import {
  type CardId,
  cardIdSchema,
  cardTokenSchema,
  type Input,
  newRequest,
  type Opening,
  type Output,
  type Pseudonym,
  type RecordId,
  type SignedRequest,
  transactions,
} from '@lianyi/domain';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { everyPage } from '../every-page';
import { readInput } from '../inputs';
import { type StaffLedgerSession } from '../ledger/staff-session';
import { type CommandOutcome, line, outcome } from '../outcome';
import { exitCode } from '../exit-code';
import { checkedRequest } from '../transact';

type Showing = Input<typeof transactions.ShowCardInEmergency>;
type Listed = Output<typeof transactions.ListForEmergency>['items'][number];

/** As many as one emergency may open. */
export const AT_ONCE = 16;

/** Whom a card led to, and what of theirs an emergency would open, the newest first. */
export interface LedTo {
  readonly pseudonym: Pseudonym;
  readonly recordIds: RecordId[];
  /** What would be opened if a second person countersigned it. */
  readonly withSecond: RecordId[];
  /** So many more would be opened by another one. */
  readonly others: number;
}

/**
 * The number of a card, as it is typed, or as a scanner has read it: the number, or a code of the card's wallet, whose time may be over, since it need not
 * show who stands there. A code on paper is sealed by its holder's PIN, and holds no number for who has not got that.
 * @throws CliProblem `USAGE` — neither
 */
export function cardNumber(
  { terminal }: CommandCall,
  { card, cardFile }: { card?: CardId | undefined; cardFile?: string | undefined },
): CardId | undefined {
  if (cardFile === undefined) return card;
  const text = readInput(cardFile, terminal).toString('utf8').trim();
  const number = cardIdSchema.safeParse(text).data ?? tokenIn(text)?.statement.cardId;
  if (number === undefined) throw new CliProblem('USAGE', `--card-file ${cardFile}`);
  return number;
}

function tokenIn(text: string): ReturnType<typeof cardTokenSchema.safeParse>['data'] {
  try {
    return cardTokenSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What shows a card. */
export function showingRequest(showing: Showing): SignedRequest<typeof transactions.ShowCardInEmergency> {
  return checkedRequest(transactions.ShowCardInEmergency, showing);
}

/** Shows a card and asks what an emergency would open by it; undefined: nothing, for whichever reason. */
export async function ledBy(session: StaffLedgerSession, showing: Showing, opening: Opening): Promise<LedTo | undefined> {
  const shown = await session.ledger.submit(showingRequest(showing));
  // the own peer may be behind what its node has seen
  const { blockNumber } = shown;
  const ledger = blockNumber === undefined ? session.ledger : new ActingLedger(session.node.ledger.since(blockNumber), session.sign);
  const { items } = await everyPage(async (page) => ({
    result: await ledger.evaluate(newRequest(transactions.ListForEmergency, { ticketId: showing.ticketId, opening, ...page })),
  }));
  const [newest, ...more] = [...items].sort((one, other) => (one.changedAt < other.changedAt ? 1 : -1));
  if (newest === undefined) return undefined;
  const chosenOf = (isChosen: (item: Listed) => boolean): RecordId[] =>
    [newest, ...more]
      .filter(isChosen)
      .slice(0, AT_ONCE)
      .map(({ recordId }) => recordId);
  const recordIds = chosenOf(({ needsSecondPerson }) => needsSecondPerson === undefined);
  const withSecond = chosenOf(({ needsSecondPerson }) => needsSecondPerson === true);
  return { pseudonym: newest.pseudonym, recordIds, withSecond, others: items.length - recordIds.length - withSecond.length };
}

/** The same of a card that is none, one that is not active, a patient who has refused it, and one of whom nothing would be opened. */
export function ledNowhere(showing: Showing): CommandOutcome {
  const { ticketId, cardId } = showing;
  return {
    ...outcome(
      { ticketId, cardId, records: [] },
      line({
        en: 'Nothing would be opened by this card; why, nobody is told. Whose it is finds in their audit that it was shown.',
        zh: '凭此卡没有可打开的病历；不告知原因。持卡人可在审计中看到此次出示。',
      }),
    ),
    exitCode: exitCode.denied,
  };
}
