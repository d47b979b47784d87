import { type emergencyArea } from '@lianyi/domain';
import { type UseCasesOf } from '../use-case';
import * as breakGlass from './break-glass';
import * as choice from './choice';
import * as countersign from './countersign';
import * as narrative from './narrative';
import * as readEmergencies from './read-emergencies';
import * as reviewEmergency from './review-emergency';
import * as recogniseCard from './show-card';
import * as statistics from './statistics';

const useCases = {
  ...breakGlass,
  ...choice,
  ...countersign,
  ...narrative,
  ...readEmergencies,
  ...reviewEmergency,
  ...recogniseCard,
  ...statistics,
};
/** What each transaction of the area does: the functions of its files, each under its transaction’s name. */
export const emergencyUseCases = useCases satisfies UseCasesOf<typeof emergencyArea, typeof useCases>;
