import { type Attack } from '../attack';
import { untrueAnswers } from './l5-untrue-answers';
import { oneRegistrarEndsAccess } from './m13-one-registrar-ends-access';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [untrueAnswers, oneRegistrarEndsAccess];
