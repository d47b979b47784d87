import { type recoveryArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as byGuardians from './by-guardians';
import * as byRegistrars from './by-registrars';
import * as endCase from './end-case';
import * as guardians from './guardians';
import * as readRecoveries from './read-recoveries';

const useCases = { ...byGuardians, ...byRegistrars, ...endCase, ...guardians, ...readRecoveries };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const recoveryUseCases = useCases satisfies UseCasesOf<typeof recoveryArea, typeof useCases>;
