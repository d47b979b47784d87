import { readCall } from '@lianyi/ledger-client';
import { shortestOf } from '../../stalling/shortest-of';
import { type Attack, type AttackOutcome } from '../attack';

const [FEW, MANY] = [1_000, 20_000];
/** As much more as it is longer, and what the machine does besides. */
const LINEAR = (MANY / FEW) * 5;

/** An envelope of fields that no schema names: nobody signs them, nobody counts them. */
const filled = (fields: number): Buffer => Buffer.alloc(2 * fields, Buffer.from([0x7a, 0x00]));

function costOf(fields: number): number {
  const envelope = filled(fields);
  return shortestOf(3, () => readCall(envelope, 'emr'));
}

function run(): Promise<AttackOutcome> {
  costOf(FEW);
  const times = Math.round(costOf(MANY) / costOf(FEW));
  return Promise.resolve({ succeeded: times > LINEAR, seen: `an envelope ${MANY / FEW} times as long costs ${times} times as much` });
}

/** Any client of the channel appends empty fields to a transaction; every node that reads it stands still for as long as their square says. */
export const filledEnvelope: Attack = {
  id: 'R2-1',
  title: 'One envelope stops every node that follows the channel',
  defences: [
    {
      file: 'network/protocol/src/wire/wire-message.ts',
      name: 'WireMessage.bytes',
      // every field kept, by a copy of all before
      body: `const reader = new FieldReader(this.content);
        let all: Uint8Array[] = [];
        while (reader.next()) all = [...all, reader.isBytesOf(field) ? this.content.subarray(reader.from, reader.to) : NOTHING];
        return all.at(-1) ?? NOTHING;`,
    },
  ],
  networks: ['embedded'],
  run,
};
