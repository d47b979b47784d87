import { type holdArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changeHolds from './change-holds';
import * as readHolds from './read-holds';

const useCases = { ...changeHolds, ...readHolds };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const holdUseCases = useCases satisfies UseCasesOf<typeof holdArea, typeof useCases>;
