import { type Input, type Output, type transactions } from '@lianyi/domain';
import { recordEvent } from '../record-event';
import { type WriteScope } from '../scope';
import { recogniseCard } from './recognise-card';

type Entry = typeof transactions.VerifyCardToken;

/** Recognises a card of any hospital by a token, for the member whose desk it is made for. */
export async function VerifyCardToken(scope: WriteScope, { token }: Input<Entry>): Promise<Output<Entry>> {
  const { cardId, state, issuerMspId, pseudonym, shown } = await recogniseCard(scope, token);
  recordEvent(scope, { name: 'CardVerified', cardId, pseudonym });
  return { cardId, state, issuerMspId, pseudonym, shown };
}
