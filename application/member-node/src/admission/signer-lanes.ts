import { type MspId, type Proof, qualifiedName, type SlotProof, transactions } from '@lianyi/domain';
import { callerAddress, connectionSiteOf } from './address';
import { Lane, type LaneLimits } from './lane';
import { SharedPlaces, type ShareLimits } from './shared-places';

/** By the new key of a recovery, whoever has opened it. */
const COMPLETE = qualifiedName(transactions.CompleteRecovery);

/** Who has places here: each of the three waits for none of the others. */
export interface SignerLimits {
  /** Of the own organisation, two of whom may sign for a patient. */
  readonly staff: LaneLimits;
  /** Patients of all members and those who act for them, of whom there is no bounded number. */
  readonly patients: ShareLimits;
  /** Who shows a key that the ledger knows and does not say whose patient's it is, as that of a PIN: by site, because nobody counts addresses. */
  readonly sites: LaneLimits;
}

/** A proof that a key makes which the ledger knows. */
export type SignerProof = Exclude<Proof, SlotProof>;

/** From where a proof came, and which hospital has registered the pseudonym that it is about; undefined: that is not known. */
export interface SignerOrigin {
  readonly ip: string;
  readonly hospital: MspId | undefined;
}

/**
 * Places of those who sign. Own staff have theirs, so that they wait for nobody else; all who act for a patient share one turn, with who comes
 * back for them, beside the patient's own, and the hospital counts both among its own.
 */
export class SignerLanes {
  readonly #staff: Lane;
  readonly #patients: SharedPlaces;
  readonly #sites: Lane;

  constructor({ staff, patients, sites }: SignerLimits) {
    this.#staff = new Lane(staff);
    this.#patients = new SharedPlaces(patients);
    this.#sites = new Lane(sites);
  }

  /** @throws {@link DomainError} as {@link Lane.enter}; and what `work` throws */
  run<Result>(proof: SignerProof, { ip, hospital }: SignerOrigin, work: () => Promise<Result>): Promise<Result> {
    const staff = staffTurn(proof);
    if (staff !== undefined) return this.#staff.run(staff, work);
    const patient = patientTurn(proof);
    if (patient === undefined || hospital === undefined) return this.#sites.run(connectionSiteOf(callerAddress(ip)), work);
    return this.#patients.run({ turn: patient, memberMspId: hospital }, work);
  }
}

/** Staff of the own organisation: no other's proof is carried. */
function staffTurn({ kind, statement }: SignerProof): string | undefined {
  if (kind === 'staff') return `staff ${statement.actorTag}`;
  return kind === 'assisted' ? `staff ${statement.actorTags[1]}` : undefined;
}

/** Who comes back with a new key is not the patient yet: until the recovery is over, the patient is who may veto it, and waits for nobody. */
function patientTurn({ kind, statement }: SignerProof): string | undefined {
  if (kind === 'patient') return `${statement.transaction === COMPLETE ? 'acting' : 'patient'} ${statement.pseudonym}`;
  return kind === 'delegate' || kind === 'guardian' ? `acting ${statement.pseudonym}` : undefined;
}
