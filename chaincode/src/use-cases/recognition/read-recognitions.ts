import { type Input, type Output, type transactions } from '@lianyi/domain';
import { type ReadScope } from '../scope';

type Get = typeof transactions.GetRecognition;
type List = typeof transactions.ListRecognitions;

/** Reads a question and what was decided. */
export function GetRecognition({ ledger }: ReadScope, { mspId, askId }: Input<Get>): Promise<Output<Get>> {
  return ledger.recognitions.get(mspId, askId);
}

/** Lists the questions of one hospital, in the order of their ids, which tells nothing. */
export function ListRecognitions({ ledger }: ReadScope, { mspId, ...page }: Input<List>): Promise<Output<List>> {
  return ledger.recognitions.list([mspId], page);
}
