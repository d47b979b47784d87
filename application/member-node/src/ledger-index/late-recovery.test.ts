import { newPrivateKey } from '@lianyi/client';
import { canonicalJson, permittedTicketSchema } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { HonestLedger } from './honest-ledger.fixture';
import { LedgerIndex } from './ledger-index';
import { cardiologistB, hired, person, ticketEntry } from './member-chain.fixture';
import { B, MINUTE, type PatientChain, pseudonymKey } from './patient-chain.fixture';
import { registrarB, useRecovery } from './recovery-chain.fixture';
import { RecoveryWorld } from './recovery-world.fixture';

const unheardOf = person('BMSP', 'registrar-unheard-of', ['registrar']);

/** The chaincode takes a step however long it was on its way; a hospital's index does not take each. The next recovery brings them together. */
describe('a recovery of which a step came late', () => {
  const recovery = useRecovery();
  const chain = (): PatientChain => recovery().chain;
  let ledger: HonestLedger;
  let first: RecoveryWorld;
  beforeEach(async () => {
    ledger = new HonestLedger(recovery());
    first = recovery().world;
    await chain().add(hired(registrarB));
    await chain().add({ ...hired(unheardOf), creatorMspId: 'CMSP' });
  });

  const add = async (...steps: readonly (() => Call)[]): Promise<void> => {
    for (const step of steps) {
      await chain().add(step());
      chain().now += 1;
    }
  };
  const late = async (step: () => Call): Promise<void> => {
    const call = step();
    chain().now += 6 * MINUTE;
    await chain().add(call);
  };
  /** By a clock that is a second further ahead than any may be. */
  const ahead = async (step: () => Call): Promise<void> => {
    chain().now += 2 * MINUTE + 1000;
    const call = step();
    chain().now -= 2 * MINUTE + 1000;
    await chain().add(call);
    chain().now += 2 * MINUTE + 1000;
  };
  const naming = (): Call => {
    const call = ledger.naming();
    chain().roll();
    return call;
  };
  const completed = async (of: RecoveryWorld): Promise<void> => {
    ledger.untilDue(of);
    await add(() => ledger.completing(of));
  };
  /** Whether the hospital takes what the key on the ledger says for the patient's word. */
  const isOneKey = async (version: number): Promise<boolean> => {
    await chain().say(chain().granted(B, version));
    return (await chain().word({ grantee: B, version })) === 'given';
  };

  const byGuardians = async (of: RecoveryWorld): Promise<void> => {
    await add(() => ledger.opening(of));
    await add(() => ledger.rotating());
    await add(() => ledger.approving(of));
    await completed(of);
  };
  const byRegistrars = async (of: RecoveryWorld): Promise<void> => {
    await add(() => ledger.proposing(of));
    await add(() => ledger.rotating());
    await add(() => ledger.confirming(of, registrarB));
    await completed(of);
  };
  const again = { guardians: byGuardians, registrars: byRegistrars } as const;

  type Steps = () => Promise<void>;
  const STEPS: readonly (readonly [string, Steps, boolean])[] = [
    [
      'its opening',
      async () => {
        await add(naming);
        await late(() => ledger.opening(first));
        await add(() => ledger.approving(first));
      },
      false,
    ],
    [
      'its opening, beside one that registrars had open',
      async () => {
        await add(naming, () => ledger.proposing(new RecoveryWorld()));
        await late(() => ledger.opening(first));
        await add(() => ledger.approving(first));
      },
      false,
    ],
    [
      'the approval that suffices',
      async () => {
        await add(naming, () => ledger.opening(first));
        await late(() => ledger.approving(first));
      },
      true,
    ],
    [
      'an approval that came when the cooling-off was over',
      async () => {
        await add(naming, () => ledger.opening(first));
        const call = ledger.approving(first);
        chain().now += 24 * 60 * MINUTE;
        await chain().add(call);
      },
      true,
    ],
    [
      'an approval that came when the case had stopped waiting',
      async () => {
        await add(naming, () => ledger.opening(first));
        const call = ledger.approving(first);
        chain().now += 72 * 60 * MINUTE;
        await chain().add(call);
      },
      false,
    ],
    [
      'an approval, by being ahead',
      async () => {
        await add(naming, () => ledger.opening(first));
        await ahead(() => ledger.approving(first));
      },
      false,
    ],
    [
      'its proposal',
      async () => {
        await add(naming);
        await late(() => ledger.proposing(first));
        await add(() => ledger.confirming(first, registrarB));
      },
      false,
    ],
    [
      'its confirmation',
      async () => {
        await add(naming, () => ledger.proposing(first));
        await late(() => ledger.confirming(first, registrarB));
      },
      true,
    ],
    [
      'its confirmation, by a registrar of whom the hospital knows nothing',
      async () => {
        await add(
          naming,
          () => ledger.proposing(first),
          () => ledger.confirming(first, unheardOf),
        );
      },
      false,
    ],
    [
      'a command of the old key meanwhile',
      async () => {
        await add(naming, () => ledger.opening(first));
        await late(() => ledger.rotating());
        await add(() => ledger.approving(first));
      },
      true,
    ],
  ];
  const cases = STEPS.flatMap(([what, steps, isFollowed]) =>
    (['guardians', 'registrars'] as const).map((by) => [what, by, steps, isFollowed] as const),
  );
  it.each(cases)('(%s) has one key with the chaincode after one more recovery, by %s', async (_what, by, steps, isFollowed) => {
    await steps();
    await completed(first);
    expect(await isOneKey(1)).toBe(isFollowed);
    await again[by](new RecoveryWorld());
    expect(await isOneKey(2)).toBe(true);
  });

  it.each(['guardians', 'registrars'] as const)('has one key after one more by %s when its completion came late', async (by) => {
    await add(
      naming,
      () => ledger.opening(first),
      () => ledger.approving(first),
    );
    ledger.untilDue(first);
    await late(() => ledger.completing(first));
    expect(await isOneKey(1)).toBe(true);
    await again[by](new RecoveryWorld());
    expect(await isOneKey(2)).toBe(true);
  });

  it('is told when guardians were named late, and they count once they are named anew', async () => {
    await late(naming);
    expect(chain().names()).toEqual(['staff-without-command', 'guardians-late']);
    await add(naming);
    await byGuardians(first);
    expect(await isOneKey(1)).toBe(true);
  });

  it('has one key after one more by registrars when guardians were named late who have brought a wallet back', async () => {
    await late(naming);
    await byGuardians(first);
    expect(await isOneKey(1)).toBe(false);
    await byRegistrars(new RecoveryWorld());
    expect(await isOneKey(2)).toBe(true);
    await add(naming);
    await byGuardians(new RecoveryWorld());
    expect(await isOneKey(3)).toBe(true);
  });

  it('does not end what others have open, however often one guardian opens late', async () => {
    await add(naming, () => ledger.opening(first));
    await late(() => ledger.opening(new RecoveryWorld(), 2));
    await add(() => ledger.approving(first));
    await completed(first);
    expect(await isOneKey(1)).toBe(true);
  });

  it('follows the second recovery where an index is followed anew that has not seen when the first was completed', async () => {
    await add(
      naming,
      () => ledger.opening(first),
      () => ledger.approving(first),
    );
    ledger.untilDue(first);
    await chain().add({ ...ledger.completing(first), creatorMspId: 'BMSP' });
    await byGuardians(new RecoveryWorld());
    expect(await isOneKey(1)).toBe(true);
    const index = new LedgerIndex(':memory:', 'emr', 'AMSP');
    for (const block of chain().blocks) await index.sinkOf('AMSP').apply(block, false);
    const permit = { ...(JSON.parse(ticketEntry(cardiologistB)) as object), grantVersions: [{ grantee: B, version: 1 }] };
    expect((await index.permitsWordFor(permittedTicketSchema.parse(permit))).kind).toBe('given');
    await index.close();
  });

  describe('leaves no name in the pseudonym’s entry that is not open', () => {
    /** Endorsers that collude carry what was said, and have the entry name what it has ended. */
    const stillNaming = (call: Call, caseId: string): Call => {
      const entry = JSON.parse(call.writes?.[pseudonymKey()] ?? '{}') as object; // of the chain's own making
      return { ...call, writes: { ...call.writes, [pseudonymKey()]: canonicalJson({ ...entry, recoveries: [caseId] }) } };
    };
    it.each<readonly [string, () => Promise<Call>]>([
      [
        'a veto',
        async () => {
          await add(() => ledger.opening(first));
          return ledger.vetoing(first);
        },
      ],
      [
        'a completion',
        async () => {
          await add(
            () => ledger.opening(first),
            () => ledger.approving(first),
          );
          ledger.untilDue(first);
          return ledger.completing(first);
        },
      ],
      [
        'guardians named anew',
        async () => {
          await add(() => ledger.opening(first));
          return naming();
        },
      ],
      ['any command, of one that never was', () => Promise.resolve(ledger.rotating())],
    ])('after %s', async (_what, ending) => {
      await add(naming);
      await chain().add(stillNaming(await ending(), first.caseId));
      expect(chain().names()).toEqual(['staff-without-command', 'key-without-command']);
      expect(
        chain()
          .audit.report()
          .alarms.map(({ name }) => name)
          .slice(1),
      ).toEqual(['key-without-command']);
      await add(() => stillNaming(ledger.rotating(), first.caseId));
      expect(chain().names().slice(2)).toEqual(['key-without-command']);
      expect(await isOneKey(1)).toBe(true);
    });

    it('but may have one that came late, as long as that is open on the ledger', async () => {
      await add(naming);
      await late(() => ledger.opening(first));
      const told = chain().names();
      await add(
        () => ledger.rotating(),
        () => ledger.proposing(new RecoveryWorld()),
      );
      expect(chain().names()).toEqual(told);
    });
  });

  it('opens nothing for the wallet that was lost, once the second recovery is completed', async () => {
    const [lost, next] = [newPrivateKey(), newPrivateKey()];
    await add(naming);
    chain().next = lost;
    await add(() => ledger.rotating());
    await late(() => ledger.opening(first));
    await add(() => ledger.approving(first));
    await completed(first);
    await byGuardians(new RecoveryWorld());
    [chain().key, chain().next] = [lost, next];
    expect(await isOneKey(1)).toBe(false);
  });
});
