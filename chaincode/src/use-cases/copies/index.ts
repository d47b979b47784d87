import { type copiesArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as answerForCopy from './answer-for-copy';
import * as discloseOnward from './disclose-onward';
import * as readCopies from './read-copies';

const useCases = { ...answerForCopy, ...discloseOnward, ...readCopies };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const copiesUseCases = useCases satisfies UseCasesOf<typeof copiesArea, typeof useCases>;
