import { newPrivateKey, type PrivateKey, signGuardianCommand } from '@lianyi/client';
import {
  approveRecovery,
  canonicalJson,
  completeRecovery,
  confirmDeath,
  confirmRecovery,
  type Death,
  disputeDeath,
  encodeArgument,
  type GuardianSet,
  instantOf,
  openByGuardian,
  openByRegistrar,
  permittedTicketSchema,
  proposeDeath,
  type RecoveryCase,
  revokeDeath,
  sha256,
  supersedeRecovery,
  transactions,
  vetoRecovery,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { cardiologistB, hired, nonce, type Person, person, registrarA, signedBy, ticketEntry } from './member-chain.fixture';
import { B, MINUTE, network, pseudonym, pseudonymKey, usePatientChain } from './patient-chain.fixture';
import { LedgerIndex } from './ledger-index';
import { auditLine, origin, RecoveryWorld, setKey, WEEK } from './recovery-world.fixture';

const registrarB = person('BMSP', 'registrar-b', ['registrar']);
const registrarC = person('CMSP', 'registrar-c', ['registrar']);
const colleagueA = person('AMSP', 'registrar-2', ['registrar']);
describe('whether a recovery is the word of those whose it is', () => {
  const chain = usePatientChain();
  let world: RecoveryWorld;
  let set: GuardianSet;
  let opened: RecoveryCase;
  beforeEach(() => {
    world = new RecoveryWorld();
  });

  /** What leaves the patient's key as it is. */
  const keyKept = (): Record<string, string> => ({ [pseudonymKey()]: chain().standing({ recovery: world.caseId }) });
  const byGuardian = (
    key: PrivateKey,
    transaction: Call['transaction'],
    input: object,
    writes: Record<string, string>,
    at = chain().now,
  ): Call => {
    const proof = signGuardianCommand({ network, pseudonym, privateKey: key }, { transaction, input }, instantOf(at));
    return { transaction, argument: encodeArgument({ input, proof }), writes, atMillis: at };
  };
  const naming = (at = chain().now): Call => {
    set = world.set(at);
    return chain().command(transactions.SetGuardians, world.named, { [setKey]: canonicalJson(set) });
  };
  const opening = (key = world.guardians[0], at = chain().now): Call => {
    opened = openByGuardian(world.draft, world.hash(0), set, instantOf(at), origin);
    const writes = { ...keyKept(), [world.caseKey]: canonicalJson(opened), ...auditLine('RecoveryOpened', at) };
    return byGuardian(key, transactions.OpenRecovery, { ...world.draft, nonce }, writes, at);
  };
  const approving = (key = world.guardians[1], said = world.hash(1)): Call => {
    opened = approveRecovery(opened, said, set, instantOf(chain().now));
    const writes = { [world.caseKey]: canonicalJson(opened), ...auditLine('RecoveryApproved', chain().now) };
    return byGuardian(key, transactions.ApproveRecovery, world.key, writes);
  };
  /** Two registrars record a death, and two others take it back. */
  const recordedAndTakenBack = async (
    closing: Record<string, string> = { [world.caseKey]: canonicalJson(supersedeRecovery(opened, instantOf(chain().now))) },
  ): Promise<void> => {
    await chain().add(...[registrarB, colleagueA, registrarC].map((who) => hired(who)));
    const evidence = sha256('death');
    const said = { pseudonym, evidence };
    const key = `\u0000death\u0000${pseudonym}\u0000`;
    const [at, ref] = [instantOf(chain().now), ({ mspId, actorTag }: Person) => ({ kind: 'staff', mspId, actorTag }) as const];
    const say = async (by: Person, transaction: Call['transaction'], death: Death, writes = {}): Promise<Death> => {
      await chain().add(signedBy(by, transaction, said, { [key]: canonicalJson(death), ...writes }, chain().now));
      return death;
    };
    const proposed = proposeDeath(undefined, pseudonym, evidence, at, { ...origin, actor: ref(registrarA) });
    await say(registrarA, transactions.ProposeDeath, proposed);
    const dead = { [pseudonymKey()]: chain().standing({ isDeceased: true }), ...closing };
    const recorded = await say(registrarB, transactions.ConfirmDeath, confirmDeath(proposed, ref(registrarB), evidence, at), dead);
    const disputed = await say(colleagueA, transactions.DisputeDeath, disputeDeath(recorded, ref(colleagueA), evidence, at));
    const living = { [pseudonymKey()]: chain().standing() };
    await say(registrarC, transactions.RevokeDeath, revokeDeath(disputed, ref(registrarC), evidence, at), living);
  };
  /** By the new key, with what a majority that does not look at the time would write. */
  const completing = (changes: Partial<RecoveryCase> = {}): Call => {
    const done = { ...opened, state: 'completed', changedAt: instantOf(chain().now), ...changes };
    chain().key = world.newKeys[0];
    chain().next = world.newKeys[1];
    return chain().command(transactions.CompleteRecovery, world.key, { [world.caseKey]: canonicalJson(done) });
  };
  const untilDue = (millis = 60 * MINUTE): void => {
    chain().now += millis;
  };
  /** The next command of whoever has the key by the chain's fixture. */
  const grants = async (): Promise<string> => {
    chain().roll();
    await chain().say(chain().granted());
    return chain().word({ grantee: B, version: 1 });
  };

  it('follows the new key of a recovery that guardians have approved, in the block and for an auditor', async () => {
    await chain().say(naming());
    await chain().add(opening());
    await chain().add(approving());
    untilDue();
    await chain().add(completing());
    expect(await grants()).toBe('given');
    expect(chain().names()).toEqual([]);
    expect(chain().audit.report().alarms).toEqual([]);
  });

  it('follows the new key of a recovery that registrars of two hospitals have vouched for', async () => {
    await chain().add(hired(registrarB));
    const at = instantOf(chain().now);
    opened = openByRegistrar(world.draft, world.evidence, undefined, at, origin);
    const proposal = { ...world.draft, nonce, evidence: world.evidence };
    const writes = { ...keyKept(), [world.caseKey]: canonicalJson(opened), ...auditLine('RecoveryOpened', chain().now) };
    await chain().add(signedBy(registrarA, transactions.ProposeRecovery, proposal, writes, chain().now));
    const by = { kind: 'staff', mspId: registrarB.mspId, actorTag: registrarB.actorTag } as const;
    opened = confirmRecovery(
      { ...opened, origin: { ...origin, actor: { kind: 'staff', mspId: registrarA.mspId, actorTag: registrarA.actorTag } } },
      by,
      world.evidence,
      at,
    );
    const confirmation = { ...world.key, evidence: world.evidence };
    const confirmed = { [world.caseKey]: canonicalJson(opened), ...auditLine('RecoveryConfirmed', chain().now) };
    await chain().add(signedBy(registrarB, transactions.ConfirmRecovery, confirmation, confirmed, chain().now));
    untilDue(WEEK);
    await chain().add(completing());
    expect(await grants()).toBe('given');
    expect(chain().names()).toEqual([]);
  });

  const REFUSED = ['command-not-signed', 'key-without-command', 'recovery-without-command'];
  it.each<readonly [string, () => Promise<void>, readonly string[]]>([
    [
      'one guardian alone has opened it, and enough endorsers have written the other approval',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        opened = approveRecovery(opened, world.hash(1), set, instantOf(chain().now));
        await chain().add(chain().forged({ [world.caseKey]: canonicalJson(opened) }));
        untilDue();
      },
      ['recovery-without-command', ...REFUSED],
    ],
    [
      'enough endorsers have written the guardians',
      async () => {
        set = world.set(chain().now);
        await chain().add(chain().forged({ [setKey]: canonicalJson(set) }));
        await chain().add(opening());
        await chain().add(approving());
        untilDue();
      },
      ['guardians-without-command', 'key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'enough endorsers have written that one guardian is enough',
      async () => {
        await chain().say(naming());
        const one = { ...set, threshold: 1 };
        await chain().add(chain().forged({ [setKey]: canonicalJson(one) }));
        const approved = openByGuardian(world.draft, world.hash(0), one, instantOf(chain().now), origin);
        const call = opening();
        opened = approved;
        await chain().add({ ...call, writes: { ...call.writes, [world.caseKey]: canonicalJson(approved) } });
        untilDue();
      },
      ['guardians-without-command', 'recovery-not-as-commanded', ...REFUSED],
    ],
    [
      'the cooling-off is not over',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        untilDue(60 * MINUTE - 1);
      },
      REFUSED,
    ],
    [
      'it was opened with an earlier time than that of the block',
      async () => {
        await chain().say(naming());
        chain().now += 40 * MINUTE;
        await chain().add(opening(world.guardians[0], chain().now - 30 * MINUTE));
        await chain().add(approving());
        untilDue(30 * MINUTE);
      },
      ['key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the old key has refused it, which nobody has carried out',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        await chain().say(chain().command(transactions.VetoRecovery, world.key));
        untilDue();
      },
      ['command-not-carried-out', ...REFUSED],
    ],
    [
      'the old key has refused it, and enough endorsers have revived it',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        const vetoed = canonicalJson(vetoRecovery(opened, instantOf(chain().now)));
        await chain().say(chain().command(transactions.VetoRecovery, world.key, { [world.caseKey]: vetoed }));
        await chain().add(chain().forged({ [world.caseKey]: canonicalJson(opened) }));
        untilDue();
      },
      ['recovery-without-command', ...REFUSED],
    ],
    [
      'the patient has named others, which nobody has carried out',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        chain().now += 1;
        await chain().say(chain().command(transactions.SetGuardians, { ...world.named, coolingOffMinutes: 61 }));
        untilDue();
      },
      ['command-not-carried-out', ...REFUSED],
    ],
    [
      'somebody has signed who is no guardian',
      async () => {
        await chain().say(naming());
        await chain().add(opening(newPrivateKey()));
        await chain().add(approving());
        untilDue();
      },
      ['key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'a registrar of the same hospital has confirmed it',
      async () => {
        await chain().add(hired(colleagueA));
        opened = openByRegistrar(world.draft, world.evidence, undefined, instantOf(chain().now), origin);
        const proposal = { ...world.draft, nonce, evidence: world.evidence };
        const writes = { ...keyKept(), [world.caseKey]: canonicalJson(opened), ...auditLine('RecoveryOpened', chain().now) };
        await chain().add(signedBy(registrarA, transactions.ProposeRecovery, proposal, writes, chain().now));
        opened = { ...opened, state: 'coolingOff' };
        const confirmation = { ...world.key, evidence: world.evidence };
        await chain().add(
          signedBy(colleagueA, transactions.ConfirmRecovery, confirmation, { [world.caseKey]: canonicalJson(opened) }, chain().now),
        );
        untilDue(WEEK);
      },
      ['recovery-without-command', ...REFUSED],
    ],
    [
      'a registrar of another hospital has proposed it',
      async () => {
        await chain().add(hired(registrarB));
        opened = openByRegistrar(world.draft, world.evidence, undefined, instantOf(chain().now), origin);
        const proposal = { ...world.draft, nonce, evidence: world.evidence };
        const writes = { ...keyKept(), [world.caseKey]: canonicalJson({ ...opened, state: 'coolingOff' }) };
        await chain().add(signedBy(registrarB, transactions.ProposeRecovery, proposal, writes, chain().now));
        untilDue(WEEK);
      },
      ['key-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the entry of the pseudonym does not name it',
      async () => {
        await chain().say(naming());
        const call = opening();
        await chain().add({ ...call, writes: { ...call.writes, [pseudonymKey()]: chain().standing() } });
        await chain().add(approving());
        untilDue();
      },
      ['key-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the patient’s audit has no line of its opening',
      async () => {
        await chain().say(naming());
        const call = opening();
        await chain().add({ ...call, writes: { ...keyKept(), [world.caseKey]: canonicalJson(opened) } });
        await chain().add(approving());
        untilDue();
      },
      ['recovery-not-as-commanded', 'recovery-without-command', ...REFUSED],
    ],
    [
      'the patient’s audit has a line of its approval for another time',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        const call = approving();
        const line = auditLine('RecoveryApproved', chain().now - 365 * 24 * 60 * MINUTE);
        await chain().add({ ...call, writes: { [world.caseKey]: canonicalJson(opened), ...line } });
        untilDue();
      },
      ['recovery-not-as-commanded', ...REFUSED],
    ],
    [
      'others have written the entry of the pseudonym without it',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        await chain().add(chain().forged({ [pseudonymKey()]: chain().standing() }));
        untilDue();
      },
      ['key-without-command', ...REFUSED],
    ],
    [
      'the patient was written to be dead meanwhile',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        await chain().add(chain().forged({ [pseudonymKey()]: chain().standing({ recovery: world.caseId, isDeceased: true }) }));
        untilDue();
      },
      ['key-without-command', ...REFUSED],
    ],
    [
      'others have written that it is over, so that nobody sees it',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        await chain().add(chain().forged({ [world.caseKey]: canonicalJson({ ...opened, state: 'vetoed' }) }));
        untilDue();
      },
      ['recovery-without-command', ...REFUSED],
    ],
    [
      'another one was open before',
      async () => {
        await chain().say(naming());
        const first = new RecoveryWorld();
        const other = openByGuardian(first.draft, world.hash(0), set, instantOf(chain().now), origin);
        const shown = { [pseudonymKey()]: chain().standing({ recovery: first.caseId }), ...auditLine('RecoveryOpened', chain().now) };
        await chain().add(
          byGuardian(
            world.guardians[0],
            transactions.OpenRecovery,
            { ...first.draft, nonce },
            { ...shown, [first.caseKey]: canonicalJson(other) },
          ),
        );
        await chain().add(opening());
        await chain().add(approving());
        untilDue();
      },
      ['key-without-command', 'recovery-without-command', 'recovery-without-command', ...REFUSED],
    ],
    [
      'a death was recorded and taken back meanwhile',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        await recordedAndTakenBack();
        untilDue();
      },
      REFUSED,
    ],
    [
      'a death was recorded meanwhile, which left it as it was',
      async () => {
        await chain().say(naming());
        await chain().add(opening());
        await chain().add(approving());
        await recordedAndTakenBack({});
        untilDue();
      },
      ['recovery-not-as-commanded', ...REFUSED],
    ],
    [
      'nobody has opened one',
      async () => {
        await chain().say(naming());
        opened = openByGuardian(world.draft, world.hash(0), set, instantOf(chain().now), origin);
        untilDue();
      },
      REFUSED,
    ],
  ])('gives nothing to a new key if %s, and the old key goes on', async (_what, happens, alarms) => {
    await happens();
    const [key, next] = [chain().key, chain().next];
    await chain().add(completing());
    expect(await grants()).toBe('unproven');
    expect(chain().names().slice(0, alarms.length)).toEqual(alarms);
    [chain().key, chain().next] = [key, next];
    await chain().say(chain().granted(B, 2));
    expect(await chain().word({ grantee: B, version: 2 })).toBe('given');
  });

  it('gives nothing to a new key by a completion whose time has not come, and the old key goes on', async () => {
    await chain().say(naming());
    await chain().add(opening());
    await chain().add(approving());
    const [key, next, now] = [chain().key, chain().next, chain().now];
    untilDue();
    const ahead = completing();
    [chain().key, chain().next, chain().now] = [key, next, now];
    await chain().add(ahead);
    expect(chain().names()).toEqual(['command-not-signed', 'key-without-command', 'recovery-without-command']);
    await chain().say(chain().granted());
    expect(await chain().word({ grantee: B, version: 1 })).toBe('given');
  });

  /** The same blocks at a node whose file was lost, and at one of a later version, which follows them again. */
  const anew = async (): Promise<string> => {
    const index = new LedgerIndex(':memory:', 'emr', 'AMSP');
    for (const block of chain().blocks) await index.sinkOf('AMSP').apply(block, false);
    const permit = { ...(JSON.parse(ticketEntry(cardiologistB)) as object), grantVersions: [{ grantee: B, version: 1 }] };
    const { kind } = await index.permitsWordFor(permittedTicketSchema.parse(permit));
    await index.close();
    return kind;
  };

  it.each<readonly [string, Partial<Call>]>([
    ['was carried by another member', { creatorMspId: 'BMSP' }],
    ['came beside another transaction of that time', { creatorMspId: 'CMSP' }],
  ])('gives nothing to a completion dated ahead that %s, when its time has come and the index is followed anew', async (_what, by) => {
    await chain().say(naming());
    await chain().add(opening());
    await chain().add(approving());
    const [key, next, now, last] = [chain().key, chain().next, chain().now, chain().last];
    untilDue();
    const beside = chain().forged({ '\u0000organisation\u0000XMSP\u0000': '{}' });
    const ahead = { ...completing(), ...by };
    const signed = chain().signed;
    [chain().key, chain().next, chain().now] = [key, next, now];
    chain().last = last;
    await chain().add(beside);
    await chain().add(ahead);
    expect(await chain().word({ grantee: B, version: 1 })).toBe('unproven');
    untilDue(65 * MINUTE);
    [chain().key, chain().last] = [world.newKeys[1], signed];
    await chain().add({ ...chain().granted(), ...by });
    untilDue(100 * MINUTE);
    expect(await anew()).toBe('unproven');
  });

  it('follows an honest completion anew that the own hospital has carried', async () => {
    await chain().say(naming());
    await chain().add(opening());
    await chain().add(approving());
    untilDue();
    await chain().add(completing());
    expect(await grants()).toBe('given');
    untilDue(365 * 24 * 60 * MINUTE);
    expect(await anew()).toBe('given');
  });

  it('gives nothing to a completion that was dated back into the time before the case had expired', async () => {
    await chain().say(naming());
    await chain().add(opening());
    await chain().add(approving());
    untilDue();
    const back = completing();
    untilDue(31 * 24 * 60 * MINUTE);
    await chain().add(back);
    expect(await grants()).toBe('unproven');
  });

  it('is completed once: the first new key opens nothing a second time', async () => {
    await chain().say(naming());
    await chain().add(opening());
    await chain().add(approving());
    untilDue();
    const call = completing();
    await chain().add(call);
    expect(() => completeRecovery({ ...opened, state: 'completed' }, set, instantOf(chain().now))).toThrow();
    await chain().add(call);
    expect(chain().names()).toEqual(['command-not-signed', 'key-without-command', 'recovery-without-command']);
    expect(await grants()).toBe('given');
  });
});
