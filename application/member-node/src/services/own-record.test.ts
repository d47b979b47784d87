import { type PrepareInput, prepareInputSchema } from '@lianyi/client';
import { DomainError, idNonceSchema, mspIdSchema, pseudonymSchema, recordIdOf, sha256 } from '@lianyi/domain';
import { RecordService, type RecordServices } from './record-service';

const own = mspIdSchema.parse('HospitalAMSP');
const identity = { mspId: own, channel: 'emr', chaincode: 'emr', genesis: sha256('block 0') };
const pseudonym = pseudonymSchema.parse('pseudonym-1');
const nonce = idNonceSchema.parse('A'.repeat(22));
const recordId = recordIdOf({ mspId: own, pseudonym, nonce });
const bytes = Buffer.from('{}');
const inputFor = (ids: object): PrepareInput => prepareInputSchema.parse({ pseudonym, recordId, documentSha256: sha256(bytes), ...ids });

describe('a record that a node prepares', () => {
  it.each<readonly [string, object]>([
    ['that is random', { recordId: 'AAAAAAAAAAAAAAAAAAAAAA', nonce }],
    ['of another hospital', { recordId: recordIdOf({ mspId: mspIdSchema.parse('HospitalBMSP'), pseudonym, nonce }), nonce }],
    ['of another patient', { recordId: recordIdOf({ mspId: own, pseudonym: pseudonymSchema.parse('pseudonym-2'), nonce }), nonce }],
    ['of another nonce', { nonce: `${'B'.repeat(21)}A` }],
  ])('is refused under an id %s, before its document is looked at or anything is stored', async (_what, ids) => {
    const service = new RecordService({ identity } as unknown as RecordServices); // nothing else may be reached
    await expect(service.prepare(inputFor(ids), bytes)).rejects.toMatchObject({ code: 'ID_MISMATCH' });
  });

  it('is refused by a device that is not believed, before its document is looked at or anything is stored', async () => {
    const devices = { assertMayAuthor: () => Promise.reject(new DomainError('DEVICE_UNPROVEN')) };
    const service = new RecordService({ identity, devices } as unknown as RecordServices); // nothing else may be reached
    const device = { deviceId: 'vDevice', observedAt: '2026-03-01T10:00:00.000Z', signature: 'A'.repeat(86), contentSalt: 'A'.repeat(43) };
    await expect(service.prepare(inputFor({ nonce, device }), bytes)).rejects.toMatchObject({ code: 'DEVICE_UNPROVEN' });
  });

  it.each<readonly [string, object]>([
    ['neither a nonce nor what it amends', {}],
    ['both a nonce and what it amends', { nonce, amends: { previousVersion: 1, operation: 'amend' } }],
    ['a nonce that is too short', { nonce: 'AAECAw' }],
    ['a nonce with bits left over', { nonce: `${'A'.repeat(21)}x` }],
  ])('is asked for by no input with %s', (_what, ids) => {
    expect(() => inputFor(ids)).toThrow();
  });
});
