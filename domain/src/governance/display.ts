import { DomainError } from '../domain-error';
import { type RecordClass } from '../vocabulary';
import { type DisplayProfiles, type DisplayRequirement } from './transactions';

/** What a version of a record says of how it is shown. */
type Shown = { readonly class: RecordClass; readonly format: string; readonly displayProfile: string };

/** The oldest version of the class's profile that a document must fit; 0: none. */
const oldestVersion: Readonly<Record<DisplayRequirement, number>> = {
  any: 0,
  'version-1-or-unstructured': 1,
  'version-1': 1,
  'version-2-or-unstructured': 2,
  'version-2': 2,
};

/** What must be met to publish a document of a class; undefined: nothing. */
type DisplayNeed = { readonly profile: string; readonly oldest: number; readonly takesUnstructured: boolean };

/** What the profiles in force ask of a document of a class. */
function displayNeedOf(value: DisplayProfiles, recordClass: RecordClass): DisplayNeed | undefined {
  const asked = new Map<string, DisplayRequirement>(Object.entries(value)).get(recordClass) ?? 'any';
  const oldest = oldestVersion[asked];
  return oldest === 0 ? undefined : { profile: recordClass, oldest, takesUnstructured: asked.endsWith('-or-unstructured') };
}

/**
 * Checks that a version of a record is shown as the members have agreed for its class, by the profile that it names: the chaincode sees no document.
 * @throws {@link DomainError} `DISPLAY_PROFILE_NOT_MET` — with the profile and its oldest version that is taken
 */
export function assertShownAsAgreed(shown: Shown, value: DisplayProfiles): void {
  const need = displayNeedOf(value, shown.class);
  if (need === undefined || isMet(shown, need)) return;
  throw new DomainError('DISPLAY_PROFILE_NOT_MET', undefined, { profile: `${need.profile}@${need.oldest}` });
}

/** A later version asks for all that those before it do. */
function isMet({ format, displayProfile }: Shown, { profile, oldest, takesUnstructured }: DisplayNeed): boolean {
  if (format !== 'fhir-r4-json') return takesUnstructured;
  const [name, version] = displayProfile.split('@');
  return name === profile && /^[1-9][0-9]{0,3}$/.test(version ?? '') && Number(version) >= oldest;
}
