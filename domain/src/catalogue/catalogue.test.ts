import { z } from 'zod';
import {
  type Actor,
  assertMayCall,
  type Caller,
  commonRefusals,
  domainEventSchema,
  errors,
  eventNames,
  eventsPayloadSchema,
  isFrom,
  mayCall,
  qualifiedName,
  referenceTo,
  roles,
  sha256,
  pinIdOf,
  slotIdOf,
  transactionByName,
  type TransactionEntry,
  transactions,
} from '../index';
import { roleOrganisationKinds } from '../deciding';
import { patientAlone } from './entry';
import { expectRefusal } from '../refusals.fixture';
import { A, B, cardiology, lin, patient } from '../story.fixture';

const entries: readonly TransactionEntry[] = Object.values(transactions);
const staffActor = (role: (typeof roles)[number]): Actor => ({
  kind: 'staff',
  mspId: B,
  actorTag: lin,
  roles: [role],
  departments: [cardiology],
});
const patientActor: Actor = { kind: 'patient', pseudonym: patient, carrierMspId: A };
const administratorActor: Actor = { kind: 'administrator', mspId: B, keyHash: sha256('key') };
const memberActor: Actor = { kind: 'member', mspId: B };
const slotId = slotIdOf(sha256('first key'));
const slotActor: Actor = { kind: 'slot', slotId, nextKeyHash: sha256('next key'), carrierMspId: A };

/** Whether it decides, and may come to `deny`. */
const isDeniable = ({ kind, response }: TransactionEntry): boolean =>
  kind === 'submit' &&
  response instanceof z.ZodDiscriminatedUnion &&
  response.options.some(
    (option) =>
      option instanceof z.ZodObject && option.shape['decision'] instanceof z.ZodLiteral && option.shape['decision'].value === 'deny',
  );

describe('the catalogue', () => {
  it.each(Object.entries(transactions))('%s is named as it is spelled and found by that name', (name, entry) => {
    expect(entry.name).toBe(name);
    expect(qualifiedName(entry)).toMatch(/^[A-Z][a-z]+Contract:[A-Z][A-Za-z]+$/);
    expect(transactionByName(qualifiedName(entry))).toBe(entry);
  });
  it('finds nothing else', () => {
    for (const name of [
      'GrantPolicy',
      'ConsentContract:',
      'ConsentContract:grantPolicy',
      'AccessContract:GrantPolicy',
      '__proto__',
      'constructor',
      '',
    ]) {
      expect(transactionByName(name)).toBeUndefined();
    }
  });
  it('is of the area names, each with its contract', () => {
    expect([...new Set(entries.map(({ contract }) => contract))]).toEqual([
      'RegistrarContract',
      'DirectoryContract',
      'RelationshipContract',
      'SummaryContract',
      'DeviceContract',
      'RecordContract',
      'PointerContract',
      'ConsentContract',
      'DelegationContract',
      'RecoveryContract',
      'PinContract',
      'CapacityContract',
      'AccessContract',
      'EmergencyContract',
      'KeyContract',
      'CopyContract',
      'HoldContract',
      'CorrectionContract',
      'PrescriptionContract',
      'ReferralContract',
      'RecognitionContract',
      'MatchingContract',
      'GovernanceContract',
      'AuditContract',
    ]);
  });
  it('lets Get, List, Resolve and Explain read and all else submit', () => {
    for (const { name, kind } of entries)
      expect([name, kind]).toEqual([name, /^(Get|List|Resolve|Explain)/.test(name) ? 'evaluate' : 'submit']);
  });
  it('answers evenly where an answer must not tell what there is', () => {
    const evenly = Object.fromEntries(entries.flatMap(({ name, evenly: how }) => (how === undefined ? [] : [[name, how]])));
    const decided = { RequestAccess: 'unless-permitted', OpenOwnRecords: 'unless-permitted', BreakGlass: 'unless-permitted' };
    const listed = { ListPermitted: 'always', ListForEmergency: 'always', ExplainAccess: 'always' };
    const referred = { GetReferral: 'always', ListReferrals: 'always', ListReferralsOfHospital: 'always' };
    const emergency = { ShowCardInEmergency: 'always', CountersignEmergency: 'always' };
    expect(evenly).toEqual({ ...decided, ...listed, ...referred, ...emergency, ResolveRecognition: 'always' });
  });
  it('answers evenly whatever may be a denial, and every list that is of what somebody may read', () => {
    // what they tell is no less told to any other clinician: it hides nothing
    const toldToAnyClinician = [
      'GetPrescription',
      'ListPrescriptions',
      'ListDispensings',
      'GetPrescriptionStatistics',
      'GetRecognition',
      'ListRecognitions',
    ];
    for (const entry of entries) {
      if (isDeniable(entry)) expect([entry.name, entry.evenly]).toEqual([entry.name, 'unless-permitted']);
      const isOfReaders = ['clinician', 'nurse', 'lab', 'researcher', 'regulator'].some((role) =>
        entry.callers.some((caller) => caller.kind === 'staff' && caller.role === role),
      );
      if (entry.kind === 'evaluate' && isOfReaders && !toldToAnyClinician.includes(entry.name))
        expect([entry.name, entry.evenly]).toEqual([entry.name, 'always']);
    }
    expect(entries.filter(isDeniable)).toHaveLength(3);
  });
  it('lets a bare member certificate submit nothing', () => {
    expect(entries.filter((entry) => entry.kind === 'submit' && mayCall(entry, memberActor))).toEqual([]);
  });
  it('lets the owner of a summary slot write that, and ask nothing: whoever likes is one', () => {
    expect(entries.filter((entry) => mayCall(entry, slotActor)).map(({ name }) => name)).toEqual(['PutSummarySlot']);
  });
  it('lets who has a recovery code make guesses and prove one right, and ask nothing', () => {
    const finderKeyHash = sha256('key of a code');
    const holder: Actor = { kind: 'pin', pinId: pinIdOf(finderKeyHash), keyHash: finderKeyHash, carrierMspId: A };
    expect(entries.filter((entry) => mayCall(entry, holder)).map(({ name }) => name)).toEqual(['TryPin', 'ConfirmPin']);
    expect(referenceTo(holder)).toEqual({ kind: 'pin', pinId: pinIdOf(finderKeyHash) });
  });
  it('names only refusals of the table, and none that all have', () => {
    for (const { refusals } of entries) {
      expect(refusals.filter((code) => !Object.hasOwn(errors, code) || commonRefusals.includes(code))).toEqual([]);
    }
  });
  it('covers every transient value by the request', () => {
    for (const entry of entries.filter(({ transient }) => transient !== undefined)) {
      expect(JSON.stringify(entry.request)).toContain('transientSha256');
      expect(entry.endorsement).toBe('owner');
    }
  });
  it('has no request with an actor in it', () => {
    for (const entry of entries)
      expect(JSON.stringify(entry.request)).not.toMatch(/"(actor|requester|callerMspId|custodianMspId|decision)"/);
  });
});

describe('authorisation', () => {
  // who may call which transaction is said by hand in the fixtures of the chaincode's every-transaction
  const everybody: readonly (readonly [string, Actor])[] = [
    ['A', administratorActor],
    ['P', patientActor],
    ['M', memberActor],
    ['S', slotActor],
    ...roles.map((role) => [role, staffActor(role)] as const),
  ];
  const everyone = everybody.map(([who]) => who);

  it.each<readonly [string, readonly Caller[], readonly string[]]>([
    ['nobody', [], []],
    ['administrators', [{ kind: 'administrator' }], ['A']],
    ['the patient', [patientAlone], ['P']],
    ['a role', [{ kind: 'staff', role: 'lab' }], ['lab']],
    ['two roles and the patient', [{ kind: 'staff', role: 'lab' }, { kind: 'staff', role: 'nurse' }, patientAlone], ['P', 'nurse', 'lab']],
    ['any member', [{ kind: 'member' }], everyone.filter((who) => who !== 'S')],
    ['the owner of a slot', [{ kind: 'slot' }], ['S']],
  ])('lets %s call when the entry names them, and nobody else', (_who, callers, may) => {
    const entry = { ...transactions.SuspendCard, callers };
    expect(everybody.filter(([, actor]) => mayCall(entry, actor)).map(([who]) => who)).toEqual(may);
    for (const [, actor] of everybody.filter(([who]) => !may.includes(who)))
      expectRefusal('NOT_PERMITTED', () => {
        assertMayCall(entry, actor);
      });
  });
  it('refuses staff without a role, and roles that only look like one', () => {
    const nobody: Actor = { kind: 'staff', mspId: B, actorTag: lin, roles: [], departments: [] };
    expect(entries.filter((entry) => entry.kind === 'submit' && mayCall(entry, nobody))).toEqual([]);
  });
});

describe('an actor as the ledger remembers it', () => {
  it('is the same whoever carries and whatever roles there are', () => {
    expect(referenceTo(patientActor)).toEqual({ kind: 'patient', pseudonym: patient });
    expect(referenceTo(staffActor('lab'))).toEqual(referenceTo(staffActor('registrar')));
    expect(referenceTo(administratorActor)).toEqual(administratorActor);
    expectRefusal('NOT_PERMITTED', () => referenceTo(memberActor));
    expectRefusal('NOT_PERMITTED', () => referenceTo(slotActor));
  });
  it('recognises its own request, and no other’s', () => {
    const [hash, other] = [sha256('request'), sha256('another')];
    const actors = [staffActor('lab'), patientActor, administratorActor];
    for (const actor of actors) {
      const origin = { requestHash: hash, actor: referenceTo(actor) };
      expect(isFrom(origin, hash, actor)).toBe(true);
      expect(isFrom(origin, other, actor)).toBe(false);
      expect(isFrom(origin, hash, memberActor)).toBe(false);
      expect(isFrom(origin, hash, slotActor)).toBe(false);
      expect(actors.filter((each) => isFrom(origin, hash, each))).toEqual([actor]);
    }
    expect(
      isFrom({ requestHash: hash, actor: referenceTo(staffActor('lab')) }, hash, {
        kind: 'staff',
        mspId: A,
        actorTag: lin,
        roles: ['lab'],
        departments: [],
      }),
    ).toBe(false);
  });
});

describe('events', () => {
  it('are past tense', () => {
    for (const name of eventNames) expect(name).toMatch(/^[A-Z][A-Za-z]+ed$/);
  });
  it('carry ids and nothing else', () => {
    const card = { name: 'CardIssued', cardId: 'c', pseudonym: 'p' };
    const events = [
      card,
      { ...card, holder: '张三' },
      { ...card, cardId: '张三' },
      { name: 'CardIssued' },
      { ...card, name: 'CardPrinted' },
      { ...card, name: 'constructor' },
      null,
    ];
    expect(events.map((event) => domainEventSchema.safeParse(event).success)).toEqual([true, false, false, false, false, false, false]);
    expect(eventsPayloadSchema.safeParse({ events: [card] }).success).toBe(true);
    expect(eventsPayloadSchema.safeParse({ events: [] }).success).toBe(false);
  });
});

describe('roles', () => {
  it('are each for some kind of organisation', () => {
    for (const role of roles) expect(roleOrganisationKinds[role].length).toBeGreaterThan(0);
  });
});
