import { accessEventSchema } from '@lianyi/domain';
import { lineColumns } from './audit-line';

const line = {
  ...{ schemaVersion: 1, pseudonym: 'psn-1', at: '2026-03-01T10:00:00.000Z', txId: 'ab12', n: 0 },
  actor: { kind: 'patient', pseudonym: 'psn-1' },
};
const why = (said: object): unknown => lineColumns(accessEventSchema.parse({ ...line, ...said })).at(-1);

describe('why, in a line of the audit', () => {
  it.each<readonly [object, string, string]>([
    [
      { event: 'PolicyGranted', grantee: { kind: 'department', mspId: 'HospitalBMSP', name: 'cardiology' }, policyVersion: 1 },
      'department:HospitalBMSP:cardiology version 1',
      'department:HospitalBMSP:cardiology 第 1 版',
    ],
    [
      { event: 'PolicyRevoked', grantee: { kind: 'organisation', mspId: 'HospitalBMSP', name: 'all' }, policyVersion: 12 },
      'organisation:HospitalBMSP version 12',
      'organisation:HospitalBMSP 第 12 版',
    ],
    [
      { event: 'PolicyAmended', grantee: { kind: 'group', mspId: 'HospitalBMSP', name: 'night-team' }, policyVersion: 2 },
      'group:HospitalBMSP:night-team version 2',
      'group:HospitalBMSP:night-team 第 2 版',
    ],
    [{ event: 'PolicyGranted' }, '', ''],
    [
      { event: 'CopyDisclosed', receiver: { mspId: 'HospitalCMSP', actorTag: 'dr-wu', department: 'ward' } },
      'to HospitalCMSP:dr-wu (ward)',
      '交给 HospitalCMSP:dr-wu（ward）',
    ],
    [
      { event: 'AccessDenied', decision: 'deny', purpose: 'TREAT', reasons: ['NO_CONSENT'] },
      'TREAT NO_CONSENT',
      '治疗（TREAT） NO_CONSENT',
    ],
    [
      { event: 'AccessPermitted', decision: 'permit', reasons: ['NO_CONSENT'], denied: [{ recordId: 'rec-2', reasons: ['NO_CONSENT'] }] },
      'rec-2: NO_CONSENT',
      'rec-2: NO_CONSENT',
    ],
  ])('%j', (said, en, zh) => {
    expect(why(said)).toEqual({ en, zh });
  });
});
