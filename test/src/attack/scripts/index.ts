import { type Attack } from '../attack';

/** Every attack, in the order of their ids. */
export const attacks: readonly Attack[] = [];
