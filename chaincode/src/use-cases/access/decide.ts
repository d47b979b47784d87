import {
  type AccessExplanation,
  type AccessFacts,
  type AskingActor,
  type Decision,
  type DefaultPolicy,
  type FactsQuestion,
  type Grant,
  type GrantFacts,
  type GrantUses,
  type Instant,
  isPointerId,
  type Pseudonym,
  type Purpose,
  recordClasses,
  type RecordId,
  type Relationship,
} from '@lianyi/domain';
import {
  type AskedAccess,
  decideEach,
  decideEmergencyAccess,
  decideOwnAccess,
  type EmergencyFacts,
  explainAccess,
  type FactKey,
  factsNeededFor,
  isCounted,
  type OwnRecordFacts,
  begunWithItsVersion,
  initialDefaultPolicy,
  type Readable,
  readableOf,
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

/**
 * Reads what a decision rests on, by key alone, and asks the rule.
 *
 * Two rounds of reads: the records and what the policy sources need whatever the record says; then what they need for its labels, and what was
 * taken of the grants that are good for so many permits: the first round says which those are, and no record does. For a
 * record or pseudonym that does not exist the second round asks for as much, so that neither the answer nor the pattern of reads tells it
 * from one without consent.
 */
export async function decide(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<Decided> {
  const { emergency } = inquiry;
  const { asked, records, grants } = await askedOf(ledger, inquiry);
  const decisions =
    emergency === undefined ? decideEach(asked) : asked.map((each) => decideEmergencyAccess(each.question, each.facts, emergency));
  return { decisions, records, counted: grants.filter(isCounted) };
}

/** As {@link decide} of one record, and tells what the decision comes from: for who may know what the patient has said. */
export async function decideAndExplain(
  ledger: ReadRepositories,
  { recordId, ...inquiry }: Omit<AccessInquiry, 'recordIds' | 'again' | 'emergency'> & { readonly recordId: RecordId },
): Promise<AccessExplanation> {
  const [asked] = (await askedOf(ledger, { ...inquiry, recordIds: [recordId] })).asked;
  if (asked === undefined) throw new Error('nothing is known of the one record asked about');
  return explainAccess(asked.question, asked.facts);
}

type Asked = {
  readonly asked: readonly AskedAccess[];
  readonly records: Decisions['records'];
  readonly grants: readonly (Grant & CountedFacts)[];
};

async function askedOf(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<Asked> {
  const { pseudonym, actor, purpose, at, emergency } = inquiry;
  const asker: FactsQuestion = { at, actor, purpose };
  const first = factsNeededFor([asker]);
  const [records, early] = await Promise.all([
    Promise.all(inquiry.recordIds.map((recordId) => readableAt(ledger, pseudonym, recordId))),
    readFacts(ledger, pseudonym, first),
  ]);
  const labels = labelsOf(records, actor);
  const second = factsNeededFor(
    [...labels, ...standIns(labels)].map((each) => ({ ...asker, labels: each })),
    first,
  );
  const [late, uses] = await Promise.all([
    readFacts(ledger, pseudonym, second),
    inquiry.again === true || emergency !== undefined ? [] : readUses(ledger, pseudonym, early.grant),
  ]);
  const found = merged(early, late);
  const begun = inquiry.isSupposed === true ? found.grant : found.grant.map(begunWithItsVersion);
  const grant = begun.map((each): Grant & CountedFacts => {
    const own = uses.find(isSameGrantee(each));
    return { ...withUses(each, own), uses: own };
  });
  const question = { at, actor, purpose, ...(inquiry.again === undefined ? {} : { again: inquiry.again }) };
  const asked = labels.map((each, index) => ({
    question: { ...question, record: records[index] },
    facts: factsAbout(each, { ...found, grant }),
  }));
  return { asked, records, grants: grant };
}

/** What was taken of those grants that are good for so many permits. */
async function readUses(ledger: ReadRepositories, pseudonym: Pseudonym, grants: readonly Grant[]): Promise<readonly GrantUses[]> {
  const found = await Promise.all(
    grants.filter(isCounted).map(({ grantee: { kind, mspId, name } }) => ledger.grantUses.find(pseudonym, kind, mspId, name)),
  );
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
  const found = await Promise.all(recordIds.map((recordId) => readableAt(ledger, pseudonym, recordId)));
  const records = found.map((record) => record && { ...record, version: versionForPatient(record) });
  return { decisions: found.map(decideOwnAccess), records };
}

/** A record, or a pointer by the spelling of its id: the question alone says which is read, and never what is found. */
async function readableAt(ledger: ReadRepositories, pseudonym: Pseudonym, id: RecordId): Promise<(Readable & OwnRecordFacts) | undefined> {
  if (!isPointerId(id)) return ledger.records.find(pseudonym, id);
  const pointer = await ledger.pointers.find(pseudonym, id);
  return pointer && readableOf(pointer);
}

type Labels = NonNullable<FactsQuestion['labels']>;

function labelsOf(records: Decisions['records'], actor: AskingActor): readonly Labels[] {
  // a pseudonym is one hospital's, so all its records have one custodian
  const custodianMspId = records.find((record) => record !== undefined)?.custodianMspId ?? actor.mspId;
  return records.map((record) => ({ custodianMspId, class: record?.class ?? 'other' }));
}

/** As many classes as there are records, so that what is read does not tell whether two of them are of one class, or one of them is not there. */
function standIns(labels: readonly Labels[]): readonly Labels[] {
  const classes = new Set(labels.map((each) => each.class));
  const others = recordClasses.filter((each) => !classes.has(each)).slice(0, labels.length - classes.size);
  return labels.slice(0, 1).flatMap(({ custodianMspId }) => others.map((each) => ({ custodianMspId, class: each })));
}

type Entries = { grant: Grant; relationship: Relationship; defaultPolicy: DefaultPolicy };
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
  const [grant, relationship, defaultPolicy] = await Promise.all([
    all('grant', ({ grantee: { kind, mspId, name } }) => ledger.grants.find(pseudonym, kind, mspId, name)),
    all('relationship', ({ mspId }) => ledger.relationships.find(pseudonym, mspId)),
    all('defaultPolicy', (key) => ledger.defaultPolicies.find(key.class)),
  ]);
  return { grant, relationship, defaultPolicy };
}

function merged(one: Found, other: Found): Found {
  return {
    grant: [...one.grant, ...other.grant],
    relationship: [...one.relationship, ...other.relationship],
    defaultPolicy: [...one.defaultPolicy, ...other.defaultPolicy],
  };
}

function factsAbout(labels: Labels, found: Found<GrantFacts>): AccessFacts {
  return {
    relationship: found.relationship.find(({ mspId }) => mspId === labels.custodianMspId),
    grants: found.grant,
    defaultPolicy: found.defaultPolicy.find((policy) => policy.class === labels.class) ?? initialDefaultPolicy(labels.class),
  };
}
