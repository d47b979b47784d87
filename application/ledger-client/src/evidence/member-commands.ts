import { pseudonymSchema, type Sha256, ticketIdSchema } from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { agreeing } from './agreeing-facts';
import { type Asked, askedIn } from './asked-by-staff';
import { entryAt, feignedIn, type KeyOfEntry } from './composite-key';
import { type KnownMembers, type MemberFact } from './member-facts';
import { type Timeliness } from './timeliness';
import { approvalFacts, isOfApproval } from './written-approval';
import { copyFacts, isOfCopy } from './written-copy';
import { correctionAnswerFacts, isOfCorrectionAnswer } from './written-correction';
import { deviceFacts, isOfDevice } from './written-device';
import { letsLeave, unwrittenDisclosure } from './written-disclosure';
import { endpointFacts, isOfEndpoint } from './written-endpoint';
import { functionKeyFacts, isOfFunctionKey } from './written-function-key';
import { isOfOrganisation, organisationFacts } from './written-organisation';
import { isOfParameter, parameterFacts } from './written-parameter';
import { isOfPointer, pointerFacts } from './written-pointer';
import { isOfRecord, recordFacts } from './written-record';
import { isOfSignature, signatureFacts } from './written-signature';
import { isOfStaff, staffFacts } from './written-staff';
import { isOfTemplate, templateFacts } from './written-template';
import { isOfTicket, ticketFacts } from './written-ticket';

/** Which ledger, and whose records and permits are followed; staff, devices and query templates are followed of every organisation. */
export interface FollowedMembers {
  readonly chaincode: string;
  readonly genesis: Sha256;
  /** Whether what this organisation keeps is followed. */
  readonly isFollowed: (mspId: string) => boolean;
}

/** What is asked in a transaction, if it was committed in time, and whenever it was. */
interface Asking {
  readonly asking: () => Promise<Asked | undefined>;
  readonly askedAnyTime: () => Promise<Asked | undefined>;
  readonly call: BlockCall;
}

/**
 * Follows through the blocks what organisations say of their own: what they are, where they serve, who is staff, which devices and records they have, who
 * has asked to read.
 *
 * Each kind of entry has an organisation whose client alone submits what writes it. What enough members' endorsers write without it, or
 * otherwise than it asked, is told; no word of an endorser is needed for that.
 */
export class MemberCommands {
  constructor(
    private readonly followed: FollowedMembers,
    private readonly known: KnownMembers,
  ) {}

  /**
   * @param call - of a transaction that the peer has as VALID; to be told in the order of the blocks
   * @param timeliness - what was not committed in time is nobody's word: a statement stands in a block for all to see, and a client of the
   * organisation could date a transaction back and have it said again
   */
  async factsOf(call: BlockCall | 'unreadable', timeliness: Timeliness): Promise<readonly MemberFact[]> {
    if (call === 'unreadable') return []; // what may have been written, nobody can tell: `PatientCommands` says so
    const facts: MemberFact[] = [];
    // what is said once and never again, such as of which kinds an organisation is: when it is committed does not matter
    const askedAnyTime = this.#asking(call);
    const asking = timeliness === 'in-time' ? askedAnyTime : () => Promise.resolve(undefined);
    const grouped = new GroupedWrites();
    for (const write of call.writes) {
      const entry = entryAt(write.key);
      if (entry === undefined) facts.push(...feignedFacts(write));
      else if (!grouped.take(write, entry)) facts.push(...(await this.#factsOfEntry(write, entry, { asking, askedAnyTime, call })));
    }
    facts.push(...(await this.#factsOfGrouped(grouped, asking)));
    if (letsLeave(call))
      facts.push(...(await unwrittenDisclosure(call, await askedAnyTime(), { isFollowed: this.followed.isFollowed, known: this.known })));
    const agreed = agreeing(facts);
    const statementHash = agreed.some(counts) ? (await asking())?.statementHash : undefined;
    return statementHash === undefined ? agreed : [...agreed, { kind: 'said', statementHash }];
  }

  async #factsOfGrouped(
    { records, pointers, parameters }: GroupedWrites,
    asking: () => Promise<Asked | undefined>,
  ): Promise<readonly MemberFact[]> {
    const facts: MemberFact[] = [];
    for (const [key, writes] of records) facts.push(...(await this.#record(key, { writes, asking, factsOf: recordFacts })));
    for (const [key, writes] of pointers) facts.push(...(await this.#record(key, { writes, asking, factsOf: pointerFacts })));
    for (const [name, writes] of parameters) facts.push(...(await parameterFacts(writes, name, await asking(), this.known)));
    return facts;
  }

  async #factsOfEntry(
    write: BlockWrite,
    { objectType, parts }: KeyOfEntry,
    { asking, askedAnyTime, call }: Asking,
  ): Promise<readonly MemberFact[]> {
    const [first = ''] = parts;
    if (isOfFunctionKey(objectType)) return functionKeyFacts(write, { objectType, parts }, await askedAnyTime());
    if (isOfOrganisation(objectType)) return organisationFacts(write, parts, await askedAnyTime(), this.known);
    if (isOfEndpoint(objectType)) return endpointFacts(write, parts, await askedAnyTime());
    if (isOfStaff(objectType)) return staffFacts(write, parts, await asking(), this.known);
    if (isOfDevice(objectType)) {
      const asked = { inTime: await asking(), anyTime: await askedAnyTime() };
      return deviceFacts(write, parts, asked, { channel: call.channel, genesis: this.followed.genesis }, this.known);
    }
    if (isOfTemplate(objectType)) return templateFacts(write, parts, await asking(), this.known);
    if (isOfTicket(objectType))
      return ticketFacts({ call, value: write.value }, ticketIdSchema.parse(first), asking, this.followed, this.known);
    if (isOfSignature(objectType)) return signatureFacts(write, parts, await asking(), this.known);
    const ofRecordsKept = await this.#factsOfRecordsKept(write, { objectType, parts }, { asking, askedAnyTime, call });
    if (ofRecordsKept !== undefined) return ofRecordsKept;
    return isOfApproval(objectType) ? approvalFacts(write, parts, await asking(), this.known) : [];
  }

  /** Of copies and answers to corrections; undefined of all else. */
  async #factsOfRecordsKept(
    write: BlockWrite,
    { objectType, parts }: KeyOfEntry,
    { asking, askedAnyTime, call }: Asking,
  ): Promise<readonly MemberFact[] | undefined> {
    if (isOfCorrectionAnswer(objectType))
      return correctionAnswerFacts(write, pseudonymSchema.safeParse(parts[0]).data, await asking(), this.known);
    if (!isOfCopy(objectType)) return undefined;
    const asked = { inTime: await asking(), anyTime: await askedAnyTime(), transactionId: call.transactionId };
    return copyFacts(write, parts, asked, { known: this.known, isFollowed: this.followed.isFollowed });
  }

  /** A signature is checked once for each transaction that somebody has to know of, and for no other. */
  #asking(call: BlockCall): () => Promise<Asked | undefined> {
    let asked: Promise<Asked | undefined> | undefined;
    return () => (asked ??= this.#askedOnce(call));
  }

  /**
   * What is asked in a transaction, by a statement that has not counted before: it stands in a block for all to see, and a client of the
   * organisation could carry it again, over what was said since.
   */
  async #askedOnce(call: BlockCall): Promise<Asked | undefined> {
    const asked = await askedIn(call, this.followed, this.known);
    const isSaid = asked?.statementHash !== undefined && (await this.known.isSaid(asked.statementHash));
    return isSaid ? undefined : asked;
  }

  async #record(
    key: string,
    { writes, asking, factsOf }: { writes: readonly BlockWrite[]; asking: () => Promise<Asked | undefined>; factsOf: typeof pointerFacts },
  ): Promise<readonly MemberFact[]> {
    const [id, recordId] = key.split(' ');
    const pseudonym = pseudonymSchema.safeParse(id).data;
    const custodianMspId = pseudonym && (await this.known.custodianOf(pseudonym));
    if (pseudonym === undefined || custodianMspId === undefined) return [];
    return factsOf(writes, { pseudonym, custodianMspId, recordId }, await asking(), this.known);
  }
}

/** Whether an organisation's word counts by the transaction. A permit is asked for once, whoever carries it. */
function counts(fact: MemberFact): boolean {
  switch (fact.kind) {
    case 'template':
    case 'proposal':
      return true;
    case 'staff':
    case 'device':
    case 'record':
    case 'approval':
    case 'signature':
    case 'copy':
      return fact.isProven;
    default:
      return false;
  }
}

/** Writes that say something together: of a record and its versions, of a pointer and its, of a parameter and the proposals about it. */
class GroupedWrites {
  readonly records = new Map<string, BlockWrite[]>();
  readonly pointers = new Map<string, BlockWrite[]>();
  readonly parameters = new Map<string, BlockWrite[]>();

  /** @returns whether it is one of them */
  take(write: BlockWrite, { objectType, parts }: KeyOfEntry): boolean {
    if (isOfRecord(objectType)) return addTo(this.records, parts.slice(0, 2).join(' '), write);
    if (isOfPointer(objectType)) return addTo(this.pointers, parts.slice(0, 2).join(' '), write);
    return isOfParameter(objectType) && addTo(this.parameters, parts[0] ?? '', write);
  }
}

function addTo(groups: Map<string, BlockWrite[]>, key: string, write: BlockWrite): true {
  groups.set(key, [...(groups.get(key) ?? []), write]);
  return true;
}

/** A key that looks like an entry's says nothing of the entry; that somebody has written it is told. */
function feignedFacts({ key }: BlockWrite): readonly MemberFact[] {
  const objectType = feignedIn(key);
  return objectType === undefined ? [] : [{ kind: 'alarm', alarm: 'key-of-no-entry', detail: objectType }];
}
