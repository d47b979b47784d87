import { policiesOf } from '../deciding';
import { type ImplicitPolicy } from '../index';
import { A, B, forbid, grant, hours, NOW, permit } from '../story.fixture';
import { type Row } from './decision-case.fixture';

const yes = [grant([permit()])];
const no = forbid();

export const purpose: readonly Row[] = [
  ['denies a purpose the consent does not name', { grants: yes, purpose: 'PATRQT' }, 'deny PURPOSE_NOT_ALLOWED'],
  ['permits any purpose where the consent says any', { grants: [grant([permit({ purposes: 'any' })])], purpose: 'PATRQT' }, 'permit p1'],
  ['permits one of several purposes', { grants: [grant([permit({ purposes: ['ETREAT', 'PATRQT'] })])], purpose: 'ETREAT' }, 'permit p1'],
  ['does not take treatment for emergency treatment', { grants: yes, purpose: 'ETREAT' }, 'deny PURPOSE_NOT_ALLOWED'],
  [
    'denies a clinician who claims research though consented',
    { grants: [grant([permit({ purposes: 'any' })])], purpose: 'HRESCH' },
    'deny ROLE_MAY_NOT_CLAIM_PURPOSE',
  ],
  [
    'denies a clinician who claims payment',
    { grants: [grant([permit({ purposes: 'any' })])], purpose: 'HPAYMT' },
    'deny ROLE_MAY_NOT_CLAIM_PURPOSE',
  ],
  [
    'denies a clinician who claims operations',
    { grants: [grant([permit({ purposes: 'any' })])], purpose: 'HOPERAT' },
    'deny ROLE_MAY_NOT_CLAIM_PURPOSE',
  ],
  [
    'denies a clinician who claims public health',
    { grants: [grant([permit({ purposes: 'any' })])], purpose: 'PUBHLTH' },
    'deny ROLE_MAY_NOT_CLAIM_PURPOSE',
  ],
  ['denies a researcher who claims treatment', { grants: yes, actor: { roles: ['researcher'] } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  [
    'permits a researcher research by consent',
    { grants: [grant([permit({ purposes: ['HRESCH'] })])], purpose: 'HRESCH', actor: { roles: ['researcher'] } },
    'permit p1',
  ],
  ['denies a registrar any purpose', { grants: yes, actor: { roles: ['registrar'] } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['denies an actor without a role', { grants: yes, actor: { roles: [] } }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
  ['permits when one of the roles may claim it', { grants: yes, actor: { roles: ['registrar', 'clinician'] } }, 'permit p1'],
  ...(['EMPLOYMENT', 'UNDERWRITING'] as const).flatMap((closed): readonly Row[] => {
    const asked = { purpose: closed, grants: [grant([permit({ purposes: 'any' })])] };
    const roles = ['clinician', 'nurse', 'recordAdmin', 'privacyOfficer', 'researcher', 'regulator'] as const;
    return [
      [`denies ${closed} though any purpose is consented to`, asked, 'deny PURPOSE_NEVER_OPENS'],
      [`denies ${closed} to the custodian’s own clinician`, { purpose: closed, actor: { mspId: A } }, 'deny PURPOSE_NEVER_OPENS'],
      [`denies ${closed} alike for an unknown record`, { ...asked, record: 'unknown' }, 'deny PURPOSE_NEVER_OPENS'],
      [
        `denies ${closed} for what it is, whatever else is denied`,
        { ...asked, record: { state: 'retracted' } },
        'deny PURPOSE_NEVER_OPENS',
      ],
      [`denies ${closed} whatever roles somebody has`, { ...asked, actor: { roles } }, 'deny PURPOSE_NEVER_OPENS'],
      [`denies ${closed} alike to somebody without a role`, { ...asked, actor: { roles: [] } }, 'deny PURPOSE_NEVER_OPENS'],
    ];
  }),
  ['answers the wrong role alike for an unknown record', { record: 'unknown', purpose: 'HRESCH' }, 'deny ROLE_MAY_NOT_CLAIM_PURPOSE'],
];

export const scope: readonly Row[] = [
  [
    'permits a history only to a consent that names it',
    { grants: [grant([permit({ classes: ['laboratory-report'] })])], record: { class: 'history' } },
    'deny CLASS_NOT_COVERED',
  ],
  [
    'denies a history to those to whom something in it could be forbidden',
    { grants: [grant([permit(), forbid({ classes: ['laboratory-report'] })])], record: { class: 'history' } },
    'deny DENIED_BY_PROVISION',
  ],
  [
    'denies what has no class likewise',
    { grants: [grant([permit(), forbid({ classes: ['prescription'] })])], record: { class: 'other' } },
    'deny DENIED_BY_PROVISION',
  ],
  ...(
    [
      ['patient-summary', 'prescription'],
      ['patient-summary', 'laboratory-report'],
      ['patient-summary', 'imaging-report'],
      ['patient-summary', 'clinical-document'],
      ['patient-summary', 'observation'],
      ['laboratory-report', 'observation'],
      ['imaging-report', 'observation'],
      ['imaging-report', 'imaging-index'],
      ['imaging-index', 'imaging-report'],
      ['clinical-document', 'observation'],
    ] as const
  ).map(([asked, forbidden]): Row => [
    `denies a ${asked} to those to whom the ${forbidden} in it is forbidden`,
    { grants: [grant([permit(), forbid({ classes: [forbidden] })])], record: { class: asked } },
    'deny DENIED_BY_PROVISION',
  ]),
  ...(
    [
      ['observation', 'laboratory-report'],
      ['prescription', 'patient-summary'],
      ['prescription', 'observation'],
      ['laboratory-report', 'prescription'],
      ['clinical-document', 'prescription'],
    ] as const
  ).map(([asked, forbidden]): Row => [
    `does not take a prohibition of a ${forbidden} for one of a ${asked}, which cannot hold it`,
    { grants: [grant([permit(), forbid({ classes: [forbidden] })])], record: { class: asked } },
    'permit p1',
  ]),
  [
    'does not take a prohibition of histories for one of laboratory reports',
    { grants: [grant([permit(), forbid({ classes: ['history'] })])] },
    'permit p1',
  ],
  ['permits a class the consent names', { grants: [grant([permit({ classes: ['laboratory-report'] })])] }, 'permit p1'],
  ['denies a class the consent does not name', { grants: [grant([permit({ classes: ['imaging-report'] })])] }, 'deny CLASS_NOT_COVERED'],
  ['permits level 4 unsaid', { grants: yes, record: { dataLevel: 4 } }, 'permit p1'],
  ['denies level 5 unsaid', { grants: yes, record: { dataLevel: 5 } }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['permits level 5 when approved', { grants: [grant([permit({ maxDataLevel: 5 })])], record: { dataLevel: 5 } }, 'permit p1'],
  ['permits the highest level named', { grants: [grant([permit({ maxDataLevel: 3 })])] }, 'permit p1'],
  ['denies above the level named', { grants: [grant([permit({ maxDataLevel: 2 })])] }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['permits label U unsaid', { grants: yes, record: { confidentiality: 'U' } }, 'permit p1'],
  ['permits label M unsaid', { grants: yes, record: { confidentiality: 'M' } }, 'permit p1'],
  ['denies label R unsaid', { grants: yes, record: { confidentiality: 'R' } }, 'deny LABEL_NOT_COVERED'],
  ['denies label V unsaid', { grants: yes, record: { confidentiality: 'V' } }, 'deny LABEL_NOT_COVERED'],
  ['permits label V when named', { grants: [grant([permit({ confidentiality: ['V'] })])], record: { confidentiality: 'V' } }, 'permit p1'],
  ['denies label N when only others are named', { grants: [grant([permit({ confidentiality: ['R', 'V'] })])] }, 'deny LABEL_NOT_COVERED'],
  ['permits a record by its id', { grants: [grant([permit({ recordIds: ['rec-lab'] })])] }, 'permit p1'],
  ['denies a record of another id', { grants: [grant([permit({ recordIds: ['rec-other'] })])] }, 'deny RECORD_NOT_COVERED'],
  ['permits by author', { grants: [grant([permit({ authorMspIds: [A] })])] }, 'permit p1'],
  ['denies another author', { grants: [grant([permit({ authorMspIds: [B] })])] }, 'deny RECORD_NOT_COVERED'],
  [
    'permits a record of the period’s first instant',
    { grants: [grant([permit({ recordPeriod: { from: hours(-100), until: NOW } })])] },
    'permit p1',
  ],
  [
    'denies a record of the period’s end',
    { grants: [grant([permit({ recordPeriod: { from: hours(-200), until: hours(-100) } })])] },
    'deny RECORD_NOT_COVERED',
  ],
  [
    'denies a record before the period',
    { grants: [grant([permit({ recordPeriod: { from: hours(-99), until: NOW } })])] },
    'deny RECORD_NOT_COVERED',
  ],
  [
    'does not add up two provisions that each lack something',
    { grants: [grant([permit({ classes: ['imaging-report'] }), permit({ provisionId: 'p2', purposes: ['PATRQT'] })])] },
    'deny PURPOSE_NOT_ALLOWED CLASS_NOT_COVERED',
  ],
  [
    'does not add up two grants that each lack something',
    { grants: [grant([permit({ recordIds: ['rec-other'] })]), grant([permit({ validUntil: NOW })], 'person')] },
    'deny EXPIRED RECORD_NOT_COVERED',
  ],
  [
    'tells what the nearest provision lacks',
    {
      grants: [
        grant([
          permit({ purposes: ['PATRQT'], classes: ['imaging-report'], validUntil: NOW }),
          permit({ provisionId: 'p2', maxDataLevel: 1 }),
        ]),
      ],
    },
    'deny LEVEL_NEEDS_APPROVAL',
  ],
  [
    'tells everything a single provision lacks',
    { grants: [grant([permit({ purposes: ['PATRQT'], classes: ['imaging-report'], validUntil: NOW })])] },
    'deny EXPIRED PURPOSE_NOT_ALLOWED CLASS_NOT_COVERED',
  ],
  [
    'names every provision that permits',
    { grants: [grant([permit(), permit({ provisionId: 'p0' })]), grant([permit({ provisionId: 'p2' })], 'person')] },
    'permit p0 p1 p2',
  ],
];

const byPatient = { type: 'care', state: 'suspended', suspendedBy: 'patient' } as const;
const byHospital = { type: 'care', state: 'suspended', suspendedBy: 'organisation' } as const;
const byBoth = { type: 'care', state: 'suspended', suspendedBy: 'both' } as const;
export const obstacles: readonly Row[] = [
  ['denies a retracted record', { grants: yes, record: { state: 'retracted' } }, 'deny RECORD_RETRACTED'],
  ['does not tell those without consent that a record is retracted', { record: { state: 'retracted' } }, 'deny NO_CONSENT'],
  [
    'denies before the relationship is accepted',
    { grants: yes, facts: { relationship: { type: 'care', state: 'proposed' } } },
    'deny RELATIONSHIP_NOT_ACTIVE',
  ],
  [
    'denies after the relationship was rejected',
    { grants: yes, facts: { relationship: { type: 'care', state: 'rejected' } } },
    'deny RELATIONSHIP_NOT_ACTIVE',
  ],
  ['denies while the patient has suspended', { grants: yes, facts: { relationship: byPatient } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies while both have suspended', { grants: yes, facts: { relationship: byBoth } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  [
    'denies what the patient has closed, after the end too',
    { grants: yes, facts: { relationship: { type: 'care', state: 'terminated', suspendedBy: 'patient' } } },
    'deny RELATIONSHIP_NOT_ACTIVE',
  ],
  ['permits what the patient grants while the hospital has suspended', { grants: yes, facts: { relationship: byHospital } }, 'permit p1'],
  [
    'permits what the patient grants after the end',
    { grants: yes, facts: { relationship: { type: 'care', state: 'terminated' } } },
    'permit p1',
  ],
  ['permits nobody else after the end', { facts: { relationship: { type: 'care', state: 'terminated' } } }, 'deny NO_CONSENT'],
  [
    'denies after the end what the patient forbids',
    { grants: [grant([permit(), no])], facts: { relationship: { type: 'care', state: 'terminated' } } },
    'deny DENIED_BY_PROVISION',
  ],
  ['denies without a relationship', { grants: yes, facts: { relationship: undefined } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['does not tell those without consent about the relationship', { facts: { relationship: byPatient } }, 'deny NO_CONSENT'],
  [
    'tells every obstacle',
    { grants: [grant([permit(), no])], record: { state: 'retracted' }, facts: { relationship: byPatient } },
    'deny DENIED_BY_PROVISION RELATIONSHIP_NOT_ACTIVE RECORD_RETRACTED',
  ],
];

const own = { actor: { mspId: A } };
const ownPerson = { kind: 'person', mspId: A, name: 'dr-lin' } as const;
const nurseOfA = { actor: { mspId: A, roles: ['nurse'] } } as const;
const defaultsTo = (policy: ImplicitPolicy) => ({ defaultPolicies: policiesOf(policy) });
export const byDefault: readonly Row[] = [
  ['permits the custodian’s own clinician treatment', own, 'permit default'],
  ['permits them level 4', { ...own, record: { dataLevel: 4 } }, 'permit default'],
  ['denies them level 5', { ...own, record: { dataLevel: 5 } }, 'deny LEVEL_NEEDS_APPROVAL'],
  ['denies them a restricted record', { ...own, record: { confidentiality: 'R' } }, 'deny LABEL_NOT_COVERED'],
  ['denies them a very restricted record', { ...own, record: { confidentiality: 'V' } }, 'deny LABEL_NOT_COVERED'],
  ['denies them another purpose', { ...own, purpose: 'PATRQT' }, 'deny PURPOSE_NOT_ALLOWED'],
  ['denies the custodian’s nurse', { actor: { mspId: A, roles: ['nurse'] } }, 'deny NO_CONSENT'],
  ['denies the custodian’s laboratory', { actor: { mspId: A, roles: ['lab'] } }, 'deny NO_CONSENT'],
  ['denies them where only the glass may be broken', { ...own, facts: defaultsTo('break-glass-only') }, 'deny NO_CONSENT'],
  ['denies them where nobody reads', { ...own, facts: defaultsTo('deny-all') }, 'deny NO_CONSENT'],
  [
    'denies them by the policy of another class',
    { ...own, facts: { defaultPolicies: { ...policiesOf('deny-all'), prescription: 'basic-normal' } } },
    'deny NO_CONSENT',
  ],
  [
    'permits them by the policy of the class',
    { ...own, facts: { defaultPolicies: { ...policiesOf('deny-all'), 'laboratory-report': 'basic-normal' } } },
    'permit default',
  ],
  [
    'permits them by a grant where nobody reads by default',
    { ...own, grants: [grant([permit()], ownPerson)], facts: defaultsTo('deny-all') },
    'permit p1',
  ],
  [
    'denies them by a prohibition where all of the staff read by default',
    { ...own, grants: [grant([forbid()], ownPerson)], facts: defaultsTo('all-normal') },
    'deny DENIED_BY_PROVISION',
  ],
  ['permits the custodian’s nurse where all of the staff read', { ...nurseOfA, facts: defaultsTo('all-normal') }, 'permit default'],
  [
    'permits who runs the hospital its operation where all of the staff read',
    { actor: { mspId: A, roles: ['recordAdmin'] }, purpose: 'HOPERAT', facts: defaultsTo('all-normal') },
    'permit default',
  ],
  [
    'denies research where all of the staff read',
    { actor: { mspId: A, roles: ['researcher'] }, purpose: 'HRESCH', facts: defaultsTo('all-normal') },
    'deny PURPOSE_NOT_ALLOWED',
  ],
  [
    'denies them level 5 where all of the staff read',
    { ...own, record: { dataLevel: 5 }, facts: defaultsTo('all-normal') },
    'deny LEVEL_NEEDS_APPROVAL',
  ],
  ['denies another hospital’s clinician where all of the staff read', { facts: defaultsTo('all-normal') }, 'deny NO_CONSENT'],
  [
    'denies all of the staff where the patient has suspended',
    { ...nurseOfA, facts: { ...defaultsTo('all-normal'), relationship: byPatient } },
    'deny RELATIONSHIP_NOT_ACTIVE',
  ],
  ['denies them while the patient has suspended', { ...own, facts: { relationship: byPatient } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies them while their hospital has suspended', { ...own, facts: { relationship: byHospital } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  ['denies them after the end', { ...own, facts: { relationship: { type: 'care', state: 'terminated' } } }, 'deny RELATIONSHIP_NOT_ACTIVE'],
  [
    'permits them by grant after the end',
    { ...own, grants: [grant([permit()], ownPerson)], facts: { relationship: { type: 'care', state: 'terminated' } } },
    'permit p1',
  ],
  ['denies them a retracted record', { ...own, record: { state: 'retracted' } }, 'deny RECORD_RETRACTED'],
  ['denies them what the patient forbids', { ...own, grants: [grant([no], ownPerson)] }, 'deny DENIED_BY_PROVISION'],
  ['names default and grant where both permit', { ...own, grants: [grant([permit()], ownPerson)] }, 'permit default p1'],
  [
    'permits by grant what the default does not',
    { ...own, record: { dataLevel: 5 }, grants: [grant([permit({ maxDataLevel: 5 })], ownPerson)] },
    'permit p1',
  ],
  [
    'leaves the default where a grant for them is revoked',
    { ...own, grants: [grant([permit()], ownPerson, { state: 'revoked', version: 2 })] },
    'permit default',
  ],
];
