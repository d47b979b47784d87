export { type Fact, type FactKind, type GraphSource, type Moment, PATIENT_SOURCE, type SourcePlace, type Value } from './facts/fact';
export { patientGraphOf } from './graph';
export {
  type ConceptNode,
  type Contradiction,
  type FactNode,
  type GraphEdge,
  type GraphNode,
  isFact,
  type PatientGraph,
  type PersonNode,
  type Saying,
} from './nodes';
export { graphmlOf } from './out/graphml';
export { jsonLdOf } from './out/json-ld';
export { type PictureLanguage, pictureOf } from './out/picture';
export { timelineOf } from './timeline';
export { type Trend, type TrendPoint, trendsOf } from './trends';
