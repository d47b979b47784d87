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
  // an earlier version ended a recovery that somebody has confirmed whom nobody believes, and followed neither devices, nor that PINs are removed, nor
  // encapsulation keys, nor what is dealt for keys that hospitals hold: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket default_policy said_statement definition
     seen_update told_time`)}
   DROP TABLE pin; DROP TABLE organisation_kinds;
   CREATE TABLE device (msp_id TEXT NOT NULL, device_id TEXT NOT NULL, said TEXT, is_proven INTEGER NOT NULL,
     PRIMARY KEY (msp_id, device_id)) STRICT;
   CREATE TABLE pin (pin_id TEXT PRIMARY KEY, pseudonym TEXT NOT NULL, is_removed INTEGER NOT NULL, open_key_hash TEXT NOT NULL,
     terms_sha256 TEXT NOT NULL, attempts INTEGER NOT NULL, confirmed INTEGER NOT NULL, blinded TEXT, tried_at TEXT) STRICT;
   CREATE TABLE organisation_kinds (msp_id TEXT PRIMARY KEY, kinds TEXT NOT NULL, encapsulation_keys TEXT NOT NULL) STRICT;
   CREATE TABLE function_key (key_id TEXT PRIMARY KEY, said TEXT NOT NULL) STRICT;
   CREATE TABLE function_deal (key_id TEXT NOT NULL, msp_id TEXT NOT NULL, commitments TEXT NOT NULL, deal_sha256 TEXT NOT NULL,
     PRIMARY KEY (key_id, msp_id)) STRICT;
   CREATE TABLE function_acceptance (key_id TEXT NOT NULL, msp_id TEXT NOT NULL, deals_sha256 TEXT NOT NULL,
     PRIMARY KEY (key_id, msp_id)) STRICT`,
  // an earlier version knew nothing of a key that somebody had used up whom it took for dead, or for not in force, and of a death not when it was
  // proposed: followed again
  emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket default_policy said_statement definition
     seen_update told_time pin organisation_kinds device function_key function_deal function_acceptance`),
  // an earlier version did not follow for how long old keys may veto at least, took a PIN's id for whoever wrote it first, and heard without end
  // what was said once more: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket default_policy said_statement definition
     seen_update told_time pin device function_key function_deal function_acceptance`)}
   DROP TABLE organisation_kinds;
   CREATE TABLE organisation_kinds (msp_id TEXT PRIMARY KEY, kinds TEXT NOT NULL, encapsulation_keys TEXT NOT NULL,
     least_cooling_off INTEGER NOT NULL, is_first INTEGER NOT NULL) STRICT`,
  // an earlier version told nothing of organisations and endpoints that others have written: followed again
  emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket default_policy said_statement definition
     seen_update told_time pin organisation_kinds device function_key function_deal function_acceptance`),
  // an earlier version knew nothing of permits that patients have for their own records: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template default_policy said_statement definition
     seen_update told_time pin organisation_kinds device function_key function_deal function_acceptance`)}
   DROP TABLE ticket;
   CREATE TABLE ticket (ticket_id TEXT PRIMARY KEY, pseudonym TEXT, delegation_id TEXT, is_asked INTEGER NOT NULL) STRICT;
   CREATE INDEX ticket_of_patient ON ticket (pseudonym) WHERE pseudonym IS NOT NULL`,
  // an earlier version took a permit for some of the records that were asked for as one that nobody had asked for, and counted no uses of consents:
  // followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket default_policy said_statement definition
     seen_update told_time pin organisation_kinds device function_key function_deal function_acceptance`)}
   ALTER TABLE consent ADD COLUMN permissions TEXT NOT NULL DEFAULT '{}';
   CREATE TABLE permit_use (ticket_id TEXT NOT NULL, record_id TEXT NOT NULL, pseudonym TEXT NOT NULL, grantee_kind TEXT NOT NULL,
     grantee_msp_id TEXT NOT NULL, grantee_name TEXT NOT NULL, version INTEGER NOT NULL, provision_id TEXT NOT NULL, nth INTEGER NOT NULL,
     PRIMARY KEY (ticket_id, record_id)) STRICT;
   CREATE INDEX uses_of_provision ON permit_use (pseudonym, grantee_msp_id, grantee_kind, grantee_name, version, provision_id)`,
  // an earlier version knew nothing of emergencies: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket default_policy said_statement definition
     seen_update told_time pin organisation_kinds device function_key function_deal function_acceptance`)}
   CREATE TABLE emergency_choice (pseudonym TEXT PRIMARY KEY, stance TEXT NOT NULL, is_signed INTEGER NOT NULL,
     is_late INTEGER NOT NULL) STRICT`,
  // an earlier version knew nothing of what members decide together: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket said_statement definition
     seen_update told_time pin organisation_kinds device function_key function_deal function_acceptance permit_use emergency_choice`)}
   DROP TABLE default_policy;
   CREATE TABLE parameter_proposal (name TEXT NOT NULL, number INTEGER NOT NULL, said TEXT NOT NULL, PRIMARY KEY (name, number)) STRICT;
   CREATE TABLE access_parameter (name TEXT PRIMARY KEY, said TEXT, is_proven INTEGER NOT NULL) STRICT;
   CREATE TABLE access_approval (pseudonym TEXT NOT NULL, msp_id TEXT NOT NULL, actor_tag TEXT NOT NULL, is_proven INTEGER NOT NULL,
     PRIMARY KEY (pseudonym, msp_id, actor_tag)) STRICT`,
  // an earlier version did not see what was written under a pseudonym before it was registered: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket said_statement definition seen_update told_time pin
     organisation_kinds device function_key function_deal function_acceptance permit_use emergency_choice parameter_proposal
     access_parameter access_approval`)}
   CREATE TABLE written_before (pseudonym TEXT PRIMARY KEY) STRICT`,
  // an earlier version did not know what an unproven parameter was set to, nor votes that were said again: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket said_statement definition
     seen_update told_time pin organisation_kinds device function_key function_deal function_acceptance permit_use emergency_choice
     parameter_proposal access_approval written_before`)}
   DROP TABLE access_parameter;
   CREATE TABLE access_parameter (name TEXT PRIMARY KEY, said TEXT, written TEXT) STRICT`,
  // an earlier version counted guesses at PINs of which the patient is not told, took a delegation for confirmed by its id, knew nothing of who
  // countersigns an emergency, held neither copies nor corrections against anybody's word, told applications nothing, and did not know class and level of records: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket said_statement definition seen_update told_time pin
     organisation_kinds device function_key function_deal function_acceptance permit_use emergency_choice parameter_proposal
     access_parameter access_approval written_before`)}
   ALTER TABLE record ADD COLUMN class TEXT;
   ALTER TABLE record ADD COLUMN data_level INTEGER;
   CREATE TABLE emergency_signature (ticket_id TEXT NOT NULL, signer TEXT NOT NULL, msp_id TEXT, PRIMARY KEY (ticket_id, signer)) STRICT;
   CREATE TABLE copy (holder_msp_id TEXT NOT NULL, pseudonym TEXT NOT NULL, ticket_id TEXT NOT NULL, record_id TEXT NOT NULL, said TEXT,
     PRIMARY KEY (holder_msp_id, pseudonym, ticket_id, record_id)) STRICT;
   CREATE TABLE told_event (block_number INTEGER NOT NULL, transaction_index INTEGER NOT NULL, event_index INTEGER NOT NULL,
     transaction_id TEXT NOT NULL, ticket_id TEXT, told TEXT NOT NULL, PRIMARY KEY (block_number, transaction_index, event_index)) STRICT;
   CREATE INDEX told_by_ticket ON told_event (ticket_id) WHERE ticket_id IS NOT NULL;
   CREATE TABLE read_record (pseudonym TEXT NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (pseudonym, record_id)) STRICT`,
  // an earlier version did not know until when a countersignature counts, nor who has asked for a permit, and told applications what others had made up: followed again
  `${emptied(`ledger_event ledger_transaction block checkpoint patient consent relationship delegation guardian_set recovery
     written_recovery capacity alarm staff record query_template ticket said_statement definition seen_update told_time pin
     organisation_kinds device function_key function_deal function_acceptance permit_use emergency_choice parameter_proposal
     access_parameter access_approval written_before emergency_signature copy told_event read_record`)}
   ALTER TABLE emergency_signature ADD COLUMN counts_until TEXT;
   ALTER TABLE ticket ADD COLUMN asker_msp_id TEXT;
   ALTER TABLE ticket ADD COLUMN asked_of TEXT`,
];
