import { type relationshipArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as changeRelationship from './change-relationship';
import * as proposeRelationship from './propose-relationship';

const useCases = { ...changeRelationship, ...proposeRelationship };
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const relationshipUseCases = useCases satisfies UseCasesOf<typeof relationshipArea, typeof useCases>;
