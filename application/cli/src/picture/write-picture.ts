import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import type * as Graphs from '@lianyi/graph';
import { type GraphSource, type PatientGraph } from '@lianyi/graph';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { writeNewFile } from '../private-folder';

type Writer = (graphs: typeof Graphs, graph: PatientGraph, language: 'en' | 'zh') => string | Promise<Uint8Array>;

/** What a file of this ending holds. */
const writers: Readonly<Record<string, Writer>> = {
  '.svg': ({ pictureOf }, graph, language) => pictureOf(graph, { language }),
  '.png': async ({ pictureOf }, graph, language) => {
    // some megabytes of fonts and of a drawing program, for this ending alone
    const { pngOf } = await import('./png.js');
    return pngOf(pictureOf(graph, { language }));
  },
  '.graphml': ({ graphmlOf }, graph) => graphmlOf(graph),
  '.jsonld': ({ jsonLdOf }, graph) => `${JSON.stringify(jsonLdOf(graph), undefined, 2)}\n`,
  '.json': ({ timelineOf, trendsOf }, graph) => {
    const timeline = timelineOf(graph).map(({ id }) => id);
    return `${JSON.stringify({ ...graph, timeline, trends: trendsOf(graph) }, undefined, 2)}\n`;
  },
};
export const PICTURE_ENDINGS = Object.keys(writers).join(', ');

/** Where a picture goes, decided before anything is opened. */
export interface PictureTarget {
  readonly file: string;
  /** Draws what was opened. @returns the graph that was drawn */
  write(sources: readonly GraphSource[]): Promise<PatientGraph>;
}

/** @throws {@link CliProblem} `USAGE` — an ending that nothing is written for; `FILE_EXISTS` */
export function pictureTarget({ terminal, options }: CommandCall, out: string): PictureTarget {
  const file = resolve(terminal.cwd, out);
  const writer = writers[extname(file).toLowerCase()];
  if (writer === undefined) throw new CliProblem('USAGE', `--out ${out}: ${PICTURE_ENDINGS}`);
  if (existsSync(file)) throw new CliProblem('FILE_EXISTS', file);
  return {
    file,
    write: async (sources) => {
      // units of measurement are a megabyte, which no other command needs
      const graphs = await import('@lianyi/graph');
      const graph = graphs.patientGraphOf(sources);
      writeNewFile(file, await writer(graphs, graph, options.language));
      return graph;
    },
  };
}
