import {
  type AccessExplanation,
  type AccessFacts,
  type AskingActor,
  type AccessApproval,
  type AccessParameter,
  type Decision,
  type Grant,
  type GrantFacts,
  type GrantUses,
  type Instant,
  isPointerId,
  type MspId,
  type ParameterName,
  type PermittedTicket,
  type Pseudonym,
  type Purpose,
  recordClasses,
  type RecordFacts,
  type RecordId,
  recordIdSchema,
  type Relationship,
  type StaffAsker,
} from '@lianyi/domain';
import {
  type AskedAccess,
  couldPermit,
  decideAccess,
  decideEach,
  decideEmergencyAccess,
  decideOwnAccess,
  type EmergencyFacts,
  explainAccess,
  explainEmergencyAccess,
  type FactKey,
  factsNeededFor,
  forbiddenSince,
  isCounted,
  lacksOnlySecond,
  lacksApproval,
  type OwnRecordFacts,
  begunWithItsVersion,
  initialSetting,
  type Readable,
  readableOf,
  type SettingOf,
  versionForPatient,
  withUses,
} from '@lianyi/domain/deciding';
import { type ReadRepositories } from '../../ledger/repositories';

/** May this actor read these records for this purpose at this instant? */
export type AccessInquiry = {
  readonly pseudonym: Pseudonym;
  readonly recordIds: readonly RecordId[];
  readonly purpose: Purpose;
  readonly at: Instant;
  /** Whether somebody only wonders about an instant; else `at` is the time of the transaction that asks. */
  readonly isSupposed?: boolean;
  /** A permit that was given is asked about once more: no use of a consent is counted, and none is read. */
  readonly again?: true;
  readonly actor: AskingActor;
  /** Where the glass is broken: what is asked and known besides. It takes no use of a consent, and none is read. */
  readonly emergency?: EmergencyFacts;
};

/** Both stand in the order of the inquiry's `recordIds`. */
export type Decisions = { readonly decisions: readonly Decision[]; readonly records: readonly (Readable | undefined)[] };
/** What was decided, and the grants of which a permit may have taken a use. */
export type Decided = Decisions & { readonly counted: readonly CountedFacts[] };
/** A grant that is good for so many permits; `uses` is what the ledger has of it. */
export type CountedFacts = Pick<GrantFacts, 'grantee' | 'version' | 'taken'> & { readonly uses: GrantUses | undefined };

/** Reads what a decision rests on, by key alone, and asks the rule. */
export async function decide(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<Decided> {
  const { asked, records, grants } = await known(ledger, inquiry);
  const { emergency } = inquiry;
  const decisions =
    emergency === undefined ? decideEach(asked) : asked.map((each) => decideEmergencyAccess(each.question, each.facts, emergency));
  return { decisions, records, counted: grants.filter(isCounted) };
}

/** As {@link decide} of one record, and tells what the decision comes from: for who may know what the patient has said. */
export async function decideAndExplain(
  ledger: ReadRepositories,
  { recordId, ...inquiry }: Omit<AccessInquiry, 'recordIds' | 'again'> & { readonly recordId: RecordId },
): Promise<AccessExplanation> {
  const [asked] = (await known(ledger, { ...inquiry, recordIds: [recordId] })).asked;
  if (asked === undefined) throw new Error('nothing is known of the one record asked about');
  const { emergency } = inquiry;
  return emergency === undefined
    ? explainAccess(asked.question, asked.facts)
    : explainEmergencyAccess(asked.question, asked.facts, emergency);
}

/** Since when the patient has forbidden the record to who asks; undefined: they have not. */
export async function prohibitionOf(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<Instant | undefined> {
  const { asked, grants } = await known(ledger, { ...inquiry, again: true });
  return asked.map(({ question, facts }) => forbiddenSince(question, facts, grants))[0];
}

/** What keeps a copy of the record from being handed on to an actor: the patient's prohibition, or that the record's hospital has to approve, and has not. */
export async function obstacleOf(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<'forbidden' | 'not-approved' | undefined> {
  const { asked, grants } = await known(ledger, { ...inquiry, again: true });
  if (asked.some(({ question, facts }) => forbiddenSince(question, facts, grants) !== undefined)) return 'forbidden';
  return asked.some(({ question, facts }) => lacksApproval(question, facts)) ? 'not-approved' : undefined;
}

type Known = {
  readonly asked: readonly AskedAccess[];
  readonly records: Decisions['records'];
  readonly grants: readonly (Grant & CountedFacts)[];
};

/**
 * What the rule is asked, with what the ledger knows of it.
 *
 * Two rounds of reads, of which the records' is none where they were foreseen: the records, which say who keeps them; then all that the policy
 * sources need, and what was taken of grants that may be good for so many permits. What is read depends on the question and the custodian alone. For
 * a record or pseudonym that does not exist the asker's own hospital stands in for it, so that neither the answer nor the pattern of reads tells it
 * from one without consent. What holds by default is one entry for all classes, so no record's class tells by what is read.
 */
async function known(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<Known> {
  const { actor, purpose, at } = inquiry;
  const records = await Promise.all(readablesOf(ledger, inquiry));
  // a pseudonym is one hospital's, so all its records have one custodian
  const custodianMspId = records.find((record) => record !== undefined)?.custodianMspId ?? actor.mspId;
  const found = await whatIsKnown(ledger, inquiry, custodianMspId);
  const question = { at, actor, purpose, ...(inquiry.again === undefined ? {} : { again: inquiry.again }) };
  const facts = factsAbout(custodianMspId, found);
  return { asked: records.map((record) => ({ question: { ...question, record }, facts })), records, grants: found.grant };
}

/** What deciding rests on but the records, in one round of reads. */
async function whatIsKnown(
  ledger: ReadRepositories,
  { pseudonym, actor, ...inquiry }: Omit<AccessInquiry, 'recordIds'>,
  custodianMspId: MspId,
): Promise<Found<Grant & CountedFacts>> {
  const keys = factsNeededFor({ actor, custodianMspId });
  const isCounting = inquiry.again !== true && inquiry.emergency === undefined;
  const [found, uses] = await Promise.all([readFacts(ledger, pseudonym, keys), isCounting ? readUses(ledger, pseudonym, keys) : []]);
  const begun = inquiry.isSupposed === true ? found.grant : found.grant.map(begunWithItsVersion);
  const grant = begun.map((each): Grant & CountedFacts => {
    const own = uses.find(isSameGrantee(each));
    return { ...withUses(each, own), uses: own };
  });
  return { ...found, grant };
}

/**
 * Reads what {@link decide} will, of a ticket whose asker's entry is not read yet: what the ticket says of them is looked for in the same turn, and decide
 * finds it read. Of who is in other departments or groups besides, decide looks for the rest.
 */
export function readAheadFor(
  ledger: ReadRepositories,
  ticket: Pick<PermittedTicket, 'pseudonym' | 'custodianMspId'> & { readonly actor: StaffAsker },
): Promise<unknown> {
  const { pseudonym, actor, custodianMspId } = ticket;
  return readFacts(ledger, pseudonym, factsNeededFor({ actor: { ...actor, departments: [] }, custodianMspId }));
}

/** Who would read what of whom, without saying which records. */
export type ListInquiry = Pick<AccessInquiry, 'pseudonym' | 'actor' | 'purpose' | 'at' | 'emergency'>;
/** Permitted as it is, or, in an emergency, once a second person has countersigned it. */
type Listing = { readonly needsSecondPerson?: true };
/** The rule, with all that it rests on but the record. */
type Judge = {
  /** What {@link decide} would come to on this record alone, of which no use of a consent is taken; undefined: a denial. */
  readonly judge: (record: Readable) => Listing | undefined;
  /** False if no record whatever could be permitted. */
  readonly mayPermit: boolean;
};

/**
 * Reads what deciding on any record of a pseudonym rests on, and no record. As many reads whoever the pseudonym is, and if it is nobody's.
 */
export async function newJudge(ledger: ReadRepositories, inquiry: ListInquiry): Promise<Judge> {
  const { pseudonym, actor, purpose, at, emergency } = inquiry;
  // a pseudonym is one hospital's, so all its records have one custodian
  const custodianMspId = (await ledger.pseudonyms.find(pseudonym))?.mspId ?? actor.mspId;
  const facts = factsAbout(custodianMspId, await whatIsKnown(ledger, inquiry, custodianMspId));
  const decideOn = (record: RecordFacts): Decision => {
    const question = { at, actor, purpose, record };
    return emergency === undefined ? decideAccess(question, facts) : decideEmergencyAccess(question, facts, emergency);
  };
  const any = { ...ANY_RECORD, custodianMspId, authorMspId: custodianMspId, anchoredAt: at };
  const mightPermit = (record: RecordFacts): boolean =>
    emergency === undefined ? couldPermit({ at, actor, purpose, record }, facts) : listingOf(decideOn(record)) !== undefined;
  const mayPermit = recordClasses.some((each) => mightPermit({ ...any, class: each }));
  return { judge: (record) => listingOf(decideOn(record)), mayPermit };
}

function listingOf(decision: Decision): Listing | undefined {
  if (decision.effect === 'permit') return {};
  return lacksOnlySecond(decision) ? { needsSecondPerson: true } : undefined;
}

/** Of whatever class, with nothing special to it; in an emergency no level closes less. */
const ANY_RECORD = { recordId: recordIdSchema.parse('any'), dataLevel: 1, confidentiality: 'U', state: 'current' } as const;

/** What was taken of those grants that are good for so many permits; which they are is not known before they are read. */
async function readUses(ledger: ReadRepositories, pseudonym: Pseudonym, keys: readonly FactKey[]): Promise<readonly GrantUses[]> {
  const grantees = keys.flatMap((key) => (key.kind === 'grant' ? [key.grantee] : []));
  const found = await Promise.all(grantees.map(({ kind, mspId, name }) => ledger.grantUses.find(pseudonym, kind, mspId, name)));
  return found.filter((uses) => uses !== undefined);
}

const isSameGrantee =
  ({ grantee: { kind, mspId, name } }: Pick<Grant, 'grantee'>) =>
  ({ grantee }: Pick<GrantUses, 'grantee'>): boolean =>
    grantee.kind === kind && grantee.mspId === mspId && grantee.name === name;

/**
 * Reads what a patient's question about their own records rests on, the records alone, and asks the rule. As many reads whether they exist or not.
 *
 * Of a retracted one the version is the one that has a content.
 */
export async function decideOwn(
  ledger: ReadRepositories,
  { pseudonym, recordIds }: Pick<AccessInquiry, 'pseudonym' | 'recordIds'>,
): Promise<Decisions> {
  const found = await Promise.all(readablesOf(ledger, { pseudonym, recordIds }));
  const records = found.map((record) => record && { ...record, version: versionForPatient(record) });
  return { decisions: found.map(decideOwnAccess), records };
}

/** What is asked about, in the order of the ids; read with whatever is read in the same turn. */
export function readablesOf(
  ledger: ReadRepositories,
  { pseudonym, recordIds }: Pick<AccessInquiry, 'pseudonym' | 'recordIds'>,
): readonly Promise<(Readable & OwnRecordFacts) | undefined>[] {
  return recordIds.map((recordId) => readableAt(ledger, pseudonym, recordId));
}

/** A record, or a pointer by the spelling of its id: the question alone says which is read, and never what is found. */
async function readableAt(ledger: ReadRepositories, pseudonym: Pseudonym, id: RecordId): Promise<(Readable & OwnRecordFacts) | undefined> {
  if (!isPointerId(id)) return ledger.records.find(pseudonym, id);
  const pointer = await ledger.pointers.find(pseudonym, id);
  return pointer && readableOf(pointer);
}

type Entries = { grant: Grant; relationship: Relationship; parameter: AccessParameter; approval: AccessApproval };
/** What was found, by kind of key; a kind of key that nobody reads does not compile. */
type Found<Given extends GrantFacts = Grant> = {
  readonly [Kind in FactKey['kind']]: readonly (Kind extends 'grant' ? Given : Entries[Kind])[];
};

async function readFacts(ledger: ReadRepositories, pseudonym: Pseudonym, keys: readonly FactKey[]): Promise<Found> {
  const all = async <Kind extends FactKey['kind']>(
    kind: Kind,
    find: (key: Extract<FactKey, { kind: Kind }>) => Promise<Entries[Kind] | undefined>,
  ): Promise<readonly Entries[Kind][]> => {
    const ofKind = keys.filter((key): key is Extract<FactKey, { kind: Kind }> => key.kind === kind);
    return (await Promise.all(ofKind.map(find))).filter((entry) => entry !== undefined);
  };
  const [grant, relationship, parameter, approval] = await Promise.all([
    all('grant', ({ grantee: { kind, mspId, name } }) => ledger.grants.find(pseudonym, kind, mspId, name)),
    all('relationship', ({ mspId }) => ledger.relationships.find(pseudonym, mspId)),
    all('parameter', ({ name }) => ledger.accessParameters.find(name)),
    all('approval', ({ mspId, actorTag }) => ledger.accessApprovals.find(pseudonym, mspId, actorTag)),
  ]);
  return { grant, relationship, parameter, approval };
}

function factsAbout(custodianMspId: MspId, { relationship, grant, parameter, approval }: Found<GrantFacts>): AccessFacts {
  return {
    relationship: relationship.find(({ mspId }) => mspId === custodianMspId),
    grants: grant,
    defaultPolicies: settingOf('default-policies', parameter).value,
    levelApprovers: settingOf('level-approvers', parameter).value,
    approval: approval[0],
  };
}

/** What a parameter is set to; what the program has where nobody has set it. */
function settingOf<Name extends ParameterName>(name: Name, set: readonly AccessParameter[]): SettingOf<Name> {
  const found = set.map(({ setting }) => setting).find((setting): setting is SettingOf<Name> => setting.name === name);
  return found ?? initialSetting(name);
}
