import { type Attack } from '../attack';
import { m14 } from './m14';
import { m5 } from './m5';
import { m6 } from './m6';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [m5, m6, m14];
