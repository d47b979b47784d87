import {
  addMilliseconds,
  approveRecovery,
  canonicalJson,
  granteeSchema,
  openByGuardian,
  type RecoveryCase,
  setGuardians,
  sha256,
  transactions,
} from '@lianyi/domain';
import { type Signer } from '@lianyi/fabric-protocol';
import { Guardian, Returning } from '../scenario/guardian';
import { ledgerKey } from './forged-transaction';
import { type Call, HospitalInMemory, MINUTE } from './hospital-in-memory';

const COOLING_OFF_MINUTES = 60;
export const COOLING_OFF_MILLIS = COOLING_OFF_MINUTES * MINUTE;
const { ApproveRecovery, CompleteRecovery, GrantPolicy, OpenRecovery, SetGuardians, VetoRecovery } = transactions;
type Writes = Readonly<Record<string, string>>;

/** Somebody who has made a key for the pseudonym of a patient of A and means to have it taken for the patient's. */
export class RecoveryInMemory {
  readonly thief: Returning;
  /** As it was said last. */
  case: RecoveryCase | undefined;
  readonly #guardians: readonly [Guardian, Guardian];

  private constructor(readonly hospital: HospitalInMemory) {
    this.thief = new Returning(hospital.network, hospital.pseudonym);
    this.#guardians = [new Guardian(hospital.network), new Guardian(hospital.network)];
  }

  /** @param leastCoolingOffMinutes - what the members have agreed on for the old key */
  static async start(leastCoolingOffMinutes = 1): Promise<RecoveryInMemory> {
    return new RecoveryInMemory(await HospitalInMemory.start(leastCoolingOffMinutes));
  }

  caseWritten(written: object): Writes {
    return { [ledgerKey('recoveryCase', this.hospital.pseudonym, this.thief.caseId)]: canonicalJson(written) };
  }

  /** Two guardians whom the patient has named vouch for the thief, and the chaincode writes it where the patient sees it; the opening is kept back for so long. */
  async vouchedByGuardians({ heldBackMinutes = 0 } = {}): Promise<void> {
    const { hospital, thief } = this;
    const { pseudonym } = hospital;
    const [one, other] = this.#guardians;
    const guardian = ({ keyHash }: Guardian) => ({ kind: 'guardian', pseudonym, keyHash }) as const;
    const named = { pseudonym, guardians: [one.keyHash, other.keyHash], threshold: 2, coolingOffMinutes: COOLING_OFF_MINUTES };
    const origin = { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym } } as const;
    const set = setGuardians(named, hospital.at(), origin);
    await hospital.add(hospital.command(SetGuardians, named, { [ledgerKey('guardianSet', pseudonym)]: canonicalJson(set) }));
    const opened = openByGuardian(thief.draft, one.keyHash, set, {
      now: hospital.at(),
      origin: { ...origin, actor: guardian(one) },
      leastCoolingOffMinutes: 1,
    });
    const shown = { ...hospital.pseudonymEntry({ recoveries: [thief.caseId] }), ...hospital.auditLine('RecoveryOpened', guardian(one)) };
    const opening = one.signAt(pseudonym, OpenRecovery, thief.draft, hospital.now);
    const call = hospital.call(OpenRecovery, thief.draft, { ...shown, ...this.caseWritten(opened) }, { proof: opening });
    hospital.now += heldBackMinutes * MINUTE;
    await hospital.add(call);
    this.case = approveRecovery(opened, other.keyHash, set, hospital.at());
    const approval = other.signAt(pseudonym, ApproveRecovery, thief.key, hospital.now);
    const writes = { ...this.caseWritten(this.case), ...hospital.auditLine('RecoveryApproved', guardian(other)) };
    await hospital.add(hospital.call(ApproveRecovery, thief.key, writes, { proof: approval }));
  }

  /** The completion, dated as a client of B states; enough endorsers write it, whatever the time is. */
  completion(atMillis: number): Call {
    const { hospital, thief } = this;
    const now = hospital.now;
    hospital.now = atMillis;
    const done = this.caseWritten({ ...this.case, state: 'completed', changedAt: hospital.at() });
    const proof = thief.signAt(CompleteRecovery, thief.key, atMillis);
    const call = hospital.commandBy(proof, CompleteRecovery, thief.key, done, this.#byB);
    hospital.now = now;
    return call;
  }

  /** The patient refuses it with the old key, by A's node. */
  async vetoed(): Promise<void> {
    const { hospital, thief } = this;
    const vetoed = { ...this.case, state: 'vetoed', changedAt: hospital.at() };
    await hospital.add(hospital.command(VetoRecovery, thief.key, this.caseWritten(vetoed)));
  }

  /** What the thief permits B with the second new key, by B. */
  consent(): Call {
    const { hospital, thief } = this;
    const { pseudonym, patient } = hospital;
    patient.comeBack(thief.keys[1]);
    const grantee = granteeSchema.parse({ kind: 'organisation', mspId: hospital.member('b').mspId, name: 'all' });
    const period = { validFrom: hospital.at(), validUntil: addMilliseconds(hospital.at(), MINUTE) };
    const provisions = [{ provisionId: 'p1', effect: 'permit', purposes: 'any', ...period }];
    const written = { version: 1, state: 'active', provisions, changedAt: hospital.at() };
    const key = ledgerKey('grant', pseudonym, grantee.kind, grantee.mspId, grantee.name);
    return hospital.command(GrantPolicy, { pseudonym, grantee, provisions }, { [key]: canonicalJson(written) }, this.#byB);
  }

  get #byB(): Signer {
    return this.hospital.member('b').client;
  }
}
