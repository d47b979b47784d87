import { endpointSchema, recordIdSchema, sha256, ticketIdSchema } from '@lianyi/domain';
import { MemberKeys } from './member-keys';

describe('another member’s key service', () => {
  it.each(['999.999.999.999', '1.2.3.4.5', ':::'])('is unavailable when its host in the directory is %s', async (host) => {
    const endpoint = endpointSchema.parse({
      schemaVersion: 1,
      mspId: 'HospitalCMSP',
      endpointId: 'keys-c',
      kind: 'keys',
      host,
      port: 7443,
      tlsSha256: sha256('certificate'),
      state: 'active',
      changedAt: '2026-11-22T08:00:00.000Z',
    });
    const request = { ticketId: ticketIdSchema.parse('ticket-1'), recordId: recordIdSchema.parse('record-1') };
    await expect(new MemberKeys({ key: '', cert: '', ca: [] }).release(endpoint, request)).rejects.toMatchObject({
      code: 'MEMBER_UNAVAILABLE',
      details: { mspId: 'HospitalCMSP', endpointId: 'keys-c' },
    });
  });
});
