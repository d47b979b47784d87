import {
  type AccessFacts,
  type AskingActor,
  type Decision,
  type DefaultPolicy,
  type FactsQuestion,
  type Grant,
  type Instant,
  isPointerId,
  type Pseudonym,
  type Purpose,
  type RecordId,
  type Relationship,
} from '@lianyi/domain';
import {
  decideAccess,
  decideEmergencyAccess,
  decideOwnAccess,
  type EmergencyFacts,
  type FactKey,
  factsNeededFor,
  mergeDecisions,
  type OwnRecordFacts,
  begunWithItsVersion,
  initialDefaultPolicy,
  type Readable,
  readableOf,
  versionForPatient,
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
  readonly actor: AskingActor;
  /** Where the glass is broken: what is asked and known besides. */
  readonly emergency?: EmergencyFacts;
};

/** `records` stand in the order of the inquiry's `recordIds`. */
export type Decided = { readonly decision: Decision; readonly records: readonly (Readable | undefined)[] };

/**
 * Reads what a decision rests on, by key alone, and asks the rule.
 *
 * Two rounds of reads: the records and what the policy sources need whatever the record says; then what they need for its labels. For a
 * record or pseudonym that does not exist the second round asks for as much, so that neither the answer nor the pattern of reads tells it
 * from one without consent.
 */
export async function decide(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<Decided> {
  const { pseudonym, actor, purpose, at } = inquiry;
  const asker: FactsQuestion = { at, actor, purpose };
  const first = factsNeededFor([asker]);
  const [records, early] = await Promise.all([
    Promise.all(inquiry.recordIds.map((recordId) => readableAt(ledger, pseudonym, recordId))),
    readFacts(ledger, pseudonym, first),
  ]);
  const labels = labelsOf(records, actor);
  const second = factsNeededFor(
    labels.map((each) => ({ ...asker, labels: each })),
    first,
  );
  const found = merged(early, await readFacts(ledger, pseudonym, second));
  const known = inquiry.isSupposed === true ? found : { ...found, grant: found.grant.map(begunWithItsVersion) };
  const { emergency } = inquiry;
  const decisions = labels.map((each, index) => {
    const asked = [{ at, actor, purpose, record: records[index] }, factsAbout(each, known)] as const;
    return emergency === undefined ? decideAccess(...asked) : decideEmergencyAccess(...asked, emergency);
  });
  return { decision: mergeDecisions(decisions), records };
}

/**
 * Reads what a patient's question about their own records rests on, the records alone, and asks the rule. As many reads whether they exist or not.
 *
 * Of a retracted one the version is the one that has a content.
 */
export async function decideOwn(
  ledger: ReadRepositories,
  { pseudonym, recordIds }: Pick<AccessInquiry, 'pseudonym' | 'recordIds'>,
): Promise<Decided> {
  const found = await Promise.all(recordIds.map((recordId) => readableAt(ledger, pseudonym, recordId)));
  const records = found.map((record) => record && { ...record, version: versionForPatient(record) });
  return { decision: mergeDecisions(found.map(decideOwnAccess)), records };
}

/** A record, or a pointer by the spelling of its id: the question alone says which is read, and never what is found. */
async function readableAt(ledger: ReadRepositories, pseudonym: Pseudonym, id: RecordId): Promise<(Readable & OwnRecordFacts) | undefined> {
  if (!isPointerId(id)) return ledger.records.find(pseudonym, id);
  const pointer = await ledger.pointers.find(pseudonym, id);
  return pointer && readableOf(pointer);
}

type Labels = NonNullable<FactsQuestion['labels']>;

function labelsOf(records: Decided['records'], actor: AskingActor): readonly Labels[] {
  // a pseudonym is one hospital's, so all its records have one custodian
  const custodianMspId = records.find((record) => record !== undefined)?.custodianMspId ?? actor.mspId;
  return records.map((record) => ({ custodianMspId, class: record?.class ?? 'other' }));
}

type Entries = { grant: Grant; relationship: Relationship; defaultPolicy: DefaultPolicy };
/** What was found, by kind of key; a kind of key that nobody reads does not compile. */
type Found = { readonly [Kind in FactKey['kind']]: readonly Entries[Kind][] };

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

function factsAbout(labels: Labels, found: Found): AccessFacts {
  return {
    relationship: found.relationship.find(({ mspId }) => mspId === labels.custodianMspId),
    grants: found.grant,
    defaultPolicy: found.defaultPolicy.find((policy) => policy.class === labels.class) ?? initialDefaultPolicy(labels.class),
  };
}
