import { instantOf, transactions } from '@lianyi/domain';
import { common } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import { readCall } from '@lianyi/ledger-client';
import { stated } from '@lianyi/test/support/channel-header';
import { type Call, envelopeOf } from './block-of-calls.fixture';
import {
  B,
  consent,
  consentKey,
  NOW,
  type PatientChain,
  pseudonym,
  pseudonymKey,
  relationship,
  relationshipKey,
  ticketKey,
  usePatientChain,
} from './patient-chain.fixture';

describe('blocks of any content', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(() => {
    chain = used();
  });
  const given = (): Promise<string> => chain.word({ grantee: B, version: 1 });

  it('hide no write behind a second piece of a header, which a peer reads with the first', () => {
    const whole = envelopeOf(chain.granted());
    const read = readCall(whole, 'emr');
    const payload = Buffer.from(common.Envelope.deserializeBinary(whole).getPayload_asU8());
    const inPieces = new common.Envelope();
    inPieces.setPayload(Buffer.concat([payload, Buffer.from([0x0a, 0x00])]));
    expect(readCall(inPieces.serializeBinary(), 'emr')).toEqual(read);
    expect(read).toMatchObject({ writes: [{ key: pseudonymKey() }, { key: consentKey(B) }] });
  });

  it('stop the index by nothing', async () => {
    const keys = [
      consentKey(B),
      pseudonymKey(),
      relationshipKey,
      ticketKey('t'),
      `\u0000grant\u0000${pseudonym}\u0000`,
      `\u0000relationship\u0000${pseudonym}\u0000`,
    ];
    const value = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constant(null),
      fc.constantFrom(
        relationship('active'),
        consent(1),
        `{"version":9007199254740991,"state":"active","provisions":[{"effect":"permit","x":1.5}]}`,
        `{"version":1,"state":"active","provisions":[{"effect":"deny","x":"\\ud800"}]}`,
      ),
    );
    const far = instantOf(Date.parse('9999-12-31T23:59:59.999Z'));
    const call = (): fc.Arbitrary<Call> =>
      fc.record(
        {
          transaction: fc.constantFrom(transactions.GrantPolicy, transactions.SuspendRelationship, transactions.RegisterPatient),
          argument: fc.oneof(
            fc.string(),
            fc.json(),
            fc.constantFrom(chain.granted().argument, chain.relating('SuspendRelationship', '').argument, chain.registration().argument),
            fc.constant(chain.granted().argument.replaceAll(/"(issuedAt|notAfter)":"[^"]*"/g, `"$1":"${far}"`)),
          ),
          writes: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), value, { maxKeys: 4 }),
          atMillis: fc.constant(NOW),
          statedTime: fc.array(
            fc.tuple(fc.maxSafeInteger(), fc.integer()).map(([seconds, nanos]) => stated(seconds, nanos)),
            { maxLength: 2 },
          ),
          results: fc.uint8Array(),
          proposal: fc.uint8Array(),
          asked: fc.string(),
          executed: fc.string(),
        },
        { requiredKeys: ['transaction', 'argument', 'writes', 'atMillis'] },
      );
    await fc.assert(
      fc.asyncProperty(fc.array(call(), { maxLength: 3 }), async (calls) => {
        await chain.add(...calls);
        await given();
        await chain.index.alarms(5);
      }),
      { numRuns: 300 },
    );
    await chain.add();
    expect(await chain.index.heights()).toEqual({ AMSP: chain.block });
  }, 60_000);
});
