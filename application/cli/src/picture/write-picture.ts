import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { type GraphSource, type PatientGraph } from '@lianyi/graph';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { writeNewFile } from '../private-folder';

export const PICTURE_ENDINGS = '.svg, .png, .graphml, .jsonld, .json';
const endings: readonly string[] = PICTURE_ENDINGS.split(', ');

/** Where a picture goes, decided before anything is opened. */
export interface PictureTarget {
  readonly file: string;
  /** Draws what was opened. @returns the graph that was drawn */
  write(sources: readonly GraphSource[]): Promise<PatientGraph>;
}

/** @throws {@link CliProblem} `USAGE` — an ending that nothing is written for; `FILE_EXISTS` */
export function pictureTarget({ terminal, options }: CommandCall, out: string): PictureTarget {
  const file = resolve(terminal.cwd, out);
  const ending = extname(file).toLowerCase();
  if (!endings.includes(ending)) throw new CliProblem('USAGE', `--out ${out}: ${PICTURE_ENDINGS}`);
  if (existsSync(file)) throw new CliProblem('FILE_EXISTS', file);
  return {
    file,
    write: async (sources) => {
      // units of measurement are a megabyte, which no other command needs
      const { drawnAs, patientGraphOf } = await import('./drawn-file.js');
      const graph = patientGraphOf(sources);
      writeNewFile(file, await drawnAs(ending, graph, options.language));
      return graph;
    },
  };
}
