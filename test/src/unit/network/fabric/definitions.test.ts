import { internals, OperatorError } from '@lianyi/network';
import { consortiumOf } from './consortium-fixture';

const { definitionStep, parsePolicyText, refuseUnsafePolicies, refuseWeakerDefinitions, validationParameter } = internals.fabric;
const { outOf, signaturePolicy } = internals;

function consortiumWith(chaincode: Readonly<Record<string, unknown>>): ReturnType<typeof consortiumOf> {
  return consortiumOf({ chaincodes: [{ name: 'emr', version: '1.0', ...chaincode }] });
}

function settings(chaincode: Readonly<Record<string, unknown>> = {}): ReturnType<typeof consortiumOf>['chaincodes'][number] {
  const [first] = consortiumWith(chaincode).chaincodes;
  if (first === undefined) throw new Error('no chaincode');
  return first;
}

/** What the channel answers when the chaincode of these settings was committed. */
function committed(chaincode: Readonly<Record<string, unknown>> = {}): internals.fabric.CommittedDefinition {
  const { name, version, sequence } = settings(chaincode);
  const { initRequired } = settings(chaincode);
  return {
    name,
    version,
    sequence,
    initRequired,
    validationParameter: validationParameter(settings(chaincode)),
    collections: Buffer.alloc(0),
  };
}

describe('policy texts', () => {
  it('become the bytes of the policy they describe', () => {
    const principals = (['A', 'B', 'C'] as const).map((letter) => ({ mspId: `${letter}MSP`, role: 'peer' as const }));
    const built = signaturePolicy(outOf(2, principals)).getValue_asU8();
    expect(Buffer.from(parsePolicyText("OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')").serializeBinary())).toEqual(Buffer.from(built));
  });

  it('may nest, take either quote and three spellings', () => {
    const text = (policy: string): string => Buffer.from(parsePolicyText(policy).serializeBinary()).toString('hex');
    expect(text(`and("AMSP.peer", OR('BMSP.peer','CMSP.peer'))`)).toBe(text(`OutOf(2, 'AMSP.peer', outof(1, 'BMSP.peer', "CMSP.peer"))`));
  });

  it.each([
    '',
    'OR()',
    "OR('AMSP.peer'",
    "XOR('AMSP.peer','BMSP.peer')",
    "OR('AMSP')",
    "OR('AMSP.boss')",
    "OutOf('AMSP.peer')",
    "OutOf(3, 'AMSP.peer')",
    "OR('AMSP.peer') OR",
    'AMSP.peer',
  ])('are refused when they are none: %s', (text) => {
    expect(() => parsePolicyText(text)).toThrow(/is not understood/);
  });
});

describe('a consortium file', () => {
  it('may ask for more than the majority', () => {
    expect(() => {
      refuseUnsafePolicies(consortiumWith({ endorsementPolicy: "AND('AMSP.peer','BMSP.peer','CMSP.peer')" }));
    }).not.toThrow();
  });

  it.each([
    ["OutOf(0, 'AMSP.peer')", /needs no endorsement at all/],
    ["OutOf(2, 'AMSP.peer')", /can fulfil/],
    ["AND('AMSP.peer', 'XMSP.peer')", /can fulfil/],
    ["OR('AMSP.client')", /can fulfil/],
  ])('may not ask for %s', (endorsementPolicy, reason) => {
    expect(() => {
      refuseUnsafePolicies(consortiumWith({ endorsementPolicy }));
    }).toThrow(reason);
  });

  it('may not say .member, whatever is around it', () => {
    expect(() => consortiumWith({ endorsementPolicy: "AND('AMSP.peer', 'BMSP.member')" })).toThrow(/never \.member/);
  });

  it('may not give a collection a policy that needs nobody', () => {
    const collections = [{ name: 'c', members: ['AMSP'], endorsementPolicy: "OutOf(0, 'AMSP.peer')" }];
    expect(() => {
      refuseUnsafePolicies(consortiumWith({ collections }));
    }).toThrow(/collection emr\/c: its endorsement policy needs no endorsement/);
  });
});

describe('a committed definition', () => {
  const refuse = (definition: internals.fabric.CommittedDefinition): void => {
    refuseWeakerDefinitions(consortiumOf(), [definition]);
  };

  it('is served when it is the channel’s majority, or stronger', () => {
    expect(() => {
      refuse(committed());
    }).not.toThrow();
    expect(() => {
      refuse(committed({ endorsementPolicy: "AND('AMSP.peer','BMSP.peer','CMSP.peer')" }));
    }).not.toThrow();
  });

  it('is refused when one organisation is enough and the file asks for a majority', () => {
    expect(() => {
      refuse(committed({ endorsementPolicy: "OR('AMSP.peer','BMSP.peer')" }));
    }).toThrow(/needs 1 endorsing organisation, the consortium file asks for 2/);
  });

  it('is refused when it counts any certificate for a peer’s', () => {
    const member = parsePolicyText("AND('AMSP.member','BMSP.member')");
    const { peer } = internals.proto;
    const policy = new peer.ApplicationPolicy();
    policy.setSignaturePolicy(member);
    expect(() => {
      refuse({ ...committed(), validationParameter: Buffer.from(policy.serializeBinary()) });
    }).toThrow(/names \.member/);
  });

  it('is refused when its policy is empty', () => {
    const { common, peer } = internals.proto;
    const policy = new peer.ApplicationPolicy();
    policy.setSignaturePolicy(new common.SignaturePolicyEnvelope());
    expect(() => {
      refuse({ ...committed(), validationParameter: Buffer.from(policy.serializeBinary()) });
    }).toThrow(/endorsement policy is empty/);
  });

  it.each([
    ['is committed when the channel has none', settings(), undefined, 'commit'],
    ['is left alone when it is the same', settings(), committed(), 'nothing'],
    ['is upgraded by the next sequence', settings({ sequence: 2, version: '2.0' }), committed(), 'commit'],
  ] as const)('%s', (_title, wanted, there, step) => {
    expect(definitionStep(wanted, there)).toBe(step);
  });

  it.each([
    ['starts at 1', settings({ sequence: 2 }), undefined, /its sequence must be 1, not 2/],
    ['skips no sequence', settings({ sequence: 3 }), committed(), /may say that or 2, not 3/],
    ['does not go back', settings(), committed({ sequence: 2 }), /may say that or 3, not 1/],
    ['does not change its version silently', settings({ version: '1.1' }), committed(), /raise its sequence to 2/],
    [
      'does not change its policy silently',
      settings({ endorsementPolicy: "AND('AMSP.peer','BMSP.peer')" }),
      committed(),
      /raise its sequence to 2/,
    ],
    [
      'does not change its collections silently',
      settings({ collections: [{ name: 'c', members: ['AMSP'] }] }),
      committed(),
      /raise its sequence to 2/,
    ],
  ] as const)('%s', (_title, wanted, there, reason) => {
    expect(() => definitionStep(wanted, there)).toThrow(reason);
    expect(() => definitionStep(wanted, there)).toThrow(OperatorError);
  });
});
