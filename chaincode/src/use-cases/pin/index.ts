import { type pinArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as storePin from './store-pin';
import * as tryPin from './try-pin';

const useCases = { ...storePin, ...tryPin };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const pinUseCases = useCases satisfies UseCasesOf<typeof pinArea, typeof useCases>;
