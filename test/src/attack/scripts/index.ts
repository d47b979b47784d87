import { type Attack } from '../attack';
import { h1 } from './h1';
import { untrueAnswers } from './l5-untrue-answers';
import { l6Wallet } from './l6-wallet';
import { m1 } from './m1';
import { oneRegistrarEndsAccess } from './m13-one-registrar-ends-access';
import { m14 } from './m14';
import { m5 } from './m5';
import { m6 } from './m6';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [h1, m1, m5, m6, oneRegistrarEndsAccess, m14, untrueAnswers, l6Wallet];
