import { join } from 'node:path';
import { eventCursorSchema } from '@lianyi/client';
import { type AccessEvent, type DomainEvent, mspIdSchema, pseudonymSchema, recordIdSchema, releaseIdSchema } from '@lianyi/domain';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type Call } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import {
  cardiologistB,
  hired,
  organisationKey,
  person,
  recordAdminA,
  recordId,
  registered,
  registrarA,
  retracted,
  ticketIdFor,
  ticketKey,
} from './member-chain.fixture';
import { B, PatientChain, pseudonym, usePatientChain } from './patient-chain.fixture';
import { lineOf, saying, staffActor, telling } from './telling.fixture';

const elsewhere = pseudonymSchema.parse('p'.repeat(43)); // another hospital's patient
const theirRecord = recordIdSchema.parse('r'.repeat(43));
const keyServiceC = person('CMSP', 'keys', ['keyService']);
const nurseA = person('AMSP', 'nurse', ['nurse']);
const ticketId = ticketIdFor(nurseA);
const patient = { kind: 'patient', pseudonym };

const retractedEvent = (of = pseudonym, record = recordId) =>
  ({ name: 'RecordRetracted', pseudonym: of, recordId: record, version: 2 }) as Extract<DomainEvent, { name: 'RecordRetracted' }>;
const released = {
  name: 'KeyReleased',
  ticketId,
  releaseId: releaseIdSchema.parse('release-1'),
  recordId: theirRecord,
  pseudonym: elsewhere,
} as const;
const permitted = { name: 'AccessPermitted', ticketId, pseudonym: elsewhere } as const;

describe('what a hospital’s own applications are told', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  /** A transaction of others that writes something, and the line that the chaincode would. */
  const call = (writes: Record<string, string | null> = { [organisationKey('BMSP')]: '{}' }): Call => chain.forged(writes);
  const told = async (after?: string): Promise<readonly string[]> => {
    const from = after === undefined ? undefined : eventCursorSchema.parse(after);
    return (await chain.index.told(from, 100)).map(({ cursor, event }) => `${cursor} ${event.name}`);
  };
  const permit = (by = nurseA): Call =>
    telling(call({ [ticketKey(ticketId)]: '{}' }), permitted, staffActor(by), { decision: 'permit', recordIds: [theirRecord] });

  it('is what happens to the hospital’s patients, with who has done it and what the ledger says of it', async () => {
    const details = {
      decision: 'permit',
      purpose: 'TREAT',
      recordIds: [recordId],
      ticketId: ticketIdFor(cardiologistB),
    } satisfies Partial<AccessEvent>;
    const event = { name: 'AccessPermitted', ticketId: ticketIdFor(cardiologistB), pseudonym } as const;
    await chain.add(call(), telling(call({ [ticketKey(event.ticketId)]: '{}' }), event, staffActor(cardiologistB), details));
    const { decision, purpose, recordIds } = details;
    expect(await chain.index.told(undefined, 100)).toEqual([
      {
        ...{ cursor: '3-1-0', transactionId: 'tx-3-1', at: '2026-03-01T10:00:00.000Z', event },
        ...{ actor: staffActor(cardiologistB), decision, purpose, recordIds, isDoubtful: true },
      },
    ]);
  });

  it.each<readonly [what: string, of: () => Call]>([
    ['what own staff ask of other hospitals', () => permit()],
    [
      'a policy of another hospital’s patient that names it',
      () => {
        const grantee = { ...B, mspId: mspIdSchema.parse('AMSP') };
        const event: DomainEvent = {
          name: 'PolicyRevoked',
          pseudonym: elsewhere,
          granteeKind: 'organisation',
          granteeMspId: mspIdSchema.parse('AMSP'),
          granteeName: 'all',
          version: 2,
        };
        const line = lineOf(
          call(),
          { pseudonym: elsewhere, event: 'PolicyRevoked', actor: { kind: 'patient', pseudonym: elsewhere } },
          { grantee, policyVersion: 2 },
        );
        return saying(line, event);
      },
    ],
  ])('is %s', async (_what, of) => {
    await chain.add(of());
    expect(await told()).toHaveLength(1);
  });

  const marks = async (): Promise<readonly unknown[]> => (await chain.index.told(undefined, 100)).map(({ isDoubtful }) => isDoubtful);
  it.each<readonly [what: string, of: () => Call, alarm: string]>([
    [
      'a retraction that nobody of the hospital has said',
      () => telling(chain.forged(retracted(2).writes as Record<string, string>), retractedEvent(), staffActor(recordAdminA)),
      'record-without-command',
    ],
    [
      'a retraction that somebody has said whom nobody has registered',
      () => telling(retracted(2, person('AMSP', 'mallory', ['recordAdmin'])), retractedEvent(), staffActor(recordAdminA)),
      'record-without-command',
    ],
    [
      'a permit that nobody has asked for',
      () => telling(call({ [ticketKey(ticketIdFor(nurseA))]: '{}' }), { ...permitted, pseudonym }, staffActor(nurseA)),
      'ticket-without-request',
    ],
  ])('says of %s that the node does not believe it', async (_what, of, alarm) => {
    await chain.add(of());
    expect([chain.names(), await marks()]).toEqual([[alarm], [true]]);
  });

  it.each<readonly [what: string, of: () => Call]>([
    ['with its line and no entry, in the name of own staff', () => telling(call({}), retractedEvent(), staffActor(recordAdminA))],
    ['with its line and no entry, in the patient’s name', () => telling(call({}), retractedEvent(), patient)],
    [
      'asked for by own staff, of which nothing is written',
      () => telling({ ...retracted(2), writes: {} }, retractedEvent(), staffActor(recordAdminA)),
    ],
    ['that somebody else is said to have done', () => telling(retracted(2), retractedEvent(), staffActor(registrarA))],
    ['that the patient is said to have done', () => telling(retracted(2), retractedEvent(), patient)],
    [
      'that another command leads to',
      () => telling(retracted(2), { ...retractedEvent(), name: 'RecordAmended' }, staffActor(recordAdminA)),
    ],
  ])('says of an event %s that the node does not believe it', async (_what, of) => {
    await chain.add(of());
    expect(await marks()).toEqual([true]);
  });

  it('says nothing of the kind where all was said by those whose word it is, whatever else is in the block', async () => {
    await chain.add(telling(retracted(2), retractedEvent(), staffActor(recordAdminA)), chain.forged({ [ticketKey(ticketId)]: '{}' }));
    expect([chain.names(), await marks()]).toEqual([['ticket-without-request'], [undefined]]);
  });

  it('is what becomes of what own staff have asked for and read, of whichever hospital’s patient', async () => {
    await chain.add(telling(call(), retractedEvent(elsewhere, theirRecord), staffActor(keyServiceC)));
    await chain.add(permit());
    await chain.add(telling(call(), released, staffActor(keyServiceC)));
    await chain.add(telling(call(), retractedEvent(elsewhere, theirRecord), staffActor(keyServiceC)));
    expect(await told()).toEqual(['4-0-0 AccessPermitted', '5-0-0 KeyReleased', '6-0-0 RecordRetracted']);
  });

  it('is what happens to a patient in the very block of the registration, also before it', async () => {
    const other = new PatientChain();
    await other.add();
    const early = telling(call(), retractedEvent(), staffActor(cardiologistB));
    await other.add(registered('AMSP'), hired(registrarA), early, other.registration());
    expect((await other.index.told(undefined, 9)).map(({ cursor }) => cursor)).toEqual(['1-2-0']);
    await other.index.close();
  });

  it.each<readonly [why: string, of: () => Call]>([
    ['is about another hospital’s patient', () => telling(call(), retractedEvent(elsewhere), staffActor(cardiologistB))],
    ['has no line: one member alone could have told it', () => saying(call(), retractedEvent())],
    ['comes with no public write', () => saying({ ...call({}), privateWrites: { x: 'y' } }, retractedEvent())],
    [
      'has the line of another patient',
      () => saying(lineOf(call(), { pseudonym: elsewhere, event: 'RecordRetracted', actor: patient }), retractedEvent()),
    ],
    [
      'has the line of another event',
      () => saying(lineOf(call(), { pseudonym, event: 'RecordAmended', actor: patient }), retractedEvent()),
    ],
    ['was found invalid', () => ({ ...telling(call(), retractedEvent(), patient), validationCode: 11 })],
    [
      'is another chaincode’s',
      () => ({
        ...telling(call(), retractedEvent(), patient),
        event: { chaincode: 'other', name: 'LianyiEvents', payload: Buffer.from('{}') },
      }),
    ],
    [
      'is a decision without its ticket',
      () => telling(call(), { ...permitted, pseudonym }, staffActor(cardiologistB), { decision: 'permit' }),
    ],
    ['is the denial of another hospital’s staff about what nobody has', () => denialOf(cardiologistB)],
  ])('is nothing that %s', async (_why, of) => {
    await chain.add(of());
    expect(await told()).toEqual([]);
  });

  const denialOf = (by: typeof cardiologistB): Call => {
    const ticket = JSON.stringify({ decision: 'deny', actor: { mspId: by.mspId, actorTag: by.actorTag, roles: [], department: 'none' } });
    return saying(call({ [ticketKey(ticketId)]: ticket }), { name: 'AccessDenied', ticketId, pseudonym: elsewhere });
  };
  it('is the denial of own staff about what nobody has, of which no audit has a line', async () => {
    await chain.add(denialOf(nurseA));
    expect(await chain.index.told(undefined, 1)).toMatchObject([{ actor: staffActor(nurseA), decision: 'deny' }]);
  });

  it('takes each line for one event', async () => {
    await chain.add(saying(lineOf(call(), { pseudonym, event: 'RecordRetracted', actor: patient }), retractedEvent(), retractedEvent()));
    expect(await told()).toEqual(['3-0-0 RecordRetracted']);
  });

  it('goes on behind a place, and no further than is asked for', async () => {
    const both = (one: Call): Call =>
      saying(
        lineOf(lineOf(one, { pseudonym, event: 'RecordRetracted', actor: patient }), {
          pseudonym,
          event: 'RecordRetracted',
          actor: patient,
          n: 1,
        }),
        retractedEvent(),
        retractedEvent(),
      );
    for (let block = 3; block < 12; block += 1) await chain.add(both(call()), both(call()));
    const all = await told();
    expect(all).toHaveLength(36);
    expect(await told('3-0-0')).toEqual(all.slice(1));
    expect(await told('9-1-1')).toEqual(all.slice(28));
    expect(await told('10-0-0')).toEqual(all.slice(29));
    expect(await told('4-7-7')).toEqual(all.slice(8));
    expect(await told('999-0-0')).toEqual([]);
    expect(await chain.index.told(undefined, 3)).toHaveLength(3);
  });

  it('has the same names after the database was made anew', async () => {
    await chain.add(permit(), telling(call(), released, staffActor(keyServiceC)));
    await chain.add(telling(call(), retractedEvent(), staffActor(recordAdminA)));
    const anew = new LedgerIndex(join(scratchDirectory(), 'index.sqlite'), 'emr', 'AMSP');
    for (const block of chain.blocks) await anew.sinkOf('AMSP').apply(block, false);
    expect(await anew.told(undefined, 100)).toEqual(await chain.index.told(undefined, 100));
    expect(await told()).toHaveLength(3);
    await anew.close();
  });
});
