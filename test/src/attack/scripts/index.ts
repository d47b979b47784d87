import { type Attack } from '../attack';
import { untrueAnswers } from './l5-untrue-answers';
import { oneRegistrarEndsAccess } from './m13-one-registrar-ends-access';
import { lyingNode } from './lying-node';
import { m14 } from './m14';
import { m5 } from './m5';
import { m6 } from './m6';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [lyingNode, m5, m6, oneRegistrarEndsAccess, m14, untrueAnswers];
