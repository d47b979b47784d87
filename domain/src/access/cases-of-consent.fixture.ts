import { A, B, forbid, grant, hours, NOW, permit, revoked } from '../story.fixture';
import { type Department, departmentSchema } from '../index';
import { type Row } from './decision-case.fixture';

const ids = (...names: readonly string[]): Department[] => names.map((name) => departmentSchema.parse(name));
const yes = [grant([permit()])];
const no = forbid();

export const consent: readonly Row[] = [
  ['denies without a grant', {}, 'deny NO_CONSENT'],
  ['permits the department of a grant', { grants: yes }, 'permit p1'],
  ['permits the person of a grant', { grants: [grant([permit()], 'person')] }, 'permit p1'],
  ['permits the role of a grant', { grants: [grant([permit()], 'role')] }, 'permit p1'],
  ['permits the organisation of a grant', { grants: [grant([permit()], 'organisation')] }, 'permit p1'],
  [
    'permits one of several roles of a grant',
    { grants: [grant([permit()], 'role')], actor: { roles: ['nurse', 'clinician'] } },
    'permit p1',
  ],
  ['denies another person', { grants: [grant([permit()], { kind: 'person', mspId: B, name: 'dr-wu' })] }, 'deny NO_CONSENT'],
  ['denies another department', { grants: [grant([permit()], { kind: 'department', mspId: B, name: 'urology' })] }, 'deny NO_CONSENT'],
  ['denies another role', { grants: [grant([permit()], { kind: 'role', mspId: B, name: 'researcher' })] }, 'deny NO_CONSENT'],
  [
    'denies the same person’s name at another hospital',
    { grants: [grant([permit()], { kind: 'person', mspId: 'HospitalCMSP', name: 'dr-lin' })] },
    'deny NO_CONSENT',
  ],
  [
    'denies the same department at another hospital',
    { grants: [grant([permit()], { kind: 'department', mspId: 'HospitalCMSP', name: 'cardiology' })] },
    'deny NO_CONSENT',
  ],
  [
    'denies the same role at another hospital',
    { grants: [grant([permit()], { kind: 'role', mspId: 'HospitalCMSP', name: 'clinician' })] },
    'deny NO_CONSENT',
  ],
  [
    'denies another organisation',
    { grants: [grant([permit()], { kind: 'organisation', mspId: 'HospitalCMSP', name: 'all' })] },
    'deny NO_CONSENT',
  ],
  [
    'does not take a person called like the department for it',
    { grants: [grant([permit()], { kind: 'person', mspId: B, name: 'cardiology' })] },
    'deny NO_CONSENT',
  ],
  [
    'does not take a department called like the person for them',
    { grants: [grant([permit()], { kind: 'department', mspId: B, name: 'dr-lin' })] },
    'deny NO_CONSENT',
  ],
  ['denies where the grant only forbids something else', { grants: [grant([forbid({ purposes: ['HRESCH'] })])] }, 'deny NO_CONSENT'],
  ['denies an unknown record like one without consent', { record: 'unknown' }, 'deny NO_CONSENT'],
  ['denies an unknown record though there is a grant', { record: 'unknown', grants: yes }, 'deny NO_CONSENT'],
  ['denies an unknown record to the custodian’s own clinician', { record: 'unknown', actor: { mspId: A } }, 'deny NO_CONSENT'],
];

export const revocation: readonly Row[] = [
  ['denies after revocation', { grants: [revoked([permit()])] }, 'deny POLICY_REVOKED'],
  [
    'permits by another grant after one is revoked',
    { grants: [revoked([permit()]), grant([permit({ provisionId: 'p2' })], 'person')] },
    'permit p2',
  ],
  ['does not let a revoked grant forbid', { grants: [revoked([no], 'person'), grant([permit()])] }, 'permit p1'],
  [
    'tells both what is revoked and what another grant lacks',
    { grants: [revoked([permit()]), grant([permit({ validUntil: NOW })], 'person')] },
    'deny EXPIRED POLICY_REVOKED',
  ],
  ['denies when every grant is revoked', { grants: [revoked([permit()]), revoked([permit()], 'organisation')] }, 'deny POLICY_REVOKED'],
];

export const time: readonly Row[] = [
  ['permits at the instant a permission begins', { grants: [grant([permit({ validFrom: NOW })])] }, 'permit p1'],
  ['denies a millisecond before it begins', { grants: [grant([permit({ validFrom: hours(0, 1) })])] }, 'deny NOT_YET_VALID'],
  ['permits a millisecond before it ends', { grants: [grant([permit({ validUntil: hours(0, 1) })])] }, 'permit p1'],
  ['denies at the instant of expiry', { grants: [grant([permit({ validUntil: NOW })])] }, 'deny EXPIRED'],
  ['denies long after expiry', { grants: yes, at: hours(10_000) }, 'deny EXPIRED'],
  ['denies long before the beginning', { grants: yes, at: hours(-10_000) }, 'deny NOT_YET_VALID'],
  [
    'permits by the provision that is still valid',
    { grants: [grant([permit({ validUntil: NOW }), permit({ provisionId: 'p2' })])] },
    'permit p2',
  ],
  ['lets an ended prohibition go', { grants: [grant([permit(), forbid({ validUntil: NOW })])] }, 'permit p1'],
  [
    'lets a prohibition hold a millisecond before its end',
    { grants: [grant([permit(), forbid({ validUntil: hours(0, 1) })])] },
    'deny DENIED_BY_PROVISION',
  ],
  ['does not let a coming prohibition hold yet', { grants: [grant([permit(), forbid({ validFrom: hours(0, 1) })])] }, 'permit p1'],
  [
    'lets a prohibition hold from its first instant',
    { grants: [grant([permit(), forbid({ validFrom: NOW })])] },
    'deny DENIED_BY_PROVISION',
  ],
];

export const prohibition: readonly Row[] = [
  [
    'denies what is forbidden to another department of the same person',
    {
      grants: [...yes, grant([no], { kind: 'department', mspId: B, name: 'psychiatry' })],
      actor: { departments: ids('cardiology', 'psychiatry') },
    },
    'deny DENIED_BY_PROVISION',
  ],
  [
    'denies the custodian’s own clinician likewise',
    {
      grants: [grant([no], { kind: 'department', mspId: A, name: 'psychiatry' })],
      actor: { mspId: A, departments: ids('cardiology', 'psychiatry') },
    },
    'deny DENIED_BY_PROVISION',
  ],
  [
    'does not deny for a department that is not theirs',
    { grants: [...yes, grant([no], { kind: 'department', mspId: B, name: 'psychiatry' })], actor: { departments: ids('cardiology') } },
    'permit p1',
  ],
  [
    'does not deny for a department of that name at another hospital',
    {
      grants: [...yes, grant([no], { kind: 'department', mspId: A, name: 'psychiatry' })],
      actor: { departments: ids('cardiology', 'psychiatry') },
    },
    'permit p1',
  ],
  [
    'does not permit by another department than the one they act for',
    {
      grants: [grant([permit()], { kind: 'department', mspId: B, name: 'psychiatry' })],
      actor: { departments: ids('cardiology', 'psychiatry') },
    },
    'deny NO_CONSENT',
  ],
  ['lets a deny beat a permit of the same grant', { grants: [grant([permit(), no])] }, 'deny DENIED_BY_PROVISION'],
  ['lets a deny beat a permit whatever the order', { grants: [grant([no, permit()])] }, 'deny DENIED_BY_PROVISION'],
  [
    'lets an organisation’s deny beat a person’s permit',
    { grants: [grant([permit()], 'person'), grant([no], 'organisation')] },
    'deny DENIED_BY_PROVISION',
  ],
  [
    'lets a person’s deny beat an organisation’s permit',
    { grants: [grant([no], 'person'), grant([permit()], 'organisation')] },
    'deny DENIED_BY_PROVISION',
  ],
  ['lets a role’s deny beat a department’s permit', { grants: [grant([no], 'role'), grant([permit()])] }, 'deny DENIED_BY_PROVISION'],
  ['denies by a deny alone', { grants: [grant([no])] }, 'deny DENIED_BY_PROVISION'],
  [
    'does not let somebody else’s deny count',
    { grants: [grant([permit()]), grant([no], { kind: 'person', mspId: B, name: 'dr-wu' })] },
    'permit p1',
  ],
  ['forbids only the purpose it names', { grants: [grant([permit(), forbid({ purposes: ['HRESCH'] })])] }, 'permit p1'],
  ['forbids the purpose it names', { grants: [grant([permit(), forbid({ purposes: ['TREAT'] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only the class it names', { grants: [grant([permit(), forbid({ classes: ['imaging-report'] })])] }, 'permit p1'],
  ['forbids the class it names', { grants: [grant([permit(), forbid({ classes: ['laboratory-report'] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only from the level it names', { grants: [grant([permit(), forbid({ minDataLevel: 4 })])] }, 'permit p1'],
  ['forbids the level it names', { grants: [grant([permit(), forbid({ minDataLevel: 3 })])] }, 'deny DENIED_BY_PROVISION'],
  [
    'forbids levels above the one it names',
    { grants: [grant([permit({ maxDataLevel: 5 }), forbid({ minDataLevel: 3 })])], record: { dataLevel: 5 } },
    'deny DENIED_BY_PROVISION',
  ],
  ['forbids only the label it names', { grants: [grant([permit(), forbid({ confidentiality: ['R', 'V'] })])] }, 'permit p1'],
  ['forbids the label it names', { grants: [grant([permit(), forbid({ confidentiality: ['N'] })])] }, 'deny DENIED_BY_PROVISION'],
  [
    'forbids every label when it names none',
    { grants: [grant([permit({ confidentiality: ['V'] }), no])], record: { confidentiality: 'V' } },
    'deny DENIED_BY_PROVISION',
  ],
  ['forbids only the record it names', { grants: [grant([permit(), forbid({ recordIds: ['rec-other'] })])] }, 'permit p1'],
  ['forbids the record it names', { grants: [grant([permit(), forbid({ recordIds: ['rec-lab'] })])] }, 'deny DENIED_BY_PROVISION'],
  ['forbids only the author it names', { grants: [grant([permit(), forbid({ authorMspIds: [B] })])] }, 'permit p1'],
  ['forbids the author it names', { grants: [grant([permit(), forbid({ authorMspIds: [A] })])] }, 'deny DENIED_BY_PROVISION'],
  [
    'forbids only the period it names',
    { grants: [grant([permit(), forbid({ recordPeriod: { from: hours(-50), until: NOW } })])] },
    'permit p1',
  ],
  [
    'forbids the period it names',
    { grants: [grant([permit(), forbid({ recordPeriod: { from: hours(-100), until: NOW } })])] },
    'deny DENIED_BY_PROVISION',
  ],
  [
    'forbids only what all its conditions meet',
    { grants: [grant([permit(), forbid({ classes: ['laboratory-report'], confidentiality: ['V'] })])] },
    'permit p1',
  ],
];
