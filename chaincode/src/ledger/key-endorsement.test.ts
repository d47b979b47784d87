import { defineEntity, idPart, mspIdSchema, type MspId, type RecordId, recordIdSchema } from '@lianyi/domain';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { type ChaincodeStub } from 'fabric-shim';
import { z } from 'zod';
import { batchRecord } from './batch-messages';
import { CoalescingReader } from './coalescing-reader';
import { MemoryState } from './memory-state.fixture';
import { Overlay } from './overlay';
import { Repository } from './repository';
import { publicSpace, type StateWrite } from './state';
import { StubState } from './stub-state';

/** An entity of which named organisations must endorse every change, whatever the chaincode's policy says. */

const [alpha, beta, gamma] = ['AlphaMSP', 'BetaMSP', 'GammaMSP'].map((name) => mspIdSchema.parse(name)) as [MspId, MspId, MspId];
const recordId = recordIdSchema.parse('rec-1');
const agreement = defineEntity({
  objectType: 'agreement',
  summary: 'What several hospitals agreed on.',
  schema: z.strictObject({ recordId: recordIdSchema, parties: z.array(mspIdSchema), terms: z.string() }),
  key: [idPart<RecordId>('recordId')],
  keyOf: (entity) => [entity.recordId],
  endorsement: { endorsersOf: ({ parties }) => parties },
});
type Agreement = z.output<typeof agreement.schema>;
const KEY = '\u0000agreement\u0000rec-1\u0000';

async function change(state: MemoryState, use: (agreements: Repository<Agreement, typeof agreement.key>) => Promise<void>): Promise<void> {
  const overlay = new Overlay(new CoalescingReader(state));
  await use(new Repository(agreement, overlay));
  await state.apply(overlay.writes());
}
const kindsOf = (writes: readonly StateWrite[] | undefined): string[] => (writes ?? []).map(({ kind }) => kind);

describe('an entity with endorsers of its own', () => {
  const parties = [gamma, alpha, beta, alpha];

  it('is written with them, each once and sorted', async () => {
    const state = new MemoryState();
    await change(state, (agreements) => agreements.insert({ recordId, parties, terms: 'first' }));
    expect(kindsOf(state.applied[0])).toEqual(['put', 'endorsers']);
    expect(state.endorsers).toEqual(new Map([[KEY, [alpha, beta, gamma]]]));
  });

  it('gets them with its next value when it is older than its policy', async () => {
    const state = new MemoryState();
    await change(state, (agreements) => agreements.insert({ recordId, parties, terms: 'first' }));
    state.endorsers.clear();
    await change(state, (agreements) => agreements.replace({ recordId, parties: [alpha, beta, gamma], terms: 'second' }));
    expect(state.endorsers.get(KEY)).toEqual([alpha, beta, gamma]);
  });

  it('gets the new ones when they change', async () => {
    const state = new MemoryState();
    await change(state, (agreements) => agreements.insert({ recordId, parties, terms: 'first' }));
    await change(state, (agreements) => agreements.replace({ recordId, parties: [beta], terms: 'first' }));
    expect(kindsOf(state.applied[1])).toEqual(['put', 'endorsers']);
    expect(state.endorsers.get(KEY)).toEqual([beta]);
  });

  it('keeps its own write in the overlay: the value is read back, and a second change is laid over the first', async () => {
    const overlay = new Overlay(new CoalescingReader(new MemoryState()));
    const agreements = new Repository(agreement, overlay);
    await agreements.insert({ recordId, parties: [alpha], terms: 'first' });
    await agreements.replace({ recordId, parties: [beta], terms: 'second' });
    expect(await agreements.get(recordId)).toEqual({ recordId, parties: [beta], terms: 'second' });
    expect(overlay.writes()).toEqual([
      { kind: 'put', space: publicSpace, key: KEY, value: Buffer.from('{"parties":["BetaMSP"],"recordId":"rec-1","terms":"second"}') },
      { kind: 'endorsers', space: publicSpace, key: KEY, mspIds: [beta] },
    ]);
  });

  it('that is refused leaves no policy behind', async () => {
    const state = new MemoryState();
    await change(state, (agreements) => agreements.insert({ recordId, parties, terms: 'first' }));
    const overlay = new Overlay(new CoalescingReader(state));
    await expect(new Repository(agreement, overlay).insert({ recordId, parties: [beta], terms: 'mine' })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    expect(overlay.writes()).toEqual([]);
  });
});

describe('the policy of a key', () => {
  const write: StateWrite = { kind: 'endorsers', space: publicSpace, key: KEY, mspIds: [alpha, beta] };

  function read(policy: Uint8Array): { needed: number | undefined; signers: unknown[] } {
    const envelope = common.SignaturePolicyEnvelope.deserializeBinary(policy);
    const identities = envelope.getIdentitiesList().map((principal) => {
      const role = msp.MSPRole.deserializeBinary(principal.getPrincipal_asU8());
      return [role.getMspIdentifier(), role.getRole() === msp.MSPRole.MSPRoleType.PEER ? 'peer' : 'other'];
    });
    const rules = envelope.getRule()?.getNOutOf();
    return { needed: rules?.getN(), signers: (rules?.getRulesList() ?? []).map((rule) => identities[rule.getSignedBy()]) };
  }
  const all = {
    needed: 2,
    signers: [
      ['AlphaMSP', 'peer'],
      ['BetaMSP', 'peer'],
    ],
  };

  it('demands a peer of each organisation, key by key', async () => {
    const calls: [string, Uint8Array][] = [];
    const stub = {
      setStateValidationParameter: (key: string, policy: Uint8Array) => {
        calls.push([key, policy]);
        return Promise.resolve();
      },
    };
    await new StubState(stub as unknown as ChaincodeStub).apply([write]); // the one function that this write may call
    expect(calls.map(([key]) => key)).toEqual([KEY]);
    expect(read(calls[0]?.[1] ?? new Uint8Array())).toEqual(all);
  });

  it('demands the same in a batch', () => {
    const record = peer.WriteRecord.deserializeBinary(batchRecord(write));
    expect(record.getType()).toBe(peer.WriteRecord.Type.PUT_STATE_METADATA);
    expect([record.getKey(), record.getCollection(), record.getValue_asU8().length]).toEqual([KEY, '', 0]);
    expect(record.getMetadata()?.getMetakey()).toBe('VALIDATION_PARAMETER');
    expect(read(record.getMetadata()?.getValue_asU8() ?? new Uint8Array())).toEqual(all);
  });

  it('is never one that nobody need sign', () => {
    expect(() => batchRecord({ ...write, mspIds: [] })).toThrow('at least one organisation');
  });
});
