import { type CommittedDefinition, validationParameter } from '@lianyi/fabric-protocol';
import { consortiumOf } from '@lianyi/test/support/consortium-fixture';
import { OperatorError } from '../machine/operator-error';
import { definitionStep } from './definition-step';

function consortiumWith(chaincode: Readonly<Record<string, unknown>>): ReturnType<typeof consortiumOf> {
  return consortiumOf({ chaincodes: [{ name: 'emr', version: '1.0', ...chaincode }] });
}

function settings(chaincode: Readonly<Record<string, unknown>> = {}): ReturnType<typeof consortiumOf>['chaincodes'][number] {
  const [first] = consortiumWith(chaincode).chaincodes;
  if (first === undefined) throw new Error('no chaincode');
  return first;
}

/** What the channel answers when the chaincode of these settings was committed. */
function committed(chaincode: Readonly<Record<string, unknown>> = {}): CommittedDefinition {
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

describe('a definition of the consortium file', () => {
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
