import { type Origin } from '../actor';
import { DomainError } from '../domain-error';
import { type Pseudonym } from '../ids';
import { type Instant, instantSchema } from '../instant';
import { type PseudonymEntry } from '../registrar/entities';
import { assertVersion, nextState, type StateTable } from '../state-table';
import { type ConsentEvidence, type Grant, type Grantee, type Provision, type ProvisionDraft } from './entities';

/** Before every instant of a ledger. */
const BEGINNING_OF_TIME = instantSchema.parse('0000-01-01T00:00:00.000Z');

export type GrantCommand = 'grant' | 'amend' | 'revoke';

/** A revoked grant may be granted anew, as the next version: no ticket of the old one revives, for it names the old version. */
export const grantTable: StateTable<Grant['state'], GrantCommand> = {
  active: { amend: 'active', revoke: 'revoked' },
  revoked: { grant: 'active' },
};

/** What a patient grants, to whom. */
export type GrantDraft = Agreed & { readonly pseudonym: Pseudonym; readonly grantee: Grantee };
/** What somebody has agreed to, and what was shown to them. */
export type Agreed = { readonly provisions: readonly ProvisionDraft[]; readonly evidence?: ConsentEvidence };

/**
 * The grant's first version, or the next one after a revocation.
 * @throws {@link DomainError} `POLICY_ACTIVE` — there is an active grant for this grantee: amend it; `INVALID_REQUEST` — a provision
 * would end before it begins.
 */
export function newGrant(draft: GrantDraft, previous: Grant | undefined, now: Instant, origin: Origin): Grant {
  if (previous?.state === 'active') throw new DomainError('POLICY_ACTIVE', undefined, { version: previous.version });
  return {
    schemaVersion: 1,
    pseudonym: draft.pseudonym,
    grantee: draft.grantee,
    version: (previous?.version ?? 0) + 1,
    state: 'active',
    ...agreedAt(draft, now),
    grantedAt: now,
    changedAt: now,
    origin,
  };
}

/**
 * How many grantees the patient may have of one pseudonym, in all: revoked grants stay on the ledger and count. The places above those that a
 * permit may take are for prohibitions: who has permitted much can still forbid.
 */
const MOST_GRANTEES = { permitted: 256, inAll: 1_024 };
/** What whoever acts for the patient may have beside them. Counted apart: nothing that others do takes a place of the patient's. */
const SHARE_OF_OTHERS = 1 / 2;

/**
 * The pseudonym with one more grantee.
 * @param provisions - what the grantee is granted first
 * @param isPatient - whether the patient grants it, and nobody for them
 * @throws {@link DomainError} `LIMIT_REACHED` — there is no place for one more, or none for one who is permitted anything
 */
export function withGrantee(entry: PseudonymEntry, provisions: readonly Pick<Provision, 'effect'>[], isPatient: boolean): PseudonymEntry {
  const { grantees: all = 0, granteesByOthers: byOthers = 0 } = entry;
  const most = provisions.every(({ effect }) => effect === 'deny') ? MOST_GRANTEES.inAll : MOST_GRANTEES.permitted;
  const [taken, limit] = isPatient ? [all - byOthers, most] : [byOthers, most * SHARE_OF_OTHERS];
  if (taken >= limit) throw new DomainError('LIMIT_REACHED', undefined, { entity: 'grant', limit });
  return { ...entry, grantees: all + 1, ...(isPatient ? {} : { granteesByOthers: byOthers + 1 }) };
}

/** @throws {@link DomainError} `ILLEGAL_STATE` — it is revoked; `VERSION_CONFLICT` — `previousVersion` is not the present one; `INVALID_REQUEST` — as {@link newGrant}. */
export function amendGrant({ evidence: _former, ...grant }: Grant, previousVersion: number, agreed: Agreed, now: Instant): Grant {
  const state = nextState(grantTable, grant.state, 'amend');
  assertVersion(grant.version, previousVersion);
  return { ...grant, state, version: grant.version + 1, ...agreedAt(agreed, now), changedAt: now };
}

/**
 * The version that says that it is revoked. Nobody was shown the provisions for that, so it has no evidence of them; the version before keeps it.
 * @throws {@link DomainError} `ILLEGAL_STATE`, `VERSION_CONFLICT` — as {@link amendGrant}.
 */
export function revokeGrant({ evidence: _former, ...grant }: Grant, previousVersion: number, now: Instant): Grant {
  const state = nextState(grantTable, grant.state, 'revoke');
  assertVersion(grant.version, previousVersion);
  return { ...grant, state, version: grant.version + 1, changedAt: now };
}

/**
 * Holds what is said of a ceremony to who signs: whoever has a device of theirs, the patient or who acts for them, says nothing of paper or witnesses,
 * and two of the hospital nothing of a device.
 * @throws {@link DomainError} `INVALID_REQUEST`
 */
export function assertOwnCeremony(evidence: ConsentEvidence | undefined, isAssisted: boolean): void {
  if (evidence !== undefined && (evidence.ceremony === 'wallet') === isAssisted)
    throw new DomainError('INVALID_REQUEST', 'not the ceremony of who signs', { path: 'input.evidence.ceremony', problem: 'custom' });
}

/** Whether a grant is in force and forbids something. */
export function isDenying({
  state,
  provisions,
}: Pick<Grant, 'state'> & { readonly provisions: readonly Pick<Provision, 'effect'>[] }): boolean {
  return state === 'active' && provisions.some(({ effect }) => effect === 'deny');
}

function agreedAt({ provisions, evidence }: Agreed, now: Instant): Pick<Grant, 'provisions' | 'evidence'> {
  return { provisions: provisionsFrom(provisions, now), ...(evidence === undefined ? {} : { evidence }) };
}

/** Fills what the patient left out: a provision begins with its transaction, by the ledger's time and not by the patient's clock. */
function provisionsFrom(drafts: readonly ProvisionDraft[], now: Instant): Provision[] {
  return drafts.map((draft, index) => {
    const { validUntil } = draft;
    if (draft.validFrom === undefined && validUntil !== undefined && validUntil <= now) {
      throw new DomainError('INVALID_REQUEST', 'ends before it begins', { path: `input.provisions.${index}`, problem: 'custom' });
    }
    return { ...draft, validFrom: draft.validFrom ?? now };
  });
}

/**
 * A grant as a transaction sees it that has read this version: what had begun by the version's own transaction has begun.
 *
 * The reader comes after it in the ledger's order, but its proposal may say an earlier time: clocks differ, and a carrier may choose. No
 * prohibition begins late for that, and no consent has a gap where it was amended.
 */
export function begunWithItsVersion(grant: Grant): Grant {
  const { changedAt, provisions } = grant;
  return {
    ...grant,
    provisions: provisions.map((provision) =>
      provision.validFrom <= changedAt ? { ...provision, validFrom: BEGINNING_OF_TIME } : provision,
    ),
  };
}
