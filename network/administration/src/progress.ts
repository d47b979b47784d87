import { type Sentence } from '@lianyi/network-model';

/** Told what has been done, as it is done. */
export type Progress = (line: Sentence) => void;
