import type { Kysely } from 'kysely';
import { canonicalJson, type DeviceId, deviceSchema, type MspId } from '@lianyi/domain';
import { type DeviceFact, type KnownDevice } from '@lianyi/ledger-client';
import { type IndexTables } from './tables';

export async function keepDeviceFact(db: Kysely<IndexTables>, { mspId, deviceId, said, isProven }: DeviceFact): Promise<void> {
  const row = {
    msp_id: mspId,
    device_id: deviceId,
    said: said === undefined ? null : canonicalJson(said),
    is_proven: isProven ? (1 as const) : (0 as const),
  };
  await db
    .insertInto('device')
    .values(row)
    .onConflict((conflict) => conflict.columns(['msp_id', 'device_id']).doUpdateSet(row))
    .execute();
}

/** Undefined while the own chain, as far as it was followed, has none. */
export async function deviceIn(db: Kysely<IndexTables>, mspId: MspId, deviceId: DeviceId): Promise<KnownDevice | undefined> {
  const ofOrganisation = db.selectFrom('device').select(['said', 'is_proven']).where('msp_id', '=', mspId);
  const row = await ofOrganisation.where('device_id', '=', deviceId).executeTakeFirst();
  return row && { said: row.said === null ? undefined : deviceSchema.parse(JSON.parse(row.said)), isProven: row.is_proven === 1 };
}
