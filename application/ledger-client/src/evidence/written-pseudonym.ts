import {
  isDead,
  mspIdSchema,
  type Pseudonym,
  pseudonymEntrySchema,
  type RecoveryCaseId,
  registrarArea,
  type Sha256,
  sha256Schema,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { z } from 'zod';
import { type BlockWrite } from '../gateway/block-call';
import { compositeKey } from './composite-key';
import { type KnownMembers } from './member-facts';
import { type AlarmFact, type CapacityFact, type Command, granteesAfter, type KnownPatients, type SaidGrantees } from './patient-facts';
import { jsonOf } from './strangers-json';

const { objectType } = registrarArea.entities.pseudonyms;

/** What anybody decides by who asks for a pseudonym, as those have said it whose word it is. */
export interface SaidPseudonym {
  readonly mspId: string;
  readonly nextKeyHash: Sha256;
  readonly isAssisted: boolean;
  /** Whether a death of the patient is recorded. */
  readonly isDeceased: boolean;
  /** The hash of the last statement by the patient, or by staff for them: by it a wallet tells which of its commands was committed. */
  readonly lastStatement?: Sha256;
  /** The recoveries that are open, which the entry shows to everybody; of one that is registered, none. */
  readonly recoveries: readonly RecoveryCaseId[];
  /** Those that it may name besides, because they stand written as open: nobody follows what came late. */
  readonly writtenOpen: readonly RecoveryCaseId[];
  readonly grantees?: SaidGrantees;
}

/** Who says something in a transaction for which the pseudonym's entry is written. */
export interface SaidInTransaction {
  /** The patient's own command, or of who acts for them. */
  readonly own: Command | undefined;
  /** Whether somebody vouches for the patient, or a death is recorded or taken back. */
  readonly isByOthers: boolean;
  readonly capacity: CapacityFact | undefined;
  /** Which recoveries are open after it. */
  readonly recoveries: readonly RecoveryCaseId[];
  /** Which stand written as open after it. */
  readonly writtenOpen: readonly RecoveryCaseId[];
}

/** Whether a key is one of a pseudonym. */
export function isOfPseudonym(type: string | undefined): boolean {
  return type === objectType;
}

/** The key of a pseudonym, in which the chaincode rolls the patient's one-time key. */
export function keyOfPseudonym(pseudonym: Pseudonym): string {
  return compositeKey(objectType, pseudonym);
}

/**
 * The pseudonym as a command leaves it; undefined if nobody has commanded anything of it. A delegate's command may write the entry, and leaves
 * all that counts as it is, and so may whoever vouches for the patient; an assisted one leaves the key; a death changes nothing else.
 */
export async function saidAfter(
  { own, isByOthers, capacity, recoveries, writtenOpen }: SaidInTransaction,
  pseudonym: Pseudonym,
  known: KnownPatients & Pick<KnownMembers, 'custodianOf'>,
): Promise<SaidPseudonym | undefined> {
  const [nextKeyHash, mspId] = [await known.keyOf(pseudonym), await known.custodianOf(pseudonym)];
  if ((own === undefined && !isByOthers) || nextKeyHash === undefined || mspId === undefined) return undefined;
  const isDeceased = isDead(capacity?.kind === 'death' ? capacity.said : await known.deathOf(pseudonym));
  const before: SaidPseudonym = { mspId, nextKeyHash, isDeceased, recoveries, writtenOpen, ...(await known.standingOf(pseudonym)) };
  if (own === undefined) return before;
  const { proof, entry, firstGrantBy } = own;
  const granted = { ...before, grantees: granteesAfter(before.grantees, firstGrantBy) };
  if (proof.kind === 'delegate') return granted;
  const after = { ...granted, lastStatement: statementHashOf(proof.statement) };
  if (proof.kind === 'assisted') return after;
  const isAssisted = before.isAssisted && entry.name !== transactions.TakeOverPseudonym.name;
  return { ...after, isAssisted, nextKeyHash: proof.statement.nextKeyHash };
}

/** Read more leniently than the chaincode writes it: a later one may write more. */
const writtenSchema = z.looseObject({
  mspId: mspIdSchema,
  nextKeyHash: sha256Schema,
  state: pseudonymEntrySchema.shape.state,
  kind: pseudonymEntrySchema.shape.kind,
  isDeceased: pseudonymEntrySchema.shape.isDeceased,
  grantees: pseudonymEntrySchema.shape.grantees,
  granteesByOthers: pseudonymEntrySchema.shape.granteesByOthers,
  lastCommand: z.looseObject({ statementHash: sha256Schema }).exactOptional(),
  recoveries: pseudonymEntrySchema.shape.recoveries,
});

/** What a written pseudonym says, held against what was said of it. */
export function pseudonymFacts(
  { value }: Pick<BlockWrite, 'value'>,
  pseudonym: Pseudonym,
  said: SaidPseudonym | undefined,
): readonly AlarmFact[] {
  const written = writtenSchema.safeParse(jsonOf(value)).data;
  const isAsSaid = written !== undefined && said !== undefined && isWhoItWas(written, said) && isCountedAsSaid(written, said.grantees);
  return isAsSaid ? [] : [{ kind: 'alarm', alarm: 'key-without-command', pseudonym }];
}

/** Whether the entry says whose the pseudonym is, and who commands it, as it was said. */
function isWhoItWas(written: z.output<typeof writtenSchema>, said: SaidPseudonym): boolean {
  return (
    written.nextKeyHash === said.nextKeyHash &&
    written.lastCommand?.statementHash === said.lastStatement &&
    isWhoseItWas(written, said) &&
    said.recoveries.every((each) => written.recoveries?.includes(each)) &&
    areOpen(written, said)
  );
}

/** Whether it names none that is over, or never was: endorsers would find no room for another one. */
function areOpen(
  { recoveries = [] }: Pick<z.output<typeof writtenSchema>, 'recoveries'>,
  said: Pick<SaidPseudonym, 'recoveries' | 'writtenOpen'>,
): boolean {
  return recoveries.every((each) => said.recoveries.includes(each) || said.writtenOpen.includes(each));
}

type Whose = Pick<SaidPseudonym, 'mspId' | 'isAssisted' | 'isDeceased'>;

function isWhoseItWas(written: z.output<typeof writtenSchema>, said: Whose): boolean {
  return (
    written.mspId === said.mspId &&
    // nobody closes one
    written.state === 'active' &&
    (written.kind === 'assisted') === said.isAssisted &&
    (written.isDeceased === true) === said.isDeceased
  );
}

/**
 * Which open recoveries a written entry hides from whoever looks at the pseudonym. What it says of the key shows no recovery and hides none:
 * where a step came late, the ledger has another key than those who follow it, and the next recovery is what brings the two together.
 */
export function hiddenIn({ value }: Pick<BlockWrite, 'value'>, said: Whose & Pick<SaidPseudonym, 'recoveries'>): readonly RecoveryCaseId[] {
  const written = writtenSchema.safeParse(jsonOf(value)).data;
  if (written === undefined || !isWhoseItWas(written, said)) return said.recoveries;
  return said.recoveries.filter((each) => written.recoveries?.includes(each) !== true);
}

/**
 * Whether no more grantees are counted than were granted anything: a count beyond that is how others take the patient's places for ever. Fewer
 * harm nobody; what endorsers did not carry out is not counted.
 */
function isCountedAsSaid(
  { grantees = 0, granteesByOthers = 0 }: Pick<z.output<typeof writtenSchema>, 'grantees' | 'granteesByOthers'>,
  { patient, others }: SaidGrantees = { patient: 0, others: 0 },
): boolean {
  return grantees - granteesByOthers <= patient && granteesByOthers <= others;
}
