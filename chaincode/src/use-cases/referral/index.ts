import { type referralArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as hospitalsWord from './hospitals-word';
import * as patientsWord from './patients-word';
import * as proposeReferral from './propose-referral';
import * as readReferrals from './read-referrals';

const useCases = { ...proposeReferral, ...patientsWord, ...hospitalsWord, ...readReferrals };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const referralUseCases = useCases satisfies UseCasesOf<typeof referralArea, typeof useCases>;
