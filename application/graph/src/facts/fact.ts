import { type Resource } from '@lianyi/documents/json-object';

/** As the source of what the patient has written themselves: no member has this name. */
export const PATIENT_SOURCE = 'urn:lianyi:patient';

/** A document that its reader has opened. */
export interface GraphSource {
  readonly recordId: string;
  readonly version: number;
  /** The member whose record it is; of what the patient has contributed, {@link PATIENT_SOURCE}. */
  readonly custodian: string;
  /** The patient disagrees with the record, or may: what the ledger has of that cannot be read. Left out: they do not. */
  readonly disagreement?: 'stated' | 'unreadable';
  /** Parsed and checked: a resource or a Bundle. */
  readonly resource: Resource;
}

/** Where a fact stands: whoever follows it opens the document there. */
export interface SourcePlace {
  readonly recordId: string;
  readonly version: number;
  readonly custodian: string;
  readonly disagreement?: 'stated' | 'unreadable';
  /** FHIRPath below the document, for example `entry[3].resource`; empty: the document itself. */
  readonly path: string;
}

export const factKinds = [
  ...(['problem', 'allergy', 'result', 'report', 'imaging', 'medicine', 'immunization', 'procedure', 'encounter'] as const),
] as const;
export type FactKind = (typeof factKinds)[number];

/** A time as a document says it, and what it begins with in milliseconds since 1970; a day and less has no zone, and is taken as UTC. */
export interface Moment {
  readonly text: string;
  readonly millis: number;
  readonly precision: 'year' | 'month' | 'day' | 'time';
}

export type Value =
  | { readonly kind: 'quantity'; readonly amount: number; readonly unit: string; readonly comparator: string }
  | { readonly kind: 'coded'; readonly codes: readonly string[]; readonly label: string }
  | { readonly kind: 'text'; readonly text: string };

/** Somebody that a document names as its author, performer or asserter. */
export interface Named {
  readonly name: string;
  /** `system|value`; of who has none the name tells nobody apart at another hospital. */
  readonly identifiers: readonly string[];
}

/** One statement of one document. */
export interface Fact {
  readonly kind: FactKind;
  /** Type of the FHIR resource: what is asked for and what was given are two facts. */
  readonly type: string;
  /** `system|code`, those that a code map leads to included; empty: only told in words. */
  readonly codes: readonly string[];
  readonly label: string;
  readonly status: string;
  readonly time: Moment | undefined;
  readonly value: Value | undefined;
  /** `system|value` of the thing itself, as its maker has named it. */
  readonly identifiers: readonly string[];
  /** What a result was measured in, where that is said. */
  readonly specimen: string;
  /** Of an allergy: `food`, `medication`, `environment`, `biologic`. */
  readonly categories: readonly string[];
  readonly place: SourcePlace;
  readonly people: readonly Named[];
  /** Other facts of the same document: paths. */
  readonly during: string | undefined;
  readonly members: readonly string[];
  readonly reasons: readonly string[];
}
