import { z } from 'zod';
import {
  bindingOf,
  canonicalJson,
  checkPatientStatement,
  consentArea,
  DomainError,
  type Grantee,
  granteeSchema,
  type Instant,
  instantOf,
  parseArgument,
  parseStrictJson,
  type PatientProof,
  type Pseudonym,
  pseudonymSchema,
  registrarArea,
  type Sha256,
  sha256Schema,
  type Transaction,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';

/**
 * What is wrong with a transaction that a peer has as valid. None of these can come from the chaincode: enough members' endorsers have
 * signed something else than it answers.
 */
export type AlarmName =
  /** A consent was written, and no command of the patient stands in the transaction. */
  | 'consent-without-command'
  /** A consent was written otherwise than the patient's command says. */
  | 'consent-not-as-commanded'
  /** The hash of a patient's next key was written without a command or registration that says so. */
  | 'key-without-command'
  /** The command in the transaction is not one that the patient's announced key has signed. */
  | 'command-not-signed';

/** What a transaction in a block says about patients, found out from its arguments and writes. */
export type PatientFact =
  | { readonly kind: 'registered'; readonly pseudonym: Pseudonym; readonly nextKeyHash: Sha256 }
  | { readonly kind: 'command'; readonly pseudonym: Pseudonym; readonly transaction: string; readonly nextKeyHash: Sha256 }
  | ({ readonly kind: 'consent'; readonly pseudonym: Pseudonym; readonly isSigned: boolean; readonly at: Instant } & ConsentState)
  | { readonly kind: 'alarm'; readonly alarm: AlarmName; readonly pseudonym: Pseudonym; readonly detail?: string };

/** A consent as it stands after a transaction. */
export interface ConsentState {
  readonly grantee: Grantee;
  readonly version: number;
  readonly state: 'active' | 'revoked';
}

/** What the transactions before have told. */
export interface KnownPatients {
  /** Hash of the patient's announced key; undefined: the patient is not followed. */
  keyOf(pseudonym: Pseudonym): Promise<Sha256 | undefined>;
  /** Version of a consent as it was last written; undefined before the first. */
  versionOf(pseudonym: Pseudonym, grantee: Grantee): Promise<number | undefined>;
}

/** Which ledger, and whose patients are followed. */
export interface FollowedPatients {
  readonly chaincode: string;
  readonly genesis: Sha256;
  /** Whether patients that this organisation registers are followed. */
  readonly isFollowed: (mspId: string) => boolean;
}

type Commanded = ConsentState & { readonly provisions?: readonly object[] };

interface Command {
  readonly entry: Transaction;
  readonly input: unknown;
  readonly proof: PatientProof;
}

const NO_COMMAND = { signed: undefined, facts: [] } as const;

/**
 * Follows the chain of one-time keys of each patient through the blocks: a registration announces the first key, and each command is
 * signed by the announced key and announces the next. Anybody with the blocks can do that; no word of an endorser is needed for it.
 *
 * It looks at arguments, which the client has signed, and holds what was written against them.
 */
export class PatientCommands {
  constructor(
    private readonly followed: FollowedPatients,
    private readonly known: KnownPatients,
  ) {}

  /** @param call - of a transaction that the peer has as VALID; to be told in the order of the blocks */
  async factsOf(call: BlockCall): Promise<readonly PatientFact[]> {
    if (call.chaincode !== this.followed.chaincode) return [];
    const registered = registrationIn(call, this.followed);
    const command = commandIn(call);
    const { signed, facts } = command === undefined ? NO_COMMAND : await this.#judge(call, command);
    const isNew = registered !== undefined && (await this.known.keyOf(registered.pseudonym)) === undefined;
    const written: PatientFact[] = [];
    for (const write of call.writes) written.push(...(await this.#factsOfWrite(write, signed, instantOf(call.proposedAtMillis))));
    return [...(isNew ? [registered] : []), ...facts, ...written];
  }

  /** Whether a command is its patient's; nothing is said of a patient who is not followed. */
  async #judge(
    call: BlockCall,
    command: Command,
  ): Promise<{ readonly signed: Command | undefined; readonly facts: readonly PatientFact[] }> {
    const { pseudonym, nextKeyHash } = command.proof.statement;
    const key = await this.known.keyOf(pseudonym);
    if (key === undefined) return NO_COMMAND;
    const refusal = signatureRefusal(call, this.followed, command, key);
    return refusal === undefined
      ? { signed: command, facts: [{ kind: 'command', pseudonym, transaction: command.entry.name, nextKeyHash }] }
      : { signed: undefined, facts: [{ kind: 'alarm', alarm: 'command-not-signed', pseudonym, detail: refusal }] };
  }

  async #factsOfWrite(write: BlockWrite, signed: Command | undefined, at: Instant): Promise<readonly PatientFact[]> {
    const [, objectType, ...parts] = write.key.split('\u0000');
    const pseudonym = pseudonymSchema.safeParse(parts[0]);
    if (!pseudonym.success || (await this.known.keyOf(pseudonym.data)) === undefined) return [];
    const own = signed?.proof.statement.pseudonym === pseudonym.data ? signed : undefined;
    if (objectType === registrarArea.entities.pseudonyms.objectType) return keyFacts(write, pseudonym.data, own);
    if (objectType !== consentArea.entities.grants.objectType) return [];
    const grantee = granteeSchema.safeParse({ kind: parts[1], mspId: parts[2], name: parts[3] });
    if (!grantee.success) return [{ kind: 'alarm', alarm: 'consent-without-command', pseudonym: pseudonym.data }];
    const previous = (await this.known.versionOf(pseudonym.data, grantee.data)) ?? 0;
    return consentFacts(write, { pseudonym: pseudonym.data, grantee: grantee.data, previous, at }, own);
  }
}

function registrationIn(
  { args, creatorMspId, writes }: BlockCall,
  { isFollowed }: FollowedPatients,
): Extract<PatientFact, { kind: 'registered' }> | undefined {
  const [name = '', argument = ''] = args;
  // the hospital's own client signed it: nobody else's registration begins the chain of one of its patients
  if (transactionByName(name)?.name !== transactions.RegisterPatient.name || !isFollowed(creatorMspId)) return undefined;
  const parsed = attempt(() => parseArgument(transactions.RegisterPatient, argument));
  const [pseudonym, ...more] = writes.flatMap(({ key, value }) => {
    const [, objectType, id] = key.split('\u0000');
    return objectType === registrarArea.entities.pseudonyms.objectType && value !== undefined ? [pseudonymSchema.safeParse(id).data] : [];
  });
  if (parsed === undefined || pseudonym === undefined || more.length > 0) return undefined;
  return { kind: 'registered', pseudonym, nextKeyHash: parsed.input.nextKeyHash };
}

/** A patient's command that the transaction carries; a question uses no key up. */
function commandIn({ args }: BlockCall): Command | undefined {
  const [name = '', argument = ''] = args;
  const entry = transactionByName(name);
  if (entry?.kind !== 'submit') return undefined;
  const parsed = attempt(() => parseArgument(entry, argument));
  return parsed?.proof?.kind === 'patient' ? { entry, input: parsed.input, proof: parsed.proof } : undefined;
}

/** Why a command is not one that the patient has signed for this transaction with the announced key; undefined if it is. */
function signatureRefusal(
  call: BlockCall,
  { chaincode, genesis }: FollowedPatients,
  command: Command,
  nextKeyHash: Sha256,
): string | undefined {
  const { entry, proof } = command;
  const { requestHash } = parseArgument(entry, call.args[1] ?? '');
  const binding = bindingOf({ channel: call.channel, chaincode, genesis }, entry, requestHash);
  try {
    const { pseudonym } = proof.statement;
    checkPatientStatement(
      proof,
      { ...binding, now: instantOf(call.proposedAtMillis), kind: 'submit' },
      { pseudonym, nextKeyHash, state: 'active' },
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code;
  }
}

const keyValueSchema = z.looseObject({ nextKeyHash: sha256Schema });

function keyFacts({ value }: BlockWrite, pseudonym: Pseudonym, own: Command | undefined): readonly PatientFact[] {
  const written = keyValueSchema.safeParse(jsonOf(value)).data?.nextKeyHash;
  const isCommanded = written !== undefined && written === own?.proof.statement.nextKeyHash;
  return isCommanded ? [] : [{ kind: 'alarm', alarm: 'key-without-command', pseudonym }];
}

const consentValueSchema = z.looseObject({
  version: z.int().min(1),
  state: z.enum(['active', 'revoked']),
  provisions: z.array(z.unknown()),
});

interface WrittenConsent {
  readonly pseudonym: Pseudonym;
  readonly grantee: Grantee;
  readonly previous: number;
  readonly at: Instant;
}

function consentFacts(write: BlockWrite, about: WrittenConsent, own: Command | undefined): readonly PatientFact[] {
  const { pseudonym, grantee, previous, at } = about;
  const written = consentValueSchema.safeParse(jsonOf(write.value)).data;
  const wanted = own && commandedBy(own, previous);
  const isSigned = wanted !== undefined && written !== undefined && isAsCommanded(about, written, wanted);
  const { version, state } = written ?? { version: previous, state: 'revoked' as const };
  const consent: PatientFact = { kind: 'consent', pseudonym, grantee, version, state, isSigned, at };
  if (isSigned) return [consent];
  const alarm = wanted === undefined ? 'consent-without-command' : 'consent-not-as-commanded';
  return [consent, { kind: 'alarm', alarm, pseudonym, detail: `${grantee.kind} ${grantee.mspId} ${grantee.name}` }];
}

/** What a command makes of a consent. One of the catalogue that writes a consent and is missing here raises an alarm. */
function commandedBy({ entry, input }: Command, previousVersion: number): Commanded | undefined {
  switch (entry.name) {
    case 'GrantPolicy': {
      const { grantee, provisions } = transactions.GrantPolicy.request.parse(input);
      return { grantee, version: previousVersion + 1, state: 'active', provisions };
    }
    case 'AmendPolicy': {
      const { grantee, provisions, previousVersion: amended } = transactions.AmendPolicy.request.parse(input);
      return { grantee, version: amended + 1, state: 'active', provisions };
    }
    case 'RevokePolicy': {
      const { grantee, previousVersion: revoked } = transactions.RevokePolicy.request.parse(input);
      return { grantee, version: revoked + 1, state: 'revoked' };
    }
    default:
      return undefined;
  }
}

function isAsCommanded({ grantee, at }: WrittenConsent, written: z.output<typeof consentValueSchema>, wanted: Commanded): boolean {
  // what the patient leaves out begins with the transaction, by the ledger's time
  const provisions = wanted.provisions?.map((provision) => ({ validFrom: at, ...provision }));
  return (
    canonicalJson(wanted.grantee) === canonicalJson(grantee) &&
    wanted.version === written.version &&
    wanted.state === written.state &&
    (provisions === undefined || canonicalJson(provisions) === canonicalJson(written.provisions))
  );
}

/** Values are small; the chaincode's own limit is far below. */
const VALUE_LIMITS = { maxBytes: 256 * 1024, maxDepth: 32 };

function jsonOf(value: Uint8Array | undefined): unknown {
  return attempt(() => parseStrictJson(Buffer.from(value ?? []).toString('utf8'), VALUE_LIMITS));
}

/** What strangers wrote may have any form; what cannot be read says nothing. */
function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
