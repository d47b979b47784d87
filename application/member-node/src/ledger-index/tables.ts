/** How far a peer's chain was followed, and what the next block must quote. */
interface CheckpointTable {
  source: string;
  next_block: number;
  previous_hash: Uint8Array;
  /** Marshalled common.Config by which the next block is judged. */
  configuration: Uint8Array;
}

/** The header hash of each block a peer delivered, so that two peers can be held against each other. */
interface BlockTable {
  source: string;
  block_number: number;
  header_hash: Uint8Array;
}

/** What a peer says of each transaction. */
interface TransactionTable {
  source: string;
  block_number: number;
  transaction_index: number;
  transaction_id: string;
  validation_code: number;
}

/** Domain events of transactions that the source has as VALID; rows of earlier versions are of others too: who reads must look at the code. */
interface EventTable {
  source: string;
  block_number: number;
  transaction_index: number;
  event_index: number;
  name: string;
  ticket_id: string | null;
  pseudonym: string | null;
  validation_code: number;
  transaction_id: string;
  /** Canonical JSON of the event: ids and versions only. */
  event: string;
}

/** An event that concerns the own hospital, under its name for ever: what its own applications are told. */
interface ToldEventTable {
  block_number: number;
  transaction_index: number;
  event_index: number;
  transaction_id: string;
  ticket_id: string | null;
  /** Canonical JSON: the event, when it was proposed, and what the ledger says of it. */
  told: string;
}

/** A record whose key was released under a ticket that concerns the own hospital. */
interface ReadRecordTable {
  pseudonym: string;
  record_id: string;
}

/** A patient of the own hospital, and the key that signs the next command. */
interface PatientTable {
  pseudonym: string;
  next_key_hash: string;
  /** Nobody has a wallet: the key is that of a hand-over code. */
  is_assisted: 0 | 1;
  /** The hash of the last statement by the patient, or by staff for them; null before the first. */
  last_statement: string | null;
  /** How many grantees were granted something first by the patient, and by those who act for them. */
  grantees: number;
  grantees_by_others: number;
}

/** A consent as it was last written, and whether the patient's command says the same. */
interface ConsentTable {
  pseudonym: string;
  grantee_kind: string;
  grantee_msp_id: string;
  grantee_name: string;
  version: number;
  state: string;
  is_signed: 0 | 1;
  /** Committed too long after it was proposed, and it opens something. */
  is_late: 0 | 1;
  /** In force, and it denies something. */
  is_denying: 0 | 1;
  /** JSON of the ids of its permissions, and how often each is good; null: as often as is asked. */
  permissions: string;
  transaction_id: string;
  block_number: number;
}

/** What a patient has said of a relationship, and whether what was last written says the same. */
interface RelationshipTable {
  pseudonym: string;
  msp_id: string;
  answer: 'none' | 'accepted' | 'rejected';
  /** The kind that the patient has accepted. */
  type: string | null;
  /** The group that the patient has accepted as the party; null: the whole organisation. */
  party_group: string | null;
  is_suspended: 0 | 1;
  is_ended: 0 | 1;
  is_signed: 0 | 1;
  /** What opened it was committed too long after it was proposed. */
  is_late: 0 | 1;
}

/** Who acts for a patient of the own hospital. */
interface DelegationTable {
  pseudonym: string;
  delegation_id: string;
  /** Canonical JSON of the entry as those have said whose word it is. */
  said: string;
  /** What put it in force was committed too long after it was proposed. */
  is_late: 0 | 1;
}

/** Whom a patient of the own hospital has named to vouch for them. */
interface GuardianSetTable {
  pseudonym: string;
  /** Canonical JSON of the entry as the patient has said it. */
  said: string;
  /** It was committed too long after it was proposed. */
  is_late: 0 | 1;
}

/** That a pseudonym of the own hospital is to get a new key. */
interface RecoveryTable {
  pseudonym: string;
  case_id: string;
  /** Canonical JSON of the entry as those have said whose word it is. */
  said: string;
}

/** How a recovery of a pseudonym of the own hospital stands as it is written, whoever has written it. */
interface WrittenRecoveryTable {
  pseudonym: string;
  case_id: string;
  is_open: 0 | 1;
}

/** What a patient of the own hospital says of emergencies. */
interface EmergencyChoiceTable {
  pseudonym: string;
  /** Canonical JSON of what stands, whoever has said it. */
  stance: string;
  is_signed: 0 | 1;
  /** It opens something and was committed too long after it was proposed. */
  is_late: 0 | 1;
}

/**
 * A pseudonym under which something was written while it was none of the own hospital's: another hospital's patient, or one of whom nobody
 * can have said anything yet. One row for each, however much is written.
 */
interface WrittenBeforeTable {
  pseudonym: string;
}

/** What staff have said of the capacity, or of the death, of a patient of the own hospital. */
interface CapacityTable {
  pseudonym: string;
  kind: 'incapacity' | 'death';
  /** Canonical JSON of the entry as those have said whose word it is. */
  said: string;
}

/** Of which kinds an organisation is. */
interface OrganisationKindsTable {
  msp_id: string;
  /** Canonical JSON, as its own administrator has registered it. */
  kinds: string;
  /** Canonical JSON of its encapsulation keys, likewise. */
  encapsulation_keys: string;
  /** For how long the old key may veto a recovery at least, in minutes, likewise. */
  least_cooling_off: number;
  /** Whether it was the first of all. */
  is_first: 0 | 1;
}

/** A staff entry of any organisation. */
interface StaffTable {
  msp_id: string;
  actor_tag: string;
  /** Of `said`. */
  public_key_hash: string | null;
  /** Canonical JSON of the entry as the organisation's commands make it; null if there is none. */
  said: string | null;
  /** Whether what was last written says the same. */
  is_proven: 0 | 1;
}

/** A device of any organisation. */
interface DeviceTable {
  msp_id: string;
  device_id: string;
  /** Canonical JSON of the entry as the organisation's commands make it; null if there is none. */
  said: string | null;
  /** Whether what was last written says the same. */
  is_proven: 0 | 1;
}

/** A record of a patient of the own hospital. */
interface RecordTable {
  pseudonym: string;
  record_id: string;
  /** Null if the own hospital has not anchored it. */
  anchored_at: string | null;
  /** As it was last written, by whomever; null if that cannot be told. */
  version: number | null;
  /** Whether the own hospital has ever retracted it. */
  is_retracted: 0 | 1;
  /** As the own hospital has said it last; null if it never has. */
  class: string | null;
  data_level: number | null;
  /** Whether what was last written is what the own hospital said. */
  is_proven: 0 | 1;
}

/** A query template of any organisation. */
interface QueryTemplateTable {
  msp_id: string;
  template_id: string;
  version: number;
  /** Canonical JSON of the entry as those organisations have said whose word it is. */
  said: string;
}

/** A permit to read what the own hospital keeps. */
interface TicketTable {
  ticket_id: string;
  /** Of a patient's own; else null. */
  pseudonym: string | null;
  /** Of who acts for a patient; else null. */
  delegation_id: string | null;
  /** Whether whom it names has asked for it, and nobody has written it since but to close it, and the patient has got no new key since. */
  is_asked: 0 | 1;
  /** Whose staff has asked, and of which patient; null of one that nobody of staff has asked for. */
  asker_msp_id: string | null;
  asked_of: string | null;
}

/** A permit that rests on one provision alone which is good for so many: it is the nth that has come. */
interface PermitUseTable {
  ticket_id: string;
  record_id: string;
  pseudonym: string;
  grantee_kind: string;
  grantee_msp_id: string;
  grantee_name: string;
  version: number;
  provision_id: string;
  nth: number;
}

/** A proposal about a parameter of access, as organisations have said it. */
interface ParameterProposalTable {
  name: string;
  number: number;
  said: string;
}

/** A parameter of access that was written: as a majority has set it, and whether what is written is that. */
interface AccessParameterTable {
  name: string;
  /** As a majority has set it last; null if it never has. */
  said: string | null;
  /** What it is set to, by whomever; null if nobody can read it. */
  written: string | null;
}

/** That a patient's hospital has approved that somebody reads, as it was written last, and whether an officer of it has said so. */
interface AccessApprovalTable {
  pseudonym: string;
  msp_id: string;
  actor_tag: string;
  is_proven: 0 | 1;
}

/** Who has countersigned an emergency, as it was written last; of which hospital, where they have said so. */
interface EmergencySignatureTable {
  ticket_id: string;
  signer: string;
  msp_id: string | null;
  /** Until when an emergency may be asked for on it; null where nobody has said so. */
  counts_until: string | null;
}

/** What a member has of a record of another. */
interface CopyTable {
  holder_msp_id: string;
  pseudonym: string;
  ticket_id: string;
  record_id: string;
  /** Canonical JSON of the entry as those have said whose word it is; null if they have said nothing. */
  said: string | null;
}

/** Hashes of the statements of staff by which an entry of theirs, a device, a record or a query template counts. */
interface SaidStatementTable {
  statement_hash: string;
}

/** What was written without the word of whose it is. */
interface AlarmTable {
  block_number: number;
  transaction_index: number;
  alarm_index: number;
  transaction_id: string;
  name: string;
  /** Null where it is about nobody in particular. */
  pseudonym: string | null;
  detail: string | null;
}

/** An organisation as the channel's configuration has defined it. */
interface DefinitionTable {
  msp_id: string;
  /** Marshalled FabricMSPConfig that its own administrators have agreed to, or the first one there was. */
  agreed: Uint8Array;
  /** The one that the configuration has; empty where it has none. */
  present: Uint8Array;
  /** Whether that admits more than was agreed to. */
  is_taken: 0 | 1;
  /** Since which block. */
  block_number: number;
}

/** SHA-256 of updates of the configuration that were seen: nobody agrees twice with one signature. */
interface SeenUpdateTable {
  update_hash: Uint8Array;
}

/** When this node had a block first; not emptied when the index is followed again. */
interface BlockClockTable {
  block_number: number;
  header_hash: Uint8Array;
  arrived: number;
  seen: number;
}

/**
 * The latest time that an organisation's clients have stated in a transaction that takes many endorsers, in milliseconds since 1970, and in
 * which block: of a later one than is followed now, nothing.
 */
interface ToldTimeTable {
  msp_id: string;
  block_number: number;
  latest: number;
}

/** A PIN, and how often it was tried, of patients of whichever hospital. */
interface PinTable {
  pin_id: string;
  pseudonym: string;
  /** For good. */
  is_removed: 0 | 1;
  open_key_hash: string;
  terms_sha256: string;
  attempts: number;
  /** The guess that was last proved right; 0 before. */
  confirmed: number;
  /** The last guess, and when it was proposed; null before the first. */
  blinded: string | null;
  tried_at: string | null;
}

/** A key that hospitals hold together, as who opened it has said. */
interface FunctionKeyTable {
  key_id: string;
  /** Canonical JSON: who opened it, holders, threshold, and of which key the shares are dealt anew. */
  said: string;
}

/** What a hospital's key service has dealt for such a key. */
interface FunctionDealTable {
  key_id: string;
  msp_id: string;
  /** Canonical JSON. */
  commitments: string;
  /** Of all that it has dealt. */
  deal_sha256: string;
}

/** Which deals a hospital's key service has found right. */
interface FunctionAcceptanceTable {
  key_id: string;
  msp_id: string;
  deals_sha256: string;
}

export interface IndexTables {
  pin: PinTable;
  function_key: FunctionKeyTable;
  function_deal: FunctionDealTable;
  function_acceptance: FunctionAcceptanceTable;
  block_clock: BlockClockTable;
  definition: DefinitionTable;
  seen_update: SeenUpdateTable;
  patient: PatientTable;
  consent: ConsentTable;
  relationship: RelationshipTable;
  delegation: DelegationTable;
  guardian_set: GuardianSetTable;
  recovery: RecoveryTable;
  written_recovery: WrittenRecoveryTable;
  capacity: CapacityTable;
  emergency_choice: EmergencyChoiceTable;
  written_before: WrittenBeforeTable;
  organisation_kinds: OrganisationKindsTable;
  staff: StaffTable;
  device: DeviceTable;
  record: RecordTable;
  query_template: QueryTemplateTable;
  ticket: TicketTable;
  permit_use: PermitUseTable;
  parameter_proposal: ParameterProposalTable;
  access_parameter: AccessParameterTable;
  access_approval: AccessApprovalTable;
  emergency_signature: EmergencySignatureTable;
  copy: CopyTable;
  said_statement: SaidStatementTable;
  alarm: AlarmTable;
  told_time: ToldTimeTable;
  checkpoint: CheckpointTable;
  block: BlockTable;
  ledger_transaction: TransactionTable;
  ledger_event: EventTable;
  told_event: ToldEventTable;
  read_record: ReadRecordTable;
}
