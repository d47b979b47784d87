import { countersigned, type EmergencyAsker } from '../deciding';
import { emergencySignatureSchema, pseudonymSchema, staffSchema } from '../index';
import { A, B, cardiology, hours, lin, NOW, origin, patient } from '../story.fixture';

const signature = emergencySignatureSchema.parse({
  ...{ schemaVersion: 1, ticketId: 'ticket-1', pseudonym: patient, recordIds: ['rec-1'], asker: { mspId: B, actorTag: lin } },
  ...{ signer: 'second', signedAt: NOW, until: hours(0.5), origin },
});
const entry = {
  ...{ schemaVersion: 1, mspId: B, actorTag: 'second', roles: ['clinician'], departments: ['surgery'], state: 'active' },
  ...{ publicKeyHash: origin.requestHash, dutyWindows: [], registeredAt: NOW, changedAt: NOW, origin },
};
const asker: EmergencyAsker = { mspId: B, actorTag: lin, departments: [cardiology] };
const counted = (changes: object = {}, said: object = {}, by: object = {}): ReturnType<typeof countersigned> =>
  countersigned(emergencySignatureSchema.parse({ ...signature, ...said }), {
    ...{ pseudonym: patient, asker, signer: staffSchema.parse({ ...entry, ...by }) },
    ...changes,
  });

describe('whether a second person’s word counts', () => {
  it('does for the records, until its end', () => {
    expect(counted()).toEqual({ recordIds: ['rec-1'], until: hours(0.5) });
    expect(counted({}, {}, { roles: ['privacyOfficer'] })).toBeDefined();
  });
  it.each<readonly [string, Parameters<typeof counted>]>([
    ['nobody is on the staff under that name', [{ signer: undefined }]],
    ['who has given it was revoked', [{}, {}, { state: 'revoked' }]],
    ['who has given it is pending', [{}, {}, { state: 'pending' }]],
    ['who has given it may not any more', [{}, {}, { roles: ['nurse'] }]],
    ['who has given it is of no department', [{}, {}, { departments: [] }]],
    ['who has given it has come to be of the asker’s', [{}, {}, { departments: ['surgery', cardiology] }]],
    ['who has given it is of another hospital', [{}, {}, { mspId: A }]],
    ['it is somebody else’s', [{}, {}, { actorTag: 'third' }]],
    ['it is the asker’s own', [{}, { signer: lin }, { actorTag: lin }]],
    ['it is for another patient', [{ pseudonym: pseudonymSchema.parse('psn-other') }]],
    ['it is for another asker', [{}, { asker: { mspId: B, actorTag: 'other' } }]],
    ['it is for an asker of another hospital', [{}, { asker: { mspId: A, actorTag: lin } }]],
  ])('does not where %s', (_why, told) => {
    expect(counted(...told)).toBeUndefined();
  });
  it('does not where there is none', () => {
    const signer = staffSchema.parse(entry);
    expect(countersigned(undefined, { pseudonym: patient, asker, signer })).toBeUndefined();
  });
});
