import { pseudonymSchema, recordIdSchema } from '@lianyi/domain';
import { KeyedMemory } from './facade-memory';

const [record, patient] = [recordIdSchema.parse('r1'), pseudonymSchema.parse('p1')];

describe('the memory of a facade', () => {
  it('knows whose a record is by what that very client was told', () => {
    const memory = new KeyedMemory(Buffer.alloc(32));
    memory.told('his', record, patient);
    expect([memory.whoseRecord('his', record), memory.whoseRecord('portal', record)]).toEqual([patient, undefined]);
  });

  it('makes the same name of the same parts with the same key, and no other way', () => {
    const [one, again, other] = [Buffer.alloc(32), Buffer.alloc(32), Buffer.alloc(32, 1)].map((key) => new KeyedMemory(key));
    expect(one?.nonceFor(['a', 'b'])).toBe(again?.nonceFor(['a', 'b']));
    expect(
      new Set([one?.nonceFor(['a', 'b']), other?.nonceFor(['a', 'b']), one?.nonceFor(['ab', '']), one?.nonceFor(['b', 'a'])]).size,
    ).toBe(4);
  });
});
