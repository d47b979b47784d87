import type { Kysely } from 'kysely';
import { canonicalJson } from '@lianyi/domain';
import { type BlockTransaction, type CallsOfBlock, type FollowedBlock } from '@lianyi/ledger-client';
import { eventsOf, type NumberedEvent } from './events-of-block';
import { type indexBlock } from './index-block';
import { type IndexTables } from './tables';
import { keepTold } from './told-events';

type Database = Kysely<IndexTables>;

/** Whose chain, and which chaincode's events. */
interface Own {
  readonly mspId: string;
  readonly chaincode: string;
}

/** What a block's transactions have told. */
type EventsOfBlock = ReadonlyMap<BlockTransaction, readonly NumberedEvent[]>;

/** peer.TxValidationCode */
const VALID = 0;

/** What the own chain's transactions tell that are VALID: the others' envelopes nobody needs to read. */
export async function keepEvents(
  db: Database,
  own: Own,
  { blockNumber, transactions }: FollowedBlock,
  calls: CallsOfBlock,
): Promise<EventsOfBlock> {
  const told = new Map<BlockTransaction, readonly NumberedEvent[]>();
  for (const transaction of transactions) {
    const { transactionId, transactionIndex, validationCode } = transaction;
    const place = { source: own.mspId, block_number: Number(blockNumber), transaction_index: transactionIndex };
    const numbered = eventsOf(transaction, own.chaincode, calls);
    const events = numbered.map(({ event, number }) => ({
      ...place,
      transaction_id: transactionId,
      validation_code: validationCode,
      event_index: number,
      name: event.name,
      ticket_id: 'ticketId' in event ? event.ticketId : null,
      pseudonym: 'pseudonym' in event ? event.pseudonym : null,
      event: canonicalJson(event),
    }));
    if (events.length > 0) await db.insertInto('ledger_event').values(events).execute();
    told.set(transaction, numbered);
  }
  return told;
}

/** What the hospital's own applications are told of a block, once its other facts are kept; what is in a transaction that has raised an alarm, or that does not lead to it, is told as doubtful. */
export async function keepWhatConcerns(
  db: Database,
  { mspId }: Own,
  { blockNumber }: FollowedBlock,
  told: EventsOfBlock,
  { judged, alarms }: Awaited<ReturnType<typeof indexBlock>>,
): Promise<void> {
  const alarmed = new Set(alarms.map(({ transactionId }) => transactionId));
  for (const [transaction, events] of told) {
    const found = judged.get(transaction);
    const isAlarmed = alarmed.has(transaction.transactionId);
    if (found !== undefined) await keepTold(db, mspId, { blockNumber: Number(blockNumber), transaction, events, ...found, isAlarmed });
  }
}

/** Another peer's block of the same hash has the same envelopes: what they tell is not read again, and counts where it calls them VALID too. */
export async function repeatEvents(
  db: Database,
  { mspId }: Own,
  source: string,
  { blockNumber, transactions }: FollowedBlock,
): Promise<void> {
  const isValid = new Set(transactions.flatMap((each) => (each.validationCode === VALID ? [each.transactionIndex] : [])));
  const ofBlock = db.selectFrom('ledger_event').selectAll().where('source', '=', mspId);
  const own = await ofBlock.where('block_number', '=', Number(blockNumber)).execute();
  const events = own.filter((row) => isValid.has(row.transaction_index)).map((row) => ({ ...row, source }));
  for (const event of events) await db.insertInto('ledger_event').values(event).execute();
}
