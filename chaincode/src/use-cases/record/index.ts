import { type recordArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as anchorRecord from './anchor-record';
import * as changeRecord from './change-record';
import * as readRecords from './read-records';

const useCases = { ...anchorRecord, ...changeRecord, ...readRecords };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const recordUseCases = useCases satisfies UseCasesOf<typeof recordArea, typeof useCases>;
