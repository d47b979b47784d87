import {
  type AccessParameter,
  type ActorTag,
  type Copy,
  type Device,
  type DeviceId,
  type FunctionKey,
  type FunctionKeyId,
  type GrantVersion,
  type GroupElement,
  type Instant,
  type MspId,
  type Organisation,
  type OrganisationKind,
  type ParameterName,
  type ParameterProposal,
  type ParameterSetting,
  type ProvisionId,
  type Pseudonym,
  type QueryTemplate,
  type RecordContent,
  type RecordId,
  type Sha256,
  type Staff,
  type TemplateReference,
  type TicketId,
} from '@lianyi/domain';
import { type AlarmFact, type KnownAlarms } from './patient-facts';

/** What a transaction in a block says about what members keep and ask for, found out from who signed it, its arguments and writes. */
export type MemberFact =
  | OrganisationFact
  | FunctionKeyFact
  | StaffFact
  | DeviceFact
  | RecordFact
  | TemplateFact
  | TicketFact
  | ProposalFact
  | ParameterFact
  | ApprovalFact
  | SignatureFact
  | CopyFact
  | SaidFact
  | AlarmFact;

/** Of which kinds an organisation is, to which keys things are sealed for it, and what it agreed to, as its own administrator has said. */
export interface OrganisationFact {
  readonly kind: 'organisation';
  readonly mspId: MspId;
  readonly kinds: readonly OrganisationKind[];
  readonly encapsulationKeys: Organisation['encapsulationKeys'];
  readonly leastCoolingOffMinutes: number;
}

/** A key that hospitals hold together, as who opened it has said. */
export type SaidFunctionKey = Pick<FunctionKey, 'keyId' | 'mspId' | 'holders' | 'threshold' | 'reshares'>;

/** What a hospital says of such a key, in its own transaction. */
export type FunctionKeyFact =
  | { readonly kind: 'functionKey'; readonly said: SaidFunctionKey }
  | {
      readonly kind: 'functionDeal';
      readonly keyId: FunctionKeyId;
      readonly mspId: MspId;
      readonly commitments: readonly GroupElement[];
      /** Of all that it has dealt. */
      readonly dealSha256: Sha256;
    }
  | { readonly kind: 'functionAcceptance'; readonly keyId: FunctionKeyId; readonly mspId: MspId; readonly dealsSha256: Sha256 };

export interface StaffFact {
  readonly kind: 'staff';
  readonly mspId: MspId;
  readonly actorTag: ActorTag;
  /** What the organisation has said of it, this transaction's command included; undefined if it has said nothing. */
  readonly said: Staff | undefined;
  /** Whether what is written says the same. */
  readonly isProven: boolean;
}

export interface DeviceFact {
  readonly kind: 'device';
  readonly mspId: MspId;
  readonly deviceId: DeviceId;
  /** What the organisation has said of it, this transaction's command included; undefined if it has said nothing. */
  readonly said: Device | undefined;
  /** Whether what is written says the same. */
  readonly isProven: boolean;
}

/** By what a parameter of access tells records apart. */
export type RecordLabels = Pick<RecordContent, 'class' | 'dataLevel'>;

export interface RecordFact {
  readonly kind: 'record';
  readonly pseudonym: Pseudonym;
  readonly recordId: RecordId;
  /** When it was anchored; undefined if the custodian has never said so. */
  readonly anchoredAt: Instant | undefined;
  /** As it was last written, by whomever; undefined if that cannot be told. */
  readonly version: number | undefined;
  /** Whether the custodian has ever retracted it. */
  readonly isRetracted: boolean;
  /** As the custodian has said it last; undefined if it never has. */
  readonly labels: RecordLabels | undefined;
  /** Whether what is written of the record and its versions is what its custodian said. */
  readonly isProven: boolean;
}

/** What organisations have said of a query template, this transaction's command included, whatever is written of it. */
export interface TemplateFact {
  readonly kind: 'template';
  readonly said: QueryTemplate;
}

/** A permit; a denial opens nothing, so nobody is told of one. */
export interface TicketFact {
  readonly kind: 'ticket';
  readonly ticketId: TicketId;
  /** Whether whom it names has asked for just that, and it was never written since but to close it. */
  readonly isAsked: boolean;
  /** Of one that was asked for: whose staff has asked, and of which patient. */
  readonly askedBy?: { readonly mspId: MspId; readonly pseudonym: Pseudonym };
  /** Of one that was asked for: the permits that rest on one provision of one grant alone, as those that take a use do (ADR 0057). */
  readonly alone?: readonly PermitOfOne[];
}

/** A permit for a record that rests on one provision alone. */
export interface PermitOfOne {
  readonly pseudonym: Pseudonym;
  readonly recordId: RecordId;
  readonly grantVersion: GrantVersion;
  readonly provisionId: ProvisionId;
}

/** What organisations have said of a proposal about a parameter of access, this transaction's command included, whatever is written of it. */
export interface ProposalFact {
  readonly kind: 'proposal';
  readonly said: ParameterProposal;
}

export interface ParameterFact {
  readonly kind: 'parameter';
  readonly name: ParameterName;
  /** As a majority of the organisations has set it, this transaction's command included; undefined if it never has. */
  readonly said: AccessParameter | undefined;
  /** What is written; undefined if nobody can read it, absent if nothing is written with this transaction. */
  readonly written?: ParameterSetting | undefined;
}

/** That a patient's hospital has approved that somebody reads. */
export interface ApprovalFact {
  readonly kind: 'approval';
  readonly pseudonym: Pseudonym;
  /** Of whom it is for. */
  readonly mspId: MspId;
  readonly actorTag: ActorTag;
  /** Whether what is written is what an officer of that hospital has said. */
  readonly isProven: boolean;
}

/** That somebody has countersigned an emergency to come. */
export interface SignatureFact {
  readonly kind: 'signature';
  readonly ticketId: TicketId;
  readonly signer: ActorTag;
  /** Of the hospital that has said so; absent where none has. */
  readonly mspId?: MspId;
  /** Until when an emergency may be asked for on it (exclusive), as they have said. */
  readonly until?: Instant;
  /** Whether what is written is what they have said. */
  readonly isProven: boolean;
}

/** What a member has of a record of another, and what became of it. */
export interface CopyFact {
  readonly kind: 'copy';
  readonly holderMspId: MspId;
  readonly pseudonym: Pseudonym;
  readonly ticketId: TicketId;
  readonly recordId: RecordId;
  /** What those have said of it whose word it is, this transaction included; undefined if they have said nothing. */
  readonly said: Copy | undefined;
  /** Whether what is written says the same. */
  readonly isProven: boolean;
}

/** A statement by which an entry stands as its organisation says: it has been said, and is not said again. */
export interface SaidFact {
  readonly kind: 'said';
  readonly statementHash: Sha256;
}

/** A record as the transactions before have left it. */
export type KnownRecord = Pick<RecordFact, 'anchoredAt' | 'version' | 'isRetracted' | 'labels'>;

/** A staff entry as the transactions before have left it. */
export type KnownStaff = Pick<StaffFact, 'said' | 'isProven'>;

/** A device as the transactions before have left it. */
export type KnownDevice = Pick<DeviceFact, 'said' | 'isProven'>;

/** What the transactions before have told. */
export interface KnownMembers extends KnownAlarms {
  /** Undefined if no administrator of it has said. */
  kindsOf(mspId: MspId): Promise<readonly OrganisationKind[] | undefined>;
  /** For how long the old key of its patients may veto a recovery at least, in minutes: see {@link leastCoolingOffBy}. */
  leastCoolingOffOf(mspId: MspId): Promise<number>;
  staffOf(mspId: MspId, actorTag: ActorTag): Promise<KnownStaff | undefined>;
  /** The entry that says a key is somebody's, if what is written is what the organisation said. */
  staffWithKey(mspId: MspId, publicKeyHash: Sha256): Promise<Staff | undefined>;
  deviceOf(mspId: MspId, deviceId: DeviceId): Promise<KnownDevice | undefined>;
  recordOf(pseudonym: Pseudonym, recordId: RecordId): Promise<KnownRecord | undefined>;
  /** A query template as organisations have said it; undefined if nobody has proposed it. */
  templateOf(reference: TemplateReference): Promise<QueryTemplate | undefined>;
  /** A proposal about a parameter of access, as organisations have said it; undefined if nobody has made it. */
  proposalOf(name: ParameterName, number: number): Promise<ParameterProposal | undefined>;
  /** A parameter of access, as a majority has set it last; undefined if none has. */
  parameterOf(name: ParameterName): Promise<AccessParameter | undefined>;
  /** The organisations that their own administrators have registered. */
  registeredMspIds(): Promise<readonly MspId[]>;
  /** Whether what is written of an entry of staff, of a device or of a record has counted by this statement before. */
  isSaid(statementHash: Sha256): Promise<boolean>;
  /** A copy as those have said whose word it is; undefined if they have said nothing. */
  copyOf(of: Pick<CopyFact, 'holderMspId' | 'pseudonym' | 'ticketId' | 'recordId'>): Promise<Copy | undefined>;
  ticketOf(ticketId: TicketId): Promise<Pick<TicketFact, 'isAsked' | 'askedBy'> | undefined>;
  /** The hospital that has registered a pseudonym; undefined: the patient is not followed. */
  custodianOf(pseudonym: Pseudonym): Promise<MspId | undefined>;
}
