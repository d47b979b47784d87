import type { Kysely } from 'kysely';
import { z } from 'zod';
import { canonicalJson, type GrantVersion, groundOf, type PermittedTicket, type Pseudonym } from '@lianyi/domain';
import { type MemberFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

// Which permits have taken the uses of a consent, counted from the tickets themselves: what the ledger keeps as their number, others could write back.

type Database = Kysely<IndexTables>;
type TicketFact = Extract<MemberFact, { kind: 'ticket' }>;
type PermitOfOne = NonNullable<TicketFact['alone']>[number];

const permissionsSchema = z.record(z.string(), z.int().nullable());
type Permissions = z.output<typeof permissionsSchema>;

/** As {@link IndexTables.consent} has them. */
export function spelledPermissions(permissions: readonly { readonly provisionId: string; readonly uses?: number }[] = []): string {
  return canonicalJson(Object.fromEntries(permissions.map(({ provisionId, uses }) => [provisionId, uses ?? null])));
}

/** Counts the permits of a ticket that rest on what is good for so many, in the order in which they have come. */
export async function keepPermitUses(db: Database, { ticketId, alone = [] }: TicketFact): Promise<void> {
  for (const permit of alone) {
    const { pseudonym, recordId, grantVersion, provisionId } = permit;
    if (usesIn([await permissionsOf(db, pseudonym, grantVersion)], provisionId) === undefined) continue;
    const { kind, mspId, name } = grantVersion.grantee;
    const key = { pseudonym, grantee_kind: kind, grantee_msp_id: mspId, grantee_name: name, version: grantVersion.version };
    const row = { ticket_id: ticketId, record_id: recordId, ...key, provision_id: provisionId, nth: (await takenBefore(db, permit)) + 1 };
    await db
      .insertInto('permit_use')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function takenBefore(db: Database, { pseudonym, grantVersion, provisionId }: PermitOfOne): Promise<number> {
  const { kind, mspId, name } = grantVersion.grantee;
  const { count } = await db
    .selectFrom('permit_use')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('pseudonym', '=', pseudonym)
    .where('grantee_msp_id', '=', mspId)
    .where('grantee_kind', '=', kind)
    .where('grantee_name', '=', name)
    .where('version', '=', grantVersion.version)
    .where('provision_id', '=', provisionId)
    .executeTakeFirstOrThrow();
  return count;
}

/** The permissions of a version of a grant; none of another version than the last. */
async function permissionsOf(db: Database, pseudonym: Pseudonym, { grantee, version }: GrantVersion): Promise<Permissions> {
  const row = await db
    .selectFrom('consent')
    .select('permissions')
    .where('pseudonym', '=', pseudonym)
    .where('grantee_msp_id', '=', grantee.mspId)
    .where('grantee_kind', '=', grantee.kind)
    .where('grantee_name', '=', grantee.name)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? {} : permissionsSchema.parse(JSON.parse(row.permissions));
}

/** For how many permits a provision of some grants is good; undefined: one of them has it without a number, or none has it. */
function usesIn(grants: readonly Permissions[], provisionId: string): number | undefined {
  const each = grants.map((permissions) => permissions[provisionId]).filter((uses) => uses !== undefined);
  const numbers = each.filter((uses) => uses !== null);
  return numbers.length < each.length || numbers.length === 0 ? undefined : Math.max(...numbers);
}

type CountedPermit = Pick<PermittedTicket, 'ticketId' | 'pseudonym' | 'recordIds' | 'provisionIds' | 'grantVersions' | 'grounds'>;

/**
 * Whether no more permits have come than the consents that they rest on are good for. What is counted is rested on alone, so that it cannot be
 * named beside another and go uncounted.
 */
export async function isWithinUses(db: Database, permit: CountedPermit): Promise<boolean> {
  const { ticketId, pseudonym, recordIds } = permit;
  for (const [place, recordId] of recordIds.entries()) {
    const { provisionIds, grantVersions } = groundOf(permit, place);
    const grants = await Promise.all(grantVersions.map((version) => permissionsOf(db, pseudonym, version)));
    const most = provisionIds.map((provisionId) => usesIn(grants, provisionId)).find((uses) => uses !== undefined);
    if (most === undefined) continue;
    if (provisionIds.length > 1 || grantVersions.length > 1) return false;
    const use = db.selectFrom('permit_use').select('nth').where('ticket_id', '=', ticketId).where('record_id', '=', recordId);
    const taken = await use.executeTakeFirst();
    if (taken === undefined || taken.nth > most) return false;
  }
  return true;
}
