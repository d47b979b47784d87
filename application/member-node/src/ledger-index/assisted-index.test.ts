import { assistedStatementFor, coSign, newPrivateKey, type PrivateKey, publicKeyOf, signDelegateCommand } from '@lianyi/client';
import {
  type AssistedProof,
  canonicalJson,
  delegationIdOf,
  encodeArgument,
  granteeSchema,
  hashOfKey,
  idNonceSchema,
  instantOf,
  type Sha256,
  sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { firstKey, hired, issueCertificates, originOf, person, type Person, signedBy, staffEntry, staffKey } from './member-chain.fixture';
import {
  A,
  B,
  consent,
  consentKey,
  MINUTE,
  network,
  NOW,
  PatientChain,
  provisions,
  pseudonym,
  pseudonymEntry,
  pseudonymKey,
  relationship,
  relationshipKey,
} from './patient-chain.fixture';
import { auditLine } from './recovery-world.fixture';

const registrar = person('AMSP', 'registrar-1', ['registrar']);
const second = person('AMSP', 'registrar-2', ['registrar']);
const nurse = person('AMSP', 'nurse', ['nurse']);
const strangers = [person('AMSP', 'registrar-x', ['registrar']), person('AMSP', 'nurse-x', ['nurse'])] as const;
const shown = sha256('shown');
const ofC = granteeSchema.parse({ kind: 'organisation', mspId: 'CMSP', name: 'all' });

/** A patient of A without a device, and what staff and a parent say for them. */
describe('whether what is said for a patient without a device is their word', () => {
  let chain: PatientChain;
  let last: Sha256 | undefined;
  const code = firstKey;
  const own = newPrivateKey();

  beforeEach(async () => {
    const clock = jest.spyOn(Date, 'now');
    chain = new PatientChain();
    clock.mockImplementation(() => chain.now);
    last = undefined;
    await issueCertificates();
    chain.next = own;
    await chain.add();
    await chain.add(...[registrar, second, nurse].map((who) => hired(who)), chain.registration({ kind: 'assisted' }, {}, registrar));
  });
  afterEach(async () => {
    await chain.index.close();
    jest.restoreAllMocks();
  });

  /** As two sign it, with what the chaincode writes; it counts as said. */
  function assisted(
    transaction: Call['transaction'],
    input: object,
    writes: Record<string, string>,
    {
      pair = [registrar, nurse],
      after = last,
      creatorMspId = 'AMSP',
    }: { pair?: readonly [Person, Person]; after?: Sha256 | undefined; creatorMspId?: string } = {},
  ): Call {
    const [one, other] = pair;
    const statement = assistedStatementFor(
      { network, msp: A, pseudonym, actorTags: [one.actorTag, other.actorTag], ...(after === undefined ? {} : { after }) },
      { transaction, input },
      instantOf(chain.now),
    );
    const proof: AssistedProof = { kind: 'assisted', statement, signatures: [coSign(one.key, statement), coSign(other.key, statement)] };
    last = statementHashOf(statement);
    const noted = { [pseudonymKey()]: pseudonymEntry(hashOfKey(publicKeyOf(code)), last, { kind: 'assisted' }) };
    return { transaction, argument: encodeArgument({ input, proof }), writes: { ...noted, ...writes }, creatorMspId, atMillis: chain.now };
  }
  const accepted = (twist = {}): Call =>
    assisted(transactions.AcceptRelationship, { pseudonym, mspId: A }, { [relationshipKey]: relationship('active') }, twist);
  const granted = (twist = {}): Call =>
    assisted(transactions.GrantPolicy, { pseudonym, grantee: B, provisions }, { [consentKey(B)]: consent(1) }, twist);
  const alarms = (): string[] => {
    const told = chain.names().sort();
    expect(
      chain.audit
        .report()
        .alarms.map(({ name }) => name)
        .sort(),
    ).toEqual(told);
    return told;
  };
  const forgery = ['command-not-signed', 'consent-without-command', 'key-without-command'];

  it('is told of what two of the hospital have signed, one after the other', async () => {
    await chain.add(accepted());
    await chain.add(granted());
    expect(await chain.word({ grantee: B, version: 1 })).not.toBe('unproven');
    expect(alarms()).toEqual([]);
  });

  it.each<readonly [string, () => Promise<void>]>([
    ['was carried by another hospital', () => chain.add(granted({ creatorMspId: 'BMSP' }))],
    ['was signed after something else than is there', () => chain.add(granted({ after: sha256('something else') }))],
  ])('is not told of what %s', async (_what, happens) => {
    await happens();
    expect(chain.names().sort()).toEqual(forgery);
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
  });

  const grantedToC = (): Call =>
    assisted(transactions.GrantPolicy, { pseudonym, grantee: ofC, provisions }, { [consentKey(ofC)]: consent(1) });
  // the chaincode may have known the two better, and it is the last statement there
  it.each<readonly [string, () => Promise<void>]>([
    ['was signed by two whom the hospital has not hired', () => chain.add(granted({ pair: strangers }))],
    [
      'was signed by two whom enough endorsers have hired for it',
      async () => {
        const [one, other] = strangers;
        await chain.add(...strangers.map((who) => chain.forged({ [staffKey('AMSP', who.actorTag)]: staffEntry(who) })));
        chain.alarms = [];
        await chain.add(granted({ pair: [one, other] }));
      },
    ],
    ['was signed by two registrars', () => chain.add(granted({ pair: [registrar, second] }))],
    ['was signed by one twice', () => chain.add(granted({ pair: [nurse, nurse] }))],
  ])('is not told of what %s, and of what is said after that it is', async (_what, happens) => {
    await chain.add(accepted());
    await happens();
    expect(chain.names().sort()).toEqual(['command-not-allowed', 'consent-without-command']);
    expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    chain.alarms = [];
    await chain.add(grantedToC());
    expect(chain.names()).toEqual([]);
  });

  it('is not told again of what two have said whom the hospital has not hired', async () => {
    const first = granted({ pair: strangers });
    await chain.add(first);
    await chain.add(grantedToC());
    chain.alarms = [];
    await chain.add({ ...first, writes: { ...first.writes, [consentKey(B)]: consent(3) } });
    expect(chain.names().sort()).toEqual(forgery);
  });

  it('is not told of it a second time', async () => {
    const first = granted();
    await chain.add(first);
    await chain.add(
      assisted(transactions.RevokePolicy, { pseudonym, grantee: B, previousVersion: 1 }, { [consentKey(B)]: consent(2, 'revoked') }),
    );
    expect(alarms()).toEqual([]);
    await chain.add({ ...first, writes: { ...first.writes, [consentKey(B)]: consent(3) } });
    expect(alarms()).toEqual(forgery);
  });

  it('is told of what they say next, after what they may not', async () => {
    await chain.add(accepted());
    await chain.add(chain.forged({ [consentKey(ofC)]: consent(1) }));
    await chain.add(assisted(transactions.GrantPolicy, { pseudonym, grantee: ofC, provisions }, { [consentKey(ofC)]: consent(2) }));
    await chain.add(granted());
    expect(alarms()).toEqual(['command-not-allowed', 'consent-without-command', 'consent-without-command']);
    expect(await chain.word({ grantee: B, version: 1 })).not.toBe('unproven');
  });

  it('is not told of a second answer', async () => {
    await chain.add(accepted());
    await chain.add(accepted());
    expect(alarms()).toEqual(['command-not-allowed']);
  });

  it('is not told of what the code signs, but for taking over; and of nothing by staff after that', async () => {
    await chain.add(chain.granted());
    expect(alarms()).toEqual(forgery);
    await chain.say(chain.command(transactions.TakeOverPseudonym, { pseudonym }));
    expect(alarms()).toEqual(forgery);
    await chain.say(chain.relating('AcceptRelationship', relationship('active')));
    expect(alarms()).toEqual(forgery);
    await chain.add(
      assisted(transactions.RevokePolicy, { pseudonym, grantee: B, previousVersion: 1 }, { [consentKey(B)]: consent(2, 'revoked') }),
    );
    expect(alarms()).toHaveLength(2 * forgery.length);
  });

  describe('by a parent', () => {
    const nonce = idNonceSchema.parse('A'.repeat(22));
    const term = { scopes: ['consents', 'relationships'], validUntil: instantOf(NOW + 60 * MINUTE) };
    let key: PrivateKey;
    let delegationId: ReturnType<typeof delegationIdOf>;
    beforeEach(() => {
      key = newPrivateKey();
      delegationId = delegationIdOf({ pseudonym, firstKeyHash: hashOfKey(publicKeyOf(key)), nonce });
    });
    const ledgerKey = (): string => `\u0000delegation\u0000${pseudonym}\u0000${delegationId}\u0000`;
    /** As the first registrar has proposed it, and the second confirmed. */
    const entry = (changes: { readonly state: string }): string => {
      const said = { basis: 'parent', ...term, nextKeyHash: hashOfKey(publicKeyOf(key)), evidence: shown, origin: originOf(registrar) };
      const confirmedBy = changes.state === 'proposed' ? {} : { confirmedBy: originOf(second).actor };
      return canonicalJson({ pseudonym, delegationId, ...said, ...confirmedBy, ...changes });
    };
    const told = (event: string, at = NOW): Record<string, string> => auditLine(event, at, pseudonym);
    const said = (): object => ({ pseudonym, delegationId, nonce, nextKeyHash: hashOfKey(publicKeyOf(key)), ...term, evidence: shown });
    const proposed = (by = registrar, at = NOW): Call => {
      return signedBy(
        by,
        transactions.ProposeDelegation,
        said(),
        { [ledgerKey()]: entry({ state: 'proposed' }), ...told('DelegationProposed', at) },
        at,
      );
    };
    const confirmed = (by = second, evidence = shown): Call =>
      signedBy(
        by,
        transactions.ConfirmDelegation,
        { ...said(), evidence },
        { [ledgerKey()]: entry({ state: 'active' }), ...told('DelegationConfirmed') },
      );
    const byParent = (
      transaction: Call['transaction'] = transactions.GrantPolicy,
      input: object = { pseudonym, grantee: B, provisions },
      writes: Record<string, string> = { [consentKey(B)]: consent(1) },
    ): Call => {
      const next = newPrivateKey();
      const signer = { network, pseudonym, delegationId, privateKey: key, nextPrivateKey: next };
      const proof = signDelegateCommand(signer, { transaction, input }, instantOf(chain.now));
      const lastCommand = { statementHash: statementHashOf(proof.statement), at: instantOf(chain.now) };
      const rolled = { [ledgerKey()]: entry({ state: 'active', ...{ nextKeyHash: proof.statement.nextKeyHash, lastCommand } }) };
      return {
        transaction,
        argument: encodeArgument({ input, proof }),
        writes: { ...rolled, ...writes },
        atMillis: chain.now,
      };
    };
    const unknown = ['command-not-signed', 'consent-without-command', 'delegation-without-command'];
    const refused = ['command-not-allowed', 'consent-without-command', 'delegation-not-as-commanded'];

    it('is told when two registrars of the hospital have said who the parent is', async () => {
      await chain.add(accepted(), proposed(), confirmed());
      await chain.add(byParent());
      expect(alarms()).toEqual([]);
      expect(await chain.word({ grantee: B, version: 1 })).not.toBe('unproven');
    });
    const isNotTold = (after: readonly string[]) => async (_when: string, calls: () => readonly Call[], before: readonly string[]) => {
      await chain.add(accepted(), ...calls());
      expect(alarms()).toEqual(before);
      await chain.add(byParent());
      expect(alarms()).toEqual([...before, ...after].sort());
      expect(await chain.word({ grantee: B, version: 1 })).toBe('unproven');
    };
    type Case = readonly [string, () => readonly Call[], readonly string[]];
    it.each<Case>([
      ['one has confirmed what they have proposed', () => [proposed(), confirmed(registrar)], ['delegation-without-command']],
      ['nobody has confirmed', () => [proposed()], []],
      ['the second was shown something else', () => [proposed(), confirmed(second, sha256('other'))], ['delegation-without-command']],
      [
        'nobody shows the patient that it is confirmed',
        () => [proposed(), { ...confirmed(), writes: { [ledgerKey()]: entry({ state: 'active' }) } }],
        ['delegation-without-command'],
      ],
    ])('is not told when %s, and their key is used up', isNotTold(refused));
    it.each<Case>([
      [
        'the registrars are nobody’s whom the hospital has hired',
        () => [proposed(strangers[0]), confirmed(strangers[1])],
        ['delegation-without-command', 'delegation-without-command'],
      ],
      [
        'enough endorsers have written it',
        () => [chain.forged({ [ledgerKey()]: entry({ state: 'active' }) })],
        ['delegation-without-command'],
      ],
      [
        'nobody shows the patient that it is proposed',
        () => [{ ...proposed(), writes: { [ledgerKey()]: entry({ state: 'proposed' }) } }, confirmed()],
        ['delegation-without-command', 'delegation-without-command'],
      ],
      [
        'it was proposed for a time that has not come',
        () => [proposed(registrar, NOW + 60 * MINUTE), confirmed()],
        ['delegation-without-command', 'delegation-without-command'],
      ],
    ])('is not told when %s', isNotTold(unknown));
    it('is told of no answer by them to what has one', async () => {
      await chain.add(accepted(), proposed(), confirmed());
      await chain.add(byParent(transactions.AcceptRelationship, { pseudonym, mspId: A }, { [relationshipKey]: relationship('active') }));
      expect(alarms()).toEqual(['command-not-allowed']);
    });
    it('is not told of theirs once the patient has taken the pseudonym over, whatever endorsers let through; their key is used up', async () => {
      await chain.add(accepted(), proposed(), confirmed());
      await chain.say(chain.command(transactions.TakeOverPseudonym, { pseudonym }));
      chain.alarms = [];
      const call = byParent();
      await chain.add(call);
      expect(chain.names().sort()).toEqual(['command-not-allowed', 'consent-without-command']);
      await chain.add(call);
      expect(chain.names()).toContain('command-not-signed');
    });
    it('is not told when a patient with a wallet was given a parent', async () => {
      await chain.say(chain.command(transactions.TakeOverPseudonym, { pseudonym }));
      await chain.add(proposed(), confirmed());
      await chain.add(byParent());
      expect(alarms()).toEqual(['delegation-without-command', 'delegation-without-command', ...unknown].sort());
    });
  });
});
