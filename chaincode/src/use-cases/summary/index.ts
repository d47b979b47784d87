import { type summaryArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as summarySlots from './summary-slots';

const useCases = { ...summarySlots };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const summaryUseCases = useCases satisfies UseCasesOf<typeof summaryArea, typeof useCases>;
