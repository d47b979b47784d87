import { type FactKind, type Moment, type SourcePlace, type Value } from './facts/fact';
import { isDenyingStatus } from './facts/status';

/** What one document says of a node. */
export interface Saying {
  readonly place: SourcePlace;
  readonly label: string;
  readonly status: string;
  readonly time: Moment | undefined;
  readonly value: Value | undefined;
}

/** Something that happened, was found or is so: told once or several times. */
export interface FactNode {
  readonly id: string;
  readonly kind: FactKind;
  readonly type: string;
  readonly codes: readonly string[];
  readonly label: string;
  readonly time: Moment | undefined;
  readonly value: Value | undefined;
  /** Of an allergy: what it is to. */
  readonly categories: readonly string[];
  /** One of each document that says it; each opens. */
  readonly sayings: readonly Saying[];
}

/** What several facts are about: one name for a test, a disease, a medicine. */
export interface ConceptNode {
  readonly id: string;
  readonly kind: 'concept';
  readonly codes: readonly string[];
  readonly label: string;
}
/** Somebody who has cared for the patient. */
export interface PersonNode {
  readonly id: string;
  readonly kind: 'person';
  readonly label: string;
  readonly custodians: readonly string[];
}
export interface HospitalNode {
  readonly id: string;
  readonly kind: 'hospital';
  readonly label: string;
}
export type GraphNode = FactNode | ConceptNode | PersonNode | HospitalNode;

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `is`: of a concept; `member`: of a report or panel; `during`: an encounter; `by`: somebody; `reason`: why; `at`: whose record says it. */
  readonly kind: 'is' | 'member' | 'during' | 'by' | 'reason' | 'at';
}

/** Where documents do not agree. Nobody but a person decides which is right: all of it is shown. */
export interface Contradiction {
  readonly why: 'other-value' | 'other-status' | 'other-blood-group' | 'allergy-denied' | 'patient-disagrees';
  /** The facts that do not go together; one: its sources contradict each other. */
  readonly nodes: readonly string[];
}

/** Something that documents tell, and no name of what it is about, of a person or of a hospital. */
export function isFact(node: GraphNode): node is FactNode {
  return 'sayings' in node;
}

/** Every document that tells of it says that it was not so, or was not done. */
export function isNegated({ sayings }: Pick<FactNode, 'sayings'>): boolean {
  return sayings.every(isDenial);
}

/** It corrects what was said before: what it says counts. */
export function isCorrection({ status }: Pick<Saying, 'status'>): boolean {
  return ['amended', 'corrected', 'appended'].includes(status);
}

/** It says that it was not so, or was not done. */
export function isDenial({ status }: Pick<Saying, 'status'>): boolean {
  return isDenyingStatus(status);
}

/** One document at least says that it should not be there at all. */
export function isCalledError({ sayings }: Pick<FactNode, 'sayings'>): boolean {
  return sayings.some(({ status }) => /\bentered-in-error\b/.test(status));
}

/** One patient, as the documents tell it that a reader has opened: nothing else is in it, and nothing tells what else there is. */
export interface PatientGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly contradictions: readonly Contradiction[];
  /** Of each document the things that are not in the graph, since an extension changes what they say and nobody here knows how. */
  readonly unread: readonly SourcePlace[];
}
