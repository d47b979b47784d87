import { type correctionArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changeCorrection from './change-correction';
import * as correctionTexts from './correction-texts';
import * as readCorrections from './read-corrections';

const useCases = { ...changeCorrection, ...correctionTexts, ...readCorrections };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const correctionUseCases = useCases satisfies UseCasesOf<typeof correctionArea, typeof useCases>;
