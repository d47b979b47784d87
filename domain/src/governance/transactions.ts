import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { type EventTable, defineArea } from '../catalogue/area';
import { defineEntity, idPart, versionPart } from '../catalogue/entity';
import { administrator, member, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { pageFields, pageOf, sha256Schema } from '../encoding/values';
import { type ActorTag, actorTagSchema, type MspId, mspIdSchema, type Pseudonym, pseudonymSchema } from '../ids';
import { instantSchema } from '../instant';
import { dataLevelSchema, type RecordClass } from '../vocabulary';
import { recognisedItemsSchema } from '../record/results';

/**
 * What holds of a class of records where the patient has said nothing: the implicit policies of IHE PCF, by the last part of their addresses.
 * @remarks Source: https://profiles.ihe.net/ITI/PCF/volume-1.html, 53.2.1; what each comes to here is in ADR 0062.
 */
export const implicitPolicies = ['basic-normal', 'all-normal', 'break-glass-only', 'deny-all'] as const;
export const implicitPolicySchema = z.enum(implicitPolicies);
/** A value of every class, also of records that are not written yet. */
function ofEveryClass<Value extends z.ZodType>(value: Value) {
  return z.strictObject({
    'laboratory-report': value,
    'imaging-report': value,
    /** Left out: that of imaging reports. What was set before the class was there says nothing of it, and its records were imaging reports. */
    'imaging-index': value.exactOptional(),
    'clinical-document': value,
    prescription: value,
    'consent-document': value,
    'audit-document': value,
    'patient-summary': value,
    observation: value,
    administrative: value,
    history: value,
    other: value,
  } satisfies Readonly<Record<RecordClass, z.ZodType>>);
}

/** The value that a table of {@link ofEveryClass} has of a class. */
export function valueOfClass<Value>(
  table: Readonly<Record<Exclude<RecordClass, 'imaging-index'>, Value>> & { readonly 'imaging-index'?: Value },
  recordClass: RecordClass,
): Value {
  return table[recordClass] ?? table['imaging-report'];
}

export const defaultPoliciesSchema = ofEveryClass(implicitPolicySchema);

/** Who has to approve besides the patient: nobody, or an officer of the hospital that keeps the record. */
export const approvers = ['none', 'custodian'] as const;
/** For every data level (GB/T 39725). */
export const levelApproversSchema = z.record(z.enum(['1', '2', '3', '4', '5']), z.enum(approvers));

/**
 * Who opens a record of a level in an emergency: the clinician who asks, alone; or a second person with them, who countersigns (ADR 0063). What is
 * `closed` nobody opens of whom the patient has not named the level.
 */
export const emergencySigners = ['alone', 'countersigned', 'closed'] as const;
const signersSchema = z.enum(emergencySigners).extract(['alone', 'countersigned']);
/** For every data level. Level 5 is opened by nobody alone whom the patient has not let. */
export const emergencySignersSchema = z.strictObject({
  ...{ '1': signersSchema, '2': signersSchema, '3': signersSchema, '4': signersSchema },
  '5': z.enum(emergencySigners).extract(['countersigned', 'closed']),
});
/**
 * How long a record must be kept: nothing is said, or so many years from its first version. Closed, so that no member decides on a day of its own.
 * @remarks Source: 医疗机构病历管理规定 (2013) art. 29: outpatient records 15 years, inpatient ones 30; 45 CFR 164.316(b)(2): six years.
 */
const retentionPeriods = ['unsaid', '6-years', '15-years', '30-years'] as const;
const retentionPeriodsSchema = ofEveryClass(z.enum(retentionPeriods));

/**
 * Which display profile a document of a class must fit to be published (ADR 0070): none; a version of the class's, or a later one; the same, where what
 * is no FHIR is taken as it is.
 */
const displayRequirements = ['any', 'version-1-or-unstructured', 'version-1', 'version-2-or-unstructured', 'version-2'] as const;
/** The classes that have a display profile; what others hold is shown as it stands. */
export const profiledClasses = [
  'laboratory-report',
  'imaging-report',
  'clinical-document',
  'patient-summary',
  'prescription',
  'observation',
] as const;
const displayProfilesSchema = z.record(z.enum(profiledClasses), z.enum(displayRequirements));

const parameterNames = [
  ...(['default-policies', 'level-approvers', 'emergency-signers'] as const),
  ...(['retention-periods', 'display-profiles', 'recognised-items'] as const),
] as const;
export const parameterNameSchema = z.enum(parameterNames);
/** A parameter and what it is set to. */
const settingSchemas = [
  z.strictObject({ name: z.literal('default-policies'), value: defaultPoliciesSchema }),
  z.strictObject({ name: z.literal('level-approvers'), value: levelApproversSchema }),
  z.strictObject({ name: z.literal('emergency-signers'), value: emergencySignersSchema }),
  z.strictObject({ name: z.literal('retention-periods'), value: retentionPeriodsSchema }),
  z.strictObject({ name: z.literal('display-profiles'), value: displayProfilesSchema }),
  z.strictObject({ name: z.literal('recognised-items'), value: recognisedItemsSchema }),
] as const;
export const parameterSettingSchema = z.discriminatedUnion('name', settingSchemas);

const number = z.int().min(1).max(999_999);
/** A parameter as a majority of the members has set it. */
export const accessParameterSchema = z.strictObject({
  schemaVersion: z.literal(1),
  setting: parameterSettingSchema,
  version: z.int().min(2),
  /** Of the proposal that was adopted. */
  number,
  adoptedAt: instantSchema,
});
/** What a proposal says; nobody changes it. */
const proposalFields = {
  setting: parameterSettingSchema,
  /** Of all proposals about this parameter, from 1 on. */
  number,
  mspId: mspIdSchema,
  proposedAt: instantSchema,
  /** Exclusive: from then on nobody approves it. */
  lapsesAt: instantSchema,
};
export const parameterProposalSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...proposalFields,
  state: z.enum(['open', 'adopted', 'withdrawn']),
  /** One for each organisation, as they have said it last; the first is the proposer's, until they say it again. */
  votes: z
    .array(z.strictObject({ mspId: mspIdSchema, by: actorReferenceSchema, at: instantSchema }))
    .min(1)
    .refine((votes) => new Set(votes.map(({ mspId }) => mspId)).size === votes.length, 'repeated organisation'),
  origin: originSchema,
});
/** The one name of the list of organisations. */
export const ORGANISATION_LIST = 'all';
/** Who has registered, in that order: for whoever counts them, since no transaction may decide by a scan. */
export const organisationListSchema = z.strictObject({ schemaVersion: z.literal(1), mspIds: z.array(mspIdSchema).min(1) });

/** Whom an approval is for: one person of any member. */
const askerSchema = z.strictObject({ mspId: mspIdSchema, actorTag: actorTagSchema });
const levelsSchema = z
  .array(dataLevelSchema)
  .min(1)
  .max(5)
  .refine((levels) => levels.every((level, index) => index === 0 || level > (levels[index - 1] ?? 5)), 'not in order, or twice');
const approvalFields = { pseudonym: pseudonymSchema, asker: askerSchema, levels: levelsSchema, until: instantSchema };
/** That the hospital of a pseudonym agrees that somebody reads what it keeps of these levels, if the patient does. */
export const accessApprovalSchema = z.strictObject({
  schemaVersion: z.literal(1),
  ...approvalFields,
  version: z.int().min(1),
  state: z.enum(['given', 'withdrawn']),
  approvedBy: actorReferenceSchema,
  changedAt: instantSchema,
  origin: originSchema,
});

export type ImplicitPolicy = z.output<typeof implicitPolicySchema>;
export type DefaultPolicies = z.output<typeof defaultPoliciesSchema>;
export type LevelApprovers = z.output<typeof levelApproversSchema>;
export type RetentionPeriod = (typeof retentionPeriods)[number];
export type RetentionPeriods = z.output<typeof retentionPeriodsSchema>;
export type DisplayRequirement = (typeof displayRequirements)[number];
export type DisplayProfiles = z.output<typeof displayProfilesSchema>;
export type Approver = (typeof approvers)[number];
export type EmergencySigners = z.output<typeof emergencySignersSchema>;
export type EmergencySigner = (typeof emergencySigners)[number];
export type AccessApproval = z.output<typeof accessApprovalSchema>;
export type ParameterName = z.output<typeof parameterNameSchema>;
export type ParameterSetting = z.output<typeof parameterSettingSchema>;
export type AccessParameter = z.output<typeof accessParameterSchema>;
export type ParameterProposal = z.output<typeof parameterProposalSchema>;
export type OrganisationList = z.output<typeof organisationListSchema>;

/** What the area keeps, under the names of its repositories. */
const governanceEntities = {
  accessParameters: defineEntity({
    objectType: 'accessParameter',
    summary: 'What a majority of the members has set about access, such as what holds where patients say nothing.',
    schema: accessParameterSchema,
    key: [idPart<ParameterName>('name')],
    keyOf: ({ setting }) => [setting.name],
    endorsement: 'channel',
  }),
  parameterProposals: defineEntity({
    objectType: 'parameterProposal',
    summary: 'What a member has proposed to set, and which have approved it; each for good.',
    schema: parameterProposalSchema,
    key: [idPart<ParameterName>('name'), versionPart('number')],
    keyOf: (proposal) => [proposal.setting.name, proposal.number],
    endorsement: 'channel',
  }),
  accessApprovals: defineEntity({
    objectType: 'accessApproval',
    summary: 'That a patient’s hospital agrees that one person reads what it keeps of some levels, beside the patient.',
    schema: accessApprovalSchema,
    key: [idPart<Pseudonym>('pseudonym'), idPart<MspId>('mspId'), idPart<ActorTag>('actorTag')],
    keyOf: ({ pseudonym, asker }) => [pseudonym, asker.mspId, asker.actorTag],
    endorsement: 'channel',
  }),
  organisationLists: defineEntity({
    objectType: 'organisationList',
    summary: 'Which organisations have registered, for whoever counts their votes.',
    schema: organisationListSchema,
    key: [idPart<typeof ORGANISATION_LIST>('name')],
    keyOf: () => [ORGANISATION_LIST],
    endorsement: 'channel',
  }),
};

const contract = 'GovernanceContract';
const proposalKey = { name: parameterNameSchema, number };
/** As events name a proposal: their own name is theirs. */
const proposal = { parameter: parameterNameSchema, number };
/** The proposal as it is after the transaction; to a repeated one, as it is now. */
const proposalAnswer = z.strictObject({ ...proposalKey, state: parameterProposalSchema.shape.state, proposalSha256: sha256Schema });
const voters = [administrator, staff('orgAdmin')] as const;
const approvalKey = { pseudonym: pseudonymSchema, asker: askerSchema };
/** The approval as it is after the transaction; to a repeated one, as it is now. */
const approvalAnswer = z.strictObject({ ...approvalKey, version: z.int().min(1), state: accessApprovalSchema.shape.state });
const officers = [staff('privacyOfficer'), staff('recordAdmin')] as const;

const governanceTransactions = {
  ProposeParameter: {
    contract,
    name: 'ProposeParameter',
    kind: 'submit',
    summary: 'Proposes what a parameter of access is set to; it holds once more than half of the active organisations have approved.',
    request: z.strictObject({ number, setting: parameterSettingSchema }),
    response: proposalAnswer,
    callers: voters,
    refusals: ['ALREADY_EXISTS', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  ApproveParameter: {
    contract,
    name: 'ApproveParameter',
    kind: 'submit',
    summary:
      'Approves a proposal for the caller’s organisation, by the hash of what it says; with the approval of a majority it is in force.',
    request: z.strictObject({ ...proposalKey, proposalSha256: sha256Schema }),
    response: proposalAnswer,
    callers: voters,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  WithdrawProposal: {
    contract,
    name: 'WithdrawProposal',
    kind: 'submit',
    summary: 'Withdraws an open proposal of the caller’s organisation.',
    request: z.strictObject(proposalKey),
    response: proposalAnswer,
    callers: voters,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetParameter: {
    contract,
    name: 'GetParameter',
    kind: 'evaluate',
    summary: 'Reads what a parameter of access is set to; where nobody has set it, what the program has.',
    request: z.strictObject({ name: parameterNameSchema }),
    response: z.strictObject({
      setting: parameterSettingSchema,
      version: z.int().min(1),
      number: number.exactOptional(),
      adoptedAt: instantSchema.exactOptional(),
    }),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
  ListProposals: {
    contract,
    name: 'ListProposals',
    kind: 'evaluate',
    summary: 'Lists the proposals about a parameter of access, in their order.',
    request: z.strictObject({ name: parameterNameSchema, ...pageFields }),
    /** Each with the hash by which it is approved. */
    response: pageOf(parameterProposalSchema.safeExtend({ proposalSha256: sha256Schema })),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
  ApproveAccess: {
    contract,
    name: 'ApproveAccess',
    kind: 'submit',
    summary:
      'Approves, for the hospital of a pseudonym, that one person reads what it keeps of some levels; it opens nothing without the patient.',
    request: z.strictObject({
      ...approvalFields,
      /** Of the approval that it takes the place of; 0: there is none. */
      previousVersion: z.int().min(0),
    }),
    response: approvalAnswer,
    callers: officers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  WithdrawApproval: {
    contract,
    name: 'WithdrawApproval',
    kind: 'submit',
    summary: 'Withdraws an approval of the caller’s hospital; what rests on it opens no more.',
    request: z.strictObject(approvalKey),
    response: approvalAnswer,
    callers: officers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ListApprovals: {
    contract,
    name: 'ListApprovals',
    kind: 'evaluate',
    summary: 'Lists the approvals under a pseudonym, for the patient and the officers of its hospital.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(accessApprovalSchema),
    callers: [patientOr(delegationBases, 'consents', 'view'), ...officers],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const approval = { pseudonym: pseudonymSchema, mspId: mspIdSchema, actorTag: actorTagSchema, version: z.int().min(1) };
/** What may happen in the area. A vote that reaches the majority is two events. */
const governanceEvents = {
  ParameterProposed: { ...proposal, mspId: mspIdSchema },
  ParameterApproved: { ...proposal, mspId: mspIdSchema },
  ParameterAdopted: { ...proposal, version: z.int().min(2) },
  ParameterProposalCancelled: proposal,
  AccessApproved: approval,
  AccessApprovalCancelled: approval,
} as const satisfies EventTable;

/** What members decide together about access (ADR 0062). */
export const governanceArea = defineArea({ entities: governanceEntities, events: governanceEvents, transactions: governanceTransactions });
