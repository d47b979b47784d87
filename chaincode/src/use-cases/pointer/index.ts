import { type pointerArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changePointer from './change-pointer';
import * as pointerQueries from './pointer-queries';
import * as queryTemplates from './query-templates';
import * as readPointers from './read-pointers';

const useCases = { ...changePointer, ...pointerQueries, ...queryTemplates, ...readPointers };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const pointerUseCases = useCases satisfies UseCasesOf<typeof pointerArea, typeof useCases>;
