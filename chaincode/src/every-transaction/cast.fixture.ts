import {
  actorTagSchema,
  canonicalJson,
  cardIdOf,
  delegationIdOf,
  hashOfVersion,
  type IdNonce,
  idNonceSchema,
  mspIdSchema,
  pseudonymOf,
  pseudonymSchema,
  ownTicketIdOf,
  recordIdOf,
  recordIdSchema,
  recoveryCaseIdOf,
  referralIdOf,
  sha256Schema,
  slotIdOf,
  ticketIdOf,
  type VersionIdentity,
  versionIdentityOf,
} from '@lianyi/domain';
import {
  type Administrator,
  CHANNEL,
  Consortium,
  type Delegate,
  type Guardian,
  type KeyPair,
  newKey,
  type Outcome,
  type Patient,
  sha256Of,
  signText,
  type SlotOwner,
  type Staff,
} from './consortium.fixture';

/** A consortium with people in it: hospitals A, B, C, an authority, staff of each kind, a patient of A with one anchored record. */

export const HOSPITALS = ['AlphaMSP', 'BetaMSP', 'GammaMSP'] as const;
export const AUTHORITY = 'AuthorityMSP';
export const [A, B, C] = HOSPITALS;
/** Every role that a hospital may assert. */
export const HOSPITAL_ROLES = [
  'registrar',
  'clinician',
  'nurse',
  'pharmacist',
  'lab',
  'recordAdmin',
  'keyService',
  'privacyOfficer',
  'hrAdmin',
  'orgAdmin',
  'researcher',
  'ethics',
  'monitor',
] as const;
export type HospitalRole = (typeof HOSPITAL_ROLES)[number];
export const DEPARTMENT = 'cardiology';

export function must(outcome: Outcome): Outcome {
  if (outcome.status !== 200) throw new Error(`expected success, got ${outcome.message}`);
  return outcome;
}

/** What the members have agreed on, for the old key of a patient. */
export const LEAST_COOLING_OFF_MINUTES = 60;

export class Cast extends Consortium {
  readonly #staff = new Map<string, Staff>();
  readonly #patients = new Map<unknown, Patient>();
  readonly vaultKeys = new Map<string, KeyPair>();

  admin(msp: string): Administrator {
    return { kind: 'administrator', msp };
  }

  staff(msp: string, role: string): Staff {
    const found = this.#staff.get(`${msp}/${role}`);
    if (found === undefined) throw new Error(`no ${role} at ${msp}`);
    return found;
  }

  async registerOrganisation(msp: string, kinds: readonly string[] = ['hospital']): Promise<Outcome> {
    const encapsulationKeys = [{ epoch: 1, publicKey: newKey().publicKey }];
    const agreed = { genesis: this.genesis, leastCoolingOffMinutes: LEAST_COOLING_OFF_MINUTES };
    return this.invoke('RegisterOrganisation', { kinds, ...agreed, encapsulationKeys }, this.admin(msp));
  }

  staffInput(
    roles: readonly string[],
    actorTag = this.id('tag'),
    key = newKey(),
  ): { input: Readonly<Record<string, unknown>>; staff: (msp: string) => Staff } {
    return {
      input: { actorTag, roles, departments: [DEPARTMENT], publicKeyHash: key.hash, dutyWindows: [] },
      staff: (msp) => ({ kind: 'staff', msp, actorTag, key }),
    };
  }

  /** Another staff member of the role, who does not become the one that {@link staff} names. */
  async colleague(msp: string, role: string): Promise<Staff> {
    const { input, staff } = this.staffInput([role]);
    must(await this.invoke('RegisterStaff', input, this.admin(msp)));
    return staff(msp);
  }

  async hire(msp: string, role: string): Promise<Staff> {
    const hired = await this.colleague(msp, role);
    this.#staff.set(`${msp}/${role}`, hired);
    return hired;
  }

  endpointInput(msp: string, state = 'active'): Readonly<Record<string, unknown>> {
    const key = this.vaultKeys.get(msp) ?? newKey();
    this.vaultKeys.set(msp, key);
    return {
      endpointId: 'vault-1',
      kind: 'vault',
      host: '127.0.0.1',
      port: 9443,
      tlsSha256: sha256Of(`tls of ${msp}`),
      receiptPublicKey: key.publicKey,
      state,
    };
  }

  /** Somebody who holds the first key of a slot that is not there yet. */
  newSlotOwner(msp: string = A): SlotOwner {
    const key = newKey();
    return { kind: 'slot', slotId: slotIdOf(sha256Schema.parse(key.hash)), carrier: msp, key, next: newKey() };
  }

  /** @param kind - `assisted`: whose key is that of a hand-over code */
  async newPatient(msp: string = A, kind?: 'assisted'): Promise<Patient> {
    const key = newKey();
    const input = { ...this.registration(msp, key.hash), ...(kind === undefined ? {} : { kind }) };
    const patient: Patient = { kind: 'patient', pseudonym: input.pseudonym, carrier: msp, key, next: newKey() };
    must(await this.invoke('RegisterPatient', input, this.staff(msp, 'registrar')));
    this.#patients.set(patient.pseudonym, patient);
    return patient;
  }

  patientOf(pseudonym: unknown): Patient {
    const found = this.#patients.get(pseudonym);
    if (found === undefined) throw new Error('no such patient');
    return found;
  }

  async relate(patient: Patient, msp: string = A, type = 'care'): Promise<void> {
    must(await this.invoke('ProposeRelationship', { pseudonym: patient.pseudonym, type }, this.staff(msp, 'registrar')));
    must(await this.invoke('AcceptRelationship', { pseudonym: patient.pseudonym, mspId: msp, type }, patient));
  }

  /** What appoints somebody for a pseudonym, and who they would be. */
  delegation(
    { pseudonym, carrier }: Pick<Patient, 'pseudonym' | 'carrier'>,
    overrides: Readonly<Record<string, unknown>> = {},
  ): { readonly input: Readonly<Record<string, unknown>>; readonly delegate: Delegate } {
    const key = newKey();
    const nonce = this.nonce();
    const delegationId = delegationIdOf({ pseudonym: pseudonymSchema.parse(pseudonym), firstKeyHash: sha256Schema.parse(key.hash), nonce });
    const term = { scopes: ['consents', 'view'], validUntil: this.instant(86_400_000) };
    return {
      input: { pseudonym, delegationId, nonce, nextKeyHash: key.hash, ...term, ...overrides },
      delegate: { kind: 'delegate', pseudonym, delegationId, carrier, key, next: newKey() },
    };
  }

  /** Somebody whom the patient has chosen. */
  async appoint(patient: Patient, overrides: Readonly<Record<string, unknown>> = {}): Promise<Delegate> {
    const { input, delegate } = this.delegation(patient, overrides);
    must(await this.invoke('AppointDelegate', input, patient));
    return delegate;
  }

  /** Three guardians of a patient, of whom two are needed. */
  async nameGuardians(
    patient: Patient,
    overrides: Readonly<Record<string, unknown>> = {},
  ): Promise<readonly [Guardian, Guardian, Guardian]> {
    const newGuardian = (): Guardian => ({ kind: 'guardian', pseudonym: patient.pseudonym, carrier: B, key: newKey() });
    const named = [newGuardian(), newGuardian(), newGuardian()] as const;
    must(await this.invoke('SetGuardians', { ...this.guardiansInput(patient, named), ...overrides }, patient));
    return named;
  }

  guardiansInput({ pseudonym }: Patient, named: readonly Guardian[]): Readonly<Record<string, unknown>> {
    return { pseudonym, guardians: named.map(({ key }) => key.hash), threshold: 2, coolingOffMinutes: 48 * 60 };
  }

  /** What opens a recovery, and whoever has the new key. */
  recovery({ pseudonym, carrier }: Pick<Patient, 'pseudonym' | 'carrier'>): {
    readonly input: Readonly<Record<string, unknown>>;
    readonly key: { readonly pseudonym: string; readonly caseId: string };
    readonly comesBack: Patient;
  } {
    const key = newKey();
    const nonce = this.nonce();
    const newKeyHash = sha256Schema.parse(key.hash);
    const caseId = recoveryCaseIdOf({ pseudonym: pseudonymSchema.parse(pseudonym), newKeyHash, nonce });
    return {
      input: { pseudonym, caseId, nonce, newKeyHash },
      key: { pseudonym, caseId },
      comesBack: { kind: 'patient', pseudonym, carrier, key, next: newKey() },
    };
  }

  receipt(msp: string, objectSha256: string, version: VersionIdentity): Readonly<Record<string, unknown>> {
    const key = this.vaultKeys.get(msp);
    if (key === undefined) throw new Error(`no vault at ${msp}`);
    const kept = { objectSha256, versionHash: hashOfVersion(version) };
    const statement = { t: 'lianyi/receipt/v1', ...kept, mspId: msp, endpointId: 'vault-1', storedAt: this.instant() };
    return { statement, signature: signText(key, canonicalJson(statement)) };
  }

  /** One version of a record, as receipts name it. */
  version(pseudonym: string, recordId: string, version = 1): VersionIdentity {
    const ids = { pseudonym: pseudonymSchema.parse(pseudonym), recordId: recordIdSchema.parse(recordId) };
    return versionIdentityOf({ channel: CHANNEL, genesis: sha256Schema.parse(this.genesis) }, { ...ids, version });
  }

  content(version: VersionIdentity, places: readonly string[] = [A, C], seed = this.id('object')): Readonly<Record<string, unknown>> {
    const cipherSha256 = sha256Of(seed);
    return {
      class: 'laboratory-report',
      category: 'health-status',
      dataLevel: 3,
      confidentiality: 'N',
      format: 'fhir-r4-json',
      displayProfile: 'cn-lab@1',
      sizeBucket: 12,
      cipherSha256,
      contentCommitment: sha256Of(`${seed} content`),
      dekCommitment: sha256Of(`${seed} key`),
      keyEpoch: 1,
      locators: places.map((mspId) => ({ mspId, endpointId: 'vault-1' })),
      receipts: places.map((msp) => this.receipt(msp, cipherSha256, version)),
    };
  }

  async anchor(patient: Patient, overrides: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const input = { ...this.recordInput(A, patient.pseudonym), ...overrides };
    must(await this.invoke('AnchorRecord', input, this.staff(A, 'recordAdmin')));
    return input.recordId;
  }

  /** What anchors a record of a hospital. */
  recordInput(msp: string, pseudonym: string, nonce = this.nonce()): { readonly recordId: string } & Readonly<Record<string, unknown>> {
    const recordId = recordIdOf({ mspId: mspIdSchema.parse(msp), pseudonym: pseudonymSchema.parse(pseudonym), nonce });
    return { pseudonym, recordId, nonce, ...this.content(this.version(pseudonym, recordId)) };
  }

  /** What makes the second version of a record. */
  amendment(pseudonym: string, recordId: string): Readonly<Record<string, unknown>> {
    return { pseudonym, recordId, previousVersion: 1, operation: 'amend', ...this.content(this.version(pseudonym, recordId, 2)) };
  }

  permit(overrides: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    return {
      provisionId: this.id('prov'),
      effect: 'permit',
      purposes: ['TREAT'],
      validFrom: this.instant(-1_000),
      validUntil: this.instant(86_400_000),
      ...overrides,
    };
  }

  cardiologyOf(msp: string): Readonly<Record<string, unknown>> {
    return { kind: 'department', mspId: msp, name: DEPARTMENT };
  }

  /** A nonce nobody has had. */
  nonce(seed = this.id('nonce')): IdNonce {
    return idNonceSchema.parse(sha256Of(seed).slice(0, 21) + 'A');
  }

  /** What registers a new patient of a hospital. */
  registration(msp: string, firstKeyHash: string = newKey().hash): { readonly pseudonym: string } & Readonly<Record<string, unknown>> {
    const nonce = this.nonce();
    const pseudonym = pseudonymOf({ mspId: mspIdSchema.parse(msp), firstKeyHash: sha256Schema.parse(firstKeyHash), nonce });
    return { pseudonym, nonce, suite: 'P256-SHA256', nextKeyHash: firstKeyHash };
  }

  /** What issues a card of a hospital. */
  cardInput(msp: string, pseudonym: string, nonce = this.nonce()): { readonly cardId: string } & Readonly<Record<string, unknown>> {
    const cardId = cardIdOf({ mspId: mspIdSchema.parse(msp), pseudonym: pseudonymSchema.parse(pseudonym), nonce });
    return { cardId, nonce, pseudonym, holderCommitment: sha256Of('holder') };
  }

  /** What refers a patient of A to B’s cardiology, and whoever proposes it there. */
  referralInput(
    { pseudonym }: Pick<Patient, 'pseudonym'>,
    recordIds: readonly string[],
    nonce = this.nonce(),
  ): { readonly referralId: string } & Readonly<Record<string, unknown>> {
    const referralId = referralIdOf({ mspId: mspIdSchema.parse(A), pseudonym: pseudonymSchema.parse(pseudonym), nonce });
    const asked = { direction: 'up', urgency: 'routine', department: DEPARTMENT, to: this.cardiologyOf(B) };
    return { pseudonym, referralId, nonce, recordIds, ...asked };
  }

  /** What a staff member asks with. */
  accessInput(patient: Patient, recordIds: readonly string[], by: Staff, nonce = this.nonce()): Readonly<Record<string, unknown>> {
    return {
      ticketId: ticketIdOf({ mspId: mspIdSchema.parse(by.msp), actorTag: actorTagSchema.parse(by.actorTag), nonce }),
      nonce,
      pseudonym: patient.pseudonym,
      recordIds,
      purpose: 'TREAT',
      department: DEPARTMENT,
      ephemeralPublicKey: newKey().publicKey,
    };
  }

  /** What it is asked with how a request would be decided. */
  explainInput(
    { pseudonym }: Pick<Patient, 'pseudonym'>,
    recordId: string,
    { msp: mspId, actorTag }: Staff,
    more: Readonly<Record<string, unknown>> = {},
  ): Readonly<Record<string, unknown>> {
    return { pseudonym, question: { recordId, purpose: 'TREAT', asker: { mspId, actorTag, department: DEPARTMENT }, ...more } };
  }

  /** What a patient asks for own records with. */
  ownInput(
    { pseudonym }: Pick<Patient, 'pseudonym'>,
    recordIds: readonly string[],
    nonce = this.nonce(),
    mspId = A,
  ): Readonly<Record<string, unknown>> {
    const ticketId = ownTicketIdOf({ pseudonym: pseudonymSchema.parse(pseudonym), nonce });
    return { ticketId, nonce, pseudonym, recordIds, ephemeralPublicKey: newKey().publicKey, mspId };
  }
}

export type Stage = { readonly cast: Cast; readonly patient: Patient; readonly recordId: string };

/** Built once for a file; `restore` before each test goes back to it. */
export async function newStage(): Promise<Stage> {
  const cast = new Cast();
  for (const msp of HOSPITALS) must(await cast.registerOrganisation(msp));
  must(await cast.registerOrganisation(AUTHORITY, ['health-authority']));
  for (const msp of HOSPITALS) {
    for (const role of HOSPITAL_ROLES) await cast.hire(msp, role);
    must(await cast.invoke('UpdateEndpoint', cast.endpointInput(msp), cast.admin(msp)));
  }
  await cast.hire(AUTHORITY, 'regulator');
  const patient = await cast.newPatient();
  await cast.relate(patient);
  const recordId = await cast.anchor(patient);
  return { cast, patient, recordId };
}
