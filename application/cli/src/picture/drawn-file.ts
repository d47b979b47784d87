import { graphmlOf, jsonLdOf, type PatientGraph, patientGraphOf, pictureOf, timelineOf, trendsOf } from '@lianyi/graph';
import { type SpokenLanguage } from '../language';

export { patientGraphOf };

/** What a file of an ending of `PICTURE_ENDINGS` holds. */
export async function drawnAs(ending: string, graph: PatientGraph, language: SpokenLanguage): Promise<string | Uint8Array> {
  switch (ending) {
    case '.svg':
      return pictureOf(graph, { language });
    case '.png': {
      // some megabytes of fonts and of a drawing program, for this ending alone
      const { pngOf } = await import('./png.js');
      return pngOf(pictureOf(graph, { language }));
    }
    case '.graphml':
      return graphmlOf(graph);
    case '.jsonld':
      return `${JSON.stringify(jsonLdOf(graph), undefined, 2)}\n`;
    default: {
      const timeline = timelineOf(graph).map(({ id }) => id);
      return `${JSON.stringify({ ...graph, timeline, trends: trendsOf(graph) }, undefined, 2)}\n`;
    }
  }
}
