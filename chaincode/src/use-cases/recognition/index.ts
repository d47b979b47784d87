import { type recognitionArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as ask from './ask-recognition';
import * as read from './read-recognitions';
import * as record from './record-recognition';
import * as resolve from './resolve-recognition';

const useCases = { ...ask, ...read, ...record, ...resolve };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const recognitionUseCases = useCases satisfies UseCasesOf<typeof recognitionArea, typeof useCases>;
