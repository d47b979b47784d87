import { type Attack } from '../attack';
import { h1 } from './h1';
import { l6Wallet } from './l6-wallet';
import { m1 } from './m1';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [h1, m1, l6Wallet];
