import { type z } from 'zod';
import {
  approveRecovery,
  assertHadWallet,
  assertRoom,
  bindingOf,
  canonicalJson,
  checkGuardianStatement,
  completeRecovery,
  confirmedByNobody,
  confirmRecovery,
  type GuardianProof,
  type GuardianSet,
  guardianSetSchema,
  hashOfJson,
  hashOfKey,
  isDead,
  leastCoolingOffOf,
  type Instant,
  instantOf,
  openByGuardian,
  openByRegistrar,
  parseArgument,
  type Pseudonym,
  recoveryArea,
  type RecoveryCase,
  recoveryCaseIdOf,
  recoveryCaseIdSchema,
  referenceTo,
  setGuardians,
  type Sha256,
  standingOf,
  transactionByName,
  transactions,
} from '@lianyi/domain';
import { type BlockCall, type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { compositeKey } from './composite-key';
import { type KnownMembers } from './member-facts';
import {
  type AlarmFact,
  type Command,
  type GuardiansFact,
  type KnownPatients,
  type PatientFact,
  type RecoveryFact,
  type WrittenRecoveryFact,
} from './patient-facts';
import { type AskedForRecovery, caseAfter, isWrittenOpen, type Vouched } from './recovery-after';
import { isAsConfirmedByNobody, isAsSaid, isShown } from './shown-recovery';
import { attempt, jsonOf } from './strangers-json';
import { type Commit, type CommitBounds } from './timeliness';
import { isOfHospital } from './written-organisation';

const { guardianSets, recoveryCases } = recoveryArea.entities;

/** Whether a key is one of a recovery, or of those who vouch. */
export function isOfRecovery(type: string | undefined): boolean {
  return type === recoveryCases.objectType || type === guardianSets.objectType;
}

type Facts = readonly (GuardiansFact | RecoveryFact | WrittenRecoveryFact | AlarmFact)[];
type Known = Pick<KnownPatients, 'guardiansOf' | 'recoveryOf' | 'openRecoveriesOf' | 'standingOf' | 'deathOf' | 'isTold'> &
  Pick<KnownMembers, 'custodianOf' | 'kindsOf' | 'leastCoolingOffOf'>;

/**
 * The case as guardians or registrars leave it with a transaction, by the chaincode's own rules; undefined if none of them has signed it.
 *
 * The cooling-off runs from the opening: one that was dated back would leave the old key less time to veto, and is nobody's word. An approval
 * and a confirmation shorten it for nobody, and may come late, as long as the case still waits for them when they come.
 */
export async function vouchedIn(
  call: BlockCall,
  { timeliness, bounds }: Commit,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
  asked: () => Promise<Asked | undefined>,
  known: Known,
): Promise<Vouched | undefined> {
  const isOpening = openings.has(transactionByName(call.args[0] ?? '')?.name ?? '');
  if (timeliness === 'ahead' || (timeliness === 'late' && isOpening)) return undefined;
  const waiting = timeliness === 'late' ? waitingIn(known, Math.max(call.proposedAtMillis, bounds.seenMillis)) : known;
  const said = (await byGuardian(call, network, waiting)) ?? (await byRegistrar(call, asked, waiting));
  return said && { said, isShown: await isShown(call, said, known) };
}

/** The transactions by which the cooling-off begins. */
const openings: ReadonlySet<string> = new Set([transactions.OpenRecovery.name, transactions.ProposeRecovery.name]);

/** As known, but for what had stopped waiting for those who vouch by a time, in milliseconds since 1970. */
function waitingIn(known: Known, nowMillis: number): Known {
  return {
    ...known,
    recoveryOf: async (pseudonym, caseId) => {
      const recovery = await known.recoveryOf(pseudonym, caseId);
      return recovery && { ...recovery, state: standingOf(recovery, instantOf(nowMillis)) };
    },
  };
}

/** What a guardian asks, whom the patient has named in time; and with which key. */
interface ByGuardian {
  readonly name: string;
  readonly input: unknown;
  readonly requestHash: Sha256;
  readonly pseudonym: Pseudonym;
  readonly keyHash: Sha256;
  readonly named: GuardianSet;
  readonly at: Instant;
}

async function guardianIn(
  call: BlockCall,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
  known: Known,
): Promise<ByGuardian | undefined> {
  const [name = '', argument = ''] = call.args;
  const entry = transactionByName(name);
  const parsed = entry && attempt(() => parseArgument(entry, argument));
  if (entry === undefined || parsed?.proof?.kind !== 'guardian') return undefined;
  const { proof, requestHash, input } = parsed;
  const { pseudonym } = proof.statement;
  const guardians = await known.guardiansOf(pseudonym);
  // whom the patient was told not to have named, because it came late, nobody has named
  if (guardians === undefined || guardians.isLate) return undefined;
  const at = instantOf(call.proposedAtMillis);
  const context = { ...bindingOf({ channel: call.channel, ...network }, entry, requestHash), now: at };
  const keyHash = attempt(() => keyOfGuardian(proof, context, guardians.said));
  return keyHash && { name: entry.name, input, requestHash, pseudonym, keyHash, named: guardians.said, at };
}

async function byGuardian(
  call: BlockCall,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
  known: Known,
): Promise<RecoveryCase | undefined> {
  const asked = await guardianIn(call, network, known);
  if (asked?.name === transactions.OpenRecovery.name) return openedBy(asked, known);
  if (asked?.name !== transactions.ApproveRecovery.name) return undefined;
  const { caseId, pseudonym } = transactions.ApproveRecovery.request.parse(asked.input);
  const before = asked.pseudonym === pseudonym ? await known.recoveryOf(pseudonym, caseId) : undefined;
  return before && attempt(() => approveRecovery(before, asked.keyHash, asked.named, asked.at));
}

/** A case that is opened, where the chaincode would find room for it. */
async function inRoom(opened: RecoveryCase | undefined, at: Instant, known: Known): Promise<RecoveryCase | undefined> {
  const others = opened && (await known.openRecoveriesOf(opened.pseudonym));
  return attempt(() => {
    if (opened !== undefined && others !== undefined) assertRoom(others, opened, at);
    return opened;
  });
}

async function openedBy(
  { input, requestHash, pseudonym, keyHash, named, at }: ByGuardian,
  known: Known,
): Promise<RecoveryCase | undefined> {
  const draft = transactions.OpenRecovery.request.parse(input);
  if (draft.pseudonym !== pseudonym || !(await isNew(draft, known))) return undefined;
  const origin = { requestHash, actor: { kind: 'guardian' as const, pseudonym, keyHash } };
  const by = { now: at, origin, leastCoolingOffMinutes: await leastOf(pseudonym, known) };
  return inRoom(
    attempt(() => openByGuardian(draft, keyHash, named, by)),
    at,
    known,
  );
}

function keyOfGuardian(proof: GuardianProof, context: Parameters<typeof checkGuardianStatement>[1], said: GuardianSet): Sha256 {
  checkGuardianStatement(proof, context, said);
  return hashOfKey(proof.statement.publicKey);
}

/** Nobody but a registrar whose own organisation says that they are one, and who is of the hospital whose word it takes. */
async function byRegistrar(call: BlockCall, asks: () => Promise<Asked | undefined>, known: Known): Promise<RecoveryCase | undefined> {
  const name = transactionByName(call.args[0] ?? '')?.name;
  if (name !== transactions.ProposeRecovery.name && name !== transactions.ConfirmRecovery.name) return undefined;
  const asked = await asks();
  if (asked?.actor.kind !== 'staff') return undefined;
  return name === transactions.ProposeRecovery.name ? proposedBy(asked, known) : confirmedBy(asked, known);
}

async function proposedBy({ mspId, actor, at, input, requestHash }: Asked, known: Known): Promise<RecoveryCase | undefined> {
  const { evidence, ...draft } = transactions.ProposeRecovery.request.parse(input);
  const { pseudonym } = draft;
  if ((await known.custodianOf(pseudonym)) !== mspId || !(await isNew(draft, known))) return undefined;
  // whom the patient has named late opens nothing; that the old key may veto for longer only closes
  const named = (await known.guardiansOf(pseudonym))?.said;
  const origin = { requestHash, actor: referenceTo(actor) };
  const by = { now: at, origin, leastCoolingOffMinutes: await known.leastCoolingOffOf(mspId) };
  return inRoom(
    attempt(() => openByRegistrar(draft, evidence, named, by)),
    at,
    known,
  );
}

async function confirmedBy(asked: Asked, known: Known): Promise<RecoveryCase | undefined> {
  const { actor, at, input } = asked;
  const { pseudonym, caseId, evidence } = transactions.ConfirmRecovery.request.parse(input);
  if (!(await isOfHospital(asked, known))) return undefined;
  const before = await known.recoveryOf(pseudonym, caseId);
  return before && attempt(() => confirmRecovery(before, referenceTo(actor), evidence, at));
}

/** Whether a case is of the key that its id says, has not been there before, and is of a patient who may have one. */
async function isNew(draft: z.output<typeof transactions.OpenRecovery.request>, known: Known): Promise<boolean> {
  const { pseudonym, caseId } = draft;
  if (caseId !== recoveryCaseIdOf(draft) || (await known.recoveryOf(pseudonym, caseId)) !== undefined) return false;
  return hasWallet(pseudonym, known);
}

/** For how long the old key of a patient may veto at least; of one who is not followed, as if nobody had said anything. */
async function leastOf(pseudonym: Pseudonym, known: Known): Promise<number> {
  const custodian = await known.custodianOf(pseudonym);
  return custodian === undefined ? leastCoolingOffOf({}) : known.leastCoolingOffOf(custodian);
}

/** As the chaincode's {@link assertHadWallet}. */
async function hasWallet(pseudonym: Pseudonym, known: Known): Promise<boolean> {
  const { isAssisted } = await known.standingOf(pseudonym);
  const isDeceased = isDead(await known.deathOf(pseudonym));
  const entry = { state: 'active' as const, ...(isAssisted ? { kind: 'assisted' as const } : {}) };
  return (
    attempt(() => {
      assertHadWallet({ ...entry, ...(isDeceased ? { isDeceased } : {}) });
      return true;
    }) === true
  );
}

/**
 * The key with which a case may be completed now, if those have vouched whose word it takes, the cooling-off is over, and the old key has
 * not refused it. No time that others state ends the cooling-off, nor keeps a case from being expired.
 */
export async function newKeyOf(command: Command, statedMillis: number, bounds: CommitBounds, known: Known): Promise<Sha256 | undefined> {
  if (command.entry.name !== transactions.CompleteRecovery.name) return undefined;
  const { pseudonym, caseId } = transactions.CompleteRecovery.request.parse(command.input);
  const before = await known.recoveryOf(pseudonym, caseId);
  const guardians = await known.guardiansOf(pseudonym);
  if (before === undefined || pseudonym !== command.proof.statement.pseudonym) return undefined;
  const latest = bounds.provenBy(await known.custodianOf(pseudonym));
  if (hasExpired(before, statedMillis, bounds)) return undefined;
  return attempt(() => completeRecovery(before, guardians?.said, instantOf(Math.min(statedMillis, latest))).newKeyHash);
}

/** Whether a case was over when it is completed, by the time that the client states or by when the block came. */
function hasExpired(before: RecoveryCase, statedMillis: number, { seenMillis }: CommitBounds): boolean {
  return standingOf(before, instantOf(Math.max(statedMillis, seenMillis))) === 'expired';
}

/** What is written of a recovery, held against what those whose word it is have said up to now and say in this transaction. */
export async function recoveryFacts(
  write: BlockWrite,
  {
    objectType,
    pseudonym,
    caseId: id,
  }: { readonly objectType: string; readonly pseudonym: Pseudonym; readonly caseId: string | undefined },
  asking: AskedForRecovery,
  known: Known,
): Promise<Facts> {
  if (objectType === guardianSets.objectType) return guardiansFacts(write, pseudonym, asking);
  const caseId = recoveryCaseIdSchema.safeParse(id).data;
  if (caseId === undefined) return [{ kind: 'alarm', alarm: 'recovery-without-command', pseudonym }];
  const before = await known.recoveryOf(pseudonym, caseId);
  const after = attempt(() => caseAfter(asking, pseudonym, caseId, before));
  const shown = after === undefined ? shownAsConfirmed(write, asking, before) : undefined;
  const said = after ?? shown ?? before;
  const written: WrittenRecoveryFact = { kind: 'writtenRecovery', pseudonym, caseId, isOpen: isWrittenOpen(write) };
  const facts: Facts = said === undefined ? [written] : [{ kind: 'recovery', pseudonym, caseId, said }, written];
  if (after !== undefined && (await isAsSaid(write.value, after, known))) return facts;
  const unsaid = shown === undefined ? 'recovery-without-command' : 'recovery-confirmed-by-nobody';
  return [...facts, { kind: 'alarm', alarm: after === undefined ? unsaid : 'recovery-not-as-commanded', pseudonym, detail: caseId }];
}

/**
 * The case of registrars as it stands when somebody whom nobody believes has confirmed it: for everybody to see, so that the old key has heard
 * no less of it than of any other, and it waits on for somebody who is believed. One that had stopped waiting before does not begin again. One
 * that was cooling off before, and is written as it was, is as it was, also where the time of the confirmation has not come.
 */
function shownAsConfirmed(
  { value }: BlockWrite,
  { vouched, seenAt }: AskedForRecovery,
  before: RecoveryCase | undefined,
): RecoveryCase | undefined {
  if (before === undefined || vouched !== undefined) return undefined;
  const isWaiting = seenAt === undefined ? before.state === 'coolingOff' : standingOf(before, seenAt) !== 'expired';
  if (!isWaiting) return undefined;
  const shown = attempt(() => confirmedByNobody(before));
  return shown !== undefined && isAsConfirmedByNobody(value, shown) ? shown : undefined;
}

function guardiansFacts({ value }: BlockWrite, pseudonym: Pseudonym, { own, at }: AskedForRecovery): Facts {
  const said = own && attempt(() => namedIn(own, pseudonym, at));
  const facts: Facts = said === undefined ? [] : [{ kind: 'guardians', pseudonym, said }];
  if (said !== undefined && areAsSaid(value, said)) return facts;
  const alarm = said === undefined ? 'guardians-without-command' : 'guardians-not-as-commanded';
  return [...facts, { kind: 'alarm', alarm, pseudonym }];
}

/** What the patient's command says of a recovery that the transaction does not write. A veto holds all the same, and so do other guardians. */
export async function unwrittenRecovery(own: Command, at: Instant, writes: readonly BlockWrite[], known: Known): Promise<Facts> {
  const { pseudonym } = own.proof.statement;
  const named = attempt(() => namedIn(own, pseudonym, at));
  if (named !== undefined && !writes.some(({ key }) => key === compositeKey(guardianSets.objectType, pseudonym)))
    return [
      { kind: 'guardians', pseudonym, said: named },
      { kind: 'alarm', alarm: 'command-not-carried-out', pseudonym },
    ];
  const isAboutOne = own.entry.name === transactions.VetoRecovery.name || own.entry.name === transactions.CompleteRecovery.name;
  const about = isAboutOne ? transactions.VetoRecovery.request.safeParse(own.input).data : undefined;
  if (about?.pseudonym !== pseudonym) return [];
  const { caseId } = about;
  if (writes.some(({ key }) => key === compositeKey(recoveryCases.objectType, pseudonym, caseId))) return [];
  const before = await known.recoveryOf(pseudonym, caseId);
  const said =
    before && attempt(() => caseAfter({ own, at, vouched: undefined, capacity: undefined, seenAt: at }, pseudonym, caseId, before));
  const facts: Facts = said === undefined ? [] : [{ kind: 'recovery', pseudonym, caseId, said }];
  return [...facts, { kind: 'alarm', alarm: 'command-not-carried-out', pseudonym, detail: caseId }];
}

/** Tells of guardians whom the patient has named with a command that came late: nobody would know but by a recovery that is not followed. */
export function namedLate(facts: readonly PatientFact[]): readonly AlarmFact[] {
  const named = facts.filter((fact) => fact.kind === 'guardians');
  return named.flatMap(({ pseudonym, said }) =>
    said.guardians.length === 0 ? [] : [{ kind: 'alarm' as const, alarm: 'guardians-late' as const, pseudonym }],
  );
}

function namedIn({ entry, input, proof, isAllowed }: Command, pseudonym: Pseudonym, at: Instant): GuardianSet | undefined {
  if (!isAllowed || entry.name !== transactions.SetGuardians.name || proof.kind !== 'patient') return undefined;
  const named = transactions.SetGuardians.request.parse(input);
  if (named.pseudonym !== pseudonym) return undefined;
  return setGuardians(named, at, { requestHash: hashOfJson(input), actor: { kind: 'patient', pseudonym } });
}

/** What anything is decided by; a later chaincode may write more. */
const countingSet = guardianSetSchema
  .pick({ pseudonym: true, guardians: true, threshold: true, coolingOffMinutes: true, setAt: true })
  .strip();

function areAsSaid(value: BlockWrite['value'], said: GuardianSet): boolean {
  const written = countingSet.safeParse(jsonOf(value)).data;
  return written !== undefined && canonicalJson(written) === canonicalJson(countingSet.parse(said));
}
