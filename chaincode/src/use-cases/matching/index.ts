import { type matchingArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changeDuplicateCase from './change-duplicate-case';
import * as dealFunctionKey from './deal-function-key';
import * as matchTags from './match-tags';
import * as openDuplicateCase from './open-duplicate-case';
import * as openFunctionKey from './open-function-key';
import * as readMatching from './read-matching';
import * as requestEvaluation from './request-evaluation';

const useCases = {
  ...changeDuplicateCase,
  ...dealFunctionKey,
  ...matchTags,
  ...openDuplicateCase,
  ...openFunctionKey,
  ...readMatching,
  ...requestEvaluation,
};
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const matchingUseCases = useCases satisfies UseCasesOf<typeof matchingArea, typeof useCases>;
