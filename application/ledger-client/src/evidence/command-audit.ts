import {
  type Copy,
  type Grantee,
  type MspId,
  type QueryTemplate,
  sha256Schema,
  type Sha256,
  spellTemplate,
  type Staff,
  transactions,
} from '@lianyi/domain';
import { CallsOfBlock } from '../gateway/block-call';
import { type FollowedBlock } from '../gateway/block-follower';
import { AuditedNames } from './audited-names';
import { type Judge, judgesOf } from './judges';
import {
  type CopyFact,
  type KnownDevice,
  type KnownMembers,
  type KnownRecord,
  type KnownStaff,
  type MemberFact,
  type OrganisationFact,
  type TicketFact,
} from './member-facts';
import {
  type AlarmName,
  granteesAfter,
  isLateAfter,
  type KnownDelegation,
  type KnownPatients,
  type KnownStanding,
  type PatientFact,
  type RelationshipWord,
} from './patient-facts';
import { SaidOfParameters } from './said-of-parameters';
import { isSaidOfPatient, SaidOfPatients } from './said-of-patients';
import { timelinessOf, timeToldBy, ToldTimes } from './timeliness';
import { leastCoolingOffBy } from './written-organisation';

/** What was written without the word of whose it is, and where. */
export interface AuditedAlarm {
  readonly name: AlarmName;
  /** Left out where it is about nobody in particular. */
  readonly pseudonym?: string;
  readonly blockNumber: string;
  readonly transactionId: string;
  readonly detail?: string;
}

interface AuditedPlace extends Pick<AuditedAlarm, 'blockNumber' | 'transactionId'> {
  readonly isLate: boolean;
}

const nameOfCopy = ({
  holderMspId,
  pseudonym,
  ticketId,
  recordId,
}: Pick<CopyFact, 'holderMspId' | 'pseudonym' | 'ticketId' | 'recordId'>): string => [holderMspId, pseudonym, ticketId, recordId].join(' ');
const nameOf = ({ kind, mspId, name }: Grantee): string => [kind, mspId, name].join(' ');

/** Follows what patients, staff and hospitals have signed through a chain, everybody's: what a hospital's key service does for its own. */
export class CommandAudit {
  readonly #keys = new Map<string, Sha256>();
  readonly #custodians = new Map<string, MspId>();
  readonly #versions = new Map<string, number>();
  readonly #standing = new Map<string, KnownStanding>();
  readonly #denying = new Set<string>();
  readonly #delegations = new Map<string, KnownDelegation>();
  readonly #ofPatients = new SaidOfPatients();
  readonly #relationships = new Map<string, RelationshipWord>();
  /** In the order in which they have registered. */
  readonly #organisations = new Map<string, OrganisationFact>();
  readonly #staff = new Map<string, KnownStaff>();
  readonly #staffByKey = new Map<string, Staff>();
  readonly #devices = new Map<string, KnownDevice>();
  readonly #copies = new Map<string, Copy | undefined>();
  readonly #records = new Map<string, KnownRecord>();
  readonly #templates = new Map<string, QueryTemplate>();
  readonly #ofParameters = new SaidOfParameters();
  readonly #said = new Set<Sha256>();
  readonly #tickets = new Map<string, Pick<TicketFact, 'isAsked' | 'askedBy'>>();
  readonly #alarms: AuditedAlarm[] = [];
  #commands = 0;
  readonly #told = new ToldTimes();
  readonly #names = new AuditedNames();
  #judges: readonly Judge[] | undefined;

  constructor(private readonly chaincode: string) {}

  readonly visit = async (block: FollowedBlock): Promise<void> => {
    this.#judges ??= this.#judgesFor(block);
    const calls = new CallsOfBlock(this.chaincode);
    const seenMillis = this.#told.byTwo();
    this.#follow(block);
    for (const transaction of block.transactions) {
      const found = calls.of(transaction);
      if (found === undefined) continue;
      const call = found === 'unreadable' ? found : this.#names.withoutFalseName(found);
      const place = { blockNumber: String(block.blockNumber), transactionId: transaction.transactionId };
      const timeliness = timelinessOf(call, seenMillis);
      if (call !== 'unreadable') this.#told.tell(call.creatorMspId, timeToldBy(call));
      // nobody else's clients tell a patient's hospital the time
      const bounds = { seenMillis, provenBy: (mspId: string | undefined) => this.#told.by(mspId) };
      for (const judge of this.#judges)
        for (const fact of await judge.factsOf(call, timeliness, bounds)) this.#keep(fact, { ...place, isLate: timeliness === 'late' });
    }
  };

  #follow(block: FollowedBlock): void {
    const place = { blockNumber: String(block.blockNumber), transactionId: block.transactions[0]?.transactionId ?? '', isLate: false };
    for (const fact of this.#names.follow(block)) this.#keep(fact, place);
  }

  /** How much there is of what was followed in the blocks visited, and what was written without the word of whose it is. */
  report(): {
    readonly patients: number;
    readonly signedCommands: number;
    readonly staff: number;
    readonly permits: number;
    readonly alarms: readonly AuditedAlarm[];
  } {
    const count = { patients: this.#keys.size, signedCommands: this.#commands, staff: this.#staff.size, permits: this.#tickets.size };
    return { ...count, alarms: this.#alarms };
  }

  #keep(fact: PatientFact | MemberFact, { isLate, ...place }: AuditedPlace): void {
    if (isSaidOfPatient(fact)) {
      this.#ofPatients.keep(fact, isLate);
      return;
    }
    switch (fact.kind) {
      case 'command':
        this.#commands += 1;
        this.#keepCommand(fact);
        return;
      case 'delegation':
        this.#keepDelegation(fact, isLate);
        return;
      case 'registered':
        this.#keys.set(fact.pseudonym, fact.nextKeyHash);
        this.#custodians.set(fact.pseudonym, fact.mspId);
        this.#standing.set(fact.pseudonym, { isAssisted: fact.isAssisted });
        return;
      case 'consent':
        this.#keepConsent(fact, isLate || fact.restsOnLate);
        return;
      case 'relationship':
        this.#relationships.set(`${fact.pseudonym} ${fact.mspId}`, fact.said);
        return;
      case 'ownTicket':
        this.#tickets.set(fact.ticketId, fact);
        return;
      case 'alarm': {
        const { alarm: name, pseudonym, detail } = fact;
        const about = { ...(pseudonym === undefined ? {} : { pseudonym }), ...(detail === undefined ? {} : { detail }) };
        this.#alarms.push({ name, ...about, ...place });
        return;
      }
      default:
        this.#keepOfMembers(fact);
    }
  }

  #keepConsent({ pseudonym, grantee, version, effects, isSigned }: Extract<PatientFact, { kind: 'consent' }>, isLate: boolean): void {
    const key = `${pseudonym} ${nameOf(grantee)}`;
    this.#versions.set(key, version);
    // what opens something and came late opens nothing until the patient has said it anew
    const isOpenedLate = isLate && (effects.permits || this.#denying.has(key));
    if (effects.denies || !isSigned || isOpenedLate) this.#denying.add(key);
    else this.#denying.delete(key);
  }

  #keepDelegation(fact: Extract<PatientFact, { kind: 'delegation' }>, isLate: boolean): void {
    const key = `${fact.pseudonym} ${fact.delegationId}`;
    this.#delegations.set(key, { said: fact.said, isLate: isLateAfter(fact, isLate, this.#delegations.get(key)) });
  }

  /** Of who acts for the patient, the delegation's entry has the key. */
  #keepCommand(fact: Extract<PatientFact, { kind: 'command' }>): void {
    const { pseudonym, delegationId, nextKeyHash, transaction, statementHash: lastStatement, firstGrantBy } = fact;
    const before = this.#standing.get(pseudonym) ?? { isAssisted: false };
    const granted = { ...before, grantees: granteesAfter(before.grantees, firstGrantBy) };
    this.#standing.set(pseudonym, granted);
    if (delegationId !== undefined) return;
    const isAssisted = before.isAssisted && transaction !== transactions.TakeOverPseudonym.name;
    this.#keys.set(pseudonym, nextKeyHash);
    this.#standing.set(pseudonym, { ...granted, isAssisted, lastStatement });
  }

  #keepOfMembers(fact: Exclude<MemberFact, { readonly kind: 'alarm' }>): void {
    switch (fact.kind) {
      case 'organisation':
        this.#organisations.set(fact.mspId, fact);
        return;
      case 'staff':
        this.#keepStaff(fact);
        return;
      case 'device':
        this.#devices.set(`${fact.mspId} ${fact.deviceId}`, fact);
        return;
      case 'record':
        this.#records.set(`${fact.pseudonym} ${fact.recordId}`, fact);
        return;
      case 'copy':
        this.#copies.set(nameOfCopy(fact), fact.said);
        return;
      case 'template':
        this.#templates.set(spellTemplate(fact.said), fact.said);
        return;
      case 'proposal':
      case 'parameter':
        this.#ofParameters.keep(fact);
        return;
      case 'ticket':
        this.#tickets.set(fact.ticketId, fact);
        return;
      case 'said':
        this.#said.add(fact.statementHash);
        return;
      // no other fact is needed to judge by
      default:
    }
  }

  #keepStaff({ mspId, actorTag, said, isProven }: Extract<MemberFact, { readonly kind: 'staff' }>): void {
    this.#staff.set(`${mspId} ${actorTag}`, { said, isProven });
    if (said === undefined) return;
    if (isProven) this.#staffByKey.set(`${mspId} ${said.publicKeyHash}`, said);
    else this.#staffByKey.delete(`${mspId} ${said.publicKeyHash}`);
  }

  #leastCoolingOffOf(mspId: MspId): number {
    const [first] = this.#organisations.values();
    return leastCoolingOffBy(first?.leastCoolingOffMinutes, this.#organisations.get(mspId)?.leastCoolingOffMinutes);
  }

  /** The first block names the network that commands are signed for. */
  #judgesFor({ headerHash }: FollowedBlock): readonly Judge[] {
    const known: KnownPatients & KnownMembers = {
      keyOf: (pseudonym) => Promise.resolve(this.#keys.get(pseudonym)),
      versionOf: (pseudonym, grantee) => Promise.resolve(this.#versions.get(`${pseudonym} ${nameOf(grantee)}`)),
      standingOf: (pseudonym) => Promise.resolve(this.#standing.get(pseudonym) ?? { isAssisted: false }),
      isDenying: (pseudonym, grantee) => Promise.resolve(this.#denying.has(`${pseudonym} ${nameOf(grantee)}`)),
      delegationOf: (pseudonym, delegationId) => Promise.resolve(this.#delegations.get(`${pseudonym} ${delegationId}`)),
      ...this.#ofPatients.known(),
      relationshipOf: (pseudonym, mspId) => Promise.resolve(this.#relationships.get(`${pseudonym} ${mspId}`)),
      kindsOf: (mspId) => Promise.resolve(this.#organisations.get(mspId)?.kinds),
      leastCoolingOffOf: (mspId) => Promise.resolve(this.#leastCoolingOffOf(mspId)),
      staffOf: (mspId, actorTag) => Promise.resolve(this.#staff.get(`${mspId} ${actorTag}`)),
      staffWithKey: (mspId, keyHash) => Promise.resolve(this.#staffByKey.get(`${mspId} ${keyHash}`)),
      deviceOf: (mspId, deviceId) => Promise.resolve(this.#devices.get(`${mspId} ${deviceId}`)),
      recordOf: (pseudonym, recordId) => Promise.resolve(this.#records.get(`${pseudonym} ${recordId}`)),
      copyOf: (of) => Promise.resolve(this.#copies.get(nameOfCopy(of))),
      templateOf: (reference) => Promise.resolve(this.#templates.get(spellTemplate(reference))),
      ...this.#ofParameters.known(),
      registeredMspIds: () => Promise.resolve([...this.#organisations.values()].map(({ mspId }) => mspId)),
      isSaid: (statementHash) => Promise.resolve(this.#said.has(statementHash)),
      ticketOf: (ticketId) => Promise.resolve(this.#tickets.get(ticketId)),
      custodianOf: (pseudonym) => Promise.resolve(this.#custodians.get(pseudonym)),
      isTold: ({ pseudonym, detail }) =>
        Promise.resolve(this.#alarms.some((alarm) => alarm.pseudonym === pseudonym && alarm.detail === detail)),
    };
    const genesis = sha256Schema.parse(headerHash.toString('base64url'));
    return judgesOf({ chaincode: this.chaincode, genesis, isFollowed: () => true }, known);
  }
}
