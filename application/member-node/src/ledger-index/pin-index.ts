import type { Kysely } from 'kysely';
import {
  type GroupElement,
  groupElementSchema,
  type Instant,
  instantSchema,
  type PinId,
  pseudonymSchema,
  type Sha256,
  sha256Schema,
} from '@lianyi/domain';
import { type KnownPin, type PinFact } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

/** A PIN and its last guess, as the own chain's transactions have signed them. */
export interface FollowedPin extends KnownPin {
  readonly termsSha256: Sha256;
  /** The last one; absent before the first. */
  readonly guess?: { readonly blinded: GroupElement; readonly at: Instant };
}

export async function keepPinFact(db: Kysely<IndexTables>, fact: PinFact): Promise<void> {
  switch (fact.kind) {
    case 'pinStored': {
      const row = {
        pin_id: fact.pinId,
        pseudonym: fact.pseudonym,
        is_removed: 0 as const,
        open_key_hash: fact.openKeyHash,
        terms_sha256: fact.termsSha256,
      };
      await db
        .insertInto('pin')
        .values({ ...row, attempts: 0, confirmed: 0, blinded: null, tried_at: null })
        .execute();
      return;
    }
    case 'pinRemoved':
      await db.updateTable('pin').set({ is_removed: 1 }).where('pin_id', '=', fact.pinId).execute();
      return;
    case 'pinTried':
      await db
        .updateTable('pin')
        .set({ attempts: fact.attempt, blinded: fact.blinded, tried_at: fact.at })
        .where('pin_id', '=', fact.pinId)
        .execute();
      return;
    case 'pinConfirmed':
      await db.updateTable('pin').set({ confirmed: fact.attempt }).where('pin_id', '=', fact.pinId).execute();
  }
}

/** Undefined while the own chain, as far as it was followed, has none. */
export async function pinIn(db: Kysely<IndexTables>, pinId: PinId): Promise<FollowedPin | undefined> {
  const row = await db.selectFrom('pin').selectAll().where('pin_id', '=', pinId).executeTakeFirst();
  if (row === undefined) return undefined;
  const { pseudonym, is_removed, open_key_hash, terms_sha256, attempts, confirmed, blinded, tried_at } = row;
  const of = { pseudonym: pseudonymSchema.parse(pseudonym), isRemoved: is_removed === 1 };
  const keys = { ...of, openKeyHash: sha256Schema.parse(open_key_hash), termsSha256: sha256Schema.parse(terms_sha256) };
  if (blinded === null || tried_at === null) return { ...keys, attempts, confirmed };
  return { ...keys, attempts, confirmed, guess: { blinded: groupElementSchema.parse(blinded), at: instantSchema.parse(tried_at) } };
}
