import { type capacityArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as death from './death';
import * as incapacity from './incapacity';

const useCases = { ...death, ...incapacity };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const capacityUseCases = useCases satisfies UseCasesOf<typeof capacityArea, typeof useCases>;
