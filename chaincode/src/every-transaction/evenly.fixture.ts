import { transactionByName, type TransactionEntry } from '@lianyi/domain';
import { type RouterParts } from '../dispatch/router';

/** A beat without time: it only knows who has waited for its end. */
export class Waited {
  answers = 0;
  readonly beats: RouterParts['beats'] = {
    begin: () => ({
      end: () => {
        this.answers += 1;
        return Promise.resolve();
      },
      stop: () => undefined,
    }),
  };
}

/** Every answer that any test of a transaction sees has waited for the end of a beat if its time could tell something, and else has not. */
export function assertEvenly(
  name: string | undefined,
  { status, answer }: { readonly status: number; readonly answer: Readonly<Record<string, unknown>> | undefined },
  waited: number,
): void {
  const entry: TransactionEntry | undefined = transactionByName(name ?? '');
  const isPermitInFull = answer?.['decision'] === 'permit' && !('denied' in answer);
  const isEven = status !== 200 || entry?.evenly === 'always' || (entry?.evenly === 'unless-permitted' && !isPermitInFull);
  if (waited !== (isEven ? 1 : 0)) throw new Error(`${name ?? 'nothing'}, answered with ${status}: waited for ${waited} beats`);
}
