import { type deviceArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changeDevice from './change-device';
import * as readDevices from './read-devices';

const useCases = { ...changeDevice, ...readDevices };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const deviceUseCases = useCases satisfies UseCasesOf<typeof deviceArea, typeof useCases>;
