import { actorTagSchema, instantOf, mspIdSchema, sha256, type Staff, staffSchema } from '@lianyi/domain';

export const network = { channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
export const mspId = mspIdSchema.parse('HospitalAMSP');
export const actorTag = actorTagSchema.parse('somebody');

/** The entry of somebody at hospital A, hired by its administrator. */
export const staffWith = (changes: Partial<Staff>): Staff =>
  staffSchema.parse({
    ...{ schemaVersion: 1, mspId, actorTag, publicKeyHash: sha256('key'), roles: ['registrar'], departments: [], dutyWindows: [] },
    state: 'active',
    origin: { requestHash: sha256('request'), actor: { kind: 'administrator', mspId, keyHash: sha256('administrator') } },
    registeredAt: instantOf(0),
    changedAt: instantOf(0),
    ...changes,
  });
