import { type Pseudonym, type Purpose, type RecordId } from '@lianyi/domain';
import { type Language } from '@lianyi/domain/errors';
import { type JsonObject } from '@lianyi/documents/json-object';
import { type ActingStaff } from '../acting/ports';
import { type ParameterRules, type Question } from '../asking/question';
import { type FhirCheck } from '../resources/opened-document';
import { type DocumentCheck } from './submitted-document';

/** A letter of SMART's scopes: create, read, update, search. */
export type ScopeLetter = 'c' | 'r' | 'u' | 's';

/** One request to one interaction, after everything of it was checked that does not depend on whom it is about. */
export interface FacadeCall {
  readonly baseUrl: string;
  readonly language: Language;
  readonly staff: ActingStaff;
  readonly clientId: string;
  /** The application keeps what it reads. */
  readonly keeps: boolean;
  /** Undefined where the interaction takes none. */
  readonly purpose: Purpose | undefined;
  readonly question: Question;
  /** The logical id of the path, unread. */
  readonly id: string;
  /** `Accept`, as it came; empty without one. */
  readonly accept: string;
  /** The token has the scope to write the next version of a document, in whatever interaction it comes. */
  readonly mayReplace: boolean;
  /** `If-Match`, as it came. */
  readonly ifMatch: string | undefined;
  /**
   * The resource that was sent, checked against the base definition of its type, on another thread where it is large.
   * @throws DomainError the refusals of `checkDocument`
   */
  readonly sentResource: () => Promise<JsonObject>;
  /** Refuses what is no FHIR of a document that somebody else has published, on another thread where it is large. */
  readonly checkFhir: FhirCheck;
  /** Checks a document that was sent and finds how closely it is held, on another thread where it is large. */
  readonly checkSent: DocumentCheck;
  /** By which name of the house's a hospital's own system of numbers goes. */
  readonly numberSystems: ReadonlyMap<string, string>;
  readonly memory: FacadeMemory;
}

/** What the facade itself keeps: names that only it can make again, and where a client was told that a record is. */
export interface FacadeMemory {
  /** 16 bytes, base64url: the same for the same parts, and for nobody else to compute. */
  nonceFor(parts: readonly string[]): string;
  /** Remembers that a client was told of a record. */
  told(clientId: string, recordId: RecordId, pseudonym: Pseudonym): void;
  /** Whose record it is, if that client was told of it. */
  whoseRecord(clientId: string, recordId: RecordId): Pseudonym | undefined;
}

/** An answer: a resource, which is written as the client asks, or bytes, which go as they are. */
export interface FacadeAnswer {
  readonly status?: number;
  readonly resource?: JsonObject;
  /** JSON of FHIR that must not be written anew, since a number in it has more digits than a program keeps. */
  readonly bytes?: Uint8Array;
  /** Of bytes that are no FHIR. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One interaction of the facade: what server, CapabilityStatement and documentation know of it. */
export interface Interaction {
  /** IHE's number, or what FHIR calls it. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the base, with `:id` for a logical id. */
  readonly path: string;
  /** The type of resource that it stands under in the CapabilityStatement; `system` for the whole server. */
  readonly type: string;
  /** A code of FHIR's interactions, or an operation. */
  readonly does:
    | { readonly interaction: 'read' | 'search-type' | 'create' | 'update' | 'transaction' }
    | { readonly operation: string; readonly definition: string };
  readonly scope: { readonly type: string; readonly letter: ScopeLetter } | undefined;
  /** It reads about a patient, and takes a purpose of use. */
  readonly takesPurpose: boolean;
  readonly parameters: ParameterRules;
  readonly takesBody: boolean;
  /** `documents`: of any type, so that it looks at `Accept` itself; `json`: what has documents inside, which are not written anew. Left out: JSON or XML. */
  readonly gives?: 'documents' | 'json';
  readonly run: (call: FacadeCall) => Promise<FacadeAnswer>;
}
