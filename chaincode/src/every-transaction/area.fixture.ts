import { type Area, type ErrorCode, type StateTable, type TransactionEntry, type TransactionName } from '@lianyi/domain';
import { type HospitalRole, type Stage } from './cast.fixture';
import { type As, type Bend } from './consortium.fixture';

/** What the fixture of an area says of its transactions: once more and by hand, so that a slip in the catalogue or a table is seen. */

type Json = Readonly<Record<string, unknown>>;
export type Prepared = { readonly input: Json; readonly as: As; readonly bend?: Bend };
/** The valid request of a transaction, made on the stage of the test when it is asked for. */
export type Valid = { readonly name: TransactionName; prepare(): Promise<Prepared> };
/** One refusal: its code, when it is answered, and a request that is answered so. */
export type Refusal = readonly [code: ErrorCode, when: string, bring: (stage: Stage, valid: Valid) => Prepared | Promise<Prepared>];

export type Sample = {
  /** Who may call: roles of staff, A an administrator, P the patient, S the owner of a slot, G a guardian, H who has a PIN's code; M alone, any member. Nobody else may. */
  readonly callers: string;
  /**
   * Of what the patient may call, who may do it for them: `-` nobody; `own` whoever has a delegation; else with any one of these scopes, bases before them, as in
   * `parent court: `, if no other will do. `, staff` at the end: two of the hospital's, too, for a patient without a device.
   */
  readonly forPatient?: string;
  /** Who asks in the valid request; somebody of hospital A, or the patient. */
  readonly by: 'administrator' | 'patient' | 'slot' | 'guardian' | 'pin' | HospitalRole | 'member';
  /** The same request by their like at another hospital is about that hospital's own, and good. Otherwise it is refused. */
  readonly everyHospitalForItself?: true;
  /** The object types that the valid request writes; `OrganisationMSP/` before those in private data. */
  readonly written: readonly string[];
  readonly events: readonly string[];
  /** A valid request. */
  readonly prepare: (stage: Stage) => Prepared | Promise<Prepared>;
  /** At least one for each code that the catalogue lists for the transaction. */
  readonly refusals: readonly Refusal[];
};

/**
 * What becomes of the very same argument, sent again after something else has changed what it made: `refused` with a code; `acts` again;
 * `rewrites` the same without an event, since an owner's transaction that writes nothing is invalid; or it is answered with the thing as it has become.
 */
export type Again =
  | { readonly refused: ErrorCode }
  | 'acts'
  | 'rewrites'
  | { readonly answers: Json; readonly after?: (stage: Stage, prepared: Prepared) => Promise<unknown> };

/** Whatever writes also says what becomes of its argument when it is sent again. */
export type SampleOf<Entry extends Pick<TransactionEntry, 'kind'>> = Entry['kind'] extends 'submit'
  ? Sample & { readonly again: Again }
  : Sample;

export type States = {
  readonly table: StateTable<string, string>;
  /** Every legal step, `from command to`. Whatever is not here must be refused. */
  readonly legal: readonly string[];
};

/** An entry for each transaction of the area: one that is missing, or is another's, does not compile. */
export type AreaFixture<Declared extends Pick<Area, 'transactions'>> = {
  /** Under the names of what has the states. */
  readonly states: Readonly<Record<string, States>>;
  readonly transactions: { readonly [Name in keyof Declared['transactions']]: SampleOf<Declared['transactions'][Name]> };
};
