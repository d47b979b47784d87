import { z } from 'zod';
import { actorReferenceSchema, originSchema } from '../actor';
import { type EventTable, defineArea } from '../catalogue/area';
import { defineEntity, idPart, versionPart } from '../catalogue/entity';
import { administrator, member, staff, type TransactionEntry } from '../catalogue/entry';
import { pageFields, pageOf, sha256Schema } from '../encoding/values';
import { mspIdSchema } from '../ids';
import { instantSchema } from '../instant';
import { recordClassSchema } from '../vocabulary';

/**
 * What holds of a class of records where the patient has said nothing: the implicit policies of IHE PCF, by the last part of their addresses.
 * @remarks Source: https://profiles.ihe.net/ITI/PCF/volume-1.html, 53.2.1; what each comes to here is in ADR 0062.
 */
export const implicitPolicies = ['basic-normal', 'all-normal', 'break-glass-only', 'deny-all'] as const;
export const implicitPolicySchema = z.enum(implicitPolicies);
/** For every class, also of records that are not written yet. */
export const defaultPoliciesSchema = z.record(recordClassSchema, implicitPolicySchema);

export const parameterNames = ['default-policies'] as const;
export const parameterNameSchema = z.enum(parameterNames);
/** A parameter and what it is set to. */
const settingSchemas = [z.strictObject({ name: z.literal('default-policies'), value: defaultPoliciesSchema })] as const;
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
  /** One for each organisation, the proposer's first. */
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

export type ImplicitPolicy = z.output<typeof implicitPolicySchema>;
export type DefaultPolicies = z.output<typeof defaultPoliciesSchema>;
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
} as const satisfies Record<string, TransactionEntry>;

/** What may happen in the area. A vote that reaches the majority is two events. */
const governanceEvents = {
  ParameterProposed: { ...proposal, mspId: mspIdSchema },
  ParameterApproved: { ...proposal, mspId: mspIdSchema },
  ParameterAdopted: { ...proposal, version: z.int().min(2) },
  ParameterProposalCancelled: proposal,
} as const satisfies EventTable;

/** What members decide together about access (ADR 0062). */
export const governanceArea = defineArea({ entities: governanceEntities, events: governanceEvents, transactions: governanceTransactions });
