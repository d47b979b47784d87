import {
  type AssistedProof,
  type CommandProof,
  type Death,
  type Delegation,
  type DelegationId,
  type EmergencyStance,
  type Grantee,
  type Group,
  type GuardianSet,
  type Incapacity,
  type MspId,
  type Pseudonym,
  type RecoveryCase,
  type RecoveryCaseId,
  type RelationshipType,
  type Sha256,
  type TicketId,
  type Transaction,
} from '@lianyi/domain';

/**
 * What is wrong with a transaction that a peer has as valid. None of these can come from the chaincode: enough members' endorsers have
 * signed something else than it answers.
 */
export type AlarmName =
  /** A consent was written, and no command of the patient stands in the transaction. */
  | 'consent-without-command'
  /** A consent was written otherwise than the patient's command says. */
  | 'consent-not-as-commanded'
  /**
   * The hash of a patient's next key, or what else the entry of the pseudonym says of who may ask and was heard last, was written without a
   * command or registration that says so.
   */
  | 'key-without-command'
  /** The command in the transaction is not one that the patient's announced key has signed. */
  | 'command-not-signed'
  /**
   * The announced key has signed the command, and whose it is may not say this, as far as is known here of who lives, is in force and works for
   * a hospital: it uses its key up, and what it says is nobody's word.
   */
  | 'command-not-allowed'
  /** The patient's command used its key up, and what it says of a consent or a relationship was not written. */
  | 'command-not-carried-out'
  /** The patient's side of a relationship was written, and no command of the patient stands in the transaction. */
  | 'relationship-without-command'
  /** The patient's side of a relationship was written otherwise than the patient's command says. */
  | 'relationship-not-as-commanded'
  /** A guess at a PIN, signed by who has its code, that the transaction keeps from the patient or does not write: no hospital answers it. */
  | 'guess-untold'
  /** Who acts for a patient was written, and nobody whose word that is has said so in the transaction. */
  | 'delegation-without-command'
  /** Who acts for a patient was written otherwise than those say whose word it is. */
  | 'delegation-not-as-commanded'
  /** Who vouches for a patient was written, and no command of the patient stands in the transaction. */
  | 'guardians-without-command'
  /** Who vouches for a patient was written otherwise than the patient's command says. */
  | 'guardians-not-as-commanded'
  /**
   * The patient has named who vouches, with a command that was on its way too long: they vouch for nobody at the patient's hospital until the
   * patient names them anew.
   */
  | 'guardians-late'
  /** A recovery was written, and neither guardian, registrar nor patient whose word that is has said so in the transaction, in time. */
  | 'recovery-without-command'
  /** A recovery was written otherwise than those say whose word it is. */
  | 'recovery-not-as-commanded'
  /**
   * A recovery was confirmed by a registrar whom nobody believes. It is cooling off for everybody to see and waits for another registrar, who
   * confirms it once more.
   */
  | 'recovery-confirmed-by-nobody'
  /** What may be opened in an emergency was written, and no command of the patient stands in the transaction. */
  | 'emergency-choice-without-command'
  /** What may be opened in an emergency was written otherwise than the patient's command says. */
  | 'emergency-choice-not-as-commanded'
  /** That a patient cannot decide, or has died, was written, and nobody whose word that is has said so in the transaction, in time. */
  | 'capacity-without-command'
  /** That a patient cannot decide, or has died, was written otherwise than those say whose word it is. */
  | 'capacity-not-as-commanded'
  /** A line of a patient's audit was deleted, written over, or dated elsewhere: each transaction writes lines of its own and no others. */
  | 'audit-without-command'
  /** A key was released, or a copy handed on, and no line of the patient's audit tells of it. */
  | 'disclosure-without-line'
  /** An organisation was written, and its own administrator has not registered it in the transaction, or had done so before: it is said once. */
  | 'organisation-without-command'
  /** An organisation was written with other kinds, keys or another state than its own administrator's registration says. */
  | 'organisation-not-as-commanded'
  /** An endpoint was written, and nobody of its own organisation who may has asked for that in the transaction. */
  | 'endpoint-without-command'
  /** An endpoint was written otherwise than its own organisation's command says. */
  | 'endpoint-not-as-commanded'
  /** A staff entry was written, and nobody of its own organisation who may has asked for that in the transaction. */
  | 'staff-without-command'
  /** A staff entry was written otherwise than its own organisation's command says. */
  | 'staff-not-as-commanded'
  /** A device was written, and nobody of its own organisation who may has asked for that in the transaction. */
  | 'device-without-command'
  /** A device was written otherwise than its own organisation's command says. */
  | 'device-not-as-commanded'
  /** A record, or a version of one, was written, and nobody of the patient's hospital who may has asked for that in the transaction. */
  | 'record-without-command'
  /** A record, or a version of one, was written otherwise than the hospital's command says. */
  | 'record-not-as-commanded'
  /** A hospital has written a pointer by a query template that is not, or no more, what its organisation proposed and another approved. */
  | 'pointer-without-template'
  /** A query template was written, and nobody who may has proposed, approved or retired it in the transaction. */
  | 'template-without-command'
  /** A query template was written otherwise than the command says. */
  | 'template-not-as-commanded'
  /** A permit was written, and whom it names has not signed a request in the transaction, or it was there before. */
  | 'ticket-without-request'
  /** A permit was written for something else than was asked. */
  | 'ticket-not-as-requested'
  /** A proposal about a parameter of access was written, and nobody who may has made, approved or withdrawn it in the transaction. */
  | 'proposal-without-command'
  /** A proposal about a parameter of access was written otherwise than the command says. */
  | 'proposal-not-as-commanded'
  /** A parameter of access was written otherwise than a majority of the organisations has set it, and none did so in the transaction. */
  | 'parameter-without-command'
  /** A majority of the organisations has set a parameter of access, and it was not written, or otherwise. */
  | 'parameter-not-as-commanded'
  /** That a member has a copy, or what became of it, was written, and neither who has released it nor its holder has said so in the transaction. */
  | 'copy-without-command'
  /** A copy was written otherwise than the command says. */
  | 'copy-not-as-commanded'
  /** What a patient, or their hospital, says of a correction was written, and neither has said so in the transaction. */
  | 'correction-without-command'
  /** It was written otherwise than the command says. */
  | 'correction-not-as-commanded'
  /** An approval was written, and no officer of the patient's hospital has asked for that in the transaction. */
  | 'approval-without-command'
  /** An approval was written otherwise than the officer's command says. */
  | 'approval-not-as-commanded'
  /** A countersignature of an emergency was written, and nobody of the asker's hospital has asked for that in the transaction. */
  | 'signature-without-command'
  /** A countersignature was written otherwise than was said, or by somebody who may not. */
  | 'signature-not-as-commanded'
  /**
   * A pseudonym was registered under which something stood, or was written with it, that nobody can have said yet. It is not followed, and
   * nothing is released for it: the hospital registers the patient under another one.
   */
  | 'written-before-registration'
  /** A key was written that looks like the key of an entry and is none: the chaincode neither writes nor reads it. */
  | 'key-of-no-entry'
  /**
   * The channel's configuration has let others be of an organisation, and no administrator of it has signed that: what they do under its
   * name is nobody's word.
   */
  | 'name-without-word'
  /** What the transaction writes cannot be told: it may be anybody's consent. */
  | 'transaction-not-readable';

/** What a transaction in a block says about patients, found out from its arguments and writes. */
export type PatientFact =
  | {
      readonly kind: 'registered';
      readonly pseudonym: Pseudonym;
      readonly mspId: MspId;
      readonly nextKeyHash: Sha256;
      /** Whether the key is that of a hand-over code, and nobody has a wallet yet. */
      readonly isAssisted: boolean;
    }
  /** Of a command by who acts for the patient, the key is the delegation's, and the patient's own stays. */
  | {
      readonly kind: 'command';
      readonly pseudonym: Pseudonym;
      readonly delegationId?: DelegationId;
      readonly transaction: string;
      /** Of an assisted command, the key that was announced before. */
      readonly nextKeyHash: Sha256;
      readonly statementHash: Sha256;
      readonly firstGrantBy?: FirstGrantBy;
    }
  | OwnTicketFact
  | DelegationFact
  | GuardiansFact
  | RecoveryFact
  | WrittenRecoveryFact
  | CapacityFact
  | EmergencyChoiceFact
  | WrittenBeforeFact
  | ConsentFact
  | RelationshipFact
  | AlarmFact;

export type ConsentFact = { readonly kind: 'consent'; readonly pseudonym: Pseudonym; readonly isSigned: boolean } & ConsentState & {
    /** Whether it is in force and permits something, or denies something. */
    readonly effects: { readonly permits: boolean; readonly denies: boolean };
    /** Its permissions, and how often each is good; without `uses`: as often as is asked. Left out: none. */
    readonly permissions?: readonly { readonly provisionId: string; readonly uses?: number }[];
    /** Whether the command is of somebody whose delegation was opened late. */
    readonly restsOnLate: boolean;
  };

/** A permit of a patient's side to read the patient's own records; a denial opens nothing, so nobody is told of one. */
export interface OwnTicketFact {
  readonly kind: 'ownTicket';
  readonly ticketId: TicketId;
  readonly pseudonym: Pseudonym;
  /** Of who acts for the patient. */
  readonly delegationId?: DelegationId;
  /** Whether the patient's side has commanded just that, in time, and it was never written since but to close it. */
  readonly isAsked: boolean;
}

/** Who acts for a patient. */
export interface DelegationFact {
  readonly kind: 'delegation';
  readonly pseudonym: Pseudonym;
  readonly delegationId: DelegationId;
  /** What those whose word it is have said of it, this transaction included. */
  readonly said: Delegation;
  /** Whether this transaction's command puts it in force. */
  readonly isOpened: boolean;
  /** Whether somebody has confirmed in this transaction what was in force before: what had come late has then been said in time. */
  readonly isConfirmedAgain?: true;
}

/** Whom a patient has named to vouch for them. */
export interface GuardiansFact {
  readonly kind: 'guardians';
  readonly pseudonym: Pseudonym;
  readonly said: GuardianSet;
}

/** That a pseudonym is to get a new key. */
export interface RecoveryFact {
  readonly kind: 'recovery';
  readonly pseudonym: Pseudonym;
  readonly caseId: RecoveryCaseId;
  /** What those whose word it is have said of it, this transaction included. */
  readonly said: RecoveryCase;
}

/** How a recovery stands as it is written, whoever has written it: the pseudonym's entry names no other than those that stand there as open. */
export interface WrittenRecoveryFact {
  readonly kind: 'writtenRecovery';
  readonly pseudonym: Pseudonym;
  readonly caseId: RecoveryCaseId;
  readonly isOpen: boolean;
}

/** What staff of two hospitals have said of a patient's capacity or death, this transaction included. */
export type CapacityFact =
  | { readonly kind: 'incapacity'; readonly pseudonym: Pseudonym; readonly said: Incapacity }
  | { readonly kind: 'death'; readonly pseudonym: Pseudonym; readonly said: Death };

/** What a patient says of emergencies, as it stands after a transaction. */
export interface EmergencyChoiceFact {
  readonly kind: 'emergencyChoice';
  readonly pseudonym: Pseudonym;
  readonly said: KnownEmergencyChoice;
}

/** Something is written under a pseudonym that is not registered, as far as that is followed. */
export interface WrittenBeforeFact {
  readonly kind: 'writtenBefore';
  readonly pseudonym: Pseudonym;
}

/** What a patient has said of emergencies. */
export interface KnownEmergencyChoice {
  readonly stance: EmergencyStance;
  /** Whether it stands as the patient, or who may for them, has said it. */
  readonly isSigned: boolean;
  /** Whether it opens something and was committed too long after it was proposed, or is of somebody whose delegation was opened late. */
  readonly isLate: boolean;
}

export interface RelationshipFact {
  readonly kind: 'relationship';
  readonly pseudonym: Pseudonym;
  readonly mspId: MspId;
  /** What the patient has said of it, this transaction's command included. */
  readonly said: RelationshipWord;
  /** Whether what is written says the same. */
  readonly isSigned: boolean;
  /** What the patient's command in this transaction does to reading; undefined without one. */
  readonly command: 'opens' | 'closes' | undefined;
  /** Whether the command is of somebody whose delegation was opened late. */
  readonly restsOnLate: boolean;
}

export interface AlarmFact {
  readonly kind: 'alarm';
  readonly alarm: AlarmName;
  /** Left out where it is about nobody in particular. */
  readonly pseudonym?: Pseudonym;
  readonly detail?: string;
}

/** A consent as it stands after a transaction. */
export interface ConsentState {
  readonly grantee: Grantee;
  readonly version: number;
  readonly state: 'active' | 'revoked';
}

/** What a patient has said of a relationship, by signed commands; the hospital's side of it is not in here. */
export interface RelationshipWord {
  /** The kind that was accepted; undefined before an answer. */
  readonly type?: RelationshipType;
  /** The group that was accepted as the party; undefined: the whole organisation, or before an answer. */
  readonly group?: Group;
  readonly answer: 'none' | 'accepted' | 'rejected';
  readonly isSuspended: boolean;
  readonly isEnded: boolean;
}

/** Which alarms there have been. */
export interface KnownAlarms {
  /** Whether one has told of an entry before: of a patient's, its detail says which; of an organisation's, it names no patient. */
  isTold(about: Pick<AlarmFact, 'pseudonym' | 'detail'>): Promise<boolean>;
}

/** What the transactions before have told. */
export interface KnownPatients extends KnownAlarms {
  /** Hash of the patient's announced key; undefined: the patient is not followed. */
  keyOf(pseudonym: Pseudonym): Promise<Sha256 | undefined>;
  /** Whether something was written under a pseudonym while it was not followed. */
  isWrittenBefore(pseudonym: Pseudonym): Promise<boolean>;
  standingOf(pseudonym: Pseudonym): Promise<KnownStanding>;
  /** Version of a consent as it was last written; undefined before the first. */
  versionOf(pseudonym: Pseudonym, grantee: Grantee): Promise<number | undefined>;
  /**
   * Whether a consent denies something as the patient has last said it, or others have written it since, or what opened it came late: nobody
   * who acts for the patient changes it then.
   */
  isDenying(pseudonym: Pseudonym, grantee: Grantee): Promise<boolean>;
  /** Who acts for a patient, as those have said whose word it is; undefined if they have said nothing. */
  delegationOf(pseudonym: Pseudonym, delegationId: DelegationId): Promise<KnownDelegation | undefined>;
  /** Undefined before the patient has named anybody. */
  guardiansOf(pseudonym: Pseudonym): Promise<KnownGuardians | undefined>;
  /** A recovery as those have said whose word it is; undefined if they have said nothing. */
  recoveryOf(pseudonym: Pseudonym, caseId: RecoveryCaseId): Promise<RecoveryCase | undefined>;
  /** The recoveries that are not over, but perhaps expired. */
  openRecoveriesOf(pseudonym: Pseudonym): Promise<readonly RecoveryCase[]>;
  /** Those that stand written as open, also where nobody has said so whose word it is. */
  writtenOpenOf(pseudonym: Pseudonym): Promise<readonly RecoveryCaseId[]>;
  /** What those have said whose word it is; undefined if they have said nothing. */
  incapacityOf(pseudonym: Pseudonym): Promise<Incapacity | undefined>;
  deathOf(pseudonym: Pseudonym): Promise<Death | undefined>;
  /** What a patient has said of emergencies; undefined before anything is written of it. */
  emergencyChoiceOf(pseudonym: Pseudonym): Promise<KnownEmergencyChoice | undefined>;
  /** Undefined before the patient has said anything of it. */
  relationshipOf(pseudonym: Pseudonym, mspId: MspId): Promise<RelationshipWord | undefined>;
}

/** Who speaks for a pseudonym, as the transactions before have left it. */
export interface KnownStanding {
  readonly isAssisted: boolean;
  /** The hash of the last statement by the patient, or by staff for them. */
  readonly lastStatement?: Sha256;
  /** Absent: nobody was granted anything. */
  readonly grantees?: SaidGrantees;
}

/** Of a command that grants somebody something for the first time: whether the patient says it, or who acts for them. */
export type FirstGrantBy = 'patient' | 'others';
/** How many grantees were granted something first by the patient, and by those who act for them. */
export type SaidGrantees = Readonly<Record<FirstGrantBy, number>>;

/** The count after a command. */
export function granteesAfter(before: SaidGrantees = { patient: 0, others: 0 }, by: FirstGrantBy | undefined): SaidGrantees {
  return by === undefined ? before : { ...before, [by]: before[by] + 1 };
}

/** Whether what put a delegation in force came late, as a transaction leaves it. Who confirms it once more, and in time, mends it; nobody makes it late. */
export function isLateAfter({ isOpened, isConfirmedAgain }: DelegationFact, isLate: boolean, before: KnownDelegation | undefined): boolean {
  if (isOpened) return isLate;
  return before?.isLate === true && (isConfirmedAgain !== true || isLate);
}

/** A delegation as the transactions before have left it. */
export interface KnownDelegation {
  readonly said: Delegation;
  /** Whether what put it in force was committed too long after it was proposed: nothing that rests on it opens anything. */
  readonly isLate: boolean;
}

/** Whom a patient has named, as the transactions before have left it. */
export interface KnownGuardians {
  readonly said: GuardianSet;
  /** Whether it was committed too long after it was proposed: they open nothing. */
  readonly isLate: boolean;
}

/** A command of a patient, or of who acts for one, that stands in a transaction. */
export interface Command {
  readonly entry: Transaction;
  readonly input: unknown;
  readonly proof: CommandProof | AssistedProof;
  /** Whether it is of somebody whose delegation was opened late. */
  readonly restsOnLate: boolean;
  /** Whether whose it is may say this. If not, it uses its key up, and nothing comes of it but that a delegation is given back, which only closes. */
  readonly isAllowed: boolean;
  /** Absent of all that is no first grant. */
  readonly firstGrantBy?: FirstGrantBy;
}
