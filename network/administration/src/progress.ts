/** Told what a verb is doing: one line, without an end of line. */
export type Progress = (line: string) => void;
