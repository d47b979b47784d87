import { newPrivateKey, type PrivateKey, publicKeyOf, signPatientCommand } from '@lianyi/client';
import {
  canonicalJson,
  encodeArgument,
  type Grantee,
  granteeSchema,
  hashOfKey,
  instantOf,
  permittedTicketSchema,
  type PermittedTicket,
  type Sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { CommandAudit, type FollowedBlock } from '@lianyi/ledger-client';
import { blockOfCalls, type Call } from './block-of-calls.fixture';
import { LedgerIndex } from './ledger-index';
import {
  A,
  anchored,
  asked,
  cardiologistB,
  firstKey,
  genesis,
  hired,
  issueCertificates,
  network,
  nonce,
  NOW,
  type Person,
  pseudonym,
  recordAdminA,
  registered,
  registrarA,
  signedBy,
  ticketEntry,
  ticketKey,
} from './member-chain.fixture';
import { type IndexAlarm } from './alarms';

export { A, genesis, network, NOW, pseudonym, ticketKey };
export const MINUTE = 60_000;
export const B = granteeSchema.parse({ kind: 'organisation', mspId: 'BMSP', name: 'all' });
export const cardiologyOfB = granteeSchema.parse({ kind: 'department', mspId: 'BMSP', name: 'cardiology' });
const period = { validFrom: instantOf(NOW), validUntil: instantOf(NOW + 60 * MINUTE) };
export const provision = { provisionId: 'p1', effect: 'permit', purposes: 'any', ...period } as const;
export const provisions = [provision];
export const denial = [{ provisionId: 'no', effect: 'deny', purposes: 'any', validFrom: instantOf(NOW) } as const];

export const consentKey = ({ kind, mspId, name }: Grantee, of = pseudonym): string =>
  `\u0000grant\u0000${of}\u0000${kind}\u0000${mspId}\u0000${name}\u0000`;
export const pseudonymKey = (of = pseudonym): string => `\u0000pseudonym\u0000${of}\u0000`;
/** A pseudonym of A as the chaincode writes it, with the last statement that was made for it. */
export const pseudonymEntry = (nextKeyHash: Sha256, last?: Sha256, changes: object = {}): string => {
  const lastCommand = last === undefined ? {} : { lastCommand: { statementHash: last, at: instantOf(Date.now()) } };
  return canonicalJson({ mspId: 'AMSP', nextKeyHash, state: 'active', ...lastCommand, ...changes });
};
export const relationshipKey = `\u0000relationship\u0000${pseudonym}\u0000AMSP\u0000`;
export const consent = (version: number, state = 'active', what: readonly unknown[] = provisions): string =>
  canonicalJson({ version, state, provisions: [...what], changedAt: instantOf(Date.now()) });
export const relationship = (state: string, suspendedBy?: string, type = 'care'): string =>
  canonicalJson({ type, state, ...(suspendedBy === undefined ? {} : { suspendedBy }) });

export interface Twist {
  readonly signed?: PrivateKey;
  readonly statementFor?: { readonly contract: string; readonly name: string };
  readonly inputSigned?: unknown;
  readonly network?: typeof network;
}

/** A hospital's index, a patient of it who has accepted the relationship, and the clock. */
export class PatientChain {
  now = NOW;
  alarms: IndexAlarm[] = [];
  key = firstKey;
  next = newPrivateKey();
  /** The hash of the last statement that was said, and of the one that was signed last. */
  last: Sha256 | undefined;
  signed: Sha256 | undefined;
  block = 0;
  readonly blocks: FollowedBlock[] = [];
  /** What an auditor finds in the same blocks. */
  readonly audit = new CommandAudit('emr');
  readonly index = new LedgerIndex(':memory:', 'emr', 'AMSP', (alarm) => this.alarms.push(alarm));

  async add(...calls: readonly Call[]): Promise<void> {
    const block = blockOfCalls(this.block, calls);
    await this.index.sinkOf('AMSP').apply(block, true);
    await this.audit.visit(block);
    this.blocks.push(block);
    this.block += 1;
  }

  /** Blocks 0 to 2: A's patient and record, B's cardiologist and what that person has asked. */
  async begin(
    accepted: () => Call = () => this.relating('AcceptRelationship', relationship('active')),
    organisations: () => readonly Call[] = registeredAlike,
  ): Promise<void> {
    await issueCertificates();
    await this.add();
    await this.add(...organisations(), hired(registrarA), this.registration(), ...members());
    await this.say(accepted());
  }

  /** A command that is committed, so that its key is used up. */
  async say(call: Call): Promise<void> {
    await this.add(call);
    this.roll();
  }

  roll(): void {
    this.key = this.next;
    this.next = newPrivateKey();
    this.last = this.signed;
  }

  /** The patient's entry as it is, which a delegate's first consent for somebody writes with one grantee more. */
  standing(changes: object = {}): string {
    return pseudonymEntry(hashOfKey(publicKeyOf(this.key)), this.last, changes);
  }

  /** The patient's registration by A's registrar, but for what is said. */
  registration(said: object = {}, changes: Partial<Call> = {}, by = registrarA): Call {
    const nextKeyHash = hashOfKey(publicKeyOf(this.key));
    const input = { pseudonym, suite: 'P256-SHA256', nextKeyHash, nonce, ...said };
    const assisted = 'kind' in said ? { kind: said.kind } : {};
    const writes = { [pseudonymKey()]: pseudonymEntry(nextKeyHash, undefined, assisted) };
    return { ...signedBy(by, transactions.RegisterPatient, input, writes, this.now), ...changes };
  }

  /** A command as the wallet signs it, with what the chaincode writes for it. */
  command(transaction: Call['transaction'], input: object, writes: Record<string, string | null> = {}, twist: Twist = {}): Call {
    const signer = { network: twist.network ?? network, pseudonym, privateKey: twist.signed ?? this.key, nextPrivateKey: this.next };
    const request = { transaction: twist.statementFor ?? transaction, input: twist.inputSigned ?? input };
    const proof = signPatientCommand(signer, request, instantOf(this.now));
    this.signed = statementHashOf(proof.statement);
    const rolled = { [pseudonymKey()]: pseudonymEntry(proof.statement.nextKeyHash, this.signed) };
    return { transaction, argument: encodeArgument({ input, proof }), writes: { ...rolled, ...writes }, atMillis: this.now };
  }

  granted(grantee = B, version = 1, twist: Twist = {}): Call {
    const input = { pseudonym, grantee, provisions };
    return this.command(transactions.GrantPolicy, input, { [consentKey(grantee)]: consent(version) }, twist);
  }

  denied(grantee = cardiologyOfB): Call {
    const writes = { [consentKey(grantee)]: consent(1, 'active', denial) };
    return this.command(transactions.GrantPolicy, { pseudonym, grantee, provisions: denial }, writes);
  }

  revoked(grantee: Grantee, previousVersion: number): Call {
    const writes = { [consentKey(grantee)]: consent(previousVersion + 1, 'revoked') };
    return this.command(transactions.RevokePolicy, { pseudonym, grantee, previousVersion }, writes);
  }

  /** A command about the relationship with A. */
  relating(name: 'AcceptRelationship' | 'SuspendRelationship' | 'ResumeRelationship' | 'TerminateRelationship', written: string): Call {
    return this.command(transactions[name], { pseudonym, mspId: A }, { [relationshipKey]: written });
  }

  /** What a majority of endorsers writes without any command. */
  forged(writes: Record<string, string | null>): Call {
    return { transaction: transactions.CloseTicket, argument: '{}', writes, creatorMspId: 'BMSP', atMillis: this.now };
  }

  /** A signed grant for B, beside which something else was written. */
  writing(value: string, call = this.granted()): Call {
    return { ...call, writes: { ...call.writes, [consentKey(B)]: value } };
  }

  async word(...grantVersions: PermittedTicket['grantVersions']): Promise<string> {
    const ticket = permittedTicketSchema.parse({ ...jsonOf(ticketEntry(cardiologistB)), grantVersions });
    return (await this.index.permitsWordFor(ticket)).kind;
  }

  /** What is said of somebody's permit as it is, but for what is said; of an unfounded one, which part. */
  async wordOn(who: Person, changes: object = {}): Promise<string> {
    const word = await this.index.permitsWordFor(permittedTicketSchema.parse(JSON.parse(ticketEntry(who, changes))));
    return word.kind === 'unfounded' ? word.part : word.kind;
  }

  names(): string[] {
    return this.alarms.map(({ name }) => name);
  }
}

/** Made once: signing costs more than all else here. */
let made: readonly Call[] | undefined;
const members = (): readonly Call[] => (made ??= [hired(recordAdminA), hired(cardiologistB), anchored(), asked(cardiologistB)]);
const registeredAlike = (): readonly Call[] => ['AMSP', 'BMSP', 'CMSP'].map((mspId) => registered(mspId));

function jsonOf(text: string): object {
  return JSON.parse(text) as object; // of this file's own making
}

/** Gives each test of a suite a chain of its own, by whose clock the process goes. */
export function usePatientChain(): () => PatientChain {
  let chain: PatientChain | undefined;
  const used = (): PatientChain => {
    if (chain === undefined) throw new Error('no test is running');
    return chain;
  };
  beforeEach(async () => {
    const clock = jest.spyOn(Date, 'now');
    chain = new PatientChain();
    clock.mockImplementation(() => used().now);
    await chain.begin();
  });
  afterEach(async () => {
    await used().index.close();
    jest.restoreAllMocks();
  });
  return used;
}
