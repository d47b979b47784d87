import { type z } from 'zod';
import { type Entity } from './entity';
import { type TransactionEntry } from './entry';

/** The fields of each event of an area, under the event's name (past tense): ids and versions only. */
export type EventTable = Readonly<Record<`${string}ed`, Readonly<Record<string, z.ZodType>>>>;

/** One area of the ledger: what it keeps, what happens in it and what may be done. The registries are made from this. */
export type Area = {
  /** Under the names of the repositories. */
  readonly entities: Readonly<Record<string, Entity>>;
  readonly events: EventTable;
  /** Those of the events that a transaction of the patient brings: where the patient is the actor they are no news to them. */
  readonly patientsOwn?: readonly string[];
  /** Under their own names. */
  readonly transactions: Readonly<Record<string, TransactionEntry>>;
};

/** Declares an area; its types stay exact. */
export function defineArea<const Declared extends Area>(area: Declared): Declared {
  return area;
}

type Tables = 'entities' | 'events' | 'transactions';
/** A union of types as their intersection. */
type Intersection<Union> = (Union extends unknown ? (member: Union) => void : never) extends (all: infer All) => void ? All : never;

/** What all areas hold of one kind, in one table. */
export type Merged<Areas extends Readonly<Record<string, Area>>, Table extends Tables> = {
  [Name in keyof Intersection<Areas[keyof Areas][Table]>]: Intersection<Areas[keyof Areas][Table]>[Name];
};

/**
 * Puts one table of all areas together, in the order of the areas.
 *
 * @throws Error — two areas use one name; then the second would hide the first.
 */
export function merged<Areas extends Readonly<Record<string, Area>>, Table extends Tables>(
  areas: Areas,
  table: Table,
): Merged<Areas, Table> {
  const entries = Object.values(areas).flatMap((area) => Object.entries(area[table]));
  const all = Object.fromEntries(entries);
  if (Object.keys(all).length !== entries.length) {
    throw new Error(`two areas use one name in their ${table}`);
  }
  return all as Merged<Areas, Table>; // Object.fromEntries cannot say which entry stands under which name
}
