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
  /** Whether whom it names has asked for it, and nobody has written it since but to close it. */
  is_asked: 0 | 1;
}

/** What was written as the policy that holds for a class of records where patients say nothing. */
interface DefaultPolicyTable {
  class: string;
  is_initial: 0 | 1;
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
  open_key_hash: string;
  terms_sha256: string;
  attempts: number;
  /** The guess that was last proved right; 0 before. */
  confirmed: number;
  /** The last guess, and when it was proposed; null before the first. */
  blinded: string | null;
  tried_at: string | null;
}

export interface IndexTables {
  pin: PinTable;
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
  organisation_kinds: OrganisationKindsTable;
  staff: StaffTable;
  device: DeviceTable;
  record: RecordTable;
  query_template: QueryTemplateTable;
  ticket: TicketTable;
  default_policy: DefaultPolicyTable;
  said_statement: SaidStatementTable;
  alarm: AlarmTable;
  told_time: ToldTimeTable;
  checkpoint: CheckpointTable;
  block: BlockTable;
  ledger_transaction: TransactionTable;
  ledger_event: EventTable;
}

/** What empties tables, named with spaces between them. */
const emptied = (tables: string): string => tables.replaceAll(/\w+/g, 'DELETE FROM $&;');

/** Append only: an installed node brings its file forward by those it lacks. Followed from block 0 it is the same, but for `block_clock`. */
export const indexMigrations: readonly string[] = [
  `CREATE TABLE checkpoint (source TEXT PRIMARY KEY, next_block INTEGER NOT NULL, previous_hash BLOB NOT NULL) STRICT;
   CREATE TABLE block (source TEXT NOT NULL, block_number INTEGER NOT NULL, header_hash BLOB NOT NULL,
     PRIMARY KEY (block_number, source)) STRICT;
   CREATE TABLE ledger_transaction (source TEXT NOT NULL, block_number INTEGER NOT NULL, transaction_index INTEGER NOT NULL,
     transaction_id TEXT NOT NULL, validation_code INTEGER NOT NULL, PRIMARY KEY (source, block_number, transaction_index)) STRICT;
   CREATE INDEX transaction_by_id ON ledger_transaction (transaction_id);
   CREATE TABLE ledger_event (source TEXT NOT NULL, block_number INTEGER NOT NULL, transaction_index INTEGER NOT NULL,
     event_index INTEGER NOT NULL, name TEXT NOT NULL, ticket_id TEXT, pseudonym TEXT, validation_code INTEGER NOT NULL,
     transaction_id TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY (source, block_number, transaction_index, event_index)) STRICT;
   CREATE INDEX event_by_ticket ON ledger_event (ticket_id) WHERE ticket_id IS NOT NULL;
   CREATE INDEX event_by_pseudonym ON ledger_event (pseudonym, block_number) WHERE pseudonym IS NOT NULL`,
  // what an earlier version followed was not checked against the channel's policy, so it is followed again
  `DELETE FROM ledger_event; DELETE FROM ledger_transaction; DELETE FROM block; DROP TABLE checkpoint;
   CREATE TABLE checkpoint (source TEXT PRIMARY KEY, next_block INTEGER NOT NULL, previous_hash BLOB NOT NULL,
     configuration BLOB NOT NULL) STRICT;
   CREATE TABLE patient (pseudonym TEXT PRIMARY KEY, next_key_hash TEXT NOT NULL) STRICT;
   CREATE TABLE consent (pseudonym TEXT NOT NULL, grantee_kind TEXT NOT NULL, grantee_msp_id TEXT NOT NULL, grantee_name TEXT NOT NULL,
     version INTEGER NOT NULL, state TEXT NOT NULL, is_signed INTEGER NOT NULL, is_late INTEGER NOT NULL, transaction_id TEXT NOT NULL,
     block_number INTEGER NOT NULL, PRIMARY KEY (pseudonym, grantee_msp_id, grantee_kind, grantee_name)) STRICT;
   CREATE TABLE alarm (block_number INTEGER NOT NULL, transaction_index INTEGER NOT NULL, alarm_index INTEGER NOT NULL,
     transaction_id TEXT NOT NULL, name TEXT NOT NULL, pseudonym TEXT NOT NULL, detail TEXT,
     PRIMARY KEY (block_number, transaction_index, alarm_index)) STRICT;
   CREATE TABLE chain_time (id INTEGER PRIMARY KEY CHECK (id = 0), latest INTEGER NOT NULL) STRICT;
   INSERT INTO chain_time VALUES (0, 0)`,
  // an earlier version believed what one member alone can have committed, and did not follow relationships: followed again
  `DELETE FROM ledger_event; DELETE FROM ledger_transaction; DELETE FROM block; DELETE FROM checkpoint; DELETE FROM patient;
   DROP TABLE consent; DROP TABLE alarm; UPDATE chain_time SET latest = 0;
   CREATE TABLE consent (pseudonym TEXT NOT NULL, grantee_kind TEXT NOT NULL, grantee_msp_id TEXT NOT NULL, grantee_name TEXT NOT NULL,
     version INTEGER NOT NULL, state TEXT NOT NULL, is_signed INTEGER NOT NULL, is_late INTEGER NOT NULL, is_denying INTEGER NOT NULL,
     transaction_id TEXT NOT NULL, block_number INTEGER NOT NULL,
     PRIMARY KEY (pseudonym, grantee_msp_id, grantee_kind, grantee_name)) STRICT;
   CREATE TABLE relationship (pseudonym TEXT NOT NULL, msp_id TEXT NOT NULL, answer TEXT NOT NULL, is_suspended INTEGER NOT NULL,
     is_ended INTEGER NOT NULL, is_signed INTEGER NOT NULL, is_late INTEGER NOT NULL, PRIMARY KEY (pseudonym, msp_id)) STRICT;
   CREATE TABLE alarm (block_number INTEGER NOT NULL, transaction_index INTEGER NOT NULL, alarm_index INTEGER NOT NULL,
     transaction_id TEXT NOT NULL, name TEXT NOT NULL, pseudonym TEXT, detail TEXT,
     PRIMARY KEY (block_number, transaction_index, alarm_index)) STRICT;
   CREATE INDEX alarm_by_name ON alarm (name)`,
  // an earlier version did not follow who wrote staff entries, records and permits: followed again
  `DELETE FROM ledger_event; DELETE FROM ledger_transaction; DELETE FROM block; DELETE FROM checkpoint; DELETE FROM patient;
   DELETE FROM consent; DELETE FROM relationship; DELETE FROM alarm; UPDATE chain_time SET latest = 0;
   CREATE TABLE staff (msp_id TEXT NOT NULL, actor_tag TEXT NOT NULL, public_key_hash TEXT, said TEXT, is_proven INTEGER NOT NULL,
     PRIMARY KEY (msp_id, actor_tag)) STRICT;
   CREATE INDEX staff_by_key ON staff (msp_id, public_key_hash) WHERE public_key_hash IS NOT NULL;
   CREATE TABLE record (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, anchored_at TEXT, is_proven INTEGER NOT NULL,
     PRIMARY KEY (pseudonym, record_id)) STRICT;
   CREATE TABLE ticket (ticket_id TEXT PRIMARY KEY, is_asked INTEGER NOT NULL) STRICT;
   CREATE TABLE default_policy (class TEXT PRIMARY KEY, is_initial INTEGER NOT NULL) STRICT`,
  // an earlier version took other keys and other identities for those that the chaincode and the peers read, and asked neither when
  // something was said nor of which version of a record: followed again
  `DELETE FROM ledger_event; DELETE FROM ledger_transaction; DELETE FROM block; DELETE FROM checkpoint; DELETE FROM patient;
   DELETE FROM consent; DELETE FROM relationship; DELETE FROM staff; DELETE FROM ticket; DELETE FROM default_policy; DELETE FROM alarm;
   UPDATE chain_time SET latest = 0;
   DROP TABLE record;
   CREATE TABLE record (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, anchored_at TEXT, version INTEGER,
     is_retracted INTEGER NOT NULL, is_proven INTEGER NOT NULL, PRIMARY KEY (pseudonym, record_id)) STRICT`,
  // an earlier version took an organisation for whom the newest configuration says it is: followed again
  `DELETE FROM ledger_event; DELETE FROM ledger_transaction; DELETE FROM block; DELETE FROM checkpoint; DELETE FROM patient;
   DELETE FROM consent; DELETE FROM relationship; DELETE FROM staff; DELETE FROM record; DELETE FROM ticket; DELETE FROM default_policy;
   DELETE FROM alarm; UPDATE chain_time SET latest = 0;
   CREATE TABLE definition (msp_id TEXT PRIMARY KEY, agreed BLOB NOT NULL, present BLOB NOT NULL, is_taken INTEGER NOT NULL,
     block_number INTEGER NOT NULL) STRICT;
   CREATE TABLE seen_update (update_hash BLOB PRIMARY KEY) STRICT`,
  // an earlier version did not follow who acts for patients: followed again
  `DELETE FROM ledger_event; DELETE FROM ledger_transaction; DELETE FROM block; DELETE FROM checkpoint; DROP TABLE patient;
   DELETE FROM consent; DELETE FROM relationship; DELETE FROM alarm; DELETE FROM staff; DELETE FROM record; DELETE FROM ticket;
   DELETE FROM default_policy; DELETE FROM definition; DELETE FROM seen_update; UPDATE chain_time SET latest = 0;
   CREATE TABLE patient (pseudonym TEXT PRIMARY KEY, next_key_hash TEXT NOT NULL, is_assisted INTEGER NOT NULL,
     last_statement TEXT) STRICT;
   CREATE TABLE delegation (pseudonym TEXT NOT NULL, delegation_id TEXT NOT NULL, said TEXT NOT NULL, is_late INTEGER NOT NULL,
     PRIMARY KEY (pseudonym, delegation_id)) STRICT`,
  // an earlier version let who acts for a patient change what others had written or what came late, took a statement of staff as often as it was
  // carried, and followed neither kinds of relationships, pointers, recoveries nor how many grantees there are: followed again
  `DELETE FROM ledger_event; DELETE FROM ledger_transaction; DELETE FROM block; DELETE FROM checkpoint; DELETE FROM patient;
   DELETE FROM consent; DELETE FROM relationship; DELETE FROM delegation; DELETE FROM alarm; DELETE FROM staff; DELETE FROM record;
   DELETE FROM ticket; DELETE FROM default_policy; DELETE FROM definition; DELETE FROM seen_update; UPDATE chain_time SET latest = 0;
   CREATE TABLE said_statement (statement_hash TEXT PRIMARY KEY) STRICT;
   CREATE TABLE guardian_set (pseudonym TEXT PRIMARY KEY, said TEXT NOT NULL, is_late INTEGER NOT NULL) STRICT;
   CREATE TABLE recovery (pseudonym TEXT NOT NULL, case_id TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (pseudonym, case_id)) STRICT;
   CREATE TABLE capacity (pseudonym TEXT NOT NULL, kind TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (pseudonym, kind)) STRICT;
   CREATE TABLE query_template (msp_id TEXT NOT NULL, template_id TEXT NOT NULL, version INTEGER NOT NULL, said TEXT NOT NULL,
     PRIMARY KEY (msp_id, template_id, version)) STRICT;
   ALTER TABLE relationship ADD COLUMN type TEXT;
   ALTER TABLE patient ADD COLUMN grantees INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE patient ADD COLUMN grantees_by_others INTEGER NOT NULL DEFAULT 0`,
  // by which a block's times are judged again when it is followed again: never deleted
  `CREATE TABLE block_clock (block_number INTEGER PRIMARY KEY, header_hash BLOB NOT NULL, arrived INTEGER NOT NULL,
     seen INTEGER NOT NULL) STRICT;
   CREATE TABLE own_time (id INTEGER PRIMARY KEY CHECK (id = 0), block_number INTEGER NOT NULL, latest INTEGER NOT NULL) STRICT`,
  // an earlier version counted no guesses at PINs: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     capacity query_template said_statement alarm staff record ticket default_policy definition seen_update`)} UPDATE chain_time SET latest = 0;
   CREATE TABLE pin (pin_id TEXT PRIMARY KEY, open_key_hash TEXT NOT NULL, terms_sha256 TEXT NOT NULL, attempts INTEGER NOT NULL,
     confirmed INTEGER NOT NULL, blinded TEXT, tried_at TEXT) STRICT`,
  // an earlier version followed neither groups of staff nor groups as parties of relationships: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation alarm staff record ticket
     default_policy definition seen_update said_statement guardian_set recovery capacity query_template pin`)} UPDATE chain_time SET latest = 0;
   ALTER TABLE relationship ADD COLUMN party_group TEXT`,
  // an earlier version took one organisation's word for what time it is, asked nobody's kind, and let one recovery be open at a time: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     capacity alarm staff record query_template ticket default_policy said_statement pin definition seen_update`)}
   DROP TABLE chain_time; DROP TABLE own_time;
   CREATE TABLE organisation_kinds (msp_id TEXT PRIMARY KEY, kinds TEXT NOT NULL) STRICT;
   CREATE TABLE told_time (msp_id TEXT PRIMARY KEY, block_number INTEGER NOT NULL, latest INTEGER NOT NULL) STRICT`,
  // an earlier version let what is written of a key end a recovery, and did not see which recoveries stand written as open: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     capacity alarm staff record query_template ticket default_policy said_statement definition seen_update
     organisation_kinds told_time pin`)}
   CREATE TABLE written_recovery (pseudonym TEXT NOT NULL, case_id TEXT NOT NULL, is_open INTEGER NOT NULL,
     PRIMARY KEY (pseudonym, case_id)) STRICT`,
  // an earlier version ended a recovery that somebody has confirmed whom nobody believes, and did not follow devices: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket default_policy said_statement definition
     seen_update organisation_kinds told_time pin`)}
   CREATE TABLE device (msp_id TEXT NOT NULL, device_id TEXT NOT NULL, said TEXT, is_proven INTEGER NOT NULL,
     PRIMARY KEY (msp_id, device_id)) STRICT`,
];
