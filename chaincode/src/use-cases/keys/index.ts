import { type keysArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as envelopes from './envelopes';
import * as recordKeyRelease from './record-key-release';

const useCases = { ...envelopes, ...recordKeyRelease };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const keysUseCases = useCases satisfies UseCasesOf<typeof keysArea, typeof useCases>;
