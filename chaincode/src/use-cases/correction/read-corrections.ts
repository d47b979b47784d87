import { type Input, type Output, type transactions } from '@lianyi/domain';
import { correctionStateOf, isCorrectionOverdue, type SaidOfCorrection } from '@lianyi/domain/deciding';
import { ledTo } from '../led-to';
import { type ReadScope } from '../scope';
import { assertConcerns, asStaff } from '../standing';
import { findCorrection, getCorrection, withSaidSince } from './said-of-correction';

type Get = typeof transactions.GetCorrection;
type List = typeof transactions.ListCorrections;
type ListAsked = typeof transactions.ListCorrectionsAsked;
type ListDisagreeing = typeof transactions.ListDisagreements;

export async function GetCorrection(scope: ReadScope, key: Input<Get>): Promise<Output<Get>> {
  return shown(scope, await getCorrection(scope, key));
}

export async function ListCorrections(scope: ReadScope, { pseudonym, ...page }: Input<List>): Promise<Output<List>> {
  await assertConcerns(scope, pseudonym);
  const { items, ...rest } = await ledTo(
    await scope.ledger.corrections.list([pseudonym], page),
    (correction) => withSaidSince(scope, correction),
    isUnderItsKey,
  );
  return { items: items.map((said) => shown(scope, said)), ...rest };
}

export async function ListCorrectionsAsked(scope: ReadScope, page: Input<ListAsked>): Promise<Output<ListAsked>> {
  const { mspId } = asStaff(scope.actor);
  const { items, ...rest } = await ledTo(
    await scope.ledger.correctionsOf.list([mspId], page),
    (line) => findCorrection(scope, line),
    ({ correction }) => correction.custodianMspId === mspId,
  );
  return { items: items.map((said) => shown(scope, said)), ...rest };
}

/** What a reader of a record is told; of what was withdrawn nothing. */
export async function ListDisagreements(scope: ReadScope, input: Input<ListDisagreeing>): Promise<Output<ListDisagreeing>> {
  const { pseudonym, recordId, ...page } = input;
  const { items, ...rest } = await ledTo(
    await scope.ledger.correctionWords.list([pseudonym, recordId], page),
    async ({ number, word, at }) => {
      if (word.kind !== 'disagrees') return [];
      const { correction } = await getCorrection(scope, { pseudonym, recordId, number });
      const { statementCommitment } = word;
      return [{ pseudonym, recordId, number, recordVersion: correction.recordVersion, statementCommitment, at }];
    },
    isUnderItsKey,
  );
  return { items: items.flat(), ...rest };
}

/** What a list is read by is in the key of each line, and a line is held against its key (`ledger/repository.ts`). */
const isUnderItsKey = (): boolean => true;

function shown({ now }: ReadScope, said: SaidOfCorrection): Output<Get> {
  const { correction, answered, word } = said;
  const since = { ...(answered === undefined ? {} : { answered }), ...(word === undefined ? {} : { word }) };
  return { correction, ...since, state: correctionStateOf(said), isOverdue: isCorrectionOverdue(said, now) };
}
