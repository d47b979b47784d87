import type { Kysely } from 'kysely';
import { z } from 'zod';
import {
  canonicalJson,
  encapsulationKeysSchema,
  type FunctionKeyId,
  functionKeySchema,
  type GroupElement,
  groupElementSchema,
  type MspId,
  mspIdSchema,
  type Organisation,
  type Sha256,
  sha256Schema,
} from '@lianyi/domain';
import { type MemberFact, type SaidFunctionKey } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

type Database = Kysely<IndexTables>;
type Fact = Extract<MemberFact, { kind: 'functionKey' | 'functionDeal' | 'functionAcceptance' }>;

/** A key that hospitals hold together, as each of them has signed it in the blocks, whatever the state says. */
export interface FollowedFunctionKey {
  readonly said: SaidFunctionKey;
  readonly deals: ReadonlyMap<MspId, { readonly commitments: readonly GroupElement[]; readonly dealSha256: Sha256 }>;
  /** By whom; the hash of the deals that it has found right. */
  readonly acceptances: ReadonlyMap<MspId, Sha256>;
}

const saidSchema = functionKeySchema.pick({ keyId: true, mspId: true, holders: true, threshold: true, reshares: true });

/** What was said first stands. */
export async function keepFunctionKeyFact(db: Database, fact: Fact): Promise<void> {
  switch (fact.kind) {
    case 'functionKey': {
      const row = { key_id: fact.said.keyId, said: canonicalJson(fact.said) };
      await db
        .insertInto('function_key')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
    case 'functionDeal': {
      const { keyId, mspId, commitments, dealSha256 } = fact;
      const row = { key_id: keyId, msp_id: mspId, commitments: canonicalJson(commitments), deal_sha256: dealSha256 };
      await db
        .insertInto('function_deal')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
    case 'functionAcceptance':
      await db
        .insertInto('function_acceptance')
        .values({ key_id: fact.keyId, msp_id: fact.mspId, deals_sha256: fact.dealsSha256 })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  }
}

/** Undefined while the own chain, as far as it was followed, has none that its opener has signed. */
export async function functionKeyIn(db: Database, keyId: FunctionKeyId): Promise<FollowedFunctionKey | undefined> {
  const key = await db.selectFrom('function_key').select('said').where('key_id', '=', keyId).executeTakeFirst();
  if (key === undefined) return undefined;
  const deals = await db.selectFrom('function_deal').selectAll().where('key_id', '=', keyId).execute();
  const accepted = await db.selectFrom('function_acceptance').selectAll().where('key_id', '=', keyId).execute();
  return {
    said: saidSchema.parse(JSON.parse(key.said)),
    deals: new Map(
      deals.map((row) => {
        const commitments = z.array(groupElementSchema).parse(JSON.parse(row.commitments));
        return [mspIdSchema.parse(row.msp_id), { commitments, dealSha256: sha256Schema.parse(row.deal_sha256) }];
      }),
    ),
    acceptances: new Map(accepted.map((row) => [mspIdSchema.parse(row.msp_id), sha256Schema.parse(row.deals_sha256)])),
  };
}

/** The keys whose deals an organisation has found right. */
export async function keysAcceptedIn(db: Database, mspId: MspId): Promise<readonly FunctionKeyId[]> {
  const rows = await db.selectFrom('function_acceptance').select('key_id').where('msp_id', '=', mspId).orderBy('key_id').execute();
  return rows.map(({ key_id }) => functionKeySchema.shape.keyId.parse(key_id));
}

/** The encapsulation keys of every organisation of which an administrator has registered some. */
export async function everyEncapsulationKeyIn(db: Database): Promise<readonly Pick<Organisation, 'mspId' | 'encapsulationKeys'>[]> {
  const rows = await db.selectFrom('organisation_kinds').select(['msp_id', 'encapsulation_keys']).orderBy('msp_id').execute();
  return rows.map((row) => ({
    mspId: mspIdSchema.parse(row.msp_id),
    encapsulationKeys: encapsulationKeysSchema.parse(JSON.parse(row.encapsulation_keys)),
  }));
}

/** The encapsulation keys of an organisation as its own administrator has registered them; undefined if nobody of it has, as far as was followed. */
export async function encapsulationKeysIn(db: Database, mspId: MspId): Promise<Organisation['encapsulationKeys'] | undefined> {
  const ofMsp = db.selectFrom('organisation_kinds').select('encapsulation_keys').where('msp_id', '=', mspId);
  const row = await ofMsp.executeTakeFirst();
  return row && encapsulationKeysSchema.parse(JSON.parse(row.encapsulation_keys));
}
