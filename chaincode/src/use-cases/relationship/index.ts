import { type relationshipArea } from '@lianyi/domain';
import { type UseCases } from '../use-case';
import {
  acceptRelationship,
  getRelationship,
  rejectRelationship,
  resumeRelationship,
  suspendRelationship,
  terminateRelationship,
} from './change-relationship';
import { proposeRelationship } from './propose-relationship';

/** What each transaction of the area does. */
export const relationshipUseCases = {
  ProposeRelationship: proposeRelationship,
  AcceptRelationship: acceptRelationship,
  RejectRelationship: rejectRelationship,
  SuspendRelationship: suspendRelationship,
  ResumeRelationship: resumeRelationship,
  TerminateRelationship: terminateRelationship,
  GetRelationship: getRelationship,
} satisfies UseCases<(typeof relationshipArea)['transactions']>;
