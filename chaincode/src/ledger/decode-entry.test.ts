import { entities, type Staff } from '@lianyi/domain';
import { sha256Of } from '../every-transaction/consortium.fixture';
import { decodeEntry } from './decode-entry';

const AT = '2026-01-15T08:00:00.000Z';
const origin = { requestHash: sha256Of('request'), actor: { kind: 'administrator', mspId: 'AlphaMSP', keyHash: sha256Of('key') } };
const stored = {
  ...{ schemaVersion: 1, mspId: 'AlphaMSP', actorTag: 'tag-1', roles: ['clinician'], departments: ['cardiology'], dutyWindows: [] },
  ...{ publicKeyHash: sha256Of('key'), state: 'active', registeredAt: AT, changedAt: AT, origin },
};
const bytesOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const staffOf = (value: unknown): Staff => decodeEntry<Staff>(entities.staff, bytesOf(value));

describe('what the bytes of an entry say', () => {
  it('is worked out once of what everybody reads, and cannot be changed', () => {
    const first = staffOf(stored);
    expect(staffOf(stored)).toBe(first);
    expect(() => (first.roles as string[]).push('registrar')).toThrow(TypeError);
    expect(staffOf(stored).roles).toEqual(['clinician']);
  });

  it('is another of other bytes, and of the same bytes again what it was', () => {
    const revoked = staffOf({ ...stored, state: 'revoked' });
    expect([staffOf(stored).state, revoked.state, staffOf(stored).state]).toEqual(['active', 'revoked', 'active']);
  });

  it('is nothing of another kind of entry, whatever was read before', () => {
    staffOf(stored);
    expect(() => decodeEntry(entities.organisations, bytesOf(stored))).toThrow();
    expect(() => staffOf({ ...stored, roles: 'clinician' })).toThrow();
    expect(() => staffOf({ ...stored, roles: 'clinician' })).toThrow();
  });

  it('is worked out each time of a patient’s, so that no time tells who was asked about', () => {
    const entry = {
      ...{ schemaVersion: 1, pseudonym: 'psn-1', mspId: 'AlphaMSP', suite: 'P256-SHA256', nextKeyHash: sha256Of('key') },
      ...{ state: 'active', registeredAt: AT, origin },
    };
    expect(decodeEntry(entities.pseudonyms, bytesOf(entry))).not.toBe(decodeEntry(entities.pseudonyms, bytesOf(entry)));
  });
});
