import { directoryArea, endpointIdSchema, endpointSchema, mspIdSchema, transactions } from '@lianyi/domain';
import { type BlockWrite } from '../gateway/block-call';
import { type Asked } from './asked-by-staff';
import { type AlarmFact } from './patient-facts';
import { attempt } from './strangers-json';
import { isSameIn } from './whole-entry';

const { objectType } = directoryArea.entities.endpoints;

/** Whether a key is one of an endpoint. */
export function isOfEndpoint(type: string | undefined): boolean {
  return type === objectType;
}

/** Where a member serves, by which certificate it is known there, and with which key it signs receipts. */
const whatCounts = endpointSchema.omit({ schemaVersion: true, changedAt: true }).strip();

/**
 * Tells of an endpoint that is not written as its own organisation says in this transaction. Nodes go by what the state has; whoever writes it over has
 * them ask a stranger, whose receipts they then take for the member's.
 */
export function endpointFacts({ value }: BlockWrite, [msp, id]: readonly string[], asked: Asked | undefined): readonly AlarmFact[] {
  const [mspId, endpointId] = [mspIdSchema.safeParse(msp).data, endpointIdSchema.safeParse(id).data];
  if (mspId === undefined || endpointId === undefined) return [{ kind: 'alarm', alarm: 'endpoint-without-command' }];
  const isAsked = asked?.mspId === mspId && asked.entry.name === transactions.UpdateEndpoint.name;
  const said = isAsked ? attempt(() => transactions.UpdateEndpoint.request.parse(asked.input)) : undefined;
  const detail = `${mspId} ${endpointId}`;
  if (said?.endpointId !== endpointId) return [{ kind: 'alarm', alarm: 'endpoint-without-command', detail }];
  return isSameIn(whatCounts, value, { mspId, ...said }) ? [] : [{ kind: 'alarm', alarm: 'endpoint-not-as-commanded', detail }];
}
