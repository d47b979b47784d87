import {
  type AccessQuestion,
  canonicalJson,
  entities,
  type Entity,
  type Input,
  instantOf,
  isPointerId,
  type Json,
  type MedicalRecord,
  millisecondsOf,
  type Origin,
  provisionSchema,
  pseudonymSchema,
  type RecordId,
  recordIdSchema,
  sha256,
  type StaffActor,
  type transactions,
  weeklyDutySchema,
} from '@lianyi/domain';
import { type Random } from '@lianyi/test/reference/random';
import { type World, worldsOf } from '@lianyi/test/reference/random-worlds';
import { CoalescingReader } from '../ledger/coalescing-reader';
import { keyOf } from '../ledger/keys';
import { MemoryState } from '../ledger/memory-state.fixture';
import { Overlay } from '../ledger/overlay';
import { newRepositories } from '../ledger/repositories';
import { publicSpace } from '../ledger/state';
import { type ReadScope } from '../use-cases/scope';

/** Random worlds as they stand on the ledger: one pseudonym with some records and pointers, what its patient has said, and somebody who asks. */

const HASH = sha256('whatever');
const MOST_RECORDS = 9;
const pseudonym = pseudonymSchema.parse('psn-1');
const origin: Origin = { requestHash: HASH, actor: { kind: 'patient', pseudonym } };

export interface ListedWorld {
  /** A scope of its own for each question, as a peer gives each proposal. */
  scope(): ReadScope;
  readonly asked: Omit<Input<typeof transactions.ListPermitted>, 'limit' | 'after'>;
  readonly asker: AccessQuestion['actor'];
  /** All that there is of the pseudonym, in the order of a list. */
  readonly recordIds: readonly RecordId[];
}

export function listedWorld(random: Random, template: MedicalRecord): ListedWorld {
  const [world] = worldsOf(random);
  if (world === undefined) throw new Error('no world');
  const { question } = world;
  const state = new MemoryState();
  const custodianMspId = question.record?.custodianMspId ?? question.actor.mspId;
  const records = recordsOf(random, world).map((facts) => ({ ...facts, custodianMspId }));
  void state.apply([...entriesOf(world, custodianMspId), ...records.map((each) => entryOf(template, each))]);
  const { actor, purpose } = question;
  const staff: StaffActor = { kind: 'staff', ...actor, departments: [...actor.departments], roles: [...actor.roles] };
  return {
    scope: () => ({
      ...{ actor: staff, now: question.at, channel: 'emr', requestHash: HASH },
      ledger: newRepositories(new Overlay(new CoalescingReader(state))),
    }),
    asked: { pseudonym, purpose, department: actor.department },
    asker: { ...actor, groups: groupsOf(actor) },
    recordIds: records.map(({ recordId }) => recordId).sort(inListOrder),
  };
}

/** Records before pointers, each by their ids. */
function inListOrder(one: RecordId, other: RecordId): number {
  if (isPointerId(one) !== isPointerId(other)) return isPointerId(one) ? 1 : -1;
  return one < other ? -1 : 1;
}

type Facts = NonNullable<AccessQuestion['record']>;

/** As many as there are ids for; the first two have the ids that provisions name. */
function recordsOf(random: Random, { question }: World): readonly Facts[] {
  const count = random.below(MOST_RECORDS + 1);
  const own = question.record === undefined ? [] : [question.record];
  const others = Array.from({ length: count }, () => worldsOf(random).flatMap(({ question: { record } }) => record ?? [])).flat();
  return [...own, ...others].slice(0, MOST_RECORDS).map((record, index) => ({ ...record, recordId: idOf(random, index) }));
}

function idOf(random: Random, index: number): RecordId {
  const isPointer = index > 1 && random.chance(0.3);
  return recordIdSchema.parse(isPointer ? `q${String(index).padStart(43, 'A')}` : `rec-${index + 1}`);
}

type Put = { readonly kind: 'put'; readonly space: typeof publicSpace; readonly key: string; readonly value: Uint8Array };

// of whichever entity: the values are checked when they are read
function put<T>(entity: Pick<Entity<T>, 'objectType' | 'key' | 'keyOf' | 'schema'>, value: unknown): Put {
  const parsed = entity.schema.parse(value);
  return { kind: 'put', space: publicSpace, key: keyOf(entity, entity.keyOf(parsed)), value: Buffer.from(canonicalJson(value as Json)) };
}

function entryOf(template: MedicalRecord, { state, authorMspId, anchoredAt, ...facts }: Facts): Put {
  const { recordId, class: recordClass, dataLevel, confidentiality, custodianMspId } = facts;
  if (!isPointerId(recordId)) {
    const { careMonths: _months, encounter: _encounter, ...rest } = template;
    return put(entities.records, { ...rest, ...facts, pseudonym, state, authorMspId, anchoredAt, changedAt: anchoredAt });
  }
  const labels = { class: recordClass, dataLevel, confidentiality, custodianMspId };
  const content = { template: { mspId: custodianMspId, templateId: 'template', version: 1 }, templateSha256: HASH, endpointId: 'query' };
  const pointer = {
    schemaVersion: 1,
    pseudonym,
    pointerId: recordId,
    version: 1,
    state: state === 'current' ? 'current' : 'retired',
    ...labels,
  };
  const commitments = { parametersCommitment: HASH, resultCommitment: HASH };
  return put(entities.pointers, {
    ...pointer,
    ...content,
    ...commitments,
    addedAt: anchoredAt,
    changedAt: anchoredAt,
    origin,
  });
}

/** What a ledger would have taken: a random period may end before it begins. */
function kept(grant: World['facts']['grants'][number]): World['facts']['grants'][number] {
  return { ...grant, provisions: grant.provisions.filter((provision) => provisionSchema.safeParse(provision).success) };
}

/** The same of whoever asks: a random duty may be none. */
function groupsOf({ groups = [] }: AccessQuestion['actor']): typeof groups {
  return groups.filter(({ duty }) => duty === undefined || weeklyDutySchema.safeParse(duty).success);
}

function entriesOf({ question, facts }: World, custodianMspId: Facts['custodianMspId']): readonly Put[] {
  const { at, actor } = question;
  const long = instantOf(millisecondsOf(at) - 1_000 * 3_600_000);
  const since = { changedAt: long, origin };
  const own = { schemaVersion: 1, pseudonym };
  const { relationship, defaultPolicies, levelApprovers, approval } = facts;
  const set = (setting: object): Put =>
    put(entities.accessParameters, { schemaVersion: 1, setting, version: 2, number: 1, adoptedAt: long });
  const memberships = groupsOf(actor).map((each) => ({ ...each, saidBy: origin.actor, changedAt: long }));
  return [
    put(entities.pseudonyms, {
      ...own,
      mspId: custodianMspId,
      suite: 'P256-SHA256',
      nextKeyHash: HASH,
      state: 'active',
      registeredAt: long,
      origin,
    }),
    put(entities.staff, {
      ...{ schemaVersion: 1, mspId: actor.mspId, actorTag: actor.actorTag, roles: actor.roles, departments: actor.departments },
      ...{ publicKeyHash: HASH, dutyWindows: [], state: 'active', registeredAt: long, ...since },
      memberships,
    }),
    ...(relationship === undefined
      ? []
      : [put(entities.relationships, { ...own, mspId: custodianMspId, ...relationship, proposedAt: long, ...since })]),
    set({ name: 'default-policies', value: defaultPolicies }),
    set({ name: 'level-approvers', value: levelApprovers }),
    ...(approval === undefined
      ? []
      : [
          put(entities.accessApprovals, {
            ...{ ...own, ...approval, asker: { mspId: actor.mspId, actorTag: actor.actorTag } },
            ...{ version: 1, approvedBy: origin.actor, ...since },
          }),
        ]),
    ...facts.grants
      .map(kept)
      .filter(({ provisions }) => provisions.length > 0)
      .flatMap(({ taken, ...grant }) => [
        put(entities.grants, { ...own, ...grant, grantedAt: long, ...since }),
        ...(taken === undefined ? [] : [put(entities.grantUses, { ...own, grantee: grant.grantee, version: grant.version, taken })]),
      ]),
  ];
}
