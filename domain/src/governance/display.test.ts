import { DomainError } from '../domain-error';
import { assertShownAsAgreed } from './display';
import { initialSetting } from './parameters';
import { type DisplayRequirement } from './transactions';

const { value } = initialSetting('display-profiles');
const asked = (of: DisplayRequirement) => ({ ...value, 'laboratory-report': of });
const shown = (displayProfile: string, format = 'fhir-r4-json') => ({ class: 'laboratory-report', format, displayProfile }) as const;
const isTaken = (of: DisplayRequirement, ...what: Parameters<typeof shown>): boolean => {
  try {
    assertShownAsAgreed(shown(...what), asked(of));
    return true;
  } catch {
    return false;
  }
};

const told = (attempt: () => void): unknown => {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof DomainError ? error.details : error;
  }
};

describe('how a document must be written to be published', () => {
  it.each<readonly [DisplayRequirement, readonly boolean[]]>([
    ['any', [true, true, true, true, true]],
    ['version-1-or-unstructured', [true, true, true, false, true]],
    ['version-1', [true, true, true, false, false]],
    ['version-2-or-unstructured', [false, true, true, false, true]],
    ['version-2', [false, true, true, false, false]],
  ])('%s', (of, expected) => {
    const fhir = ['laboratory-report@1', 'laboratory-report@2', 'laboratory-report@3', 'unstructured@1'].map((each) => isTaken(of, each));
    expect([...fhir, isTaken(of, 'pdf@1', 'pdf')]).toEqual(expected);
  });

  it.each([
    'imaging-report@2',
    'laboratory-report',
    'laboratory-report@',
    'laboratory-report@02',
    'laboratory-report@2x',
    'laboratory-report@1e9',
    'laboratory-report@-2',
    'x-laboratory-report@2',
  ])('a profile that is another, or of no version: %s', (profile) => {
    expect(isTaken('version-1', profile)).toBe(false);
  });

  it('is told with the profile that is in force', () => {
    const details = told(() => {
      assertShownAsAgreed(shown('laboratory-report@1'), asked('version-2'));
    });
    expect(details).toEqual({ profile: 'laboratory-report@2' });
  });

  it('is not said of classes without a profile, nor of others than were asked', () => {
    assertShownAsAgreed({ class: 'history', format: 'pdf', displayProfile: 'pdf@1' }, asked('version-2'));
    assertShownAsAgreed({ class: 'observation', format: 'pdf', displayProfile: 'pdf@1' }, asked('version-2'));
  });
});
