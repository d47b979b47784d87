import {
  type AccessFacts,
  type AskingActor,
  type AccessApproval,
  type AccessParameter,
  type Decision,
  type FactsQuestion,
  type Grant,
  type GrantFacts,
  type GrantUses,
  type Instant,
  isPointerId,
  type MspId,
  type ParameterName,
  type Pseudonym,
  type Purpose,
  type RecordId,
  type Relationship,
} from '@lianyi/domain';
import {
  decideEach,
  decideEmergencyAccess,
  decideOwnAccess,
  type EmergencyFacts,
  type FactKey,
  factsNeededFor,
  isCounted,
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

/**
 * Reads what a decision rests on, by key alone, and asks the rule.
 *
 * Two rounds of reads: the records and what the policy sources need whatever the record says; then what they need for its custodian, and what was
 * taken of the grants that are good for so many permits: the first round says which those are, and no record does. For a
 * record or pseudonym that does not exist the second round asks for as much, so that neither the answer nor the pattern of reads tells it
 * from one without consent. What holds by default is one entry for all classes, so no record's class tells by what is read.
 */
export async function decide(ledger: ReadRepositories, inquiry: AccessInquiry): Promise<Decided> {
  const { pseudonym, actor, purpose, at, emergency } = inquiry;
  const asker: FactsQuestion = { at, actor, purpose };
  const first = factsNeededFor([asker]);
  const [records, early] = await Promise.all([
    Promise.all(inquiry.recordIds.map((recordId) => readableAt(ledger, pseudonym, recordId))),
    readFacts(ledger, pseudonym, first),
  ]);
  // a pseudonym is one hospital's, so all its records have one custodian
  const custodianMspId = records.find((record) => record !== undefined)?.custodianMspId ?? actor.mspId;
  const second = factsNeededFor([{ ...asker, labels: { custodianMspId } }], first);
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
  const facts = factsAbout(custodianMspId, { ...found, grant });
  const asked = records.map((record) => ({ question: { ...question, record }, facts }));
  const decisions =
    emergency === undefined ? decideEach(asked) : asked.map((each) => decideEmergencyAccess(each.question, each.facts, emergency));
  return { decisions, records, counted: grant.filter(isCounted) };
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

function merged(one: Found, other: Found): Found {
  return {
    grant: [...one.grant, ...other.grant],
    relationship: [...one.relationship, ...other.relationship],
    parameter: [...one.parameter, ...other.parameter],
    approval: [...one.approval, ...other.approval],
  };
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
