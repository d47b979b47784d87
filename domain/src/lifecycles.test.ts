import { expectRefusal } from './refusals.fixture';
import { A, B, hours, NOW, origin, patient } from './story.fixture';
import { assertMayPublish, changeRelationship, assertRolesAssertable } from './deciding';
import {
  activateCard,
  actorTagSchema,
  assertActiveOrganisation,
  assertMayAct,
  cardSchema,
  closeCard,
  confirmStaff,
  isOnDuty,
  organisationKinds,
  relationshipSchema,
  replaceCard,
  reportCardLost,
  revokeStaff,
  roles,
  sha256,
  type Staff,
  staffSchema,
  suspendCard,
  stateOfNewStaff,
  updateStaffDuty,
} from './index';

describe('a card', () => {
  const card = cardSchema.parse({
    schemaVersion: 1,
    cardId: 'c',
    issuerMspId: A,
    pseudonym: patient,
    holderCommitment: sha256('h'),
    state: 'requested',
    issuedAt: hours(-1),
    changedAt: hours(-1),
    origin,
  });

  it('is activated, suspended with a reason, and forgets the reason when activated again', () => {
    const active = activateCard(card, NOW);
    expect(active).toEqual({ ...card, state: 'active', changedAt: NOW });
    const suspended = suspendCard(active, 'stolen', NOW);
    expect(suspended).toEqual({ ...active, state: 'suspended', suspensionReason: 'stolen' });
    expect(activateCard(suspended, NOW)).toEqual(active);
  });
  it('is replaced by one of the same issuer and pseudonym that begins as requested; each names the other', () => {
    const lost = reportCardLost(suspendCard(activateCard(card, hours(-1)), 'lost', hours(-1)), hours(-1));
    const issued = { cardId: cardSchema.shape.cardId.parse('d'), holderCommitment: sha256('i'), origin };
    expect(replaceCard(lost, issued, NOW)).toEqual({
      replaced: { ...lost, state: 'replaced', replacedBy: 'd', changedAt: NOW },
      successor: { ...card, ...issued, replaces: 'c', issuedAt: NOW, changedAt: NOW },
    });
  });
  it('is not replaced before it was active, nor a second time', () => {
    const issued = { cardId: card.cardId, holderCommitment: sha256('i'), origin };
    expectRefusal('ILLEGAL_STATE', () => replaceCard(card, issued, NOW));
    const { replaced } = replaceCard(activateCard(card, NOW), issued, NOW);
    expectRefusal('ILLEGAL_STATE', () => replaceCard(replaced, issued, NOW));
    expectRefusal('ILLEGAL_STATE', () => closeCard(replaced, NOW));
    expectRefusal('ILLEGAL_STATE', () => activateCard(replaced, NOW));
  });
  it('stays closed', () => {
    const closed = closeCard(card, NOW);
    expectRefusal('ILLEGAL_STATE', () => activateCard(closed, NOW));
    expectRefusal('ILLEGAL_STATE', () => suspendCard(closed, 'lost', NOW));
    expectRefusal('ILLEGAL_STATE', () => closeCard(closed, NOW));
  });
});

describe('a relationship', () => {
  const proposed = relationshipSchema.parse({
    schemaVersion: 1,
    pseudonym: patient,
    mspId: A,
    type: 'care',
    state: 'proposed',
    proposedAt: hours(-1),
    changedAt: hours(-1),
    origin,
  });
  const ofPatient = { side: 'patient' } as const;
  const registrar = { side: 'organisation', actorTag: actorTagSchema.parse('registrar-1') } as const;
  const another = { side: 'organisation', actorTag: actorTagSchema.parse('registrar-2') } as const;
  const active = changeRelationship(proposed, 'accept', ofPatient, NOW);
  const ended = changeRelationship(active, 'terminate', ofPatient, NOW);

  it('becomes active by the patient alone', () => {
    expect(active).toEqual({ ...proposed, state: 'active', changedAt: NOW });
    expectRefusal('NOT_PERMITTED', () => changeRelationship(proposed, 'accept', registrar, NOW));
    expectRefusal('NOT_PERMITTED', () => changeRelationship(proposed, 'reject', registrar, NOW));
  });
  it('is resumed only by a side that suspended it', () => {
    const suspended = changeRelationship(active, 'suspend', ofPatient, NOW);
    expect(suspended.suspendedBy).toBe('patient');
    expectRefusal('NOT_PERMITTED', () => changeRelationship(suspended, 'resume', registrar, NOW));
    expectRefusal('ILLEGAL_STATE', () => changeRelationship(suspended, 'suspend', ofPatient, NOW));
    expectRefusal('ILLEGAL_STATE', () => changeRelationship(active, 'resume', ofPatient, NOW));
    expect(changeRelationship(suspended, 'resume', ofPatient, NOW)).toEqual(active);
  });
  it('is suspended by each side for itself, and stays so until both have resumed', () => {
    for (const [one, other] of [
      [ofPatient, registrar],
      [registrar, ofPatient],
    ] as const) {
      const both = changeRelationship(changeRelationship(active, 'suspend', one, NOW), 'suspend', other, NOW);
      expect(both).toEqual({ ...active, state: 'suspended', suspendedBy: 'both' });
      const half = changeRelationship(both, 'resume', one, NOW);
      expect(half).toEqual({ ...active, state: 'suspended', suspendedBy: other.side });
      expectRefusal('NOT_PERMITTED', () => changeRelationship(half, 'resume', one, NOW));
      expect(changeRelationship(half, 'resume', other, NOW)).toEqual(active);
    }
  });
  it('is ended by the patient, for ever', () => {
    expect(ended).toEqual({ ...active, state: 'terminated' });
    expectRefusal('ILLEGAL_STATE', () => changeRelationship(ended, 'accept', ofPatient, NOW));
    expectRefusal('ILLEGAL_STATE', () => changeRelationship(ended, 'terminate', ofPatient, NOW));
    expectRefusal('ILLEGAL_STATE', () => changeRelationship(ended, 'proposeTermination', registrar, NOW));
  });
  it('is ended by no registrar alone, but by another one than proposed it, within seven days', () => {
    expectRefusal('QUORUM', () => changeRelationship(active, 'terminate', registrar, NOW));
    const announced = changeRelationship(active, 'proposeTermination', registrar, NOW);
    expect(announced).toEqual({ ...active, terminationProposed: { by: registrar.actorTag, at: NOW } });
    expectRefusal('QUORUM', () => changeRelationship(announced, 'terminate', registrar, NOW));
    expectRefusal('QUORUM', () => changeRelationship(announced, 'terminate', another, hours(7 * 24)));
    expect(changeRelationship(announced, 'terminate', another, hours(7 * 24, -1))).toEqual({ ...ended, changedAt: hours(7 * 24, -1) });
    // the second may have proposed it anew: the first then agrees
    const anew = changeRelationship(announced, 'proposeTermination', another, hours(1));
    expectRefusal('QUORUM', () => changeRelationship(anew, 'terminate', another, hours(2)));
    expect(changeRelationship(anew, 'terminate', registrar, hours(2)).state).toBe('terminated');
  });
  it('keeps a proposed end through a suspension, and lets no patient propose one', () => {
    const announced = changeRelationship(active, 'proposeTermination', registrar, NOW);
    const suspended = changeRelationship(announced, 'suspend', ofPatient, NOW);
    expect(changeRelationship(suspended, 'resume', ofPatient, NOW)).toEqual(announced);
    expectRefusal('NOT_PERMITTED', () => changeRelationship(active, 'proposeTermination', ofPatient, NOW));
    expectRefusal('ILLEGAL_STATE', () => changeRelationship(proposed, 'proposeTermination', registrar, NOW));
  });
  it('keeps closed at its end what the patient has closed, and lets them open and close it afterwards', () => {
    const closed = changeRelationship(changeRelationship(active, 'suspend', ofPatient, NOW), 'terminate', ofPatient, NOW);
    expect(closed).toEqual({ ...ended, suspendedBy: 'patient' });
    expectRefusal('NOT_PERMITTED', () => changeRelationship(closed, 'resume', registrar, NOW));
    expect(changeRelationship(closed, 'resume', ofPatient, NOW)).toEqual(ended);
    expect(changeRelationship(ended, 'suspend', ofPatient, NOW)).toEqual(closed);
    expectRefusal('NOT_PERMITTED', () => changeRelationship(ended, 'suspend', registrar, NOW));
    expectRefusal('ILLEGAL_STATE', () => changeRelationship(ended, 'resume', ofPatient, NOW));
    // what the hospital suspended ends with the relationship
    expect(changeRelationship(changeRelationship(active, 'suspend', registrar, NOW), 'terminate', ofPatient, NOW)).toEqual(ended);
  });
  it('must be active to publish', () => {
    expect(() => {
      assertMayPublish(active, 'laboratory-report');
    }).not.toThrow();
    expectRefusal('ILLEGAL_STATE', () => {
      assertMayPublish(proposed, 'laboratory-report');
    });
    expectRefusal('ILLEGAL_STATE', () => {
      assertMayPublish(undefined, 'laboratory-report');
    });
  });
});

describe('staff', () => {
  const entry: Staff = staffSchema.parse({
    schemaVersion: 1,
    mspId: B,
    actorTag: 'a',
    roles: ['clinician'],
    departments: [],
    publicKeyHash: sha256('k'),
    dutyWindows: [],
    state: 'active',
    registeredAt: hours(-1),
    changedAt: hours(-1),
    origin,
  });
  const windows = [
    { from: hours(-8), until: NOW },
    { from: hours(2), until: hours(3) },
  ];

  it('are always on duty without windows, else within one', () => {
    expect(isOnDuty(entry, NOW)).toBe(true);
    const limited = updateStaffDuty(entry, windows, NOW);
    expect([hours(-8), hours(0, -1), NOW, hours(1), hours(2), hours(3)].map((at) => isOnDuty(limited, at))).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(limited).toEqual({ ...entry, dutyWindows: windows, changedAt: NOW });
    expectRefusal('OFF_DUTY', () => {
      assertMayAct(limited, NOW);
    });
  });
  it('are pending until a second person says the same of them', () => {
    const hr = { kind: 'staff', mspId: B, actorTag: actorTagSchema.parse('hr-1') } as const;
    const other = { kind: 'staff', mspId: B, actorTag: actorTagSchema.parse('hr-2') } as const;
    const pending: Staff = { ...entry, state: 'pending', departments: [], origin: { ...origin, actor: hr } };
    const said = { roles: pending.roles, departments: pending.departments, publicKeyHash: pending.publicKeyHash };
    expect([stateOfNewStaff({ kind: 'administrator' }), stateOfNewStaff({ kind: 'staff' })]).toEqual(['active', 'pending']);
    expectRefusal('STAFF_PENDING', () => {
      assertMayAct(pending, NOW);
    });
    expectRefusal('SECOND_PERSON_NEEDED', () => confirmStaff(pending, hr, said, NOW));
    expectRefusal('SECOND_PERSON_NEEDED', () => confirmStaff(pending, { ...hr, actorTag: pending.actorTag }, said, NOW));
    expectRefusal('STAFF_ENTRY_DIFFERS', () => confirmStaff(pending, other, { ...said, roles: ['nurse'] }, NOW));
    expectRefusal('STAFF_ENTRY_DIFFERS', () => confirmStaff(pending, other, { ...said, roles: ['clinician', 'nurse'] }, NOW));
    expectRefusal('STAFF_ENTRY_DIFFERS', () => confirmStaff(pending, other, { ...said, publicKeyHash: sha256('k2') }, NOW));
    expect(confirmStaff(pending, other, said, NOW)).toEqual({ ...pending, state: 'active', confirmedBy: other, changedAt: NOW });
    expectRefusal('ILLEGAL_STATE', () => confirmStaff(entry, other, said, NOW));
    expectRefusal('ILLEGAL_STATE', () => confirmStaff(revokeStaff(pending, NOW), other, said, NOW));
    expect(updateStaffDuty(pending, windows, NOW).state).toBe('pending');
  });
  it('are revoked for ever', () => {
    const gone = revokeStaff(entry, NOW);
    expect(gone).toEqual({ ...entry, state: 'revoked', changedAt: NOW });
    expectRefusal('STAFF_REVOKED', () => {
      assertMayAct(gone, NOW);
    });
    expectRefusal('ILLEGAL_STATE', () => revokeStaff(gone, NOW));
    expectRefusal('ILLEGAL_STATE', () => updateStaffDuty(gone, [], NOW));
  });
  it('get only roles their organisation may assert', () => {
    /** Roles each kind may assert, once more and by hand. */
    const assertable: Record<(typeof organisationKinds)[number], string> = {
      hospital: 'registrar clinician nurse pharmacist lab recordAdmin keyService privacyOfficer hrAdmin orgAdmin researcher ethics monitor',
      laboratory: 'registrar lab recordAdmin keyService privacyOfficer hrAdmin orgAdmin',
      pharmacy: 'pharmacist privacyOfficer hrAdmin orgAdmin',
      insurer: 'registrar recordAdmin keyService privacyOfficer hrAdmin orgAdmin',
      'research-institute': 'privacyOfficer hrAdmin orgAdmin researcher ethics',
      'health-authority': 'privacyOfficer hrAdmin orgAdmin regulator monitor',
    };
    for (const kind of organisationKinds) {
      const accepted = roles.filter((role) => {
        try {
          assertRolesAssertable([kind], [role]);
          return true;
        } catch (error) {
          expect(error).toMatchObject({ code: 'ROLE_NOT_ASSERTABLE', details: { role } });
          return false;
        }
      });
      expect(accepted.join(' ')).toBe(assertable[kind]);
    }
    expectRefusal('ROLE_NOT_ASSERTABLE', () => {
      assertRolesAssertable(['hospital'], ['clinician', 'regulator']);
    });
    expect(() => {
      assertRolesAssertable(['insurer', 'hospital'], ['clinician']);
    }).not.toThrow();
  });
  it('act only for active organisations', () => {
    expect(() => {
      assertActiveOrganisation({ status: 'active' });
    }).not.toThrow();
    for (const organisation of [{ status: 'suspended' } as const, { status: 'expelled' } as const, undefined])
      expectRefusal('NOT_ACTIVE_ORGANISATION', () => {
        assertActiveOrganisation(organisation);
      });
  });
});
